package cloud

import "sync"

// memo caches what is derived from a checked instance: its hash, which every plan and
// record names and which takes as long to compute as an easy instance to solve, and its
// demands as one vector.
type memo struct {
	of      *Instance
	hashed  sync.Once
	hash    string
	spread  sync.Once
	demands []int64
}

// cache returns the memo of a checked instance. A copy of an instance shares the pointer
// to the memo until the copy is checked; for such a copy, and for an instance that was
// never checked, nothing is cached.
func (in *Instance) cache() *memo {
	if in.memo == nil || in.memo.of != in {
		return &memo{of: in}
	}
	return in.memo
}

// Demands returns the demands of all VMs in one vector, indexed by vm*R + resource. Hot
// loops read it in place of [VM.Demand]: it is contiguous and much smaller than the list of
// VMs. The slice is shared and read-only. It is computed once after [Instance.Check] has
// passed. Safe for concurrent use.
func (in *Instance) Demands() []int64 {
	m := in.cache()
	m.spread.Do(func() {
		n := len(in.Resources)
		m.demands = make([]int64, n*len(in.VMs))
		for v := range in.VMs {
			copy(m.demands[n*v:n*v+n], in.VMs[v].Demand)
		}
	})
	return m.demands
}
