package auto

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/idastar"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
)

// exact is exact search of one problem, by two searches in turns. Iterative deepening is
// often the first to find a plan that costs no more than the bound says, since it goes for
// the goal, and needs little memory; best-first search is often the first to prove that
// there is none, since it looks at no state twice.
type exact struct {
	pairs int64 // of a VM and a host where it may stand
	out   [2]bool
}

// The searches.
const (
	deepening = iota
	bestFirst
)

func newExact(l *space.Layout) exact {
	var pairs int64
	for i := range l.Len() {
		pairs += int64(len(l.Hosts(i)))
	}
	return exact{pairs: max(1, pairs)}
}

// hopeless tells whether neither search has the memory it needs.
func (e *exact) hopeless() bool { return e.out[deepening] && e.out[bestFirst] }

const (
	// leastBudget is the number of expansions below which a search is not worth its beginning.
	leastBudget = 64
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
func (e *exact) searcher(which int, found bool) paths.Searcher {
	all := space.Pruning{Repeat: true, Symmetry: true, Dominance: true}
	if which == deepening {
		return idastar.Searcher{Heuristic: bounds.Deadlock, MemoryBytes: keptStates, PartialOrder: true, Prune: all, Lookahead: true}
	}
	b := space.BestFirst{Heuristic: bounds.Deadlock, Prune: all, Lookahead: true}
	if !found {
		b.Weights = []space.Weight{{Num: 1}, {Num: 3, Den: 1}, {Num: 3, Den: 2}, {Num: 1, Den: 1}}
	}
	return b
}

// search searches the whole problem exactly.
func (j *job) search(run *paths.Run, work int64) error {
	budget := work / j.exact.pairs
	if budget < leastBudget {
		return nil // in a later round
	}
	if !j.exact.fits(run) {
		j.exact.out = [2]bool{true, true}
		j.why = "exact search would need more memory than there is"
	}
	for which := range j.exact.out {
		if j.exact.out[which] || j.done() || !run.Look() {
			continue
		}
		r, err := j.try(run, j.exact.searcher(which, j.found), paths.Options{Expansions: budget})
		if err != nil {
			return err
		}
		// What ends before its time, and not by the clock, lacks memory or a way to add up
		// costs, and will do so again.
		j.exact.out[which] = r.Counters.Expanded < budget && run.Look()
	}
	return nil
}
