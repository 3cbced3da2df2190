package schedules

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
)

// greedily finds a schedule in which, at each instant, moves start in the given order as far as they may. It always ends for a
// plan that is a path: see [precedence].
func greedily(run *Run, order []int32) error {
	d := newDispatcher(run.Problem)
	how := priorities{bias: make([]float64, len(order))}
	for rank, m := range order {
		how.bias[m] = -float64(rank)
	}
	for {
		t := d.fill(how)
		if t.Done() {
			run.Found(t)
			return nil
		}
		if how.order == nil {
			how.order, how.safe = newPrecedence(run.Problem), d.newWitness(planned(run.Problem))
		} else if err := how.order.learn(t); err != nil {
			return err
		}
	}
}

// sorted is the plan's order, sorted by a measure, the smallest first; moves of equal measure keep their order.
func sorted[T cmp.Ordered](p *timetable.Problem, measure func(m int32) T) []int32 {
	by := make([]T, len(p.Moves))
	out := make([]int32, len(p.Moves))
	for m := range out {
		out[m], by[m] = int32(m), measure(int32(m))
	}
	slices.SortStableFunc(out, func(a, b int32) int { return cmp.Compare(by[a], by[b]) })
	return out
}
