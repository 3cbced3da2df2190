// Package packing searches for placements of VMs on hosts that are good by an objective and cheap to
// reach: every rule holds in the end, some hosts are empty, others hold no more than they should, and as
// little as possible migrates. It is what target strategies have in common: emptying hosts, lowering the
// highest load, mending what the start breaks, or lowering any other objective.
//
// # How it works
//
// A search begins with a placement, takes VMs off the hosts where they may not stand, that are closed or
// hold too much, and puts them in again, each where that is best. Where a VM fits nowhere, others are
// ejected for it, and they for others, a few levels deep (ejection chains: Glover 1996, doi
// 10.1016/0166-218X(94)00037-E). Then large neighbourhoods are searched (Ropke and Pisinger 2006, doi
// 10.1287/trsc.1050.0135): all VMs of some hosts, or all that break a rule together, are taken out and put
// in again in another order, and the result is kept unless it is worse.
package packing

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Problem is which VMs may stand where in the end, what that is worth, and what it costs to get them there.
type Problem struct {
	Instance *cloud.Instance
	Rules    []cloud.Rule    // whole, discrete ones included; all of them hold in the end
	Home     cloud.Placement // where the VMs stand now
	Enter    bool            // VMs whose home is Absent have to stand somewhere, too; otherwise they stay out
	Price    func(v cloud.VMID, from, to cloud.HostID) int64
	// Objective comes before the cost. Nil: none.
	Objective cloud.Objective
	// Stay are the VMs that do not move, by VM. Nil: none.
	Stay []bool
	// Shun are the hosts to which VMs go only if they have to, by host. Nil: none.
	Shun []bool
	// Migrations and Cost are the most that may migrate, unless more is needed to mend what is broken.
	// Negative: any.
	Migrations int
	Cost       int64
}

// Packing is a placement in the making.
type Packing struct {
	p         *Problem
	rnd       *rand.Rand
	resources int     // of the instance, and one more where the number of VMs is limited
	demand    []int64 // [vm*R + resource]
	size      []float64
	least     []int64 // by resource: what every VM demands at least
	limit     []int64 // [host*R + resource]
	closed    []bool
	shut      []bool // by host: closed for good
	laws      *laws

	state *cloud.State // without rules
	view  cloud.View
	meter cloud.Meter // of the objective; nil if there is none
	cost  int64       // of those that are placed
	index *index

	penalty int64          // on top of the price of hosts to shun
	shunned int            // VMs that have gone to such hosts
	natives [][]cloud.VMID // by host: whose home it is
	worth   []int64        // by host: what it costs about if all of them leave
	away    []cloud.VMID   // who stands elsewhere than at home
	astray  []int32        // by VM: 1 + position in away

	exchange float64 // what a unit of the budget is worth in that of the objective; 0: the objective comes first

	trail []step
	wild  bool // VMs are put anywhere, not where it is cheapest
}

// step is a VM and where it stood before.
type step struct {
	vm   cloud.VMID
	from cloud.HostID
}

// New makes the packing in which every VM is at home. O(VMs + hosts × resources), and what the rules take
// to judge it.
func New(p *Problem, seed uint64) *Packing {
	in := p.Instance
	laws := newLaws(p)
	r := len(laws.limit) / len(in.Hosts)
	x := &Packing{
		p: p, rnd: rand.New(rand.NewPCG(seed, 0x7061636b)), resources: r, demand: laws.demand, laws: laws,
		closed: make([]bool, len(in.Hosts)), shut: make([]bool, len(in.Hosts)),
		size: make([]float64, len(in.VMs)), state: cloud.NewState(in, nil, p.Home), index: newIndex(len(in.Hosts), r),
		natives: make([][]cloud.VMID, len(in.Hosts)), worth: make([]int64, len(in.Hosts)), astray: make([]int32, len(in.VMs)),
	}
	x.view, x.limit = x.state.View(), slices.Clone(x.laws.limit)
	x.measure()
	if p.Objective != nil {
		x.meter = cloud.Measure(p.Objective, x.state)
	}
	highest := int64(0)
	for v, h := range p.Home {
		if h == cloud.Absent {
			continue
		}
		v := cloud.VMID(v)
		price := p.Price(v, h, cloud.HostID((int(h)+1)%len(in.Hosts)))
		x.natives[h] = append(x.natives[h], v)
		x.worth[h] += price
		highest = max(highest, price)
	}
	x.penalty = min(highest+1, 1<<61/int64(len(in.VMs)+1)/int64(len(in.VMs)+1)) * int64(len(in.VMs)+1)
	for h := range in.Hosts {
		x.reindex(cloud.HostID(h))
	}
	x.laws.count(x.view)
	return x
}

