// Package minizinc writes path problems, and the choice of targets, for constraint solvers, in MiniZinc (Nethercote,
// Stuckey, Becket, Brand, Duck and Tack, "MiniZinc: Towards a Standard CP Modelling
// Language", CP 2007, doi 10.1007/978-3-540-74970-7_38).
//
// The model is the same for every instance and says what a path is; the data says what
// the instance is. Whoever has MiniZinc and a solver runs
//
//	minizinc --solver gecode model.mzn data.dzn
//
// and gets the cheapest plan in lines that the plan format pddl reads.
//
// # Horizon
//
// A model has so many steps, each a migration, a suspend, a resume, or nothing, and
// what is proved of it is proved of plans with no more steps than that: a cheaper plan
// may exist that takes more of them, and so may a plan where the solver finds none. Unless
// the horizon is given it is twice the number of misplaced VMs and two more: room for each
// of them to take a bypass, and for a bystander to step aside and come back. A horizon of at
// least the cost of any plan, divided by the cost of the cheapest migration, loses nothing.
//
// # Rules
//
// Every continuous rule but tests of one's own about all VMs of a host can be said. A state
// that is sane before a migration and one that is sane after it are enough: what our rules
// ask for while both hosts hold the VM follows from those two. Quantities are divided by
// their greatest common divisor, since solvers such as Gecode count in 32 bits.
//
// An instance whose initial placement breaks a continuous rule is refused: what is tolerated of
// such a rule on the way cannot be said.
//
// # Targets
//
// The format minizinc-target asks for a target in place of a path: a host for each VM, so that all rules hold in
// the end, the objective is best, and the migrations straight to the target cost least. It has a model of its own,
// target.mzn, and its answer is read by `rearrange import-target minizinc-target`. The start may break rules. Variables are
// named and loads are counted as in the format lp.
package minizinc
