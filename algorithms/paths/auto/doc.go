// Package auto is the algorithm that is recommended where nothing is known of an
// instance: it chooses among the others, and among efforts.
//
// # How it works
//
// First the whole instance is bounded, in near-linear time, and a plan made by greedy.
// Where the bound meets the plan, which is usual for large clouds with room to spare, that
// is all. Otherwise rounds of growing effort follow: exact search of the whole, with
// the best plan known by then as its first incumbent. Each round may do twice the work of
// the one before, so that all rounds together do little more than twice what the last one
// does.
//
// # Why it is complete and optimal
//
// The last resort is exact search of the whole with an effort that grows without end: A*
// as long as its tables fit in memory, iterative-deepening A* from then on, which goes on
// in what memory there is. Both are complete and optimal. Whatever else is done finds
// plans or proves bounds, and can only end the rounds sooner.
//
// # Why it is deterministic
//
// Efforts are counted in expansions and relative to the size of the instance, and the
// searches within are deterministic. The clock ends the rounds and does nothing else.
package auto
