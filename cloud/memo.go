package cloud

import "sync"

// memo keeps what is found out of a checked instance once and asked for often: everything
// that speaks of an instance names its hash, and to encode a large one takes as long as
// to solve an easy one.
type memo struct {
	of      *Instance
	hashed  sync.Once
	hash    string
	spread  sync.Once
	demands []int64
}

// known is the memo of a checked instance. A copy of an instance that shall differ has
// its memo too, until it is checked: for that one, and for one that was never checked,
// nothing is kept.
func (in *Instance) known() *memo {
	if in.memo == nil || in.memo.of != in {
		return &memo{of: in}
	}
	return in.memo
}

// Demands are the demands of all VMs, by vm*R + resource. Whoever asks for those of many
// VMs in turn finds them here side by side; the slice is shared and must not be changed.
// Once [Instance.Check] has passed it is made once. Safe for concurrent use.
func (in *Instance) Demands() []int64 {
	m := in.known()
	m.spread.Do(func() {
		n := len(in.Resources)
		m.demands = make([]int64, n*len(in.VMs))
		for v := range in.VMs {
			copy(m.demands[n*v:n*v+n], in.VMs[v].Demand)
		}
	})
	return m.demands
}
