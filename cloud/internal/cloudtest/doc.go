// Package cloudtest makes small random instances and specs for tests of laws. It
// is imported by tests alone.
//
//	rapid.Check(t, func(t *rapid.T) {
//		in := cloudtest.Instance(t)
//		s := cloudtest.RuleSpec(t, in, "capacity")
//	})
package cloudtest
