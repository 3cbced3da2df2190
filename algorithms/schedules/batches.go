package schedules

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Batches is the entry of the baseline that runs the plan batch by batch.
func Batches() spec.Entry[Scheduler] {
	return spec.Entry[Scheduler]{
		Descriptor: spec.Descriptor{
			Name: "batches", Synopsis: "all steps that may start together, then wait for the slowest", Properties: []spec.Property{Seedless},
			Doc: "Nothing starts while anything is under way. Then every step that may start does so, in the plan's order: a batch " +
				"is maximal. Plans that are executed pool by pool work this way. Where no step may start any more, " +
				"those that took room out of the plan's order are held back, and all begins anew. O(batches × steps × rules).",
			Citation: "F. Hermenier, X. Lorca, J.-M. Menaud, G. Muller, J. Lawall: Entropy: a consolidation manager for clusters. VEE 2009. " +
				"https://doi.org/10.1145/1508293.1508300",
		},
		New: func(spec.Args) (Scheduler, error) { return batches{}, nil },
	}
}

type batches struct{}

// Schedule implements [Scheduler].
func (b batches) Schedule(run *Run) error {
	learned := newPrecedence(run.Problem)
	for {
		t := b.fill(run.Problem, learned)
		if t.Done() {
			run.Found(t)
			return nil
		}
		if err := learned.learn(t); err != nil {
			return err
		}
	}
}

// fill makes a table, up to the end or a dead end.
func (batches) fill(p *timetable.Problem, learned *precedence) *timetable.Table {
	t := p.NewTable()
	left := sorted(p, func(m int32) int32 { return m })
	for {
		n := len(left)
		left = slices.DeleteFunc(left, func(m int32) bool {
			if t.Refuses(m) != timetable.Free || learned.blocks(t, m) {
				return false
			}
			t.Begin(m)
			return true
		})
		if len(left) == n {
			if _, ok := t.Advance(); !ok {
				return t
			}
		}
		for !t.Idle() {
			t.Advance()
		}
	}
}
