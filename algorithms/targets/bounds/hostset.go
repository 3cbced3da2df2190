package bounds

import (
	"math/bits"

	"github.com/cloudrearrange/rearrange/cloud"
)

// hostset is a set of hosts, one bit each.
type hostset []uint64

func newHostset(hosts int) hostset { return make(hostset, (hosts+63)/64) }

func (s hostset) add(h cloud.HostID) { s[h>>6] |= 1 << (h & 63) }

func (s hostset) has(h cloud.HostID) bool { return s[h>>6]>>(h&63)&1 != 0 }

func (s hostset) len() (n int) {
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// within tells whether t holds all hosts of s.
func (s hostset) within(t hostset) bool {
	for i, w := range s {
		if w&^t[i] != 0 {
			return false
		}
	}
	return true
}

// meets tells whether the sets have a host in common.
func (s hostset) meets(t hostset) bool {
	for i, w := range s {
		if w&t[i] != 0 {
			return true
		}
	}
	return false
}

// join adds the hosts of t.
func (s hostset) join(t hostset) {
	for i, w := range t {
		s[i] |= w
	}
}

// cut leaves the hosts that t has too.
func (s hostset) cut(t hostset) {
	for i, w := range t {
		s[i] &= w
	}
}

// list names the hosts, ascending.
func (s hostset) list() []cloud.HostID {
	out := make([]cloud.HostID, 0, s.len())
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			out = append(out, cloud.HostID(i*64+bits.TrailingZeros64(w)))
		}
	}
	return out
}

// key is equal for equal sets.
func (s hostset) key() string {
	b := make([]byte, 0, 8*len(s))
	for _, w := range s {
		for i := range 8 {
			b = append(b, byte(w>>(8*i)))
		}
	}
	return string(b)
}