// measure makes the size of a VM the sum of its shares of all that hosts hold, and finds the least demands.
func (x *Packing) measure() {
	total := make([]float64, x.resources)
	for i, l := range x.limit {
		if l != math.MaxInt64 {
			total[i%x.resources] += float64(max(0, l))
		}
	}
	x.least = slices.Repeat([]int64{math.MaxInt64}, x.resources)
	for i, d := range x.demand {
		x.least[i%x.resources] = min(x.least[i%x.resources], d)
	}
	for v := range x.size {
		for r, t := range total {
			if t > 0 {
				x.size[v] += float64(x.demand[v*x.resources+r]) / t * float64(len(x.closed))
			}
		}
	}
}

// Close has a host hold nothing in the end, or lets it hold VMs again.
func (x *Packing) Close(h cloud.HostID, closed bool) {
	x.closed[h] = closed
	x.reindex(h)
}

// IsClosed tells whether a host holds nothing in the end.
func (x *Packing) IsClosed(h cloud.HostID) bool { return x.closed[h] }

// Shut closes a host for good: it is never opened in place of another one.
func (x *Packing) Shut(h cloud.HostID) {
	x.shut[h] = true
	x.Close(h, true)
}

// Place has the VMs stand where they stand in a placement, whether they may or not.
func (x *Packing) Place(p cloud.Placement) {
	for v, h := range p {
		if x.state.HostOf(cloud.VMID(v)) != h {
			x.put(cloud.VMID(v), h)
		}
	}
	x.trail = x.trail[:0]
	x.laws.count(x.view)
}

// Limit bounds what a host may hold of a resource, beyond what rules say.
func (x *Packing) Limit(h cloud.HostID, resource int, most int64) {
	i := int(h)*x.resources + resource
	x.limit[i] = min(x.laws.limit[i], most)
	x.reindex(h)
}

// Placement is a copy of where the VMs stand.
func (x *Packing) Placement() cloud.Placement { return x.state.Placement() }

// Value is what the objective says of the placement, and what the migrations to it cost, each VM going
// straight.
func (x *Packing) Value() (cloud.Score, int64) {
	v := x.value()
	return v.score, v.spent
}

// Away lists the VMs that stand elsewhere than at home, until the next change.
func (x *Packing) Away() []cloud.VMID { return x.away }

// Natives lists the VMs whose home a host is.
func (x *Packing) Natives(h cloud.HostID) []cloud.VMID { return x.natives[h] }

// Worth is about what it costs if all VMs leave a host that is their home.
func (x *Packing) Worth(h cloud.HostID) int64 { return x.worth[h] }

// On lists the VMs on a host, until the next change.
func (x *Packing) On(h cloud.HostID) []cloud.VMID { return x.state.On(h) }

// Used is what the VMs on a host demand together of a resource, or how many they are.
func (x *Packing) Used(h cloud.HostID, resource int) int64 {
	if resource == len(x.p.Instance.Resources) {
		return int64(len(x.state.On(h)))
	}
	return x.state.Used(h, resource)
}

// Open counts the hosts that hold VMs.
func (x *Packing) Open() (n int) {
	for h := range x.closed {
		if len(x.state.On(cloud.HostID(h))) > 0 {
			n++
		}
	}
	return n
}

// Spares tells whether the other open hosts have room for what a host holds, added up. O(hosts ×
// resources).
func (x *Packing) Spares(h cloud.HostID) bool {
	for r := range x.resources {
		need := x.Used(h, r)
		for o := 0; o < len(x.closed) && need > 0; o++ {
			if o := cloud.HostID(o); !x.closed[o] && o != h {
				need -= max(0, x.limit[int(o)*x.resources+r]-x.Used(o, r))
			}
		}
		if need > 0 {
			return false
		}
	}
	return true
}

// Sane tells whether the placement keeps every rule. O(what the rules take to judge it).
func (x *Packing) Sane() bool {
	return !slices.ContainsFunc(x.p.Rules, func(r cloud.Rule) bool { return len(r.Violations(x.view, nil)) > 0 })
}

// value is how good a packing is.
type value struct {
	score  cloud.Score
	cost   int64 // with penalties
	spent  int64 // without them
	away   int
	guests int // on hosts to shun
}

func (x *Packing) value() value {
	v := value{cost: x.cost, spent: x.cost - int64(x.shunned)*x.penalty, away: len(x.away), guests: x.shunned}
	if x.meter != nil {
		v.score = x.meter.Value()
	}
	return v
}

