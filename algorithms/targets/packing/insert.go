package packing

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

const (
	// deepest is how many levels of ejections there are at most.
	deepest = 3
	// candidates is how many hosts with room are looked at for one VM.
	candidates = 48
	// mostEjected is on how many hosts pairs are tried for one VM.
	mostEjected = 1 << 9
)

// ejections is how many pairs are tried for one VM, by how many levels are left.
var ejections = [deepest + 1]int{0, 6, 12, 40}

// insertAll puts all VMs in, the largest first, or tells that some found no host.
func (x *Packing) insertAll(vms []cloud.VMID, depth int) bool {
	slices.SortFunc(vms, func(a, b cloud.VMID) int { return cmp.Or(cmp.Compare(x.size[b], x.size[a]), cmp.Compare(a, b)) })
	return x.insertEach(vms, depth)
}

func (x *Packing) insertEach(vms []cloud.VMID, depth int) bool {
	failed := 0
	for _, v := range vms {
		if !x.insert(v, depth, cloud.Absent) {
			if failed++; failed == mostFailed {
				depth = 0
			}
		}
	}
	return failed == 0
}

// mostFailed is how many VMs at once may find no host before no others are ejected for them any more.
const mostFailed = 16

// rank is how good it is to have a VM on a host: in how many ways rules are broken there that are broken
// anyway, then the objective, then the cost, then how well the VM fits.
type rank struct {
	hurt int
	value
	slack float64
}

func (x *Packing) better(a, b rank) bool {
	return cmp.Or(cmp.Compare(a.hurt, b.hurt), x.compare(a.value, b.value), cmp.Compare(a.slack, b.slack)) < 0
}

// rankOf ranks a host with room for a VM that stands nowhere. Ok is false where it may not stand there, or
// where that is no better than the best so far.
func (x *Packing) rankOf(v cloud.VMID, h cloud.HostID, best *rank) (r rank, ok bool) {
	if r.cost = x.price(v, h); x.wild {
		r.cost = x.rnd.Int64()
	}
	if x.meter != nil && !x.wild {
		r.score = x.meter.After(v, h)
	}
	if h != x.p.Home[v] {
		r.away = 1
	}
	if r.slack = x.slack(v, h); len(x.state.On(h)) == 0 {
		r.slack += float64(2 * x.resources) // an empty host is the last to be used
	}
	if best != nil && !x.better(r, *best) || !x.admits(v, h) {
		return r, false
	}
	if x.laws.joint == nil {
		return r, true
	}
	mark := len(x.trail)
	x.put(v, h)
	r.hurt, ok = x.hurt(v)
	x.undo(mark)
	return r, ok && (best == nil || x.better(r, *best))
}

// insert puts a VM where it ranks best. Where it fits nowhere, it ejects others. Not is a host where it must
// not go.
func (x *Packing) insert(v cloud.VMID, depth int, not cloud.HostID) bool {
	best, at := (*rank)(nil), cloud.Absent
	try := func(h cloud.HostID) {
		if h == not {
			return
		}
		if r, ok := x.rankOf(v, h, best); ok {
			best, at = &r, h
		}
	}
	home := x.p.Home[v]
	if home != cloud.Absent && x.fits(v, home) {
		try(home)
	}
	if at == cloud.Absent || best.hurt > 0 || best.cost > 0 || x.meter != nil || x.wild {
		tried := 0
		x.index.from(cloud.HostID(x.rnd.IntN(len(x.closed))), x.demandOf(v), func(h cloud.HostID) bool {
			if h != home {
				try(h)
				tried++
			}
			return tried < candidates
		})
	}
	if at != cloud.Absent {
		x.put(v, at)
		return true
	}
	return depth > 0 && x.eject(v, depth, not)
}

// eject puts a VM on a host from which another one leaves for elsewhere: the cheapest such pair of those
// that are tried.
func (x *Packing) eject(v cloud.VMID, depth int, not cloud.HostID) bool {
	mark := len(x.trail)
	best, least := []step(nil), int64(math.MaxInt64)
	tries := ejections[depth]
	first := x.rnd.IntN(len(x.closed))
	for n := 0; n < min(len(x.closed), mostEjected) && tries > 0; n++ {
		h := cloud.HostID((first + n) % len(x.closed))
		if x.closed[h] || h == not || !x.admits(v, h) {
			continue
		}
		for i := 0; i < len(x.state.On(h)) && tries > 0; i++ {
			w := x.state.On(h)[i]
			if x.size[w] >= x.size[v] && depth < deepest || !x.exchanges(v, w, h) {
				continue // chains go downwards
			}
			tries--
			before := x.cost
			x.put(w, cloud.Absent)
			x.put(v, h)
			if _, ok := x.hurt(v); ok && x.insert(w, depth-1, h) && x.cost-before < least {
				least, best = x.cost-before, x.since(mark)
			}
			x.undo(mark)
		}
	}
	if best == nil {
		return false
	}
	for _, s := range best {
		x.put(s.vm, s.from)
	}
	return true
}

// exchanges tells whether a host has room for a VM in place of another one.
func (x *Packing) exchanges(v, w cloud.VMID, h cloud.HostID) bool {
	base, out := int(h)*x.resources, x.demandOf(w)
	for r, d := range x.demandOf(v) {
		if d > x.limit[base+r]-x.Used(h, r)+out[r] {
			return false
		}
	}
	return true
}

// since lists the VMs that moved since a mark, with where they stand now. First everybody leaves, so that
// nobody is in the way.
func (x *Packing) since(mark int) []step {
	var leave, come []step
	for _, s := range x.trail[mark:] {
		if !slices.ContainsFunc(come, func(o step) bool { return o.vm == s.vm }) {
			leave = append(leave, step{s.vm, cloud.Absent})
			come = append(come, step{s.vm, x.state.HostOf(s.vm)})
		}
	}
	return append(leave, come...)
}

// reindex brings the index up to date for a host. One that has too little of some resource for any VM has no
// room at all.
func (x *Packing) reindex(h cloud.HostID) {
	base, full := int(h)*x.resources, x.closed[h]
	for r, least := range x.least {
		full = full || x.limit[base+r]-x.Used(h, r) < least
	}
	x.index.set(h, func(r int) int64 {
		switch {
		case full:
			return -1
		case x.limit[base+r] == math.MaxInt64:
			return math.MaxInt64
		}
		return x.limit[base+r] - x.Used(h, r)
	})
}
