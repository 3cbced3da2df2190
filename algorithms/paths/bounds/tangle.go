package bounds

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths/internal/disjoint"
	"github.com/cloudrearrange/rearrange/cloud"
)

// tangle is the core of a whole problem (see [order]) and its connected components. The core
// is found by peeling, as the k-core of a graph is: over and over, VMs are taken out whose time
// makes no difference, because their target holds all who are still to come, or nobody is to
// come where they stand. Worklists of hosts take the place of [order]'s rounds. VMs of the core
// that share no host, neither where they stand nor where they go, are in different components.
//
// For example, let hosts hold 4 GiB each. VM a goes from host 1 to host 2, b from 2 to 1, and c
// from 3 to 4; each has 3 GiB, and host 4 is empty. Host 4 holds all who come, so c is taken
// out. Hosts 1 and 2 do not, and somebody is to come to both, so a and b remain: they are the
// core, and hosts 1 and 2 its only component. In some order one of them has to go elsewhere.
type tangle struct {
	x      *relaxed
	at     byHost // who stands there, settled or not
	coming byHost // who is to come
	core   []bool // by position: whether the VM is still in the core
	room   []int64
	due    []int64
	comes  []int32 // by host: how many are still to come and may not wait
	queue  []cloud.HostID
	queued []bool
}

// byHost lists positions by host.
type byHost struct {
	first []int32 // by host, and one more: where its list begins
	list  []int32
}

func (b byHost) on(h cloud.HostID) []int32 { return b.list[b.first[h]:b.first[h+1]] }

// newByHost lists the positions for which there is a host. O(positions + hosts).
func newByHost(hosts, n int, of func(i int) cloud.HostID) byHost {
	b := byHost{first: make([]int32, hosts+1)}
	for i := range n {
		if h := of(i); h != cloud.Absent {
			b.first[h+1]++
		}
	}
	for h := range hosts {
		b.first[h+1] += b.first[h]
	}
	b.list = make([]int32, b.first[hosts])
	next := append([]int32(nil), b.first[:hosts]...)
	for i := range n {
		if h := of(i); h != cloud.Absent {
			b.list[next[h]] = int32(i)
			next[h]++
		}
	}
	return b
}

// newTangle begins with the relaxed problem before anyone has left. A host is looked at
// again only after what it has room for, or who comes to it, has changed: O(VMs ×
// resources) in all.
func newTangle(x *relaxed) *tangle {
	n := len(x.at)
	t := &tangle{
		x: x, core: make([]bool, n), room: append([]int64(nil), x.room...), due: make([]int64, len(x.room)),
		comes: make([]int32, x.hosts), queue: make([]cloud.HostID, 0, x.hosts), queued: make([]bool, x.hosts),
	}
	t.at = newByHost(x.hosts, n, func(i int) cloud.HostID { return x.at[i] })
	t.coming = newByHost(x.hosts, n, func(i int) cloud.HostID {
		if !x.misplaced(int32(i)) {
			return cloud.Absent
		}
		return x.target[i]
	})
	for _, i := range t.coming.list {
		t.core[i] = true
		t.comes[x.target[i]]++
		t.charge(t.due, x.target[i], i, 1)
	}
	for h := range cloud.HostID(x.hosts) {
		t.push(h)
	}
	for len(t.queue) > 0 {
		h := t.queue[len(t.queue)-1]
		t.queue, t.queued[h] = t.queue[:len(t.queue)-1], false
		t.look(h)
	}
	return t
}

func (t *tangle) push(h cloud.HostID) {
	if !t.queued[h] {
		t.queue, t.queued[h] = append(t.queue, h), true
	}
}

func (t *tangle) charge(amounts []int64, h cloud.HostID, i int32, sign int64) {
	r := t.x.resources
	for j, d := range t.x.demand[int(i)*r : int(i)*r+r] {
		amounts[int(h)*r+j] += sign * d
	}
}

// look takes those out of the core who come to a host that holds them all, and who stand
// where nobody is to come.
func (t *tangle) look(h cloud.HostID) {
	if t.comes[h] > 0 && t.holdsAll(h) {
		for _, i := range t.coming.on(h) {
			if t.core[i] && !t.heldUp(i) {
				t.takeOut(i)
				t.charge(t.room, h, i, -1)
				t.charge(t.room, t.x.at[i], i, 1)
				t.push(t.x.at[i])
			}
		}
	}
	if t.comes[h] > 0 {
		return
	}
	for _, i := range t.at.on(h) {
		if t.core[i] && !t.awaited(i) {
			t.takeOut(i)
			t.push(t.x.target[i])
		}
	}
}

// takeOut takes a VM out of the core and queues the hosts where its mates may now leave it too.
func (t *tangle) takeOut(i int32) {
	to := t.x.target[i]
	t.core[i] = false
	t.charge(t.due, to, i, -1)
	t.comes[to]--
	if j := t.x.waitsFor(i); j >= 0 {
		t.push(t.x.at[j])
	}
	for k := t.x.firstBehind(i); k >= 0; k = t.x.nextBehind[k] {
		t.push(t.x.target[k])
	}
}

// heldUp tells whether a VM waits for a mate in the core.
func (t *tangle) heldUp(i int32) bool {
	j := t.x.waitsFor(i)
	return j >= 0 && t.core[j]
}

// awaited tells whether a mate in the core waits for a VM.
func (t *tangle) awaited(i int32) bool {
	for k := t.x.firstBehind(i); k >= 0; k = t.x.nextBehind[k] {
		if t.core[k] {
			return true
		}
	}
	return false
}

func (t *tangle) holdsAll(h cloud.HostID) bool {
	r := t.x.resources
	room := t.room[int(h)*r : int(h)*r+r]
	for j, d := range t.due[int(h)*r : int(h)*r+r] {
		if d > room[j] {
			return false
		}
	}
	return true
}

// parts are the hosts that the core concerns, in sets that it does not link, ordered by
// their first hosts.
func (t *tangle) parts() [][]cloud.HostID {
	sets := disjoint.New[cloud.HostID](t.x.hosts)
	concerned := make([]bool, t.x.hosts)
	for i, core := range t.core {
		if core {
			at, to := t.x.at[i], t.x.target[i]
			concerned[at], concerned[to] = true, true
			sets.Join(at, to)
			if t.heldUp(int32(i)) {
				sets.Join(at, t.x.at[t.x.ahead[i]])
			}
		}
	}
	var out [][]cloud.HostID
	number := make([]int32, t.x.hosts) // of the part, from 1, by leader
	for h := range cloud.HostID(t.x.hosts) {
		if !concerned[h] {
			continue
		}
		l := sets.Leader(h)
		if number[l] == 0 {
			out = append(out, nil)
			number[l] = int32(len(out))
		}
		out[number[l]-1] = append(out[number[l]-1], h)
	}
	return out
}
