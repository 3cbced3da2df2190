package packing

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// patience is the number of neighbourhoods that a search tries without success before it gives up.
const patience = 3000

// Repair moves VMs until every one stands where it may, none of some hosts, of all unless some are given,
// holds more than it should, and no rule is broken, and tells whether it succeeded. If not, nothing has
// changed. GoOn is asked whether to go on.
func (x *Packing) Repair(goOn func() bool, hosts ...cloud.HostID) bool {
	return x.repair(goOn, hosts, func() bool { return true })
}

// Evacuate is [Packing.Repair] for a host that has been closed, as far as the budget allows.
func (x *Packing) Evacuate(goOn func() bool, h cloud.HostID) bool {
	before := x.value()
	return x.repair(goOn, []cloud.HostID{h}, func() bool { return x.affords(x.value(), before) })
}

func (x *Packing) repair(goOn func() bool, hosts []cloud.HostID, ok func() bool) bool {
	mark := len(x.trail)
	if hosts == nil {
		for h := range x.closed {
			hosts = append(hosts, cloud.HostID(h))
		}
	}
	counts := slices.Clone(x.laws.broken)
	out := x.evict(hosts)
	evicted := len(x.trail)
	depth := deepest
	if len(out) > mostFailed {
		depth = 1 // chains take long, and soon there are many of them
	}
	x.insertAll(out, depth)
	found, more := x.recount(mark)
	if more > 0 {
		x.undo(evicted)
		found, _ = x.recount(mark)
	}
	x.laws.apply(found)
	if !x.struggle(out, goOn) || !ok() {
		x.undo(mark)
		x.laws.restore(counts)
		return false
	}
	x.trail = x.trail[:mark]
	return true
}

// evict takes VMs off hosts where they may not stand, and off those that hold too much: off a closed one
// all, and off others as few as it takes. VMs that are at home elsewhere leave first, and of these small
// ones. It lists them, with those that have to enter.
func (x *Packing) evict(hosts []cloud.HostID) []cloud.VMID {
	var out []cloud.VMID
	if x.p.Enter {
		for v, home := range x.p.Home {
			if v := cloud.VMID(v); home == cloud.Absent && x.state.HostOf(v) == cloud.Absent {
				out = append(out, v)
			}
		}
	}
	leave := func(v cloud.VMID) {
		x.put(v, cloud.Absent)
		out = append(out, v)
	}
	for _, h := range hosts {
		if x.laws.filters != nil {
			for _, v := range slices.Clone(x.state.On(h)) {
				if !x.admits(v, h) {
					leave(v)
				}
			}
		}
		if !x.over(h) {
			continue
		}
		list := slices.Clone(x.state.On(h))
		slices.SortFunc(list, func(a, b cloud.VMID) int {
			return cmp.Or(cmp.Compare(x.belongs(a, h), x.belongs(b, h)), cmp.Compare(x.size[a], x.size[b]), cmp.Compare(a, b))
		})
		for _, v := range list {
			if !x.over(h) {
				break
			}
			leave(v)
		}
	}
	return out
}

// belongs is 2 if a VM has to stay on a host, 1 if it is at home there, and 0 otherwise.
func (x *Packing) belongs(v cloud.VMID, h cloud.HostID) int {
	switch {
	case x.p.Home[v] != h:
		return 0
	case x.p.Stay != nil && x.p.Stay[v]:
		return 2
	}
	return 1
}

// struggle puts VMs in that stand nowhere, with others taken out around them and with those that break
// rules, until all stand somewhere and no rule is broken.
func (x *Packing) struggle(out []cloud.VMID, goOn func() bool) bool {
	rest := x.outside(out)
	weight := x.weight(rest)
	for n := 0; len(rest) > 0 || x.laws.total > 0; n++ {
		if n == patience || !goOn() {
			return false
		}
		here := len(x.trail)
		pool := slices.Clone(rest)
		for range 1 + x.rnd.IntN(2) {
			for _, v := range x.culprits() {
				if x.state.HostOf(v) != cloud.Absent {
					x.put(v, cloud.Absent)
					pool = append(pool, v)
				}
			}
		}
		for _, h := range x.around(rest, x.rnd.IntN(3)+min(2, len(rest))) {
			pool = append(pool, x.takeOut(h)...)
		}
		x.shuffle(pool)
		x.wild = x.laws.total > 0 && x.rnd.IntN(2) == 0
		x.insertEach(pool, 1)
		x.wild = false
		left := x.outside(pool)
		w := x.weight(left)
		counts, more := x.recount(here)
		if more > 0 || w > weight {
			x.undo(here)
			continue
		}
		if w < weight || more < 0 {
			n = 0
		}
		x.laws.apply(counts)
		rest, weight = left, w
	}
	return true
}

// outside are those of some VMs that stand nowhere.
func (x *Packing) outside(vms []cloud.VMID) []cloud.VMID {
	return slices.DeleteFunc(slices.Clone(vms), func(v cloud.VMID) bool { return x.state.HostOf(v) != cloud.Absent })
}

func (x *Packing) weight(vms []cloud.VMID) float64 {
	sum := 0.0
	for _, v := range vms {
		sum += x.size[v]
	}
	return sum
}

// around draws open hosts.
func (x *Packing) around(vms []cloud.VMID, n int) []cloud.HostID {
	var out []cloud.HostID
	for tries := 0; len(out) < n && tries < 50*n; tries++ {
		h := cloud.HostID(x.rnd.IntN(len(x.closed)))
		if len(vms) > 0 && tries%2 == 0 {
			if home := x.p.Home[vms[x.rnd.IntN(len(vms))]]; home != cloud.Absent {
				h = home
			}
		}
		if !x.closed[h] && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out
}

// takeOut takes all VMs off a host.
func (x *Packing) takeOut(h cloud.HostID) []cloud.VMID {
	out := slices.Clone(x.state.On(h))
	for _, v := range out {
		x.put(v, cloud.Absent)
	}
	return out
}

// shuffle orders VMs by size, the largest first, with some noise.
func (x *Packing) shuffle(vms []cloud.VMID) {
	type keyed struct {
		v   cloud.VMID
		key float64
	}
	keys := make([]keyed, len(vms))
	for i, v := range vms {
		keys[i] = keyed{v, x.size[v] * math.Exp2(x.rnd.NormFloat64()*0.6)}
	}
	slices.SortFunc(keys, func(a, b keyed) int { return cmp.Or(cmp.Compare(b.key, a.key), cmp.Compare(a.v, b.v)) })
	for i := range keys {
		vms[i] = keys[i].v
	}
}
