package bounds

import (
	"fmt"
	"slices"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// Budgets for the evaluations of measures, by crowd and resource.
const (
	proofBudget = 1 << 21
	peakBudget  = 1 << 17
)

// mostSent bounds the work of one transport of VMs to places.
const mostSent = 1 << 24

// Infeasible looks for a proof that no placement exists. False means that none was found. It looks, in
// this order, for a VM that filters let stand nowhere; VMs that fit on none of their hosts; a group
// that may not share a place and has too few, by Hall's condition; a group that has to stand in more
// places than it can, or together and has no place for all; VMs that demand more than all hosts on which
// they may stand have, plainly or in terms of how many large ones a host takes.
//
// O(VMs × resources + rules × hosts + crowds × resources × hosts), where a crowd is one of
// at most 300 sets of hosts.
func (b *Bounds) Infeasible() (Proof, bool) {
	for _, look := range []func() *Proof{b.homeless, b.misfit, b.crammed, b.scattered, b.parted, b.flooded, b.mixed} {
		if p := look(); p != nil {
			return *p, true
		}
	}
	return Proof{}, false
}

// homeless looks for VMs that may stand on no host.
func (b *Bounds) homeless() *Proof {
	for i := range b.blocks {
		x := &b.blocks[i]
		if b.sets[x.set].len() > 0 {
			continue
		}
		hosts := b.open.list()
		if len(hosts) == 0 {
			reason := "the only host is to be empty"
			if n := len(b.in.Hosts); n > 1 {
				reason = fmt.Sprintf("all %d hosts are to be empty", n)
			}
			return &Proof{Reason: reason, VMs: x.vms}
		}
		p := &Proof{VMs: x.vms, Missing: 1}
		for _, v := range x.vms {
			if b.sets[b.setOf[v]].len() == 0 {
				p.VMs = []cloud.VMID{v}
				p.Rules, _ = b.filters.rejecting(p.VMs, hosts)
				p.Reason = fmt.Sprintf("%s may stand on no %shost: %s", b.named(p.VMs), b.openly(), excluding(p.Rules))
				return p
			}
		}
		rules, _ := b.filters.rejecting(x.vms, hosts)
		p.Rules = append(b.together(x), rules...)
		p.Reason = fmt.Sprintf("%s have to share a host, and no %shost is one for all of them: %s", b.named(x.vms), b.openly(), excluding(p.Rules))
		return p
	}
	return nil
}

// misfit looks for VMs that have too little room on each of their hosts.
func (b *Bounds) misfit() *Proof {
	at, found := b.oversized(b.room)
	if !found {
		return nil
	}
	x := &b.blocks[at]
	n := b.resources + 1
	p := &Proof{VMs: x.vms, Rules: b.narrowing(b.sets[x.set], x.vms)}
	who := b.named(x.vms) + " demands"
	if len(x.vms) > 1 {
		p.Rules = append(b.together(x), p.Rules...)
		who = b.named(x.vms) + " have to share a host and demand"
	}
	hosts := fmt.Sprintf("the %s on which %s may stand", prose.Count(b.sets[x.set].len(), b.openly()+"host"),
		map[bool]string{true: "they", false: "it"}[len(x.vms) > 1])
	for r, d := range b.demand[int(at)*n : int(at)*n+n] {
		var largest int64
		for _, h := range b.sets[x.set].list() {
			largest = max(largest, b.room[int(h)*n+r])
		}
		if d > largest {
			p.Rules, p.Missing = append(b.limiting(r), p.Rules...), d-largest
			p.Reason = fmt.Sprintf("%s %s, and none of %s takes more than %s: short by %s%s",
				who, b.of(d, r), hosts, b.of(largest, r), b.of(d-largest, r), by(p.Rules))
			return p
		}
	}
	for r := range n {
		p.Rules = append(p.Rules, b.limiting(r)...)
	}
	p.Reason = fmt.Sprintf("%s more than any one of %s has of all resources together%s", who, hosts, by(p.Rules))
	return p
}

// crammed looks for quotas that no placement of their VMs can keep.
func (b *Bounds) crammed() *Proof { return b.broken(b.quotas) }

// mixed looks for VMs that are kept apart for several reasons, and have too few hosts.
func (b *Bounds) mixed() *Proof { return b.broken(b.cliques) }

func (b *Bounds) broken(quotas []*quota) *Proof {
	known := kinds{}
	for _, q := range quotas {
		d := known.of(b.in, q.Places())
		if p := b.inseparable(q); p != nil {
			return p
		}
		groups := b.groups(q.vms, false, false)
		units := unitsOf(groups)
		if units == 0 || b.roomy(groups, d, q.Most, int64(units)) {
			continue
		}
		if units*len(groups)*len(d.names) > mostSent {
			groups = b.merged(groups)
		}
		if units*len(groups)*len(d.names) > mostSent {
			continue
		}
		t := b.newTransport(groups, d, q.Most)
		if _, short := t.fill(units); short != nil {
			missing := int64(len(short.units)) - short.room
			union := newHostset(len(b.in.Hosts))
			for _, v := range short.units {
				union.join(b.setOfVM(v))
			}
			rules := append(slices.Clone(q.rules), b.narrowing(union, short.units)...)
			slices.Sort(rules)
			rules = slices.Compact(rules)
			return &Proof{
				Rules: rules, VMs: short.units, Missing: missing,
				Reason: fmt.Sprintf("%s can stand only %s (%s), which may hold %s of them: short by room for %s%s%s",
					b.named(short.units), placed(len(short.places), d.by), b.placesNamed(d, short.places),
					humanize.Comma(short.room), prose.Count(missing, "VM"), why(q), by(rules)),
			}
		}
	}
	return nil
}

// why says what keeps the VMs of a quota apart, unless a rule does.
func why(q *quota) string {
	if q.why == "" {
		return ""
	}
	return ", as " + q.why
}

// merged takes all groups as one, on the hosts of all of them.
func (b *Bounds) merged(groups []group) []group {
	union := newHostset(len(b.in.Hosts))
	one := group{}
	for _, g := range groups {
		union.join(g.set)
		one.units = append(one.units, g.units...)
	}
	one.set = union
	return []group{one}
}

func (b *Bounds) setOfVM(v cloud.VMID) hostset {
	if x := b.blockOf[v]; x >= 0 {
		return b.sets[b.blocks[x].set]
	}
	return b.sets[b.setOf[v]]
}

// inseparable looks for VMs that have to share a host, and are more than a place may hold.
func (b *Bounds) inseparable(q *quota) *Proof {
	held := map[int32]int64{}
	for _, v := range q.vms {
		x := b.blockOf[v]
		if x < 0 || len(b.blocks[x].vms) == 1 {
			continue
		}
		held[x]++
	}
	for _, v := range q.vms {
		x := b.blockOf[v]
		if held[x] < 2 {
			continue
		}
		n := held[x]
		held[x] = 0
		var room int64
		for _, h := range b.sets[b.blocks[x].set].list() {
			if room = max(room, q.Most(h)); room >= n {
				break
			}
		}
		if room >= n {
			continue
		}
		rules := append(b.together(&b.blocks[x]), q.rules...)
		return &Proof{
			Rules: rules, VMs: b.blocks[x].vms, Missing: n - room,
			Reason: fmt.Sprintf("%s have to share a host, and no %s may hold more than %s of them%s",
				b.named(b.blocks[x].vms), q.Places(), humanize.Comma(room), by(rules)),
		}
	}
	return nil
}

// scattered looks for VMs that have to stand in more places than they can.
func (b *Bounds) scattered() *Proof {
	known := kinds{}
	for _, s := range b.spans {
		if s.least < 2 || !slices.ContainsFunc(s.vms, func(v cloud.VMID) bool { return b.blockOf[v] >= 0 }) {
			continue
		}
		groups, d := b.groups(s.vms, true, true), known.of(b.in, s.by)
		one := func(cloud.HostID) int64 { return 1 }
		if unitsOf(groups) >= s.least && b.roomy(groups, d, one, int64(s.least)) {
			continue
		}
		if len(s.vms)*len(groups)*len(d.names) > mostSent {
			continue
		}
		got, short := b.newTransport(groups, d, one).fill(s.least)
		if got >= s.least {
			continue
		}
		rules := []string{s.rule.String()}
		for _, v := range s.vms {
			if x := b.blockOf[v]; x >= 0 && len(b.blocks[x].vms) > 1 {
				rules = append(rules, b.together(&b.blocks[x])...)
			}
		}
		if short != nil {
			union := newHostset(len(b.in.Hosts))
			for _, v := range short.units {
				union.join(b.setOfVM(v))
			}
			rules = append(rules, b.narrowing(union, short.units)...)
		}
		slices.Sort(rules)
		rules = slices.Compact(rules)
		return &Proof{
			Rules: rules, VMs: s.vms, Missing: int64(s.least - got),
			Reason: fmt.Sprintf("%s have to stand %s at least, and can stand %s at most: short by %d%s",
				b.named(s.vms), placed(s.least, d.by), placed(got, d.by), s.least-got, by(rules)),
		}
	}
	return b.contradiction()
}

// contradiction looks for VMs that have to stand both in few places and in many.
func (b *Bounds) contradiction() *Proof {
	var together, apart []*span
	for _, s := range b.spans {
		if s.most < len(s.vms) {
			together = append(together, s)
		}
		if s.least > 1 && slices.ContainsFunc(s.vms, func(v cloud.VMID) bool { return b.blockOf[v] >= 0 }) {
			apart = append(apart, s)
		}
	}
	if len(together)*len(apart) > 1<<12 {
		return nil
	}
	for _, s := range apart {
		for _, t := range together {
			if s.by != t.by || t.most >= s.least || slices.ContainsFunc(s.vms, func(v cloud.VMID) bool { return !slices.Contains(t.vms, v) }) {
				continue
			}
			rules := []string{s.rule.String(), t.rule.String()}
			return &Proof{
				Rules: rules, VMs: s.vms, Missing: int64(s.least - t.most),
				Reason: fmt.Sprintf("%s have to stand %s at least and %s at most%s",
					b.named(s.vms), placed(s.least, s.by), placed(t.most, s.by), by(rules)),
			}
		}
	}
	return nil
}

// parted looks for VMs that have to share a place other than a host, and have none that takes them
// all. O(such rules × hosts × (resources + sets)).
func (b *Bounds) parted() *Proof {
	n, known := b.resources+1, kinds{}
	for _, s := range b.spans {
		if s.most != 1 || s.by == "host" {
			continue
		}
		groups := b.groups(s.vms, false, false)
		demand := make([]int64, n)
		var vms []cloud.VMID
		for _, g := range groups {
			for _, v := range g.units {
				vms = append(vms, v)
				for r, x := range b.in.VMs[v].Demand {
					demand[r] += x
				}
				demand[b.resources]++
			}
		}
		if len(vms) < 2 {
			continue
		}
		d := known.of(b.in, s.by)
		room := make([]int64, len(d.names)*n)
		meets := make([]int, len(d.names))
		for _, h := range b.open.list() {
			for r := range n {
				room[int(d.of[h])*n+r] = plus(room[int(d.of[h])*n+r], b.room[int(h)*n+r])
			}
		}
		for _, g := range groups {
			seen := map[int32]bool{}
			for _, h := range g.set.list() {
				if !seen[d.of[h]] {
					seen[d.of[h]] = true
					meets[d.of[h]]++
				}
			}
		}
		possible := slices.ContainsFunc(d.of, func(p int32) bool {
			for r := range n {
				if demand[r] > room[int(p)*n+r] {
					return false
				}
			}
			return meets[p] == len(groups)
		})
		if possible {
			continue
		}
		rules := append([]string{s.rule.String()}, b.narrowing(newHostset(len(b.in.Hosts)), vms)...)
		for r := range n {
			rules = append(rules, b.limiting(r)...)
		}
		slices.Sort(rules)
		rules = slices.Compact(rules)
		return &Proof{
			Rules: rules, VMs: vms, Missing: 1,
			Reason: fmt.Sprintf("%s have to stand %s, and none both admits all of them and has room for all%s", b.named(vms), placed(1, s.by), by(rules)),
		}
	}
	return nil
}

// flooded looks for VMs that demand more than their hosts have.
func (b *Bounds) flooded() *Proof {
	e, found := b.overfull(b.room, proofBudget)
	if !found {
		return nil
	}
	vms := b.members(e.crowd)
	rules := append(b.limiting(e.resource), b.narrowing(e.crowd.set, vms)...)
	slices.Sort(rules)
	rules = slices.Compact(rules)
	p := &Proof{VMs: vms, Rules: rules, Reason: b.explain(e) + by(rules), Missing: e.demand - e.room}
	if e.crowd.whole {
		p.VMs = nil
	}
	if e.measure != plain && !e.measure.counts() {
		p.Missing = 0 // no amount of anything
	}
	return p
}

// members lists the VMs of a crowd, ascending.
func (b *Bounds) members(c *crowd) []cloud.VMID {
	var out []cloud.VMID
	for _, x := range c.blocks {
		out = append(out, b.blocks[x].vms...)
	}
	slices.Sort(out)
	return out
}
