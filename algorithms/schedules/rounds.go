package schedules

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Rounds is the entry of the baseline that groups steps that do not compete.
func Rounds() spec.Entry[Scheduler] {
	return spec.Entry[Scheduler]{
		Descriptor: spec.Descriptor{
			Name: "rounds", Synopsis: "rounds of steps that compete for nothing", Properties: []spec.Property{Seedless},
			Doc: "Two steps compete if some limit cannot serve both in full. Steps are weighed: the inverse of the step's time, by " +
				"one more than the number of its competitors; from the heaviest on, each joins the first round in which nothing competes with " +
				"it, which makes each round a greedy independent set of the steps that earlier rounds left. At each instant, steps are asked " +
				"round by round: when one ends, steps of its round that waited for room start first, then those of later rounds that may. " +
				"SLAMIG and its successor for edge computing do this, on pairs of hosts and paths; here competitors are counted once " +
				"and not anew after each choice, and there are no deadlines. O(steps × (uses × log steps + rounds)).",
			Citation: "T. He, A. N. Toosi, R. Buyya: SLA-aware multiple migration planning and scheduling in SDN-NFV-enabled clouds. " +
				"Journal of Systems and Software 176, 2021; T. He, A. N. Toosi, R. Buyya: Efficient large-scale multiple migration planning " +
				"and scheduling in SDN-enabled edge computing, https://arxiv.org/abs/2111.08936",
		},
		New: func(spec.Args) (Scheduler, error) { return rounds{}, nil },
	}
}

type rounds struct{}

// Schedule implements [Scheduler].
func (rounds) Schedule(run *Run) error {
	rivals := rivalsOf(run.Problem)
	byWeight := sorted(run.Problem, func(m int32) float64 { return float64(run.Moves[m].Time) * float64(rivals[m]+1) })
	round := independent(run.Problem, byWeight)
	order := slices.Clone(byWeight)
	slices.SortStableFunc(order, func(a, b int32) int { return int(round[a] - round[b]) })
	return greedily(run, order)
}

// rivalsOf counts the competitors of each move, by each limit apart. O(uses × log moves).
func rivalsOf(p *timetable.Problem) []int {
	full := make([][]int64, len(p.Limits)) // what moves take of a limit, ascending
	for m := range p.Moves {
		for _, u := range p.Moves[m].Uses {
			full[u.Limit] = append(full[u.Limit], u.Full)
		}
	}
	for _, f := range full {
		slices.Sort(f)
	}
	rivals := make([]int, len(p.Moves))
	for m := range p.Moves {
		for _, u := range p.Moves[m].Uses {
			f, rest := full[u.Limit], p.Limits[u.Limit].Capacity-u.Full
			beside, _ := slices.BinarySearch(f, rest+1)
			rivals[m] += len(f) - beside
			if u.Full > rest { // it counted itself
				rivals[m]--
			}
		}
	}
	return rivals
}

// independent gives each move, in the given order, the first round of which no move competes with it.
func independent(p *timetable.Problem, order []int32) (round []int32) {
	round = make([]int32, len(order))
	most := make([][]int64, len(p.Limits)) // by limit and round: the most that a move takes
	fits := func(u concurrency.Use, r int32) bool {
		m := most[u.Limit]
		return int(r) >= len(m) || m[r] == 0 || u.Full+m[r] <= p.Limits[u.Limit].Capacity
	}
	for _, m := range order {
		uses := p.Moves[m].Uses
		r := int32(0)
		for slices.ContainsFunc(uses, func(u concurrency.Use) bool { return !fits(u, r) }) {
			r++
		}
		round[m] = r
		for _, u := range uses {
			of := &most[u.Limit]
			for len(*of) <= int(r) {
				*of = append(*of, 0)
			}
			(*of)[r] = max((*of)[r], u.Full)
		}
	}
	return round
}
