// Package durations holds the models of how long a migration takes, one file each. How
// long migrations that share a link take together is not theirs to say.
//
// A duration is exact: a non-negative integer in a stated unit, rounded up. Where the
// instance does not say what the model needs, the duration assumes something, and remarks
// on it. To add one: one file with its entry function, and one line in Entries.
//
//	d, err := durations.Bind(catalogue, inst, spec.MustParse("precopy(dirty=20)"))
//	d.Migrate(vm, from, to) // 10273, in d.Unit()
package durations
