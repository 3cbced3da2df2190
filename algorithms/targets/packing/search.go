package packing

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Repair moves VMs until none of some hosts, of all unless some are given, holds more than it should, and
// tells whether it succeeded. If not, nothing has changed. GoOn is asked whether to go on.
func (x *Packing) Repair(goOn func() bool, hosts ...cloud.HostID) bool {
	mark := len(x.trail)
	if hosts == nil {
		for h := range x.on {
			hosts = append(hosts, cloud.HostID(h))
		}
	}
	out := x.evict(hosts)
	if x.insertAll(out, deepest) && x.holds(mark) {
		x.trail = x.trail[:mark]
		return true
	}
	if x.struggle(out, mark, goOn) {
		x.trail = x.trail[:mark]
		return true
	}
	x.undo(mark)
	return false
}

// evict takes VMs off the hosts that hold too much: off a closed one all, and off others as few as it
// takes. VMs that are at home elsewhere leave first, and of these small ones.
func (x *Packing) evict(hosts []cloud.HostID) []cloud.VMID {
	var out []cloud.VMID
	for _, h := range hosts {
		if !x.over(h) {
			continue
		}
		list := slices.Clone(x.on[h])
		slices.SortFunc(list, func(a, b cloud.VMID) int {
			strangerA, strangerB := x.p.Home[a] != h, x.p.Home[b] != h
			if strangerA != strangerB {
				if strangerA {
					return -1
				}
				return 1
			}
			return cmp.Or(cmp.Compare(x.size[a], x.size[b]), cmp.Compare(a, b))
		})
		for _, v := range list {
			if !x.over(h) {
				break
			}
			x.put(v, cloud.Absent)
			out = append(out, v)
		}
	}
	return out
}

// struggle puts VMs in again that found no host at once, with others taken out around them, until
// all have one.
func (x *Packing) struggle(out []cloud.VMID, mark int, goOn func() bool) bool {
	rest := slices.DeleteFunc(slices.Clone(out), func(v cloud.VMID) bool { return x.at[v] != cloud.Absent })
	weight := x.weight(rest)
	for n := 0; goOn() && n < patience; n++ {
		here := len(x.trail)
		pool := slices.Clone(rest)
		for _, h := range x.around(rest, 2+x.rnd.IntN(3)) {
			pool = append(pool, x.takeOut(h)...)
		}
		x.shuffle(pool)
		x.insertEach(pool, 1)
		left := slices.DeleteFunc(pool, func(v cloud.VMID) bool { return x.at[v] != cloud.Absent })
		w := x.weight(left)
		if w > weight || !x.holds(here) {
			x.undo(here)
			continue
		}
		if w < weight {
			n = 0
		}
		rest, weight = slices.Clone(left), w
		if len(rest) == 0 {
			return x.holds(mark)
		}
	}
	return false
}

// patience is the number of neighbourhoods that a search tries without success before it gives up.
const patience = 3000

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
		h := cloud.HostID(x.rnd.IntN(len(x.on)))
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

