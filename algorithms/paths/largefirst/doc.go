// Package largefirst makes plans of clouds that are nearly full: it brings the largest VMs
// home first, from both ends of the path at once. It proves nothing, does not find every
// path, and always terminates.
//
// # Why it works
//
// Take the VMs of one size that still have to move as edges from their sources to their
// targets. Where as many of them leave each host as arrive there, one hole of that size
// carries all of them home without a bypass: the hole walks along the edges, backwards
// (an Eulerian circuit). What is scarce in a full cloud is large holes. Small VMs that
// have to move anyway split and merge holes free of charge, as long as there are any left:
// whoever moves what fits, as a greedy algorithm does, spends them first, and then pays
// bypasses for the large ones. So the largest class comes first, and a smaller VM moves
// only when a larger one needs its room.
//
// # How it works
//
// Two sides walk towards each other, one from the start and one backwards from the target
// (side.go); a VM is home when both have it on the same host. For each class of sizes, the
// largest first, the misplaced VMs are tried on both sides (attempt.go), those first whose
// target lacks least room, at hosts where more of the class arrive than leave. A try makes
// room at the VM's target (room.go):
//
//   - by a chain of departures that a breadth-first search finds, each VM going home to
//     where the next one leaves (chain.go);
//   - else by having one VM after another leave for its own target, for whom room is made
//     there in the same way, up to 12 levels deep;
//   - and, once no more can be had so, by bypasses of limited price, at first a 64th of what
//     a full host would cost, then ever twice as much (bypass.go). An interruptible VM may
//     be suspended instead. With bypasses the search is shallow: more levels find next to
//     nothing and use up small VMs.
//
// When a VM came home, the hole that it left is followed at once: another VM of its class
// comes into it, and so on. All bypasses for one class come before the next class begins.
//
// What is left when neither side moves any more is a problem of its own, for another
// algorithm (search.go). Attempts differ in the random order of equals, and by how much
// they look for; the cheapest plan is kept.
//
// # Rules and costs
//
// Limits are kept in flat arrays, and so are groups whose members must not share a host,
// the only rule that says whose fault it is that there is room and yet a VM may not come.
// Filters are asked of bypasses; all other rules are asked by their guards at each move, and
// a plan that they have a say in is replayed before it is announced. Backwards, one-way
// rules are asked in their reverse. VMs that are suspended at the start resume on the side
// that walks from there. Prices come from the cost function; sizes do not.
//
// # Cores
//
// Clouds of many VMs are worked on by two lanes, each with both sides (lane.go). They try
// different VMs of a batch and then repeat what the other did, where it still fits. The
// result depends on the number of lanes and not on that of cores.
//
// # Why it ends
//
// Each VM that comes home lowers the weight of those who are misplaced by more than its
// bypasses raise it. Weights are integers.
//
// # Complexity
//
// One expansion is one host examined: O(VMs on it × resources). A try takes a bounded number
// of expansions, about 12 for each host of the cloud altogether at 90 %, 50 at 98 % and more
// beyond. Memory is about 70 bytes per VM and lane, and 400 per host.
package largefirst
