// Package auto is the recommended algorithm if nothing is known about an instance. It chooses
// among the other algorithms and decides how much work each may do.
//
// # How it works
//
// First, auto computes a bound for the whole problem in near-linear time, while largest first
// makes a plan on another core. If the plan meets the bound, which is usual for large clouds,
// auto is done. If the plan is far from the bound, greedy and a capped attempt of largest first
// compete with it.
//
// Otherwise auto divides the problem into independent pieces, if possible (kernel.Split), and
// works on several pieces at a time. Each piece goes through rounds of growing effort. A round
// has these steps:
//
//   - Reduce the problem for plans that cost little more than the bound: take out migrations that
//     may come first or last (kernel.Reduce), divide the rest into pieces and search them exactly.
//     Most of them are trivial. This proves a cheapest path or a better bound.
//   - If there is no plan yet, cut out the pocket in which greedy got stuck, with a growing number
//     of hosts around it, and search it separately.
//   - As long as the bound is one migration of each misplaced VM, look for an order of direct
//     migrations (package direct). Such an order is a cheapest plan; a proof that there is none
//     raises the bound.
//   - Improve the best plan, with another seed each time.
//   - Make new plans in other random orders and improve them: always in small clouds, and in large
//     ones once the best plan does not improve any more.
//   - Search the problem exactly, by iterative-deepening A* and by A* in turns, with cheap and with
//     expensive bounds. All searches start from the best bound and the best plan known. A search
//     that improves either gets longer turns.
//
// Each round may do twice the work of the one before, so all rounds together do little more
// than twice the work of the last one.
//
// # Why it is complete and optimal
//
// The last resort is exact search of the problem with unlimited growth of effort. A* is given up
// when its tables do not fit in memory; iterative-deepening A* goes on with the memory there is.
// Both are complete and optimal, and so is the search of independent pieces. All other steps find
// plans or prove bounds, and can only end the rounds sooner. The last resort fails if the
// migrations out of one placement do not fit in memory.
//
// # Why it is deterministic
//
// Efforts are counted in expansions and relative to the size of the problem, and the
// searches within are deterministic. The clock ends the rounds and does nothing else.
package auto