// compare tells which of two values is better: the objective comes first, unless it is weighed against what
// the budget is about.
func (x *Packing) compare(v, w value) int {
	return cmp.Or(cmp.Compare(x.weighed(v), x.weighed(w)), v.score.Compare(w.score), cmp.Compare(v.cost, w.cost))
}

func (x *Packing) weighed(v value) float64 {
	spent := float64(v.cost)
	switch {
	case x.exchange == 0:
		return 0
	case x.p.Cost < 0:
		spent = float64(v.away)
	}
	return float64(v.score[0]) + x.exchange*spent
}

// Weigh has the search lower the sum of the objective and, times a factor, what the budget is about: the cost
// or else the number of migrations. 0 has it lower the objective first and the cost second, within the budget.
func (x *Packing) Weigh(factor float64) { x.exchange = factor }

// affords tells whether a value is within the budget, or no further from it than another one.
func (x *Packing) affords(v, before value) bool {
	if x.exchange > 0 {
		return v.guests <= before.guests
	}
	return v.guests <= before.guests && (x.p.Migrations < 0 || v.away <= max(x.p.Migrations, before.away)) &&
		(x.p.Cost < 0 || v.spent <= max(x.p.Cost, before.spent))
}

// Within tells whether the placement is within the budget.
func (x *Packing) Within() bool {
	v := x.value()
	return (x.p.Migrations < 0 || v.away <= x.p.Migrations) && (x.p.Cost < 0 || v.spent <= x.p.Cost)
}

// keep keeps what has changed since a mark unless it is worse than before, and tells whether it did.
func (x *Packing) keep(mark int, before value) bool {
	counts, more := x.recount(mark)
	after := x.value()
	if more > 0 || more == 0 && x.compare(after, before) > 0 || !x.affords(after, before) {
		x.undo(mark)
		return false
	}
	x.laws.apply(counts)
	x.trail = x.trail[:mark]
	return true
}

func (x *Packing) price(v cloud.VMID, h cloud.HostID) int64 {
	home := x.p.Home[v]
	switch {
	case home == h || home == cloud.Absent && !x.shuns(h) || h == cloud.Absent:
		return 0
	case home == cloud.Absent:
		return x.penalty
	case x.shuns(h):
		return x.p.Price(v, home, h) + x.penalty
	}
	return x.p.Price(v, home, h)
}

func (x *Packing) shuns(h cloud.HostID) bool {
	return x.p.Shun != nil && h != cloud.Absent && x.p.Shun[h]
}

func (x *Packing) demandOf(v cloud.VMID) []int64 {
	return x.demand[int(v)*x.resources : (int(v)+1)*x.resources]
}

// put has a VM stand on a host, or on none, without asking.
func (x *Packing) put(v cloud.VMID, to cloud.HostID) {
	x.trail = append(x.trail, step{v, x.state.HostOf(v)})
	x.shift(v, to)
}

func (x *Packing) shift(v cloud.VMID, to cloud.HostID) {
	from := x.state.HostOf(v)
	x.state.Jump(v, to)
	for i, h := range [...]cloud.HostID{from, to} {
		if h == cloud.Absent {
			continue
		}
		sign := 2*i - 1
		x.cost += int64(sign) * x.price(v, h)
		if h != x.p.Home[v] && x.shuns(h) {
			x.shunned += sign
		}
		x.reindex(h)
	}
	x.note(v)
}

// note keeps the list of those who are away.
func (x *Packing) note(v cloud.VMID) {
	home := x.p.Home[v]
	away := home != cloud.Absent && x.state.HostOf(v) != home
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

// undo takes back the steps after a mark in the trail.
func (x *Packing) undo(mark int) {
	for len(x.trail) > mark {
		last := x.trail[len(x.trail)-1]
		x.trail = x.trail[:len(x.trail)-1]
		x.shift(last.vm, last.from)
	}
}

// fits tells whether a host is open and has room for a VM.
func (x *Packing) fits(v cloud.VMID, h cloud.HostID) bool {
	if x.closed[h] {
		return false
	}
	base := int(h) * x.resources
	for r, d := range x.demandOf(v) {
		if d > x.limit[base+r]-x.Used(h, r) {
			return false
		}
	}
	return true
}

// over tells whether a host holds more than it should.
func (x *Packing) over(h cloud.HostID) bool {
	if x.closed[h] {
		return len(x.state.On(h)) > 0
	}
	base := int(h) * x.resources
	for r := range x.resources {
		if x.Used(h, r) > x.limit[base+r] {
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
			free := float64(l-x.Used(h, r)-d) / float64(l)
			sum += free * free
		}
	}
	return sum
}
