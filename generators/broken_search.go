package generators

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// breaker moves VMs until a placement breaks rules. It knows of a rule no more than what it finds
// wrong: it moves single VMs, or heaps them up in one place, looks whether that breaks the rule,
// and takes back the moves that this did not need.
type breaker struct {
	in     *cloud.Instance
	state  *cloud.State // under the rules to keep
	rng    *rand.Rand
	places [][]cloud.HostID // single hosts first
	vms    []cloud.VMID     // that may be moved, in random order
	frozen map[cloud.VMID]bool
	done   []*breach
}

// breach is how a rule, or several that one spec stands for, is broken.
type breach struct {
	spec  spec.Spec
	rules []cloud.Rule
	share float64
	at    map[broken]bool
}

// broken is one rule, by position, and where it is broken.
type broken struct {
	rule  int
	where cloud.Where
}

const (
	// fewSingles is how many VMs are tried one by one on each host before many are heaped up there.
	fewSingles = 32
	// mostHeaped bounds a heap: each VM costs a look at all that stand there.
	mostHeaped = 1000
)

// newBreaker begins with the initial placement. VMs that are to be shut down stay where they
// are: a shutdown would mend what they break.
func newBreaker(in *cloud.Instance, kept []cloud.Rule, rng *rand.Rand) *breaker {
	b := &breaker{in: in, state: cloud.NewState(in, kept, in.Initial), rng: rng, frozen: map[cloud.VMID]bool{}}
	for v, h := range in.Initial {
		if h != cloud.Absent && (in.Target == nil || in.Target[v] != cloud.Absent) {
			b.vms = append(b.vms, cloud.VMID(v))
		}
	}
	rng.Shuffle(len(b.vms), func(i, j int) { b.vms[i], b.vms[j] = b.vms[j], b.vms[i] })
	labels := map[string]bool{}
	for h := range in.Hosts {
		for l := range in.Hosts[h].Labels {
			labels[l] = true
		}
	}
	for _, by := range append([]string{"host", "rack", "zone"}, slices.Sorted(maps.Keys(labels))...) {
		of, names := in.Domains(by)
		if by != "host" && (len(names) == 1 || len(names) == len(in.Hosts)) {
			continue
		}
		places := make([][]cloud.HostID, len(names))
		for h, place := range of {
			places[place] = append(places[place], cloud.HostID(h))
		}
		rng.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
		b.places = append(b.places, places...)
	}
	return b
}

// widen breaks a rule in more places until its share is reached. A place takes O(instance), and
// O(VMs × hosts) tests of the rules at most.
func (b *breaker) widen(r *breach) error {
	r.at = b.breaches(r)
	for {
		got, want, noun := b.extent(r)
		if got > 0 && got >= want {
			b.done = append(b.done, r)
			return nil
		}
		if b.another(r, got) {
			continue
		}
		if got == 0 {
			return fmt.Errorf("rule %s: no moves of VMs were found that break it and keep the other rules", r.spec)
		}
		return fmt.Errorf("rule %s: no moves of VMs were found that break it for more than %s of the %s wanted and keep the other rules: "+
			"ask for a smaller share", r.spec, fmt.Sprint(got), prose.Count(want, noun))
	}
}

// breaches lists where a rule is broken.
func (b *breaker) breaches(r *breach) map[broken]bool {
	at := map[broken]bool{}
	for i, rule := range r.rules {
		for _, v := range rule.Violations(seen{b.state}, nil) {
			at[broken{i, v.Where}] = true
		}
	}
	return at
}

// extent is for how many groups, VMs or places a rule is broken, and for how many it is to be.
// Before it is broken, nobody knows what it is about.
func (b *breaker) extent(r *breach) (got, want int, noun string) {
	rules, vms, places := map[int]bool{}, map[string]bool{}, map[string]bool{}
	var by string
	for at := range r.at {
		rules[at.rule] = true
		if at.where.VM != "" {
			vms[at.where.VM] = true
		}
		if at.where.By != "" {
			by, places[at.where.Place] = at.where.By, true
		}
	}
	total := 1
	switch {
	case len(r.rules) > 1:
		got, total, noun = len(rules), len(r.rules), "group"
	case len(vms) > 0:
		got, total, noun = len(vms), len(b.watched(r.rules[0])), "VM"
	case by != "":
		_, names := b.in.Domains(by)
		got, total, noun = len(places), min(len(names), len(b.watched(r.rules[0]))), by
	default:
		got, noun = len(rules), "group"
	}
	return got, max(1, int(math.Round(r.share*float64(total)))), noun
}

// watched lists the VMs that a rule looks at and that may be moved, in random order.
func (b *breaker) watched(rule cloud.Rule) []cloud.VMID {
	of := rule.Watches()
	if of == nil {
		return b.vms
	}
	is := make(map[cloud.VMID]bool, len(of))
	for _, v := range of {
		is[v] = true
	}
	return slices.DeleteFunc(slices.Clone(b.vms), func(v cloud.VMID) bool { return !is[v] })
}

// another breaks a rule in one more place, and tells whether it could.
func (b *breaker) another(r *breach, got int) bool {
	for _, i := range b.rng.Perm(len(r.rules)) {
		if len(r.rules) > 1 && b.isBroken(r, i) {
			continue
		}
		t := attempt{breaker: b, of: r, rule: i, closed: b.closed(r, i)}
		for _, v := range b.watched(r.rules[i]) {
			if !b.frozen[v] {
				t.vms = append(t.vms, v)
			}
		}
		if t.anywhere(got) {
			return true
		}
	}
	return false
}

