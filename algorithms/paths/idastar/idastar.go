package idastar

import (
	"math"
	"unsafe"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Searcher is iterative-deepening A* (Korf 1985, doi 10.1016/0004-3702(85)90084-0):
// depth-first searches, each through all states whose evaluation, cost so far plus
// heuristic, is within a limit, and each with a higher limit than the one before.
//
// Limits. The next evaluation beyond the limit would be the next limit, but where all
// costs differ that adds one state to each search. Here the limit grows by a forecast, so
// that each search expands at least twice as many states as the one before (IDA*_CR:
// Sarkar et al. 1991). A forecast that goes too far is stopped by a budget of eight times
// as many, and the limit is halved towards the last that is proved, after which a search
// is finite in any case (budgeted exponential search: Helmert et al. 2019). A plan
// found on the way is the limit of all that follows.
//
// What a path within the limit can do without is left out as well, where VMs or hosts are
// interchangeable ([space.Pruning], Excess). How far beyond the limit that lies nobody knows,
// so that such a search proves no more than the next possible cost.
//
// Optimality. When a search ends within its budget, every state left out for its limit
// has an evaluation of at least the least of them, and so has every path that costs more
// than the limit: it goes through one of them. So that value is a lower bound, unless the
// incumbent is cheaper, which is then optimal. That holds whether the heuristic is
// consistent or not.
//
// Memory. A state that this search has met at no higher cost is not searched again
// (Reinefeld and Marsland 1994, doi 10.1109/34.297950). No cheapest path is lost: on
// one, each state is met at its least cost, by induction, since its predecessor is
// searched from that cost once at least. A state's bound is raised to the least that its
// successors' bounds come to, all of them, also those left out, counted at what is known
// of them; that bound knows nothing of the way there and holds in later searches.
//
// Completeness. A search that has left out no state for its limit has searched all states
// that can be reached. Limits grow, and a search within a limit ends: it returns to no
// state on the way to where it is, of which there is a finite number. Bounds that are
// raised could keep ahead of limits forever where there is no path; therefore they are
// given up once a search finds less than twice as many states as the one before. Then a
// sweep through all that can be reached is tried as well, since it does not need a limit.
//
// Time is proportional to that of the last search, as long as the states within the limit
// fit in memory; otherwise it may grow exponentially with the number of migrations.
// Memory is what it may take for states met, and a list of migrations per step of the way.
type Searcher struct {
	Heuristic    func(*paths.Run, *paths.Problem, *space.Layout) space.Heuristic // nil if the run has to end
	MemoryBytes  int64                                                           // bound on the memory of states met before, save for a few KiB
	PartialOrder bool                                                            // see [order]
	Prune        space.Pruning
	Lookahead    bool  // at every state, try to reach the goal by direct migrations alone
	From         int64 // a bound that was proved before, where limits begin
}

// What makes the limits grow.
const (
	growth      = 2  // a search expands at least so many times what the one before did,
	leeway      = 8  // and at most so many times
	leastBudget = 64 // where that is more than this
)

// Search implements [paths.Searcher].
func (a Searcher) Search(run *paths.Run) error {
	layout, ok := space.Prepare(run)
	if !ok {
		return nil
	}
	heuristic := a.Heuristic(run, run.Problem, layout)
	if heuristic == nil {
		return nil
	}
	s := newSearch(run, layout, heuristic, a)
	if s.start == space.DeadEnd {
		run.Exhausted()
		return nil
	}
	if best, found := run.Best(); found {
		s.best = best
	}
	if from := max(s.start, a.From); from < s.best {
		s.deepen(from)
	} else {
		run.Bound(s.best)
	}
	return nil
}

func newSearch(run *paths.Run, layout *space.Layout, h space.Heuristic, a Searcher) *search {
	state := space.NewState(run.Problem, layout)
	s := &search{
		run: run, layout: layout, state: state, heuristic: h,
		prune: space.NewPruner(state, a.Prune), lookahead: space.NewLookahead(state, a.Lookahead, run.Look),
		goal: make([]uint64, layout.Words()), home: make([]uint64, layout.Words()),
		learns: true, room: min(max(a.MemoryBytes/4, 1<<20), run.MemoryLeft(0)/8),
		at: make([]uint64, layout.Words()), key: make([]uint64, layout.Words()),
		path: newTrail(layout.Words()), best: math.MaxInt64,
	}
	s.ask = space.NewAsker(func(room int) bool {
		return run.Look() && s.mayHold(int64(room-cap(s.moves))*int64(unsafe.Sizeof(space.Move{})))
	})
	s.incremental, _ = s.heuristic.(space.Incremental)
	s.strays, _ = s.heuristic.(space.Strays)
	s.symmetric = s.prune.Symmetric()
	s.reduces = s.symmetric && s.prune.Limited()
	s.like, s.unit = make([]cloud.HostID, layout.Len()), unit(state)
	few := layout.Len() < 1<<viaBits-1 && len(run.Problem.Instance.Hosts) < 1<<viaBits-1
	s.order = order{
		commute: a.PartialOrder && few && state.LimitsOnly() && !s.symmetric,
		repeat:  s.prune.Repeat() && few,
	}
	s.ample = make([]bool, layout.Len())
	s.target = make([]cloud.HostID, layout.Len())
	for i := range s.ample {
		s.ample[i] = s.prune.Ample(i)
		s.target[i] = run.Problem.Goal[layout.VM(i)]
	}
	s.memory = newMemory(layout.Words(), func(bytes int64) bool {
		// A quarter of what is left is for the way to where the search is. While the memory
		// grows, there are two.
		return bytes <= a.MemoryBytes && bytes <= run.MemoryLeft(s.bytes())/4*3 && s.mayHold(bytes)
	})
	layout.Pack(run.Problem.Goal, s.goal)
	layout.Pack(run.Problem.Start, s.home)
	s.start = s.heuristic.Estimate(state)
	return s
}

// unit is a number of which the cost of every path is a multiple.
func unit(s *space.State) int64 {
	if !s.Uniform() || s.Suspends() {
		return 1
	}
	var a int64
	for i, h := range s.Host {
		for b := s.Cost(i, h); b != 0; {
			a, b = b, a%b
		}
	}
	return max(a, 1)
}

// deepen runs searches under growing limits. Every plan costs at least what is proved.
func (s *search) deepen(proved int64) {
	limit := proved                 // of the next search
	ceiling := int64(math.MaxInt64) // a limit for which the budget was not enough
	var (
		last  int64 // expansions of the last search that grew as it should
		want  int64 // how many more states the next one shall let in
		width int64 // by how much the limit shall grow at least
		spent int64 // expansions of all searches
		swept int64 // the same, when the last sweep began
	)
	s.run.Bound(proved)
	for {
		budget := leeway * max(last, leastBudget)
		if limit == proved {
			budget = math.MaxInt64
		}
		from := proved
		s.iterate(limit, budget)
		spent += s.nodes
		switch s.end {
		case halted:
			return
		case overBudget:
			switch {
			case s.best <= proved:
				return
			case s.best <= limit: // found on the way; there is less to search now
				limit = s.best - 1
			default:
				ceiling = limit
				limit = proved + (limit-proved)/2
			}
			continue
		}
		if s.next == math.MaxInt64 {
			s.run.Exhausted()
			return
		}
		proved = min(s.next, s.best)
		s.run.Bound(proved)
		if proved == s.best {
			return
		}
		if proved >= space.MaxCost {
			space.TooLarge(s.run)
			return
		}
		slow := s.nodes < growth*last
		if !slow {
			last, want, width, ceiling = s.nodes, s.nodes, 0, math.MaxInt64
		} else {
			// Most of those let in had been met already: there are not many states left,
			// or none.
			want, width = 2*min(want, space.MaxCost), max(2*width, limit-from)
		}
		limit = s.top + min(max(s.forecast.beyond(want), width), space.MaxCost-s.top)
		if slow && s.learns {
			s.learns = false
			s.memory.clear()
		}
		if slow && s.best == math.MaxInt64 && spent >= 2*swept {
			swept = spent
			if s.sweep(spent) {
				s.run.Exhausted()
				return
			}
			if s.end == halted || s.best <= proved {
				return
			}
		}
		if limit >= ceiling {
			limit = proved + (ceiling-proved)/2
		}
		limit = max(proved, min(limit, s.best-1))
	}
}
