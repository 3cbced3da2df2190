// Package pddl writes path problems for planners, in PDDL, and reads the plans that
// planners print.
//
// By default an export is typed STRIPS with action costs (PDDL 3.1, International Planning
// Competition 2008), for classical planners such as Fast Downward. With numeric=yes room is
// a numeric fluent (PDDL 2.1: Fox and Long, "PDDL2.1: An Extension to PDDL for Expressing
// Temporal Planning Domains", JAIR 20, 2003, doi 10.1613/jair.1129), for planners such as
// ENHSP or Metric-FF. Either way a cheapest plan of the planner is a cheapest plan of the
// instance, and there is one where there is the other.
//
// # Encoding
//
// STRIPS cannot add up, and an action that names how much is used on both hosts, before
// and after, of every resource, has more groundings than a planner can hold. A migration
// is therefore a chain of small actions of which only the last costs anything, and with
// which nothing can interfere, since but one VM at a time is not settled:
//
//	(begin v a c)              v prepares to leave a
//	(release v a c …)          … and is taken off each counter in turn,
//	(head-for v a b c)         chooses a host,
//	(reserve v b c …)          is put on each counter there in turn, where it fits,
//	(migrate v a b)            and has moved.
//
// A suspend ends the chain after the releases, (suspend v a), and a resume takes up its
// second half: (wake v b c), the reserves, (resume v b).
//
// A counter is a resource of the hosts, or the members of a group per host, rack, zone or
// label. What is used of it in a place is an object, n0, n1, … in units of the greatest
// common divisor of what VMs demand, and the static predicate (sum ?x ?s ?y) adds. Only
// sums that some set of VMs has are objects: a planner meets no others.
//
// Releasing the source before the destination is reserved allows nothing that is not sane.
// The hosts of a migration differ, so what is reserved on one does not depend on what was
// released on the other; and where both are in the same rack, a member of a group counts
// there once, which is what our rules say. That both hosts hold a VM under way matters to
// others only where migrations overlap, and in a plan of this kind none do.
//
// Rules that look at one VM and one host, and those about arrivals, are the static
// predicate (may-arrive ?v ?h), which is left out where everything may go everywhere: a VM
// starts where it may stand. Shutdowns and provisions, before and after the migrations, are
// not exported. What shows already that there is no path is the goal (never).
//
// An instance whose initial placement breaks a continuous rule is refused: what is tolerated of
// such a rule on the way cannot be said.
package pddl
