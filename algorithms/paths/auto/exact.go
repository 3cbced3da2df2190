package auto

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/idastar"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
)

// exact is exact search of one problem by several searches in turns. Which of them is fast
// depends on the instance, by factors of a hundred and more. Iterative deepening goes for the
// goal and needs little memory, so it is often the first to find a plan that meets the bound.
// Best-first search visits no state twice, so it is often the first to prove that there is none.
// With a better bound a search expands fewer states, and each takes longer. All searches start
// from the best bound that any of them has proved. A turn that raises the bound or finds a cheaper
// plan makes the next turn of the same search longer.
type exact struct {
	pairs    int64 // of a VM and a host where it may stand
	perState int64 // work per state
	turns    [len(searches)]turns
}

// turns is the state of one search between its turns.
type turns struct {
	out    bool  // it lacks memory, or costs are too large for it
	credit int   // its next turn is 2^credit times as long
	step   int64 // how far above the bound a narrow search looks for paths
}

// The credit of a search rises by one if its turn succeeded, and falls by one if only turns of
// other searches did. Without a plan, a higher bound is no success: if no path exists, the bound
// may rise forever.
const (
	leastCredit = -2
	mostCredit  = 2
)

// kind is a kind of exact search.
type kind struct {
	bound   func(*tools) bounds.Maker
	deepens bool
	// narrow: first looks for paths that cost little more than the bound, so that pruning is
	// strong, and then for others.
	narrow bool
	// It expands faster/slower states in the time in which the first search expands one, as
	// measured in small and full clouds.
	faster, slower int64
}

// searches are the kinds of exact search, in the order of their turns.
var searches = [...]kind{
	{bound: func(t *tools) bounds.Maker { return t.quick }, deepens: true, faster: 1, slower: 1},
	{bound: func(t *tools) bounds.Maker { return t.brief }, deepens: true, faster: 4, slower: 1},
	{bound: func(*tools) bounds.Maker { return bounds.Misplaced }, narrow: true, faster: 32, slower: 1},
	{bound: func(t *tools) bounds.Maker { return t.quick }, faster: 1, slower: 32},
	{bound: func(*tools) bounds.Maker { return bounds.Deadlock }, faster: 1, slower: 512},
}

// fewStates is the number of expansions up to which no search gets more than the first.
const fewStates = 64

// expansions is the number of expansions of a turn, given that of the first search.
func (k *kind) expansions(first int64, credit int) int64 {
	n := first * min(max(first/fewStates, 1), k.faster) / k.slower
	if credit < 0 {
		return n >> -credit
	}
	return n << credit
}

// vmsPerTest is the number of VMs by which two states can be compared in the time of one test of
// a migration. A small value makes exact search start late in large clouds, where improvement
// still gains, and early in small ones.
const vmsPerTest = 4

func newExact(l *space.Layout) exact {
	var pairs int64
	for i := range l.Len() {
		pairs += int64(len(l.Hosts(i)))
	}
	pairs = max(1, pairs)
	return exact{pairs: pairs, perState: pairs * (1 + int64(l.Len()/vmsPerTest))}
}

// hopeless tells whether no search can go on.
func (e *exact) hopeless() bool {
	return !slices.ContainsFunc(e.turns[:], func(t turns) bool { return !t.out })
}

const (
	// leastBudget is the number of expansions below which a search is not worth its beginning.
	leastBudget = 16
	// bytesPerPair is the memory of a search for each migration out of one state.
	bytesPerPair = 64
	// mostSuccessors bounds the memory for the migrations out of one state, in bytes, if no
	// other limit does.
	mostSuccessors = 4 << 30
)

// fits tells whether the migrations out of one state fit in memory.
func (e *exact) fits(run *paths.Run) bool {
	return e.pairs <= min(run.MemoryLeft(0)/2, mostSuccessors)/bytesPerPair
}

// keptStates is the memory of iterative deepening for states met before, in bytes.
const keptStates = 256 << 20

// searcher returns one of the searches. Without a plan, best-first search looks for one first
// (anytime repairing A*: Likhachev, Gordon and Thrun 2003, NIPS 16).
func (j *job) searcher(which int) paths.Searcher {
	k := &searches[which]
	heuristic := k.bound(j.tools)
	prune := space.Pruning{Repeat: true, Symmetry: true, Dominance: true, Excess: true}
	if k.deepens {
		return idastar.Searcher{Heuristic: heuristic, MemoryBytes: keptStates, PartialOrder: true, Prune: prune, Lookahead: true, From: j.low}
	}
	b := space.BestFirst{Heuristic: heuristic, Prune: prune, Lookahead: true}
	switch {
	case j.found && k.narrow:
		b.Below = paths.Plus(j.low, j.exact.turns[which].step)
	case !j.found:
		b.Weights = []space.Weight{{Num: 1}, {Num: 3, Den: 1}, {Num: 3, Den: 2}, {Num: 1, Den: 1}}
	}
	return b
}

// search searches the whole problem exactly.
func (j *job) search(run *paths.Run, work int64) error {
	budget := work / j.exact.perState
	if budget < leastBudget {
		return nil // in a later round
	}
	if !j.exact.fits(run) {
		for which := range j.exact.turns {
			j.exact.turns[which].out = true
		}
		j.why = "exact search would need more memory than there is"
	}
	var bought [len(searches)]bool
	for which := range j.exact.turns {
		if j.exact.turns[which].out || j.done() || !run.Look() {
			continue
		}
		low, cost, found := j.low, j.cost, j.found
		if err := j.turn(run, which, searches[which].expansions(budget, j.exact.turns[which].credit)); err != nil {
			return err
		}
		bought[which] = j.found && (!found || j.cost < cost || j.low > low)
	}
	for which := range j.exact.turns {
		switch t := &j.exact.turns[which]; {
		case bought[which]:
			t.credit = min(t.credit+1, mostCredit)
		case slices.Contains(bought[:], true):
			t.credit = max(t.credit-1, leastCredit)
		}
	}
	return nil
}

// turn is one turn of a search.
func (j *job) turn(run *paths.Run, which int, budget int64) error {
	t := &j.exact.turns[which]
	for left := budget; left >= leastBudget && !j.done() && run.Look(); {
		t.step = max(t.step, 1)
		before, narrow := j.low, searches[which].narrow && j.found
		r, err := j.try(run, j.searcher(which), paths.Options{Expansions: left})
		if err != nil {
			return err
		}
		if r.Counters.Expanded < left && run.Look() && !j.done() && (!narrow || j.low == before) {
			// The search ended early, but not by the clock: it lacks memory, or costs are
			// too large for it. That will not change.
			t.out = true
			break
		}
		if narrow && j.low > before && r.Counters.Expanded < left/2 {
			t.step = 2 * min(t.step, mostWork)
		} else if r.Counters.Expanded >= left {
			t.step = max(t.step/2, 1)
		}
		left -= max(r.Counters.Expanded, leastBudget)
	}
	return nil
}
