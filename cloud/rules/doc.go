// Package rules holds the sanity rules, one file each.
//
// A rule has two forms that share no code. Its guard follows a search's state move
// by move and answers in O(1) wherever the rule allows it; its Violations read a
// placement afresh, for the judge. A property test walks random states and holds
// the two forms against each other, for every rule.
//
// To add a rule: one file with its entry function, and one line in Entries.
//
//	bound, err := rules.Bind(catalogue, inst, nil) // the instance's own rules, or the default ones
package rules
