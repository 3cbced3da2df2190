// Package roadef reads the machine reassignment problem that Google set for the
// ROADEF/EURO challenge 2012: a model file and an assignment file.
//
// Machines become hosts m0, m1, … with the labels `location` and `neighbourhood`,
// processes VMs p0, p1, …, resources r0, r1, …. The assignment is the initial
// placement; there is no target. Every hard constraint becomes a rule:
//
//	capacity     capacity, with transient=[…] unless all resources are transient
//	transient    with transient=target, at-once(resources=[…], continuous=no): what leaves a machine counts there until all have moved
//	conflict     anti-affinity(group=*)
//	spread       spread(group=…, min=…, by=location)
//	dependency   depends(group=…, on=[…], by=neighbourhood)
//
// A service that has more than one process, or a part in a spread or dependency, is a
// group s0, s1, …. Groups hold nothing but services, so that the conflict rule is
// right for all of them. A group may be empty: what depends on a service without
// processes stands nowhere sane, and the rules say so.
//
// The objective of the challenge becomes the objective reassign. What it asks for stands in the instance: safety capacities
// are the numbers safe.r0, safe.r1, … of hosts, process move costs the number move_cost of VMs, and machine move costs the
// move_costs between classes of hosts that cost the same.
//
// The challenge demands of a target that all migrations to it could run at the same time, as far as transient resources go. A path,
// on which they run one after the other, needs less: unless transient=target asks for it, the rule at-once is left out. Comparisons with
// published values need it.
//
// Problem description and data: ROADEF/EURO challenge 2012, machine reassignment,
// https://www.roadef.org/challenge/2012/en/
package roadef
