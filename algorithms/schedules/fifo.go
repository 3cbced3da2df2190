package schedules

import (
	"math"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// FIFO is the entry of the baseline that works through the plan with a few workers.
func FIFO() spec.Entry[Scheduler] {
	return spec.Entry[Scheduler]{
		Descriptor: spec.Descriptor{
			Name: "fifo", Synopsis: "the plan's order, a few at a time", Properties: []spec.Property{Seedless}, Citation: "own work",
			Doc: "Each step starts as soon as it may and fewer than at-once others are under way, but never before those that the plan " +
				"has ahead of it: a step that waits holds back all that follow. This is what a queue of migrations with a few workers does. " +
				"O(steps × rules).",
			Params: []spec.Param{{
				Name: "at-once", Type: spec.Int, Default: "2", Bounds: spec.Between(1, math.MaxInt32), Unit: "steps",
				Doc: "steps under way at the same time",
			}},
		},
		New: func(a spec.Args) (Scheduler, error) { return fifo{int(a.Int("at-once"))}, nil },
	}
}

type fifo struct{ atOnce int }

// Schedule walks the plan once.
func (f fifo) Schedule(run *Run) error {
	t, underWay := run.NewTable(), 0
	for m := range run.Moves {
		for underWay == f.atOnce || t.Refuses(int32(m)) != timetable.Free {
			ended, ok := t.Advance()
			if !ok {
				return timetable.NoPath(&run.Moves[m])
			}
			underWay -= len(ended)
		}
		t.Begin(int32(m))
		underWay++
	}
	for !t.Done() {
		t.Advance()
	}
	run.Found(t)
	return nil
}
