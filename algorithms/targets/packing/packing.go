// Package packing searches for cheap placements of VMs on hosts: which VMs should stand where, so
// that every rule holds in the end, some hosts are empty, others hold no more than they should, and
// as little as possible migrates. It is what target strategies have in common: emptying hosts,
// lowering the highest load and clearing hosts for maintenance are all of this kind.
//
// # How it works
//
// A search begins with a placement, takes VMs off the hosts that are closed or hold too much, and puts
// them in again, each where that costs least. Where a VM fits nowhere, others are ejected for it, and
// they for others, a few levels deep (ejection chains: Glover 1996, doi
// 10.1016/0166-218X(94)00037-E). Then large neighbourhoods are searched (Ropke and Pisinger 2006, doi
// 10.1287/trsc.1050.0135): all VMs of some hosts are taken out and put in again in another order, and
// the result is kept unless it costs more.
package packing

import (
	"iter"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Problem is which VMs may stand where in the end, and what it costs to get them there.
type Problem struct {
	Instance *cloud.Instance
	Rules    []cloud.Rule    // whole, discrete ones included; all of them hold in the end
	Home     cloud.Placement // where the VMs stand now; those that are Absent are not placed
	Price    func(v cloud.VMID, from, to cloud.HostID) int64
}

// Packing is a placement in the making.
type Packing struct {
	p         *Problem
	rnd       *rand.Rand
	resources int
	demand    []int64 // [vm*R + resource]
	size      []float64
	limit     []int64 // [host*R + resource]
	closed    []bool
	shut      []bool // by host: closed for good
	laws      *laws

	at   []cloud.HostID // by VM; Absent for those that are taken out
	used []int64        // [host*R + resource]
	on   [][]cloud.VMID // by host
	slot []int32        // by VM: position in on
	cost int64          // of those that are placed

	index   *index
	natives [][]cloud.VMID // by host: whose home it is
	worth   []int64        // by host: what it costs about if all of them leave
	away    []cloud.VMID   // who stands elsewhere than at home
	astray  []int32        // by VM: 1 + position in away

	trail []step
}

// step is a VM and where it stood before.
type step struct {
	vm   cloud.VMID
	from cloud.HostID
}

// New makes the packing in which every VM is at home. O(VMs + hosts × resources).
func New(p *Problem, seed uint64) *Packing {
	in := p.Instance
	r := len(in.Resources)
	x := &Packing{
		p: p, rnd: rand.New(rand.NewPCG(seed, 0x7061636b)), resources: r, demand: in.Demands(), laws: newLaws(p),
		closed: make([]bool, len(in.Hosts)), shut: make([]bool, len(in.Hosts)), at: slices.Repeat([]cloud.HostID{cloud.Absent}, len(in.VMs)),
		used: make([]int64, len(in.Hosts)*r), on: make([][]cloud.VMID, len(in.Hosts)), slot: make([]int32, len(in.VMs)),
		size: make([]float64, len(in.VMs)),
	}
	x.limit = slices.Clone(x.laws.limit)
	x.index, x.natives, x.astray = newIndex(len(in.Hosts), r), make([][]cloud.VMID, len(in.Hosts)), make([]int32, len(in.VMs))
	x.measure()
	for v, h := range p.Home {
		if h != cloud.Absent {
			x.put(cloud.VMID(v), h)
			x.natives[h] = append(x.natives[h], cloud.VMID(v))
		}
	}
	x.worth = make([]int64, len(in.Hosts))
	for h, list := range x.natives {
		x.reindex(cloud.HostID(h))
		for _, v := range list {
			x.worth[h] += p.Price(v, cloud.HostID(h), cloud.HostID((h+1)%len(in.Hosts)))
		}
	}
	x.trail = x.trail[:0]
	return x
}

// measure makes the size of a VM the sum of its shares of all that hosts hold.
func (x *Packing) measure() {
	total := make([]float64, x.resources)
	for i, l := range x.limit {
		if l != math.MaxInt64 {
			total[i%x.resources] += float64(max(0, l))
		}
	}
	for v := range x.size {
		for r, t := range total {
			if t > 0 {
				x.size[v] += float64(x.demand[v*x.resources+r]) / t * float64(len(x.on))
			}
		}
	}
}

// Close has a host hold nothing in the end, or lets it hold VMs again.
func (x *Packing) Close(h cloud.HostID, closed bool) {
	x.closed[h] = closed
	x.reindex(h)
}

// Shut closes a host for good: it is never opened in place of another one.
func (x *Packing) Shut(h cloud.HostID) {
	x.shut[h] = true
	x.Close(h, true)
}

// Place has the VMs stand where they stand in a placement, whether they may or not.
func (x *Packing) Place(p cloud.Placement) {
	for v, h := range p {
		if x.at[v] != h {
			x.put(cloud.VMID(v), h)
		}
	}
	x.trail = x.trail[:0]
}

// Limit bounds what a host may hold of a resource, beyond what rules say.
func (x *Packing) Limit(h cloud.HostID, resource int, most int64) {
	i := int(h)*x.resources + resource
	x.limit[i] = min(x.laws.limit[i], most)
	x.reindex(h)
}

// Placement is a copy of where the VMs stand.
func (x *Packing) Placement() cloud.Placement { return slices.Clone(x.at) }

// Cost is what the migrations to the placement cost, each VM going straight.
func (x *Packing) Cost() int64 { return x.cost }

// Worth is about what it costs if all VMs leave a host that is their home.
func (x *Packing) Worth(h cloud.HostID) int64 { return x.worth[h] }

// Spares tells whether the other open hosts have room for what a host holds, added up. O(hosts ×
// resources).
func (x *Packing) Spares(h cloud.HostID) bool {
	for r := range x.resources {
		var free int64
		for o := range x.on {
			i := o*x.resources + r
			if x.closed[o] || o == int(h) {
				continue
			}
			if x.limit[i] == math.MaxInt64 {
				free = math.MaxInt64
				break
			}
			free += max(0, x.limit[i]-x.used[i])
		}
		if free < x.used[int(h)*x.resources+r] {
			return false
		}
	}
	return true
}

// Hosts goes through all hosts.
func (x *Packing) Hosts() iter.Seq[cloud.HostID] {
	return func(yield func(cloud.HostID) bool) {
		for h := range x.on {
			if !yield(cloud.HostID(h)) {
				return
			}
		}
	}
}

// Sane tells whether the placement keeps every rule. O(what the rules take to judge it).
func (x *Packing) Sane() bool {
	return !slices.ContainsFunc(x.p.Rules, func(r cloud.Rule) bool { return len(r.Violations(view{x}, nil)) > 0 })
}

// On lists the VMs on a host.
func (x *Packing) On(h cloud.HostID) []cloud.VMID { return x.on[h] }

func (x *Packing) price(v cloud.VMID, h cloud.HostID) int64 {
	home := x.p.Home[v]
	if home == h || home == cloud.Absent || h == cloud.Absent {
		return 0
	}
	return x.p.Price(v, home, h)
}

func (x *Packing) demandOf(v cloud.VMID) []int64 {
	return x.demand[int(v)*x.resources : (int(v)+1)*x.resources]
}

// put has a VM stand on a host, or on none, without asking.
func (x *Packing) put(v cloud.VMID, to cloud.HostID) {
	from := x.at[v]
	x.trail = append(x.trail, step{v, from})
	x.shift(v, from, to)
}

func (x *Packing) shift(v cloud.VMID, from, to cloud.HostID) {
	if from != cloud.Absent {
		list, last := x.on[from], len(x.on[from])-1
		moved := list[last]
		list[x.slot[v]], x.slot[moved] = moved, x.slot[v]
		x.on[from] = list[:last]
		x.charge(v, from, -1)
		x.cost -= x.price(v, from)
		x.reindex(from)
	}
	if x.at[v] = to; to != cloud.Absent {
		x.slot[v] = int32(len(x.on[to]))
		x.on[to] = append(x.on[to], v)
		x.charge(v, to, 1)
		x.cost += x.price(v, to)
		x.reindex(to)
	}
	x.note(v)
}

// note keeps the list of those who are away.
func (x *Packing) note(v cloud.VMID) {
	home := x.p.Home[v]
	away := home != cloud.Absent && x.at[v] != home
	switch n := x.astray[v]; {
	case away && n == 0:
		x.away = append(x.away, v)
		x.astray[v] = int32(len(x.away))
	case !away && n > 0:
		last := x.away[len(x.away)-1]
		x.away[n-1], x.astray[last] = last, n
		x.away, x.astray[v] = x.away[:len(x.away)-1], 0
	}
}

func (x *Packing) charge(v cloud.VMID, h cloud.HostID, sign int64) {
	used := x.used[int(h)*x.resources : (int(h)+1)*x.resources]
	for r, d := range x.demandOf(v) {
		used[r] += sign * d
	}
}

// undo takes back the steps after a mark in the trail.
func (x *Packing) undo(mark int) {
	for len(x.trail) > mark {
		last := x.trail[len(x.trail)-1]
		x.trail = x.trail[:len(x.trail)-1]
		x.shift(last.vm, x.at[last.vm], last.from)
	}
}

// fits tells whether a host is open and has room for a VM.
func (x *Packing) fits(v cloud.VMID, h cloud.HostID) bool {
	if x.closed[h] {
		return false
	}
	base := int(h) * x.resources
	for r, d := range x.demandOf(v) {
		if d > x.limit[base+r]-x.used[base+r] {
			return false
		}
	}
	return true
}

// over tells whether a host holds more than it should.
func (x *Packing) over(h cloud.HostID) bool {
	if x.closed[h] {
		return len(x.on[h]) > 0
	}
	base := int(h) * x.resources
	for r := range x.resources {
		if x.used[base+r] > x.limit[base+r] {
			return true
		}
	}
	return false
}

// slack is what is left of a host if a VM comes, as the sum of shares: the less the better it fits.
func (x *Packing) slack(v cloud.VMID, h cloud.HostID) float64 {
	base, sum := int(h)*x.resources, 0.0
	for r, d := range x.demandOf(v) {
		if l := x.limit[base+r]; l > 0 && l != math.MaxInt64 {
			free := float64(l-x.used[base+r]-d) / float64(l)
			sum += free * free
		}
	}
	return sum
}
