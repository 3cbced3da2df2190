// Package direct answers whether an order of direct migrations alone leads to the target, and
// finds one: every misplaced VM migrates once, to its target, and no other VM moves. Such a
// plan is a cheapest one. If there is none, some VM has to do something else, and the lower
// bound rises by the cheapest detour. The package makes no plans with detours.
//
//	result, err := paths.Solve(ctx, direct.Searcher{}, problem, paths.Options{Timeout: time.Minute})
//
// It applies to problems with no rules but limits and host filters, in which the cost of a
// migration does not depend on the hosts and no VM may be suspended. Misplaced VMs are then
// edges from source to target. VMs of equal demand on parallel edges are interchangeable. In an
// order, every VM fits on its target after the VMs before it have moved. The problem is NP-hard
// even for two hosts: let VMs leave a full host for one with room for half of their total
// demand, and let a VM that demands this half come from the other host. It fits only at the
// moment when the VMs that have left demand exactly this half (PARTITION).
//
// # Reductions
//
// Removing a VM does no harm: if all VMs have an order, the others still fit in it without that
// VM. The following arguments use this throughout.
//
// Call a host open if it has room at once for all VMs that still have to arrive. It can never be
// too full. VMs that arrive there may go first: they take room that no VM lacks and free room
// elsewhere. VMs that leave an open host may go last: no VM needs the room that they leave, and
// nothing arrives after them. Neither kind then counts on other hosts, which may make these open.
//
// Take the strongly connected components of the remaining graph, whose nodes are hosts. In every
// order of all VMs, the VMs that stay within a component fit without the VMs that come from other
// components. Conversely, let each component have an order of its own, in which no VM comes from
// other components and the VMs that leave for other components are gone. Begin with the
// components that no VM leaves. Then move the VMs that arrive there from other components. Then
// take the components that no remaining VM leaves, and so on. The result is an order of all VMs.
// So all VMs have an order if and only if each component has one, and the components are searched
// separately.
//
// # Searching a component
//
// Depth-first search runs over the VMs left, with a memory of the answers. A state is the VMs
// left in a component and the room on its hosts, rounded down to multiples that the demands there
// can tell apart. After every migration the rest is reduced as above.
//
// The next VM comes from a stubborn set: a set of edges one of which comes first in some order, if
// there is any order. Take an edge. If it does not fit on its target, some VM has to leave that
// host before: add departures until the departures outside the set cannot make room for the
// edge. If it fits, other arrivals may take its room: add arrivals at its target until it fits
// whatever the VMs outside the set do. Do the same for every edge added. Now take any order, and
// in it the first edge of the set. It fits at the start, because no VM that could have helped
// comes before it. It may also move at the start, because no VM before it needs its room. Among
// the sets that begin with each edge, the search takes the set with the fewest edges that fit
// (Alkhazraji, Wehrle, Mattmüller and Helmert 2012, A stubborn set algorithm for optimal
// planning).
//
// Before that, the search derives which VMs have to go before which. The room for an arriving VM is
// at most the room at the start, plus the demands of the VMs that may leave before it, minus the
// demands of the VMs that have to arrive before it. If that is not enough, there is no order. If it
// is not enough without one of the departures, that VM has to leave before. If it is not enough
// with another arrival before, that arrival has to come after. The same holds backwards in time,
// from the room at the end. The facts are closed under transitivity, until nothing new follows. For
// an edge that has to come after another one, the stubborn set needs only that other edge.
//
// Backwards in time every arrival is a departure, and the problem has the same form, unless a host
// is too full at the start: VMs leave it whatever room there is, so that they might come back to it
// likewise. Such a component is searched forwards alone. Either
// direction may be faster by factors of a hundred, and which one cannot be predicted. So both are
// searched in turns, with growing numbers of expansions.
//
// An expansion takes at most O(VMs² × demands on a host), usually much less. The number of
// expansions is exponential in the worst case.
//
// # A lower bound on detours
//
// If a component has no order, one of its VMs, or a VM that is at home on one of its hosts, has to
// do something else and pays for it: one more migration if it is misplaced, two if it is at home.
// Removing all VMs that do so leaves an order of the others. So if no set of VMs whose prices add up
// to at most some amount can be removed to leave an order, detours cost more than that amount. The
// amount is raised until there is an order. That ignores where the removed VMs would stay meanwhile,
// so it remains a lower bound. Different components have different VMs, so their bounds add up.
//
// Note: a single tree searched from both ends, with the smaller of the two stubborn sets, hardly
// ever meets a state twice and takes at least five times as many expansions. One step of lookahead
// for every choice halves the expansions and takes longer. The reason why a rest has no order
// involves nearly all of it, so learning from failures gains nothing.
package direct
