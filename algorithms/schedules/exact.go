package schedules

import (
	"cmp"
	"fmt"
	"math"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/bounds"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Exact is the entry of the branch and bound.
func Exact() spec.Entry[Scheduler] {
	return spec.Entry[Scheduler]{
		Descriptor: spec.Descriptor{
			Name: "exact", Synopsis: "branch and bound over starts, for up to about 15 steps, or schedules close to their bound",
			Properties: []spec.Property{OptimalMakespan, Seedless},
			Doc: "Begins with a greedy schedule and asks whether a shorter one exists, until none does. At each instant, 0 or the end of a " +
				"step, each step that may start does so or is left for later. A branch is cut where a step, with what has to come before " +
				"and after it, or the work left of a limit, does not fit the time left; where a step is left for later " +
				"that could have started without changing anything else; and where the same steps have ended or are under way with as much " +
				"left, and no more time. Of equal steps, the first starts first. Where the question takes too long, it is asked for shorter " +
				"times, to which the answer is no: this raises the lower bound. Where windows are closed to steps, the ends of windows are " +
				"instants too, and with windows or due times the same steps at the same instant are told apart from those at another. Limits on downtime are not supported, unless " +
				"they are the same in all schedules. It is exact for schedules whose starts are granted whatever " +
				"the order in which steps end, as all schedulers' are. Where steps slow each other down it tries starts at the same instants, and proves nothing. Exponential.",
			Params: []spec.Param{{
				Name: "nodes", Type: spec.Int, Default: "0", Bounds: spec.Between(0, 1e12), Unit: "nodes", Doc: "the search ends after this many; 0: no limit",
			}},
			Citation: "own work",
		},
		New: func(a spec.Args) (Scheduler, error) { return exact{a.Int("nodes")}, nil },
	}
}

type exact struct{ nodes int64 }

// Schedule implements [Scheduler].
func (e exact) Schedule(run *Run) error {
	if s := run.movable(); s != "" {
		return &UnsupportedError{fmt.Errorf("exact does not keep %s: a suspend may have to wait although nothing is in its way, and exact starts each step as early as it can or when another ends", s)}
	}
	if err := greedily(run, urgent(run, bounds.Tails(run.Problem))); err != nil && !run.closedOut() {
		return err
	}
	closeGap(run, e.nodes)
	return nil
}

// urgent sorts moves by what takes its time from their starts on.
func urgent(run *Run, tails []int64) []int32 {
	return sorted(run.Problem, func(m int32) int64 { return -run.Moves[m].Time - tails[m] })
}

// anyLength is longer than any schedule, and far enough from the greatest integer for sums.
const anyLength = math.MaxInt64 / 4

// firstNodes is how long the search asks one question before it turns to another; each time twice as long.
const firstNodes = 4096

// closeGap shortens the best schedule of a run and raises its bound until they meet, the run is to stop, or so many nodes have been
// searched; 0: no limit. Under an elastic model it raises no bound. The run must have found a schedule.
func closeGap(run *Run, nodes int64) {
	if len(run.Moves) == 0 || run.Stop() {
		return
	}
	if _, elastic := run.Model.(concurrency.Elastic); elastic {
		newElasticSearch(run, cmp.Or(nodes, math.MaxInt64)).from()
		return
	}
	if run.movable() != "" {
		return
	}
	s := newExactSearch(run)
	for turn := int64(firstNodes); !run.Stop() && (nodes == 0 || s.nodes < nodes); turn *= 2 {
		if nodes > 0 {
			turn = min(turn, nodes-s.nodes)
		}
		s.shorten(turn)
		if run.meets() {
			s.refute(turn / 2)
		}
	}
}

// shorten looks for a shorter schedule until there is none, or so many nodes have been searched.
func (s *exactSearch) shorten(nodes int64) {
	for last := s.nodes + nodes; !s.run.Stop(); {
		limit := int64(anyLength)
		if s.run.meets() {
			limit = s.run.Best().Makespan() - 1
		}
		switch s.ask(limit, last) {
		case no:
			if !s.run.meets() {
				s.run.proof = "no order of the steps keeps " + s.run.named() + ": all were tried"
				return
			}
			s.prove(s.run.Best().Makespan())
			return
		case unknown:
			return
		}
	}
}

// refute halves the gap between the bound and the best schedule, for up to so many nodes: the shorter the time, the sooner it is found too short.
func (s *exactSearch) refute(nodes int64) {
	last := s.nodes + nodes
	for low, high := s.run.Bound(), s.run.Best().Makespan()-2; low <= high && s.nodes < last && !s.run.Stop(); {
		middle := low + (high-low)/2
		switch s.ask(middle, s.nodes+nodes/4) {
		case no:
			low = middle + 1
			s.prove(low)
		case yes:
			high = s.run.Best().Makespan() - 2
		case unknown:
			high = middle - 1
		}
	}
}

func (s *exactSearch) prove(value int64) {
	s.run.Prove(bounds.Bound{Name: "exact", Of: "all orders of the steps", Value: value})
}
