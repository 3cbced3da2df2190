// Package bounds holds lower bounds on the makespan of schedules, one file each. Each is valid for every schedule of
// the same moves, in whatever order and under whatever sharing the model of concurrency permits.
//
// Some use nothing but the moves: the longest one, and the moves of one VM one after the other. Some use the limits of the
// model: the volume that each has to bear, and moves that need a place of their own. The strongest add the room on hosts to
// this. A move may have to wait until its destination has been left by enough VMs, which gives it a head: an earliest start. In the reversed
// problem the same gives it a tail: the least time from its end to the end of all. Each is computed with the help of the limits that
// those who leave share, and heads raise heads ([Heads], [Tails]).
//
//	best := bounds.All(p)[0]
//	fmt.Printf("no schedule ends before %d, because of %s\n", best.Value, best.Of)
package bounds
