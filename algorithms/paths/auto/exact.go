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
// there is none, since it looks at no state twice. The full deadlock bound guides best, and
// takes longest.
type exact struct {
	pairs    int64 // of a VM and a host where it may stand
	perState int64 // work
	out      [len(searches)]bool
}

// searches are the kinds of exact search, in the order of their turns.
var searches = [...]struct{ deepens, full bool }{{}, {deepens: true}, {full: true}}

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
func (e *exact) hopeless() bool { return !slices.Contains(e.out[:], false) }

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
	heuristic, prune := j.tools.quick, space.Pruning{Repeat: true, Symmetry: true, Dominance: true, Excess: true}
	if searches[which].full {
		heuristic = bounds.Deadlock
	}
	if searches[which].deepens {
		return idastar.Searcher{Heuristic: heuristic, MemoryBytes: keptStates, PartialOrder: true, Prune: prune, Lookahead: true}
	}
	b := space.BestFirst{Heuristic: heuristic, Prune: prune, Lookahead: true}
	if !j.found {
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
		for which := range j.exact.out {
			j.exact.out[which] = true
		}
		j.why = "exact search would need more memory than there is"
	}
	for which := range j.exact.out {
		if j.exact.out[which] || j.done() || !run.Look() {
			continue
		}
		r, err := j.try(run, j.searcher(which), paths.Options{Expansions: budget})
		if err != nil {
			return err
		}
		// What ends before its time, and not by the clock, lacks memory or a way to add up
		// costs, and will do so again.
		j.exact.out[which] = r.Counters.Expanded < budget && run.Look()
	}
	return nil
}
