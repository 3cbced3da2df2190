// Package formulation states what an instance asks of a path in the few words that
// planners and constraint solvers share: VMs, which of them may arrive where, and
// counters that must not run over. Exporters for such solvers write that down in their
// languages, and so agree on what is exported and on what is not.
//
//	f, err := formulation.New(inst, binder)
//	for _, c := range f.Counters { … }
//
// The shutdowns of an instance come before its path and the provisions after it; VMs that
// are in the cloud only then are no part of a formulation. Discrete rules speak of the
// target alone, which is given: they are judged here and not exported. Rules that the initial
// placement breaks are tolerated on the way as long as they get no worse, which no formulation
// says: such an instance is an error.
package formulation
