package space

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Realize turns a sequence of canonical states, each a migration away from one like the
// one before it, and then migrations of different VMs that take them from the last of the
// states to their targets, into migrations from the real start.
func (p *Pruner) Realize(keys [][]uint64, further []Move) []cloud.Change {
	var out []cloud.Change
	at := make([]uint64, p.layout.Words())
	p.layout.Pack(p.start, at)
	for n := 1; n < len(keys); n++ {
		if !p.Symmetric() {
			out = append(out, p.layout.Difference(keys[n-1], keys[n]))
			continue
		}
		p.state.Visit(at)
		i, to := p.step(at, keys[n])
		from := p.state.Host[i]
		out = append(out, cloud.Change{VM: p.layout.vms[i], From: from, To: to})
		p.layout.Step(at, i, from, to)
	}
	last := keys[len(keys)-1]
	if !p.Symmetric() {
		at = last
	}
	return p.follow(out, at, last, further)
}

// follow appends the migrations out of a real state that are like those out of a canonical
// one that stands for it. Nobody's target has another host that is like it, so that only
// the host that a VM comes from may be another one. O(VMs log VMs).
func (p *Pruner) follow(out []cloud.Change, real, canonical []uint64, further []Move) []cloud.Change {
	host, like := make([]cloud.HostID, p.layout.Len()), make([]cloud.HostID, p.layout.Len())
	p.layout.Unpack(real, host)
	p.layout.Unpack(canonical, like)
	if !p.Symmetric() {
		for _, m := range further {
			out = append(out, cloud.Change{VM: p.layout.vms[m.Pos], From: host[m.Pos], To: m.To})
		}
		return out
	}
	var realHost []cloud.HostID // by canonical host of a class
	if p.members != nil {
		realHost = make([]cloud.HostID, len(p.hostClass))
		canonicals, reals := p.inOrder(like), p.inOrder(host)
		for c, class := range canonicals {
			for n, h := range class {
				realHost[h] = reals[c][n] // they hold the same
			}
		}
	}
	waiting := map[place][]int{} // positions, by kind and real host
	for i, h := range host {
		at := place{p.kind[i], int32(h)}
		waiting[at] = append(waiting[at], i)
	}
	for _, m := range further {
		from := like[m.Pos]
		if realHost != nil && p.hostClass[from] >= 0 {
			from = realHost[from]
		}
		at := place{p.kind[m.Pos], int32(from)}
		list := waiting[at]
		i := list[len(list)-1]
		waiting[at] = list[:len(list)-1]
		out = append(out, cloud.Change{VM: p.layout.vms[i], From: from, To: m.To})
	}
	return out
}

// inOrder lists each class of hosts by what they hold.
func (p *Pruner) inOrder(host []cloud.HostID) [][]cloud.HostID {
	p.take(host)
	out := make([][]cloud.HostID, len(p.members))
	for c, class := range p.members {
		out[c] = slices.Clone(class)
		slices.SortStableFunc(out[c], p.fuller)
	}
	return out
}

// place is a kind of VM on a class of hosts.
type place struct{ kind, class int32 }

// classOf numbers interchangeable hosts alike, below 0, and others by themselves.
func (p *Pruner) classOf(h cloud.HostID) int32 {
	if p.hostClass != nil && p.hostClass[h] >= 0 {
		return -1 - p.hostClass[h]
	}
	return int32(h)
}

// difference is how many more VMs of a kind stand on a class of hosts in a packed state
// than now, where that is not 0.
func (p *Pruner) difference(want []uint64) map[place]int {
	out := map[place]int{}
	p.layout.Unpack(want, p.host)
	for i, h := range p.state.Host {
		out[place{p.kind[i], p.classOf(p.host[i])}]++
		out[place{p.kind[i], p.classOf(h)}]--
	}
	for q, n := range out {
		if n == 0 {
			delete(out, q)
		}
	}
	return out
}

// step finds a migration out of the current state, which is packed in at, into one like
// want: the VM's position, and where it goes. To make a state canonical is costly, and
// there can be millions of migrations; so only those are tried that take a VM of the
// right kind between the right classes of hosts, and of all empty hosts of a class the
// first.
func (p *Pruner) step(at, want []uint64) (int, cloud.HostID) {
	missing := p.difference(want)
	holds := map[cloud.HostID]bool{}
	for _, h := range p.state.Host {
		holds[h] = true
	}
	child := make([]uint64, len(at))
	for i, from := range p.state.Host {
		source := place{p.kind[i], p.classOf(from)}
		if len(missing) > 0 && missing[source] != -1 {
			continue
		}
		empty := map[int32]bool{} // classes of which an empty host was tried
		for _, to := range p.layout.enter[i] {
			target := place{p.kind[i], p.classOf(to)}
			if len(missing) > 0 && missing[target] != 1 || len(missing) == 0 && target != source {
				continue
			}
			if to == from || !p.state.Fits(i, to) || empty[target.class] && !holds[to] {
				continue
			}
			empty[target.class] = empty[target.class] || !holds[to]
			copy(child, at)
			p.layout.Step(child, i, from, to)
			p.Canonical(child)
			if slices.Equal(child, want) {
				return i, to
			}
		}
	}
	panic("space: a canonical path has no real one")
}
