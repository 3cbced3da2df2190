package concurrency

import "github.com/cloudrearrange/rearrange/cloud"

// timed is the times of models whose steps take what their duration says, whatever runs beside them.
type timed struct {
	duration cloud.Duration // nil: not known
}

func (t timed) time(step *cloud.Step) int64 { return cloud.TimeOf(t.duration, step) }

// Earliest is the start and the time of each step. O(steps).
func (t timed) Earliest(steps []cloud.Step) []int64 {
	if t.duration == nil {
		return nil
	}
	out := make([]int64, len(steps))
	for i := range steps {
		out[i] = steps[i].Start + cloud.TimeOf(t.duration, &steps[i])
	}
	return out
}

// counts tells whether steps of an action take anything of limits.
func counts(a cloud.Action) bool { return a != cloud.Shutdown && a != cloud.Provision }
