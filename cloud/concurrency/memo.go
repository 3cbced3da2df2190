package concurrency

import (
	"sync"

	"github.com/cloudrearrange/rearrange/cloud"
)

// memo remembers what was computed of steps. It is safe for concurrent use.
type memo struct{ of sync.Map }

// once computes what is to be known of a step, unless it is known.
func once[T any](m *memo, step cloud.Step, compute func() T) T {
	step.Cost = 0
	if x, known := m.of.Load(step); known {
		return x.(T)
	}
	x := compute()
	m.of.Store(step, x)
	return x
}
