package auto

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/idastar"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
)

// exact is exact search of one problem, by several searches in turns: which of them is
// quick depends on the instance, by factors of a hundred and more. Iterative deepening is
// often the first to find a plan that costs no more than the bound says, since it goes for
// the goal, and it needs little memory; best-first search is often the first to prove that
// there is none, since it looks at no state twice. The better a bound is the fewer states
// there are, and the longer each takes. All begin where the bound is that any of them has
// proved, and what one of them buys by its turn, a higher bound or a cheaper plan, decides
// how long its next turn is.
type exact struct {
	pairs    int64 // of a VM and a host where it may stand
	perState int64 // work
	turns    [len(searches)]turns
}

// turns are those of one search.
type turns struct {
	out    bool  // it lacks memory, or a way to add up costs
	credit int   // its next turn is so many times twice as long, or half as long where it is negative
	step   int64 // how far above the bound it looks for paths, where that is of interest
}

// The credit of a search rises by one with each turn that bought something, and falls with
// one by which only others did. A bound buys nothing as long as there is no plan: if there
// is none at all, it may rise forever.
const (
	leastCredit = -2
	mostCredit  = 2
)

// kind is a kind of exact search.
type kind struct {
	bound   func(*tools) bounds.Maker
	deepens bool
	// narrow: looks for paths that cost hardly more than the bound, so that much can be left
	// out, and then for others.
	narrow bool
	// faster and slower are how many states it expands in the time in which the first expands
	// one, and the other way round, by measurements of small and full clouds.
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

// fewStates is the number of expansions below which all count alike.
const fewStates = 64

// expansions is how many a turn may take, given how many the first search may.
func (k *kind) expansions(first int64, credit int) int64 {
	n := first * min(max(first/fewStates, 1), k.faster) / k.slower
	if credit < 0 {
		return n >> -credit
	}
	return n << credit
}

// vmsPerTest is how many VMs a successor is compared in, to find its like, in the time of a
// test. With few, large clouds are improved while there is something to gain by it, and small
// ones are searched soon.
const vmsPerTest = 4

func newExact(l *space.Layout) exact {
	var pairs int64
	for i := range l.Len() {
		pairs += int64(len(l.Hosts(i)))
	}
	pairs = max(1, pairs)
	return exact{pairs: pairs, perState: pairs * (1 + int64(l.Len()/vmsPerTest))}
}

// hopeless tells whether no search has the memory it needs.
func (e *exact) hopeless() bool {
	return !slices.ContainsFunc(e.turns[:], func(t turns) bool { return !t.out })
}

const (
	// leastBudget is the number of expansions below which a search is not worth its beginning.
	leastBudget = 16
	// bytesPerPair is what a search may keep of each migration out of one state.
	bytesPerPair = 64
	// mostSuccessors is the memory that the migrations out of one state may take, in bytes,
	// where nothing else limits it.
	mostSuccessors = 4 << 30
)

// fits tells whether the migrations out of one state fit in memory.
func (e *exact) fits(run *paths.Run) bool {
	return e.pairs <= min(run.MemoryLeft(0)/2, mostSuccessors)/bytesPerPair
}

// keptStates is what iterative deepening may take for states met before, in bytes.
const keptStates = 256 << 20

// searcher is one of the searches. Without a plan best-first search goes for one first
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
			// What ends before its time, and not by the clock, lacks memory or a way to add
			// up costs, and will do so again.
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
