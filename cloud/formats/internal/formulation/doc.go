// Package formulation states what an instance asks of a path, or of a target, in the few words that
// planners and constraint solvers share: VMs, which of them may arrive where, and
// counters that must not run over. Exporters for such solvers write that down in their
// languages, and so agree on what is exported and on what is not.
//
//	f, err := formulation.New(inst, binder)
//	for _, c := range f.Counters { … }
//
// [Choice.NewTarget] states in the same words what an instance asks of a target: which host each VM gets, all
// rules, and what is minimised. [ReadTarget] reads the answer.
//
// The shutdowns of an instance come before its path and the provisions after it; VMs that
// are in the cloud only then are no part of the formulation of a path. Discrete rules speak of the
// target alone, which is given: they are judged here and not exported. Rules that the initial
// placement breaks are tolerated on the way as long as they get no worse, which no formulation
// says: to ask for a path from there is an error. A target may be asked for from any start.
package formulation
