package space

import "github.com/cloudrearrange/rearrange/cloud"

// Lookup returns the state with this key and [Hash], if the table holds it.
func (t *Table) Lookup(key []uint64, hash uint64) (i uint32, ok bool) {
	seg, at := t.probe(hash)
	tag := tagOf(hash)
	for {
		slot := seg.slots[at]
		if slot == 0 {
			return 0, false
		}
		if slot&^(1<<32-1) == tag && t.equal(uint32(slot)-1, key) {
			return uint32(slot) - 1, true
		}
		if at++; at == uint64(len(seg.slots)) {
			at = 0
		}
	}
}

// Touch reads where a key with this [Hash] would lie, so that a look soon after finds it
// in the cache. What it returns means nothing.
func (t *Table) Touch(hash uint64) uint64 {
	seg, at := t.probe(hash)
	return seg.slots[at]
}

// Peek is what [Queue.Pop] would take out. The queue must not be empty.
func (q *Queue) Peek() (f int64, state uint32) {
	b := q.keys.Items[0]
	return b.f, b.top.states[b.used-1]
}

// Allows tells whether the VM at a position may go to a host, or with Absent off its host,
// now: whether limits and all other rules hold meanwhile and after. Where it may be
// suspended and resumed is not asked.
func (s *State) Allows(i int, to cloud.HostID) bool {
	return s.Host[i] != to && s.Fits(i, to) && (s.LimitsOnly() || s.othersAllow(s.Layout.vms[i], s.Host[i], to))
}
