package auto

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/idastar"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
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

func newExact(p *paths.Problem) exact {
	var present int64
	for _, h := range p.Start {
		if h != cloud.Absent {
			present++
		}
	}
	return exact{pairs: max(1, present*int64(len(p.Instance.Hosts)))}
}

// leastBudget is the number of expansions below which a search is not worth its beginning.
const leastBudget = 64

// budget is how many expansions an amount of work is.
func (e *exact) budget(work int64) int64 { return work / e.pairs }

// canGoOn tells whether there is memory for exact search of any kind.
func (e *exact) canGoOn() bool { return e.level < noStates }

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
