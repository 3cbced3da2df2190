package auto

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/idastar"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
)

// exact chooses exact searches of one problem, and how far they go.
type exact struct {
	pairs int64 // of a VM and a host
	level level
}

// level is how much memory exact search may take for its states.
type level uint8

const (
	allStates  level = iota // best-first search keeps every state it meets
	someStates              // iterative deepening keeps those it has room for
	noStates                // not even that has what memory it needs
)

func newExact(l *space.Layout) exact {
	var pairs int64
	for i := range l.Len() {
		pairs += int64(len(l.Hosts(i)))
	}
	return exact{pairs: max(1, pairs)}
}

const (
	// leastBudget is the number of expansions below which a search is not worth its beginning.
	leastBudget = 64
	// bytesPerPair is what a search may keep of each migration out of one state.
	bytesPerPair = 64
	// mostSuccessors is the memory that the migrations out of one state may take, in bytes,
	// where nothing else limits it.
	mostSuccessors = 4 << 30
)

// budget is how many expansions an amount of work is, 0 where that is not worth a search,
// and whether the migrations out of one state fit in memory.
func (e *exact) budget(run *paths.Run, work int64) (expansions int64, fits bool) {
	if e.pairs > min(run.MemoryLeft(0)/2, mostSuccessors)/bytesPerPair {
		e.level = noStates
	}
	if e.level == noStates {
		return 0, false
	}
	if n := work / e.pairs; n >= leastBudget {
		return n, true
	}
	return 0, true
}

// fallBack makes the next search one that needs less memory.
func (e *exact) fallBack() { e.level++ }

// keptStates is what iterative deepening may take for states met before.
const keptStates = 256 << 20

// searcher is the search for the level. Without a plan best-first search goes for one first
// (anytime repairing A*: Likhachev, Gordon and Thrun 2003, NIPS 16); with one it goes for
// the proof.
func (e *exact) searcher(found bool) paths.Searcher {
	all := space.Pruning{Repeat: true, Symmetry: true, Dominance: true}
	if e.level == someStates {
		return idastar.Searcher{Heuristic: bounds.Deadlock, MemoryBytes: keptStates, PartialOrder: true, Prune: all, Lookahead: true}
	}
	b := space.BestFirst{Heuristic: bounds.Deadlock, Prune: all, Lookahead: true}
	if !found {
		b.Weights = []space.Weight{{Num: 1}, {Num: 3, Den: 1}, {Num: 3, Den: 2}, {Num: 1, Den: 1}}
	}
	return b
}
