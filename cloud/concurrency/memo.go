package concurrency

import (
	"sync/atomic"

	"github.com/cloudrearrange/rearrange/cloud"
)

// memo remembers by VM what was computed of the step that was asked about last, since most VMs take one step. It is safe for
// concurrent use.
type memo[T any] []atomic.Pointer[known[T]]

type known[T any] struct {
	step cloud.Step
	is   T
}

// of is what is known of a step, computed unless it is.
func (m memo[T]) of(step cloud.Step, compute func() T) T {
	if k := m[step.VM].Load(); k != nil && k.step == step {
		return k.is
	}
	k := &known[T]{step, compute()}
	m[step.VM].Store(k)
	return k.is
}
