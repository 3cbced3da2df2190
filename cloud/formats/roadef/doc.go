// Package roadef reads the machine reassignment problem that Google set for the
// ROADEF/EURO challenge 2012: a model file and an assignment file.
//
// Machines become hosts m0, m1, … with the labels `location` and `neighbourhood`,
// processes VMs p0, p1, …, resources r0, r1, …. The assignment is the initial
// placement; there is no target. Every hard constraint becomes a rule:
//
//	capacity     capacity, with transient=[…] unless all resources are transient
//	conflict     anti-affinity(group=*)
//	spread       spread(group=…, min=…, by=location)
//	dependency   depends(group=…, on=[…], by=neighbourhood)
//
// A service that has more than one process, or a part in a spread or dependency, is a
// group s0, s1, …. Groups hold nothing but services, so that the conflict rule is
// right for all of them. A group may be empty: what depends on a service without
// processes stands nowhere sane, and the rules say so.
//
// The objective of the challenge (load, balance and move costs, safety capacities) is
// read and checked, and left out: it ranks placements, and no rule of a path depends
// on it.
//
// Problem description and data: ROADEF/EURO challenge 2012, machine reassignment,
// https://www.roadef.org/challenge/2012/en/
package roadef