// closed are the hosts of places where a rule is broken already.
func (b *breaker) closed(r *breach, rule int) map[cloud.HostID]bool {
	out := map[cloud.HostID]bool{}
	for at := range r.at {
		if at.rule != rule || at.where.VM != "" || at.where.By == "" {
			continue
		}
		for h := range b.in.Hosts {
			if b.in.Hosts[h].Domain(at.where.By) == at.where.Place {
				out[cloud.HostID(h)] = true
			}
		}
	}
	return out
}

func (b *breaker) isBroken(r *breach, rule int) bool {
	for at := range r.at {
		if at.rule == rule {
			return true
		}
	}
	return false
}

// attempt is to break one rule in one more place.
type attempt struct {
	*breaker
	of     *breach
	rule   int
	vms    []cloud.VMID          // that the rule looks at, in random order
	closed map[cloud.HostID]bool // that VMs are not moved to
}

// anywhere tries all places: with a few VMs one by one and with a heap, and then with all VMs one
// by one.
func (t attempt) anywhere(got int) bool {
	if len(t.vms) == 0 {
		return false
	}
	for _, singles := range []int{min(fewSingles, len(t.vms)), len(t.vms)} {
		begin := t.rng.IntN(len(t.in.Hosts)) // places of one kind are in random order
		for i := range t.places {
			place := t.places[i]
			if i < len(t.in.Hosts) {
				place = t.places[(begin+i)%len(t.in.Hosts)]
			}
			first := t.rng.IntN(len(t.vms))
			if i < len(t.in.Hosts) && t.single(place[0], first, singles, got) || singles <= fewSingles && t.heap(place, first, got) {
				return true
			}
		}
		if singles == len(t.vms) {
			return false
		}
	}
	return false
}

// single moves one of some VMs to a host.
func (t attempt) single(to cloud.HostID, first, n, got int) bool {
	for k := range n {
		c := t.change(t.vms[(first+k)%len(t.vms)], to)
		if !t.move(c) {
			continue
		}
		if t.breaks(c) && t.gained(c, got) {
			return true
		}
		t.state.Undo()
	}
	return false
}

// heap moves VMs to a place until they break the rule, and takes back those that it did not need.
func (t attempt) heap(place []cloud.HostID, first, got int) bool {
	mark := len(t.state.Moves())
	in := make(map[cloud.HostID]bool, len(place))
	for _, h := range place {
		in[h] = true
	}
	var moved []cloud.Change
	for k := range t.vms {
		v := t.vms[(first+k)%len(t.vms)]
		if in[t.state.HostOf(v)] {
			continue
		}
		begin := t.rng.IntN(len(place))
		for i := range place {
			c := t.change(v, place[(begin+i)%len(place)])
			if !t.move(c) {
				continue
			}
			if t.breaks(c) {
				t.thin(moved, c)
				if t.gained(c, got) {
					return true
				}
				t.undo(mark)
				return false
			}
			if moved = append(moved, c); len(moved) == mostHeaped {
				t.undo(mark)
				return false
			}
			break
		}
	}
	t.undo(mark)
	return false
}

// thin takes moves back as long as the last one still breaks the rule.
func (t attempt) thin(moved []cloud.Change, last cloud.Change) {
	for _, c := range moved {
		back := cloud.Change{VM: c.VM, From: c.To, To: c.From}
		if t.move(back) && !t.breaks(last) {
			t.state.Undo()
		}
	}
}

func (t attempt) change(v cloud.VMID, to cloud.HostID) cloud.Change {
	return cloud.Change{VM: v, From: t.state.HostOf(v), To: to}
}

// move moves a VM where the rules to keep allow it, and where the rule is not broken already.
func (t attempt) move(c cloud.Change) bool {
	if t.closed[c.To] || !t.state.Allows(c.VM, c.To) {
		return false
	}
	t.state.Move(c.VM, c.To)
	return true
}

func (t attempt) undo(mark int) {
	for len(t.state.Moves()) > mark {
		t.state.Undo()
	}
}

// breaks tells whether the rule is broken by a change where it was not.
func (t attempt) breaks(c cloud.Change) bool {
	for _, v := range t.of.rules[t.rule].Violations(seen{t.state}, &c) {
		if !t.of.at[broken{t.rule, v.Where}] {
			return true
		}
	}
	return false
}

// gained judges the whole placement: the rule is to be broken more widely, and no other less than
// is wanted. If so, the VMs that break it stay where they are.
func (t attempt) gained(last cloud.Change, got int) bool {
	was := t.of.at
	t.of.at = t.breaches(t.of)
	n, _, _ := t.extent(t.of)
	ok := n > got
	for _, r := range t.done {
		r.at = t.breaches(r)
		have, want, _ := t.extent(r)
		ok = ok && have >= want
	}
	if !ok {
		t.of.at = was
		return false
	}
	t.frozen[last.VM] = true
	for at := range t.of.at {
		if was[at] {
			continue
		}
		for _, v := range t.watched(t.of.rules[at.rule]) {
			h := t.in.Hosts[t.state.HostOf(v)]
			if at.where.VM == "" && (at.where.By == "" || h.Domain(at.where.By) == at.where.Place) {
				t.frozen[v] = true
			}
		}
	}
	return true
}

// seen is a state as the judge's forms of rules look at it.
type seen struct{ *cloud.State }

// On lists the VMs in ascending order.
func (s seen) On(h cloud.HostID) []cloud.VMID { return slices.Sorted(slices.Values(s.State.On(h))) }

// Destination implements [cloud.View]: no VM is under way.
func (s seen) Destination(cloud.VMID) (cloud.HostID, bool) { return cloud.Absent, false }