// takeOut takes all VMs off a host that may stand elsewhere.
func (x *Packing) takeOut(h cloud.HostID) []cloud.VMID {
	out := slices.Clone(x.on[h])
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

// deepest is how many levels of ejections there are at most.
const deepest = 3

// insertAll puts all VMs in, the largest first, or tells that some found no host.
func (x *Packing) insertAll(vms []cloud.VMID, depth int) bool {
	slices.SortFunc(vms, func(a, b cloud.VMID) int { return cmp.Or(cmp.Compare(x.size[b], x.size[a]), cmp.Compare(a, b)) })
	return x.insertEach(vms, depth)
}

func (x *Packing) insertEach(vms []cloud.VMID, depth int) bool {
	all := true
	for _, v := range vms {
		all = x.insert(v, depth, cloud.Absent) && all
	}
	return all
}

// insert puts a VM where that costs least and, of such hosts, where it fits best. Where it fits
// nowhere, it ejects others. Not is a host where it must not go.
func (x *Packing) insert(v cloud.VMID, depth int, not cloud.HostID) bool {
	best, least, slack := cloud.Absent, int64(math.MaxInt64), 0.0
	try := func(h cloud.HostID) {
		price := x.price(v, h)
		if h == not || price > least {
			return
		}
		s := x.slack(v, h)
		if len(x.on[h]) == 0 {
			s += float64(2 * x.resources) // an empty host is the last to be used
		}
		if price == least && s >= slack || !x.admits(v, h) {
			return
		}
		if x.laws.joint != nil {
			mark := len(x.trail)
			x.put(v, h)
			ok := x.lawful(v)
			x.undo(mark)
			if !ok {
				return
			}
		}
		best, least, slack = h, price, s
	}
	if home := x.p.Home[v]; home != cloud.Absent && x.fits(v, home) {
		try(home)
	}
	if best == cloud.Absent || least > 0 {
		tried := 0
		x.index.from(cloud.HostID(x.rnd.IntN(len(x.on))), x.demandOf(v), func(h cloud.HostID) bool {
			try(h)
			tried++
			return tried < candidates
		})
	}
	if best != cloud.Absent {
		x.put(v, best)
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
	first := x.rnd.IntN(len(x.on))
	for n := 0; n < min(len(x.on), mostEjected) && tries > 0; n++ {
		h := cloud.HostID((first + n) % len(x.on))
		if x.closed[h] || h == not || !x.admits(v, h) {
			continue
		}
		for i := 0; i < len(x.on[h]) && tries > 0; i++ {
			w := x.on[h][i]
			if x.size[w] >= x.size[v] && depth < deepest || !x.exchanges(v, w, h) {
				continue // chains go downwards
			}
			tries--
			before := x.cost
			x.put(w, cloud.Absent)
			x.put(v, h)
			if x.lawful(v) && x.insert(w, depth-1, h) && x.cost-before < least {
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
		if d > x.limit[base+r]-x.used[base+r]+out[r] {
			return false
		}
	}
	return true
}

// candidates is how many hosts with room are looked at for one VM.
const candidates = 48

// mostEjected is on how many hosts pairs are tried for one VM.
const mostEjected = 1 << 9

// ejections is how many pairs are tried for one VM, by how many levels are left.
var ejections = [deepest + 1]int{0, 6, 12, 40}

// since lists the VMs that moved since a mark, with where they stand now.
func (x *Packing) since(mark int) []step {
	var out []step
	for _, s := range x.trail[mark:] {
		if !slices.ContainsFunc(out, func(o step) bool { return o.vm == s.vm }) {
			out = append(out, step{s.vm, x.at[s.vm]})
		}
	}
	// First everybody leaves, so that nobody is in the way.
	var leave []step
	for _, o := range out {
		leave = append(leave, step{o.vm, cloud.Absent})
	}
	return append(leave, out...)
}

// Improve lowers the cost by large-neighbourhood search until it is nothing, or goOn says no. It opens
// no more hosts that are closed than it closes others in their place.
func (x *Packing) Improve(goOn func() bool) {
	for n := 0; x.cost > 0 && goOn(); n++ {
		if n%4 == 3 {
			x.trade()
		} else {
			x.ruin()
		}
	}
}

// trade opens a closed host and closes an open one for it, and keeps that unless it costs more.
func (x *Packing) trade() {
	open, shut := cloud.Absent, cloud.Absent
	for range 1 << (2 + x.rnd.IntN(6)) { // of few or of many, the pair with the most to gain
		h := cloud.HostID(x.rnd.IntN(len(x.on)))
		switch {
		case !x.closed[h] && len(x.on[h]) > 0:
			if shut == cloud.Absent || x.worth[h] < x.worth[shut] {
				shut = h
			}
		case x.closed[h] && !x.shut[h]:
			if open == cloud.Absent || x.worth[h] > x.worth[open] {
				open = h
			}
		}
	}
	if open == cloud.Absent || shut == cloud.Absent {
		return
	}
	mark, before := len(x.trail), x.cost
	pool := x.takeOut(shut)
	x.Close(open, false)
	x.Close(shut, true)
	for _, v := range x.natives[open] {
		if x.at[v] != cloud.Absent {
			x.put(v, cloud.Absent)
			pool = append(pool, v)
		}
	}
	if x.rnd.IntN(2) == 0 {
		for _, h := range x.around(nil, 1) {
			pool = append(pool, x.takeOut(h)...)
		}
	}
	x.shuffle(pool)
	if !x.insertEach(pool, 1) || x.cost > before || !x.holds(mark) {
		x.undo(mark)
		x.Close(open, true)
		x.Close(shut, false)
	}
	x.trail = x.trail[:mark]
}

// ruin takes out the VMs of some hosts and puts them in again, and keeps that unless it costs more.
func (x *Packing) ruin() {
	mark, before := len(x.trail), x.cost
	if len(x.away) == 0 {
		return
	}
	v := x.away[x.rnd.IntN(len(x.away))]
	hosts := []cloud.HostID{x.at[v]}
	if home := x.p.Home[v]; home != cloud.Absent && !x.closed[home] {
		hosts = append(hosts, home)
	}
	for _, h := range x.around(nil, x.rnd.IntN(3)) {
		if !slices.Contains(hosts, h) {
			hosts = append(hosts, h)
		}
	}
	var pool []cloud.VMID
	for _, h := range hosts {
		pool = append(pool, x.takeOut(h)...)
	}
	x.shuffle(pool)
	if !x.insertEach(pool, 1) || x.cost > before || !x.holds(mark) {
		x.undo(mark)
	}
	x.trail = x.trail[:mark]
}
