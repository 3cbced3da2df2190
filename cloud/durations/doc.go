// Package durations holds the models of how long a migration takes, one file each. What
// migrations that share a link get of it is not theirs to say; some know how long a migration takes at the rate that it
// gets ([Paced]), or at rates that change ([Fluid]).
//
// A duration is exact: a non-negative integer in a stated unit, rounded up. Where the
// instance does not say what the model needs, the duration assumes something, and remarks
// on it. To add one: one file with its entry function, and one line in Entries.
//
//	d, err := durations.Bind(catalogue, inst, spec.MustParse("precopy(dirty=20)"))
//	d.Migrate(vm, from, to) // 10273, in d.Unit()
package durations
