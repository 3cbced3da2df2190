// Package auto is the algorithm that is recommended where nothing is known of an
// instance: it chooses among the others, and how much each may do.
//
// # How it works
//
// First the whole is bounded, in near-linear time, while largest first makes a plan on another
// core. Where the bound meets the plan, which is usual for large clouds, that is all. Where the
// plan is far from the bound, greedy and a capped attempt of largest first are compared with it.
//
// Otherwise the problem is divided into pieces that have nothing to do with each other, if it
// can be (kernel.Split), and each is dealt with by itself, several at a time. For each, rounds
// of growing effort follow, in which
//
//   - what remains of it for plans hardly dearer than the bound is searched exactly, once
//     what may as well come first or last is taken out (kernel.Reduce): pieces again, some
//     in need of thought and most not. That proves the cheapest path or a better bound;
//   - where there is no plan yet, the pocket in which greedy got stuck is cut out, with ever
//     more hosts around it, and searched by itself;
//   - as long as the bound is that of one migration for each misplaced VM, an order of direct
//     migrations is looked for (package direct), which is a cheapest plan; that there is none
//     raises the bound;
//   - the best plan known is improved, with another seed each time;
//   - plans are made anew, in another random order, and improved: in small clouds always, in
//     large ones once the best plan is as good as improving makes it;
//   - the problem itself is searched exactly, by iterative-deepening A* and by A* in turns,
//     with bounds that take a hundredth of the time or all of it. All begin at the best bound
//     and below the best plan that are known. Who raises the one or lowers the other gets
//     longer turns.
//
// Each round may do twice the work of the one before, so that all rounds together do little
// more than twice what the last one does.
//
// # Why it is complete and optimal
//
// The last resort is exact search of the problem with an effort that grows without end. A*
// is given up when its tables do not fit in memory; iterative-deepening A* goes on in what
// memory there is. Both are complete and optimal, and so are the pieces that the problem is
// divided into, taken together. Whatever else is done finds plans or proves
// bounds, and can only end the rounds sooner. A cloud so large that the migrations out of
// one placement do not fit in memory has no last resort.
//
// # Why it is deterministic
//
// Efforts are counted in expansions and relative to the size of the problem, and the
// searches within are deterministic. The clock ends the rounds and does nothing else.
package auto
