// Package bidirectional searches from the start and from the goal at once: migrations
// reverse. It is NBS, near-optimal bidirectional search (Chen, Holte, Zilles and Sturtevant
// 2017, doi 10.24963/ijcai.2017/68), front to end.
//
// # How it works
//
// Each side is a best-first search with its own table, its heuristic an estimate of the
// distance to the other end. Of a state u on the forward and a state v on the backward
// open list it is known that no path which comes by both costs less than
//
//	lb(u, v) = max(fF(u), fB(v), gF(u) + gB(v) + ε)
//
// with f = g + h and ε the cost of the cheapest step there is. A pair with the least lb
// is chosen and both its states are expanded. The least lb over all pairs is the bound that
// is reported. When one side reaches a state that the other has reached, a path is found;
// once no pair has an lb below the cost of the best path, that one is the cheapest.
//
// Pairs are never enumerated. On each side open states wait in a queue by f until that is
// no more than the bound, and then stand ready in a queue by g; the heads of the two ready
// queues are the pair. An estimate that is costly is computed when a state becomes ready.
//
// # Why it is right
//
// Take a cheapest path, of cost C, and let U > C be the cost of the best path found. Along
// the path from the start, let u be the first state that the forward search has not
// expanded by its cheapest way; from the goal backwards, let v be the like. Both are open,
// with their true distances as g: their neighbours towards the ends were expanded. There is
// a u, because otherwise the forward search would have found the path, as it reaches the
// goal, where the backward search begins; in the same way there is a v. If u did not come
// before v, both searches would have reached u by a cheapest way each, and U would be C.
// So at least one step lies between them, and with admissible heuristics
// lb(u, v) <= C. The least lb is therefore never above C as long as U is: a bound that has
// reached U proves it. This needs no consistency. A state to which a cheaper way is found
// is expanded again.
//
// Two kinds of states are dropped without being expanded. When f has reached U, no
// better path leads through a state. And when the other side's g equals the estimate h,
// that g is the true distance; the path over this state is found already and its further
// course needs no search. On a cheapest path neither can happen to a state reached by its
// cheapest way while U > C, so that the argument stands.
//
// When a side has nothing left to expand, every path cheaper than U that starts from there
// was followed to the other end: without a path, none exists.
//
// # The way back
//
// The backward side solves the reversed problem, start and goal exchanged. Live migrations
// reverse: under most rules whatever may go may come back, and one-way rules know
// their reverse. They are charged as the path
// will take them, so that costs may depend on the direction. Suspending does not reverse:
// a VM is suspended anywhere, and resumes on its target only. See reverse.go for the steps
// back and for what the heuristic is shown of them.
//
// # Complexity
//
// With consistent heuristics NBS expands at most twice as many states as any algorithm of
// its kind must, whatever the instance: at most twice those that A* cannot do without,
// from whichever end it has fewer. That makes it a safe choice rather than always the
// faster one; where the heuristic is good, A* needs about half the expansions. Time and
// memory are as for A*: a packed state with cost and parent on each side that reaches it.
//
// Note: MM (Holte et al. 2017, doi 10.1016/j.artint.2017.05.004) meets in the middle but
// has no guarantee of this kind. DVCBS (Shperberg et al. 2019, AAAI 33) does without
// expanding both states of a pair, on average for the better, and loses the guarantee.
// Averaged bounds (Sewell and Jacobson 2021, Artificial Intelligence 291), which demand
// consistency, were tried: on the classic cases and on random clouds of 7 and 8 hosts they
// took between half and one and a half times the expansions, and no instance more was
// solved.
package bidirectional
