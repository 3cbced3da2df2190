package schedules

import (
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
				"times, to which the answer is no: this raises the lower bound. It is exact for schedules whose starts are granted whatever " +
				"the order in which steps end, as all schedulers' are. Where steps slow each other down it proves nothing. Exponential.",
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
	tails := bounds.Tails(run.Problem)
	if err := greedily(run, sorted(run.Problem, func(m int32) int64 { return -run.Moves[m].Time - tails[m] })); err != nil {
		return err
	}
	closeGap(run, e.nodes)
	return nil
}

// firstNodes is how long the search asks one question before it turns to another; each time twice as long.
const firstNodes = 4096

// closeGap shortens the best schedule of a run and raises its bound until they meet, the run is to stop, or so many nodes have been
// searched; 0: no limit. It does nothing under an elastic model.
func closeGap(run *Run, nodes int64) {
	if _, elastic := run.Model.(concurrency.Elastic); elastic || len(run.Moves) == 0 {
		return
	}
	s := newExactSearch(run)
	for turn := int64(firstNodes); !run.Stop() && (nodes == 0 || s.nodes < nodes); turn *= 2 {
		if nodes > 0 {
			turn = min(turn, nodes-s.nodes)
		}
		s.shorten(turn)
		s.refute(turn / 2)
	}
}

// shorten looks for a shorter schedule until there is none, or so many nodes have been searched.
func (s *exactSearch) shorten(nodes int64) {
	for last := s.nodes + nodes; !s.run.Stop(); {
		switch s.ask(s.run.Best().Makespan()-1, last) {
		case no:
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
