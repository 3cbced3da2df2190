// Package targets answers the first question: given a placement A, which final
// placement B should we head for?
//
// It holds the contract of target strategies and the driver around
// them. A [Strategy] only proposes: the driver has the judge look at every proposal under
// all rules, the continuous and the discrete ones, and never returns a target that breaks
// one. Where a strategy knows a path to its target, or where the VMs can simply migrate
// there one after the other, the path is walked again and returned too.
//
//	r, err := targets.NewRequest(catalogue, inst, nil)
//	choice, err := targets.Choose(ctx, strategy, r)
//	inst.Target = choice.Target
//
// The start may break rules. The strategies of this package first mend them: few and small VMs
// leave where a rule is broken.
//
// The package does not look for good paths, which is what algorithms/paths is for, and a
// strategy that finds no target proves nothing: it is a heuristic that has given up.
//
// To add a strategy: one file with its entry function, and one line in Entries.
package targets
