package bounds

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// relaxed is the relaxed problem of one state, in which VMs leave and arrive nowhere (see
// [Deadlock]). It is used in two phases. First the misplaced VMs wait, and settle lets
// all leave that can without anyone's permission. Then focus makes a list of the items:
// the VMs that are still in place and whose permission may matter. Permissions are given
// and taken back in the manner of a stack.
type relaxed struct {
	hosts, resources int
	grounds          grounds
	demand           []int64 // [position*resources + resource]
	mates

	room    []int64        // [host*resources + resource], without those who left
	at      []cloud.HostID // by position
	target  []cloud.HostID // by position; for the misplaced
	head    []int32        // by host: the first that waits for room there, -1: nobody
	next    []int32        // by position: the next that waits for the same host
	left    []bool         // by position
	staying int            // misplaced VMs that have not left
	trail   []int32        // positions that left, in order
	grown   []int32        // hosts whose room has grown and was not looked at yet
	queued  []bool         // by host: among grown
	paid    []int32        // positions permitted to leave
	parked  []int32        // positions permitted to leave that had no room anywhere when last looked at

	items  []int32 // positions
	listed []bool  // by position: among items
	needed []bool  // by host: room there may let someone leave
}

// grounds tell where the VM at a position may ever stand; Absent is where there is always
// room.
type grounds interface {
	Hosts(i int) []cloud.HostID
	MayStand(i int, h cloud.HostID) bool
}

// init makes room for n positions, of which nothing is known yet but where they may stand.
func (x *relaxed) init(g grounds, n, hosts, resources int) {
	*x = relaxed{
		hosts: hosts, resources: resources, grounds: g, demand: make([]int64, n*resources),
		room: make([]int64, hosts*resources), at: make([]cloud.HostID, n), target: make([]cloud.HostID, n),
		head: make([]int32, hosts), next: make([]int32, n), left: make([]bool, n),
		trail: make([]int32, 0, n), grown: make([]int32, 0, hosts), queued: make([]bool, hosts),
		listed: make([]bool, n), needed: make([]bool, hosts),
	}
}

// initState is init for the VMs of a problem that matter.
func (x *relaxed) initState(p *paths.Problem, l ground) {
	r := len(p.Instance.Resources)
	x.init(l, l.Len(), len(p.Instance.Hosts), r)
	demands := p.Instance.Demands()
	for i := range l.Len() {
		copy(x.demand[i*r:i*r+r], demands[int(l.VM(i))*r:])
	}
}

// reset begins with a state, in which nobody waits yet.
func (x *relaxed) reset(s *space.State) {
	copy(x.room, s.Free)
	copy(x.at, s.Host)
	x.begin()
}

// begin forgets all but where VMs stand and the room that they leave.
func (x *relaxed) begin() {
	copy(x.target, x.at)
	for h := range x.head {
		x.head[h] = -1
	}
	clear(x.left)
	clear(x.listed)
	x.staying = 0
	x.trail, x.parked, x.paid, x.items = x.trail[:0], x.parked[:0], x.paid[:0], x.items[:0]
}

// wait adds a misplaced VM.
func (x *relaxed) wait(i int, target cloud.HostID) {
	x.target[i] = target
	x.next[i], x.head[target] = x.head[target], int32(i)
	x.staying++
}

// settle lets everyone leave who can; it tells whether nobody stays.
func (x *relaxed) settle() bool {
	for h := range x.head {
		x.look(cloud.HostID(h))
	}
	x.drain()
	return x.staying == 0
}

func (x *relaxed) fits(i int, h cloud.HostID) bool {
	if x.resources == 1 {
		return x.demand[i] <= x.room[h]
	}
	r := x.resources
	room := x.room[int(h)*r : int(h)*r+r]
	for j, d := range x.demand[i*r : i*r+r] {
		if d > room[j] {
			return false
		}
	}
	return true
}

// look lets those leave who wait for room on a host.
func (x *relaxed) look(h cloud.HostID) {
	for i := x.head[h]; i >= 0; i = x.next[i] {
		if !x.left[i] && x.fits(int(i), h) && !x.heldUp(i) {
			x.staying--
			x.leave(i)
		}
	}
}

