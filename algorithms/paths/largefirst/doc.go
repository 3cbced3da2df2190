// Package largefirst makes plans for clouds that are nearly full. It moves the largest VMs to
// their targets first, from both ends of the path at once. It always terminates. It proves
// nothing and does not find every path.
//
// # Why it works
//
// Take the VMs of one size that still have to move as edges from their sources to their
// targets. If every host has as many departures as arrivals of that size, one hole of that
// size is enough to move all of them without a bypass: the hole walks backwards along the
// edges (an Eulerian circuit). Large holes are what is scarce in a full cloud. Small VMs that
// have to move anyway split and merge holes free of charge until none of them are left. A
// greedy algorithm moves whatever fits, spends the small VMs first and then pays bypasses for
// the large ones. So the largest class comes first here, and a smaller VM moves only when a
// larger one needs its room.
//
// # How it works
//
// Two sides walk towards each other, one from the start and one backwards from the target
// (side.go). A VM is home when both sides have it on the same host. The classes of sizes are
// treated from the largest to the smallest. The misplaced VMs of a class are tried on both
// sides (attempt.go). VMs whose target lacks the least room come first, preferably those whose
// target has more arrivals than departures of the class. A try makes room at the VM's target
// (room.go) in one of three ways:
//
//   - A breadth-first search finds a chain of departures: each VM goes home to the host that
//     the next one leaves (chain.go).
//   - Otherwise one VM after another leaves for its own target, where room is made in the
//     same way, up to 12 levels deep.
//   - When neither brings another VM home, bypasses of limited price are allowed: at first a
//     64th of the price of a full host, then twice as much each time (bypass.go). An
//     interruptible VM may be suspended instead. With bypasses the search is shallow, because
//     deeper levels rarely succeed and use up small VMs.
//
// When a VM has come home, another VM of its class moves into the hole that it left, and so
// on. All bypasses for one class come before the next class begins.
//
// When neither side can move any more, the gap between them is a problem for another
// algorithm (search.go). Attempts differ in effort and in the random order of equals. The
// cheapest plan is kept.
//
// # Rules and costs
//
// Flat arrays hold the limits and the groups whose members must not share a host. Such a
// group is the only rule other than a limit that says which VM keeps another one out.
// Filters are evaluated for bypasses. All other rules are evaluated at each move, and a plan
// under such rules is replayed before it is announced. Backwards, one-way rules are evaluated
// in reverse. VMs that are suspended at the start resume on the side that walks from there.
// Prices come from the cost function; sizes do not.
//
// # Cores
//
// In clouds of many VMs two lanes work at once, each with both sides (lane.go). They try
// different VMs of a batch, and then each repeats what the other did where it still fits. The
// result depends on the number of lanes, not on the number of cores.
//
// # Why it terminates
//
// Each VM that comes home reduces the weight of the misplaced VMs by more than its bypasses
// add. Weights are integers.
//
// # Complexity
//
// An expansion is one host examined: O(VMs on it × resources). The number of expansions in a
// try is bounded. An attempt takes about 12 per host of the cloud at 90 % utilisation, 50 at
// 98 % and more above that. Memory is about 70 bytes per VM and lane, and 400 per host and
// lane.
package largefirst
