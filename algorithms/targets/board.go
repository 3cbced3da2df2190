package targets

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// board is a placement near the initial one: what is left on each host, and who has moved.
type board struct {
	in       *cloud.Instance
	terms    terms
	cost     cloud.CostFunction
	rules    []cloud.Rule // discrete ones are enforced
	state    *cloud.State
	charges  *cloud.Charges
	resource int
	size     int64

	home     cloud.Placement
	free     []cloud.VMID // those that may move
	stay     []bool       // by VM; nil: none
	shun     []bool       // by host; nil: none
	left     []int64      // by host
	rests    rests
	moved    []cloud.VMID // who stands elsewhere than at home
	position []int32      // by VM: 1 + position in moved
	spent    int64

	mate      []cloud.HostID // by host: the other half of its machine, as far as VMs tell; Absent if there is none
	sources   []cloud.HostID // that VMs may leave so that a slot is free there
	trail     []cloud.Change // of a change that is tried
	fragments int64
	path      []cloud.Change // to the placement, after settle
}

func newBoard(r *Request, s compact) (*board, error) {
	in := r.Instance
	b := &board{
		in: in, terms: s.terms, cost: r.Cost, rules: enforce(r.Rules), charges: cloud.ChargesOf(in, r.Rules), size: s.size,
		home: in.Initial, left: make([]int64, len(in.Hosts)), position: make([]int32, len(in.VMs)),
	}
	var err error
	if b.resource, err = in.Resource(s.resource); err != nil {
		return nil, err
	}
	b.stay = s.terms.stay(in)
	if b.shun, err = s.shun(in); err != nil {
		return nil, err
	}
	b.state = cloud.NewState(in, b.rules, in.Initial)
	limits, used := newLimits(r), b.charges.Used(len(in.Hosts), in.Initial)
	for h := range b.left {
		b.left[h] = max(0, limits.host(cloud.HostID(h))[b.resource]) - used[h*len(in.Resources)+b.resource]
		b.fragments += b.rest(b.left[h])
	}
	b.rests = newRests(b.left, b.size)
	b.mate = slices.Repeat([]cloud.HostID{cloud.Absent}, len(in.Hosts))
	for v, h := range in.Initial {
		if h == cloud.Absent {
			continue
		}
		if _, also := b.charges.Of(cloud.VMID(v), h); also != cloud.Absent {
			b.mate[h], b.mate[also] = also, h
		}
	}
	for v, h := range in.Initial {
		if h != cloud.Absent && (b.stay == nil || !b.stay[v]) {
			b.free = append(b.free, cloud.VMID(v))
		}
	}
	b.findSources()
	return b, nil
}

// enforce has discrete rules hold all the way.
func enforce(rules []cloud.Rule) []cloud.Rule {
	out := slices.Clone(rules)
	for i, rule := range out {
		if !rule.Continuous() {
			out[i] = enforced{rule}
		}
	}
	return out
}

// rest is what is left beyond slots.
func (b *board) rest(left int64) int64 { return max(0, left) % b.size }

// busy tells whether there is anything to do.
func (b *board) busy() bool {
	return b.fragments >= b.size && len(b.free) > 0 && b.terms.migrations != 0
}

// after is by how much the fragments change if a VM goes to a host; false where it has no room or nothing changes.
func (b *board) after(v cloud.VMID, to cloud.HostID) (int64, bool) {
	from := b.state.HostOf(v)
	if from == to || b.shun != nil && b.shun[to] && b.home[v] != to {
		return 0, false
	}
	less, twin := b.charges.Of(v, from)
	more, other := b.charges.Of(v, to)
	if to == twin {
		return 0, false
	}
	n, m := less[b.resource], more[b.resource]
	if b.left[to] < m || other != cloud.Absent && b.left[other] < m {
		return 0, false
	}
	sum := b.shift(from, n) + b.shift(to, -m)
	if twin != cloud.Absent {
		sum += b.shift(twin, n)
	}
	if other != cloud.Absent {
		sum += b.shift(other, -m)
	}
	return sum, true
}

func (b *board) shift(h cloud.HostID, more int64) int64 {
	return b.rest(b.left[h]+more) - b.rest(b.left[h])
}

// move puts a VM on a host, whether it may go there or not.
func (b *board) move(v cloud.VMID, to cloud.HostID) {
	from := b.state.HostOf(v)
	less, twin := b.charges.Of(v, from)
	more, other := b.charges.Of(v, to)
	b.charge(from, less[b.resource])
	b.charge(twin, less[b.resource])
	b.charge(to, -more[b.resource])
	b.charge(other, -more[b.resource])
	b.state.Jump(v, to)
	home := b.home[v]
	if from != home {
		b.spent -= b.cost.Migrate(v, home, from)
	}
	if to != home {
		b.spent += b.cost.Migrate(v, home, to)
	}
	switch {
	case from == home && to != home:
		b.moved = append(b.moved, v)
		b.position[v] = int32(len(b.moved))
	case from != home && to == home:
		i, last := b.position[v]-1, b.moved[len(b.moved)-1]
		b.moved[i], b.position[last] = last, i+1
		b.moved, b.position[v] = b.moved[:len(b.moved)-1], 0
	}
}

// charge has a host have more left; Absent is no host.
func (b *board) charge(h cloud.HostID, more int64) {
	if h == cloud.Absent {
		return
	}
	b.fragments += b.shift(h, more)
	b.left[h] += more
	b.rests.set(h, b.left[h])
}

// within tells whether the budget is kept.
func (b *board) within() bool {
	t := b.terms
	return (t.migrations < 0 || len(b.moved) <= t.migrations) && (t.cost < 0 || b.spent <= t.cost)
}

// stand is where a VM stands that has moved.
type stand struct {
	vm cloud.VMID
	at cloud.HostID
}

// found is a placement that was met.
type found struct {
	fragments int64
	moved     []stand
}

func (b *board) note() found {
	out := found{b.fragments, make([]stand, len(b.moved))}
	for i, v := range b.moved {
		out.moved[i] = stand{v, b.state.HostOf(v)}
	}
	return out
}

// placed is the placement that was met.
func (b *board) placed(f found) cloud.Placement {
	out := b.home.Clone()
	for _, s := range f.moved {
		out[s.vm] = s.at
	}
	return out
}

// restore has all VMs at home but for some.
func (b *board) restore(moved []stand) {
	for len(b.moved) > 0 {
		v := b.moved[len(b.moved)-1]
		b.move(v, b.home[v])
	}
	for _, s := range moved {
		b.move(s.vm, s.at)
	}
}

// settle finds an order in which the VMs that have moved can go, each straight. Those that cannot stay at home. It tells whether
// the placement keeps the rules then.
func (b *board) settle() bool {
	moved := b.note().moved
	s := cloud.NewState(b.in, b.rules, b.home)
	b.path = []cloud.Change{}
	for again := true; again; {
		again = false
		waiting := moved[:0]
		for _, m := range moved {
			if !s.Allows(m.vm, m.at) {
				waiting = append(waiting, m)
				continue
			}
			b.path = append(b.path, cloud.Change{VM: m.vm, From: b.home[m.vm], To: m.at})
			s.Move(m.vm, m.at)
			again = true
		}
		moved = waiting
	}
	for _, m := range moved {
		b.move(m.vm, b.home[m.vm])
	}
	return b.state.Placement().Equal(s.Placement())
}
