// Package bounds holds lower bounds on the makespan of schedules, one file each. Each is valid for every schedule of
// the same moves, in whatever order and under whatever sharing the model of concurrency permits.
//
// Some use nothing but the moves: the longest one, and the moves of one VM one after the other. Some use the limits of the
// model: the volume that each has to bear, moves that need a place of their own, and odd sets of hosts. The room that is free in the
// whole cloud is a limit like those of the model, since a VM under way counts on both of its hosts. The strongest use the room on
// each host. A move may have to wait until enough VMs have left its destination, which gives it a head: an earliest start.
// In the reversed problem the same gives it a tail: the least time from its end to the end of all. Heads raise
// heads ([Heads], [Tails]), and bounds of limits take them into account.
//
// All values are rounded up to instants at which moves can end.
//
//	best := bounds.All(p)[0]
//	fmt.Printf("no schedule ends before %d, because of %s\n", best.Value, best.Of)
package bounds
