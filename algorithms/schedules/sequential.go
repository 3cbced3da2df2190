package schedules

import (
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Sequential is the entry of the baseline that runs one step at a time.
func Sequential() spec.Entry[Scheduler] {
	return spec.Entry[Scheduler]{
		Descriptor: spec.Descriptor{
			Name: "sequential", Synopsis: "one step at a time, in the plan's order", Properties: []spec.Property{Seedless}, Citation: "own work",
			Doc: "The baseline for all others: a plan carried out as a path.",
		},
		New: func(spec.Args) (Scheduler, error) { return sequential{}, nil },
	}
}

type sequential struct{}

// Schedule lets each move end before the next one starts.
func (sequential) Schedule(run *Run) error {
	t := run.NewTable()
	for m := range run.Moves {
		for t.Refuses(int32(m)) != timetable.Free {
			if _, ok := t.Advance(); !ok {
				return timetable.NoPath(&run.Moves[m])
			}
		}
		t.Begin(int32(m))
		for !t.Idle() {
			t.Advance()
		}
	}
	run.Found(t)
	return nil
}
