package bounds

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// farebook finds what VMs pay on their ways where that depends on the hosts. Of hosts that
// are charged alike it looks at no more than two besides the target, and of VMs that are
// charged alike, may stand alike and go to hosts that are charged alike at one. It is
// opened when first used: most cost functions ask for nothing of the kind.
type farebook struct {
	p       *paths.Problem
	takes   func(bytes int64) bool // whether so much more memory may be taken, and time
	vms     cloud.VMClassifier     // nil where each VM may be charged differently
	class   []int32                // by host
	classes int
	members map[int32]*members
	known   map[fareKey]*fares
}

// fareKey is what fares have in common: the VM's class, who may stand where, and the class
// of the target.
type fareKey struct {
	vm           int64
	ground, goal int32
}

// members are up to three hosts of each class, of those where a VM may stand: the first of
// them that is not the target stands for its class, and the next for wherever that one
// may go within the class.
type members struct {
	absent bool // among them, for those who may be suspended
	first  [][3]cloud.HostID
	count  []int32 // by class, 3 for more
	listed []int32 // classes that have any
}

// open asks the cost function what it tells apart.
func (b *farebook) open() {
	b.members, b.known = map[int32]*members{}, map[fareKey]*fares{}
	b.vms, _ = b.p.Cost.(cloud.VMClassifier)
	b.class = cloud.HostClassesOf(b.p.Cost)
	if b.class == nil {
		b.class = make([]int32, len(b.p.Instance.Hosts))
		for h := range b.class {
			b.class[h] = int32(h)
		}
	}
	for _, c := range b.class {
		b.classes = max(b.classes, int(c)+1)
	}
}

// bytesPerFare is what fares take for each class of hosts.
const bytesPerFare = 16

// of are the fares of a VM to its target. Ground is the number of hosts, a list that says
// where it may stand, Absent first if it may be suspended.
func (b *farebook) of(vm cloud.VMID, goal cloud.HostID, ground int32, hosts []cloud.HostID) *fares {
	if b.known == nil {
		b.open()
	}
	key := fareKey{int64(vm), ground, b.class[goal]}
	if b.vms != nil {
		key.vm = b.vms.VMClass(vm)
	}
	f := b.known[key]
	if f == nil {
		m := b.members[ground]
		if m == nil {
			m = b.gather(hosts)
			b.members[ground] = m
		}
		f = &fares{free: true}
		if b.takes(bytesPerFare * int64(b.classes)) {
			f = newFares(b, vm, goal, m)
		}
		b.known[key] = f
	}
	return f
}

func (b *farebook) gather(hosts []cloud.HostID) *members {
	m := &members{first: make([][3]cloud.HostID, b.classes), count: make([]int32, b.classes)}
	for _, h := range hosts {
		if h == cloud.Absent {
			m.absent = true
			continue
		}
		c := b.class[h]
		if m.count[c] == 0 {
			m.listed = append(m.listed, c)
		}
		if n := m.count[c]; n < 3 {
			m.first[c][n] = h
			m.count[c]++
		}
	}
	return m
}

// fares are the cheapest ways of a VM to its target. Slices are by class of host, for the
// hosts of it that are not the target.
type fares struct {
	free   bool // all ways cost nothing, which is too low: they were not found out within the limits
	b      *farebook
	vm     cloud.VMID
	goal   cloud.HostID // or one that is charged like it
	m      *members
	rest   []int64 // the cheapest way from there; -1 where it does not stand
	extra  []int64 // on top, if a step does not end on the target; -1 until asked for
	back   int64   // the cheapest way away from the target and back; -1 until asked for
	resume int64
}

// newFares finds the cheapest ways by Dijkstra's algorithm, walking backwards from the
// target, until no way that is left can be shortened. O(classes²) at most, and
// O(classes) where straight ways are the cheapest.
func newFares(b *farebook, vm cloud.VMID, goal cloud.HostID, m *members) *fares {
	f := &fares{b: b, vm: vm, goal: goal, m: m, rest: make([]int64, b.classes), extra: make([]int64, b.classes), back: -1}
	for c := range f.rest {
		f.rest[c], f.extra[c] = -1, -1
	}
	open := make([]int32, 0, len(m.listed))
	for _, c := range m.listed {
		if f.others(c) > 0 {
			f.rest[c] = f.cost(f.member(c, 0), goal)
			open = append(open, c)
		}
	}
	relax := func(to cloud.HostID, class int32, rest int64) {
		for _, c := range open {
			if c != class {
				f.rest[c] = min(f.rest[c], plus(f.cost(f.member(c, 0), to), rest))
			}
		}
	}
	if m.absent {
		f.resume = b.p.Cost.Resume(vm, goal)
		relax(cloud.Absent, -1, f.resume)
	}
	for len(open) > 0 {
		nearest, furthest := 0, int64(0)
		for n, c := range open {
			if f.rest[c] < f.rest[open[nearest]] {
				nearest = n
			}
			furthest = max(furthest, f.rest[c])
		}
		c := open[nearest]
		if f.rest[c] == furthest {
			break
		}
		open[nearest] = open[len(open)-1]
		open = open[:len(open)-1]
		relax(f.member(c, 0), c, f.rest[c])
	}
	return f
}

// others is the number of hosts of a class besides the target, up to two.
func (f *fares) others(class int32) int32 {
	if class == f.b.class[f.goal] {
		return f.m.count[class] - 1
	}
	return min(f.m.count[class], 2)
}

// member is the first or second host of a class besides the target.
func (f *fares) member(class int32, n int) cloud.HostID {
	hosts := &f.m.first[class]
	for _, h := range hosts[:n+1] {
		if h == f.goal {
			return hosts[n+1]
		}
	}
	return hosts[n]
}

func (f *fares) cost(from, to cloud.HostID) int64 {
	return cloud.CostOf(f.b.p.Cost, cloud.Change{VM: f.vm, From: from, To: to})
}

// straight is the cheapest way from a host that is not the target.
func (f *fares) straight(at cloud.HostID) int64 {
	switch {
	case f.free:
		return 0
	case at == cloud.Absent:
		return f.resume
	}
	return f.rest[f.b.class[at]]
}

// detour is the cheapest way from a host with a step that does not end on the target,
// without that of straight.
func (f *fares) detour(at, goal cloud.HostID) int64 {
	if f.free {
		return 0
	}
	if f.back < 0 {
		f.back = f.stray(f.goal, -1)
	}
	if at == goal {
		return f.back
	}
	class := f.b.class[at]
	if f.extra[class] < 0 {
		from := f.member(class, 0) // it may also go to the target at first, and not stay
		least := min(f.stray(from, class), plus(f.cost(from, f.goal), f.back))
		f.extra[class] = least - f.rest[class]
	}
	return f.extra[class]
}

// stray is the cheapest way from a host, which stands for a class or is the target, whose
// first step does not end on the target; never if there is none.
func (f *fares) stray(from cloud.HostID, class int32) int64 {
	least := int64(never)
	if f.m.absent {
		least = plus(f.cost(from, cloud.Absent), f.resume)
	}
	for _, c := range f.m.listed {
		n := 0
		if c == class {
			n = 1
		}
		if int(f.others(c)) > n {
			least = min(least, plus(f.cost(from, f.member(c, n)), f.rest[c]))
		}
	}
	return least
}