func (x *relaxed) leave(i int32) {
	x.left[i] = true
	x.trail = append(x.trail, i)
	h, r := int(x.at[i]), x.resources
	for j := range r {
		x.room[h*r+j] += x.demand[int(i)*r+j]
	}
	x.grow(x.at[i])
	for k := x.firstBehind(i); k >= 0; k = x.nextBehind[k] {
		x.grow(x.target[k])
	}
}

// grow queues a host, so that the VMs that wait for it are examined.
func (x *relaxed) grow(h cloud.HostID) {
	if !x.queued[h] {
		x.queued[h] = true
		x.grown = append(x.grown, int32(h))
	}
}

// heldUp tells whether a VM waits for a mate that has not left.
func (x *relaxed) heldUp(i int32) bool {
	j := x.waitsFor(i)
	return j >= 0 && !x.left[j]
}

// obstacle returns the host that a VM has to leave before a VM that stays can go: the target of
// the latter if there is no room, otherwise the host of its mate.
func (x *relaxed) obstacle(i int32) cloud.HostID {
	if x.heldUp(i) && x.fits(int(i), x.target[i]) {
		return x.at[x.mates.ahead[i]]
	}
	return x.target[i]
}

// drain follows up on all room that was made.
func (x *relaxed) drain() {
	for len(x.grown) > 0 {
		h := x.grown[len(x.grown)-1]
		x.grown = x.grown[:len(x.grown)-1]
		x.queued[h] = false
		x.look(cloud.HostID(h))
		for _, i := range x.parked {
			if !x.left[i] && x.at[i] != cloud.HostID(h) && x.grounds.MayStand(int(i), cloud.HostID(h)) && x.fits(int(i), cloud.HostID(h)) {
				x.release(i)
			}
		}
	}
}

// release lets a VM leave that is permitted to.
func (x *relaxed) release(i int32) {
	if x.misplaced(i) {
		x.staying--
	}
	x.leave(i)
}

func (x *relaxed) misplaced(i int32) bool { return x.target[i] != x.at[i] }

// permit permits a VM to leave for wherever there is room, and follows up on it.
func (x *relaxed) permit(i int32) {
	x.paid = append(x.paid, i)
	if x.left[i] {
		return
	}
	if x.hasSomewhere(i) {
		x.release(i)
		x.drain()
		return
	}
	x.parked = append(x.parked, i)
}

func (x *relaxed) hasSomewhere(i int32) bool {
	for _, h := range x.grounds.Hosts(int(i)) {
		if h == cloud.Absent || (h != x.at[i] && x.fits(int(i), h)) {
			return true
		}
	}
	return false
}

// mark is a point to go back to.
type mark struct{ trail, parked, paid int }

func (x *relaxed) mark() mark { return mark{len(x.trail), len(x.parked), len(x.paid)} }

// undo takes back all permissions given since the mark, and all that followed.
func (x *relaxed) undo(m mark) {
	r := x.resources
	for _, i := range x.trail[m.trail:] {
		x.left[i] = false
		if x.misplaced(i) {
			x.staying++
		}
		h := int(x.at[i])
		for j := range r {
			x.room[h*r+j] -= x.demand[int(i)*r+j]
		}
	}
	x.trail, x.parked, x.paid = x.trail[:m.trail], x.parked[:m.parked], x.paid[:m.paid]
}

// focus lists the items: the core of the order, and of the VMs that are still in place
// those on hosts whose room may matter. That is the targets of the core, and while there
// is an item that has no room anywhere, the hosts where it may stand.
func (x *relaxed) focus(core []int32) {
	clear(x.needed)
	for _, i := range core {
		x.listed[i] = true
		x.items = append(x.items, i)
		x.needed[x.target[i]] = true
	}
	for looked := 0; ; {
		for ; looked < len(x.items); looked++ {
			if i := x.items[looked]; !x.left[i] && !x.hasSomewhere(i) {
				for _, h := range x.grounds.Hosts(int(i)) {
					x.needed[h] = true
				}
			}
		}
		for i, h := range x.at {
			if h != cloud.Absent && x.needed[h] && !x.left[i] && !x.listed[i] {
				x.listed[i] = true
				x.items = append(x.items, int32(i))
			}
		}
		if looked == len(x.items) {
			return
		}
	}
}
