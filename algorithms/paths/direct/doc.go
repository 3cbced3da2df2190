// Package direct answers whether direct migrations alone lead to the target, and in which
// order: every misplaced VM migrates once, to its target, and nobody else does. Such a plan
// is a cheapest one. Where there is none, some VM has to do something else, and the bound
// rises by the cheapest detour. The package says nothing of plans with detours.
//
//	result, err := paths.Solve(ctx, direct.Searcher{}, problem, paths.Options{Timeout: time.Minute})
//
// It is for problems in which limits and host filters are all that decides what is sane, a VM
// is charged the same wherever it goes, and nobody may be suspended. Then misplaced VMs are
// edges from source to target, VMs of equal demand on parallel edges are interchangeable, and
// an order is one in which everybody fits on the target while those before have left and
// arrived. That is NP-hard for two hosts by now: let VMs leave a full host for one with room
// for half of what they demand, and a VM that demands this half come from there; it fits only
// when a part of them has gone that demands exactly so much (PARTITION).
//
// # What may be taken out
//
// A VM that is not there does no harm: take it out of an order of all, and everybody else
// still fits. This is used throughout.
//
// Call a host open when it has room at once for all who are still to arrive there. It can
// never be too full. Those who arrive there may go first: that takes room where nobody lacks
// it, and gives room elsewhere. Those who leave it may go last: nobody needs the room that
// they leave, and where they go nobody is still to come. Then neither counts on other hosts,
// which may open by that.
//
// Take the strongly connected components of what is left, of hosts by edges. In every order,
// those who stay within a component fit when those who come from other components are not
// there. Conversely, let the components have orders of their own, when nobody comes from
// elsewhere and those who go elsewhere are gone. Begin with the components that nobody leaves,
// let those go next who arrive there from others, then take those that nobody leaves any
// more, and so on: that is an order of all. So there is one if each component has one, and
// components are searched by themselves.
//
// # How a component is searched
//
// By depth-first search over who is left, with a memory of the answers. A state is who is left
// in a component and the room on its hosts, rounded down to what the demands there can tell
// apart. After every migration the rest is taken apart as above.
//
// Who comes next is chosen from a stubborn set: edges of which one comes first in some order,
// if there is any order at all. Take an edge. If it does not fit on its target, then somebody
// has to leave that before: add departures until those that were not added cannot make room
// for it. If it fits, then those who arrive there too may take its place: add such arrivals
// until it fits whatever the others do. Do the same for all that was added. Now take any
// order, and in it the first edge of the set: it fits at the start, as nobody has come before
// it who could have helped, and it may as well go at the start, as nobody before it needs its
// room. Of the sets that begin with each edge, the one with the fewest edges that fit is
// taken (Alkhazraji, Wehrle, Mattmüller and Helmert 2012, A stubborn set algorithm for optimal
// planning).
//
// Before that, it is worked out who has to go before whom. A VM that goes somewhere finds
// there at most the room at the start, and that of all who may leave before it, less what is
// taken by those who have to arrive before it. If that is not enough for it, there is no order.
// If it is not enough without one who may leave, he has to leave before; if it is not enough
// with another arrival, that has to come after. The same holds backwards in time, from the
// room at the end. What follows from two such facts is one, and so on until nothing new
// follows. An edge that comes after another one needs but that one in the stubborn set.
//
// Backwards in time, whoever arrives leaves, and the question is of the same kind. Which way
// is quick cannot be told, and may make a difference by factors of a hundred, so that both
// are searched in turns, with ever more expansions.
//
// An expansion takes O(VMs² × demands on a host) at most, usually much less; their number is
// exponential in the worst case.
//
// # What a detour costs at least
//
// Where a component has no order, one of its VMs, or one that is at home on one of its hosts,
// does something else, and pays for it: one more migration if it is misplaced, two if it is
// at home. All who do may as well not be there. So if there is no order without some VMs,
// whichever they are, whose prices add up to an amount at most, then detours cost more than
// that. The amount is raised until there is an order; that says nothing of where those VMs
// would stay meanwhile, so that it remains a bound. Different components have different VMs,
// and their bounds add up.
//
// Note: searching from both ends in the same tree, with whichever stubborn set is smaller, meets
// the same state hardly ever twice, and takes five times as many expansions and more. Trying
// every choice one step ahead halves the expansions and takes longer. What makes a rest have no
// order is nearly all of it, so that learning from failures gains nothing.
package direct
