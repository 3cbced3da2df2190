package rules_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// view is the plainest way to show a placement with VMs under way.
type view struct {
	place cloud.Placement
	way   []cloud.Change
}

func (v view) HostOf(vm cloud.VMID) cloud.HostID { return v.place[vm] }

func (v view) Destination(vm cloud.VMID) (cloud.HostID, bool) {
	for _, c := range v.way {
		if c.VM == vm {
			return c.To, true
		}
	}
	return cloud.Absent, false
}

func (v view) On(h cloud.HostID) []cloud.VMID {
	var out []cloud.VMID
	for vm, at := range v.place {
		if to, underWay := v.Destination(cloud.VMID(vm)); at == h || underWay && to == h {
			out = append(out, cloud.VMID(vm))
		}
	}
	return out
}

func still(p cloud.Placement) view { return view{place: p} }

func moving(p cloud.Placement, c cloud.Change) view { return view{p, []cloud.Change{c}} }

// names lists every registered rule.
func names() []string {
	var out []string
	for _, d := range catalogue.Standard().Descriptors(rules.Kind) {
		out = append(out, d.Name)
	}
	return out
}

// sane draws an instance and some random rules, and has those that it breaks mended.
func sane(t *rapid.T, pick func(*rapid.T) string) (*cloud.Instance, []cloud.Rule) {
	in := cloudtest.Instance(t)
	if rapid.IntRange(0, 2).Draw(t, "too full") == 0 {
		h := rapid.IntRange(0, len(in.Hosts)-1).Draw(t, "which")
		for r := range in.Resources {
			in.Hosts[h].Capacity[r] -= rapid.Int64Range(0, in.Hosts[h].Capacity[r]-in.Hosts[h].Reserved[r]).Draw(t, "less")
		}
	}
	var specs []spec.Spec
	for range rapid.IntRange(1, 4).Draw(t, "rules") {
		specs = append(specs, cloudtest.RuleSpec(t, in, pick(t)))
	}
	bound, err := rules.Bind(catalogue.Standard(), in, specs)
	if err != nil {
		t.Fatalf("rules %v: %v", specs, err)
	}
	inForce, _, err := cloud.Mend(in, bound, in.Initial)
	if err != nil {
		t.Fatal(err)
	}
	return in, slices.DeleteFunc(inForce, func(r cloud.Rule) bool { // discrete ones do not mend
		return len(r.Violations(still(in.Initial), nil)) > 0
	})
}

// lawful holds one rule's two forms against each other for every migration that is
// possible in a sane state, to and from nowhere included; and the rule against its
// reverse, which is itself for all rules but the one-way ones.
func lawful(t *rapid.T, in *cloud.Instance, r cloud.Rule, s *cloud.State) {
	guard, watched := r.NewGuard(s), r.Watches()
	_, oneWay := r.(cloud.OneWay)
	_, arrivals := r.(cloud.ArrivalFilter)
	if !r.Continuous() && (oneWay || arrivals) {
		t.Fatalf("%s is discrete and says something of changes", r)
	}
	if v := r.Violations(still(s.Placement()), nil); len(v) > 0 {
		t.Fatalf("%s: the state is not sane: %v", r, v)
	}
	for vm := range in.VMs {
		vm := cloud.VMID(vm)
		from := s.HostOf(vm)
		for to := cloud.Absent; int(to) < len(in.Hosts); to++ {
			if to == from {
				continue
			}
			change := &cloud.Change{VM: vm, From: from, To: to}
			after := s.Placement()
			after[vm] = to
			underWay := r.Violations(moving(s.Placement(), *change), change)
			arrived := r.Violations(still(after), change)
			full := r.Violations(still(after), nil)
			if !oneWay && (len(arrived) > 0) != (len(full) > 0) {
				t.Fatalf("%s: %s from %d to %d: judged by the change: %v; judged in full: %v",
					r, in.VMs[vm].Name, from, to, arrived, full)
			}
			want := len(underWay) == 0 && len(arrived) == 0 && len(full) == 0
			if from == cloud.Absent && want != (len(arrived) == 0 && len(full) == 0) {
				t.Fatalf("%s: %s arrives on %d: a migration breaks it: %v; a resume does not", r, in.VMs[vm].Name, to, underWay)
			}
			if len(full) > 0 && len(arrived) == 0 {
				t.Fatalf("%s: %s from %d to %d: judged by the change: nothing; judged in full: %v", r, in.VMs[vm].Name, from, to, full)
			}
			got := true
			if watched == nil || slices.Contains(watched, vm) {
				got = guard.Allows(s, vm, from, to)
			}
			if got != want {
				t.Fatalf("%s: %s from %d to %d: the guard says %v; under way: %v; arrived: %v; after: %v",
					r, in.VMs[vm].Name, from, to, got, underWay, arrived, full)
			}
			filters(t, in, r, *change, want, len(full) == 0)
			quota(t, in, r, after, len(full) == 0)
			span(t, in, r, after, len(full) == 0)
			if len(full) > 0 {
				continue
			}
			s.Move(vm, to)
			back := cloud.Reversed([]cloud.Rule{r})[0]
			if (watched == nil || slices.Contains(watched, vm)) && back.NewGuard(s).Allows(s, vm, to, from) != want {
				t.Fatalf("%s: %s may go from %d to %d: %v; its reverse sees the way back otherwise", r, in.VMs[vm].Name, from, to, want)
			}
			s.Undo()
		}
	}
}

// filters holds what a filter says of hosts against whether a change is sane, and
// whether the state after it is.
func filters(t *rapid.T, in *cloud.Instance, r cloud.Rule, c cloud.Change, sane, stands bool) {
	if c.To == cloud.Absent {
		return
	}
	name := in.VMs[c.VM].Name
	if f, ok := r.(cloud.HostFilter); ok && f.Admits(c.VM, c.To) != stands {
		t.Fatalf("%s: Admits(%s, %d) is %v, the judge says %v", r, name, c.To, !stands, stands)
	}
	if f, ok := r.(cloud.ArrivalFilter); ok && f.Receives(c.VM, c.To) != sane {
		t.Fatalf("%s: Receives(%s, %d) is %v, the judge says %v", r, name, c.To, !sane, sane)
	}
	if f, ok := r.(cloud.ArrivalFilter); ok && sane && !f.Admits(c.VM, c.To) {
		t.Fatalf("%s: %s may arrive on %d and not stand there", r, name, c.To)
	}
}

// alike holds a class of VMs against where they may stand and arrive.
func alike(t *rapid.T, in *cloud.Instance, r cloud.Rule) {
	f, ok := r.(cloud.HostFilter)
	if !ok {
		return
	}
	k, ok := r.(cloud.VMClassifier)
	if !ok {
		t.Fatalf("%s is a filter of hosts and does not tell which VMs it treats alike", r)
	}
	first := map[int64]cloud.VMID{}
	for v := range in.VMs {
		vm := cloud.VMID(v)
		other, known := first[k.VMClass(vm)]
		if !known {
			first[k.VMClass(vm)] = vm
			continue
		}
		for h := range cloud.HostID(len(in.Hosts)) {
			a, arrivals := r.(cloud.ArrivalFilter)
			if f.Admits(vm, h) != f.Admits(other, h) || arrivals && a.Receives(vm, h) != a.Receives(other, h) {
				t.Fatalf("%s: %s and %s are of a class, and it treats them differently on %s",
					r, in.VMs[v].Name, in.VMs[other].Name, in.Hosts[h].Name)
			}
		}
	}
}

// quota holds what a quota says of a failure domain against whether a placement is sane.
func quota(t *rapid.T, in *cloud.Instance, r cloud.Rule, p cloud.Placement, sane bool) {
	q, ok := r.(cloud.Quota)
	if !ok {
		return
	}
	domain, names := in.Domains(q.Places())
	count, kept := make([]int64, len(names)), true
	for v, h := range p {
		if h == cloud.Absent || r.Watches() != nil && !slices.Contains(r.Watches(), cloud.VMID(v)) {
			continue
		}
		count[domain[h]]++
		kept = kept && count[domain[h]] <= q.Most(h)
	}
	if kept != sane {
		t.Fatalf("%s: the quotas are kept: %v; the judge finds %v sane: %v", r, kept, p, sane)
	}
}

// span holds what a span says of a number of failure domains against whether a placement is sane.
func span(t *rapid.T, in *cloud.Instance, r cloud.Rule, p cloud.Placement, sane bool) {
	w, ok := r.(cloud.Span)
	if !ok {
		return
	}
	domain, _ := in.Domains(w.Places())
	places := map[int32]bool{}
	for v, h := range p {
		if h != cloud.Absent && (r.Watches() == nil || slices.Contains(r.Watches(), cloud.VMID(v))) {
			places[domain[h]] = true
		}
	}
	least, most := w.Span()
	if kept := len(places) == 0 || least <= len(places) && len(places) <= most; kept != sane {
		t.Fatalf("%s: the span is kept: %v; the judge finds %v sane: %v", r, kept, p, sane)
	}
}

// Every registered rule comes under the laws: its guard and the judge's naive form
// agree, a change-limited judgement finds what a full one finds, and its reverse allows
// exactly what takes a sane migration back.
func TestGuardAndJudgeDisagree(t *testing.T) {
	for _, name := range names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				in, bound := sane(t, func(*rapid.T) string { return name })
				s := cloud.NewState(in, bound, in.Initial)
				for range 3 {
					for _, r := range slices.Concat(bound, cloud.Reversed(bound)) {
						lawful(t, in, r, s)
						alike(t, in, r)
					}
					wander(t, in, bound, s)
				}
			})
		})
	}
}

// wander moves a VM somewhere that leaves every rule satisfied, discrete ones too,
// if there is such a move.
func wander(t *rapid.T, in *cloud.Instance, bound []cloud.Rule, s *cloud.State) {
	vm := cloud.VMID(rapid.IntRange(0, len(in.VMs)-1).Draw(t, "vm"))
	to := cloud.HostID(rapid.IntRange(-1, len(in.Hosts)-1).Draw(t, "to"))
	after := s.Placement()
	after[vm] = to
	for _, r := range bound {
		if len(r.Violations(still(after), nil)) > 0 {
			return
		}
	}
	s.Move(vm, to)
}

// With several rules a state allows what every continuous one allows, and backwards it
// takes back what it allows.
func TestStateForgetsARule(t *testing.T) {
	all := names()
	rapid.Check(t, func(t *rapid.T) {
		in, bound := sane(t, func(t *rapid.T) string { return rapid.SampledFrom(all).Draw(t, "rule") })
		s := cloud.NewState(in, bound, in.Initial)
		for vm := range in.VMs {
			vm := cloud.VMID(vm)
			from := s.HostOf(vm)
			for to := cloud.Absent; int(to) < len(in.Hosts); to++ {
				want := to != from
				change := &cloud.Change{VM: vm, From: from, To: to}
				after := s.Placement()
				after[vm] = to
				for _, r := range bound {
					if r.Continuous() {
						want = want && len(r.Violations(moving(s.Placement(), *change), change)) == 0 &&
							len(r.Violations(still(after), nil)) == 0
					}
				}
				if got := s.Allows(vm, to); got != want {
					t.Fatalf("%v: Allows(%s, %d) is %v, the judge says %v", bound, in.VMs[vm].Name, to, got, want)
				}
				if want {
					if !cloud.NewState(in, cloud.Reversed(bound), after).Allows(vm, from) {
						t.Fatalf("%v: %s may go from %d to %d and not back", bound, in.VMs[vm].Name, from, to)
					}
				}
			}
		}
	})
}

// A rule's String is a spec that binds to the same rule again.
func TestRuleNameBindsToAnotherRule(t *testing.T) {
	all := names()
	rapid.Check(t, func(t *rapid.T) {
		in, bound := sane(t, func(t *rapid.T) string { return rapid.SampledFrom(all).Draw(t, "rule") })
		for _, r := range bound {
			s, err := spec.Parse(r.String())
			if err != nil {
				t.Fatal(err)
			}
			again, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{s})
			if err != nil || len(again) != 1 || again[0].String() != r.String() {
				t.Fatalf("%s binds again to %v, %v", r, again, err)
			}
		}
	})
}

// A rule that promises to be local gives the same verdict on a migration whatever
// happens on other hosts.
func TestLocalRuleLooksElsewhere(t *testing.T) {
	for _, d := range catalogue.Standard().Descriptors(rules.Kind) {
		if !d.Has(rules.Local) {
			continue
		}
		t.Run(d.Name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				in, bound := sane(t, func(*rapid.T) string { return d.Name })
				vm := cloud.VMID(rapid.IntRange(0, len(in.VMs)-1).Draw(t, "vm"))
				from, to := in.Initial[vm], cloud.HostID(rapid.IntRange(-1, len(in.Hosts)-1).Draw(t, "to"))
				if from == to {
					return
				}
				other := in.Initial.Clone()
				for v, h := range cloudtest.Placement(t, len(in.VMs), len(in.Hosts)) {
					busy := func(h cloud.HostID) bool { return h != cloud.Absent && (h == from || h == to) }
					if cloud.VMID(v) != vm && !busy(h) && !busy(in.Initial[v]) {
						other[v] = h
					}
				}
				for _, r := range bound {
					if len(r.Violations(still(other), nil)) > 0 {
						continue
					}
					here, there := cloud.NewState(in, []cloud.Rule{r}, in.Initial), cloud.NewState(in, []cloud.Rule{r}, other)
					if got := there.Allows(vm, to); got != here.Allows(vm, to) {
						t.Fatalf("%s: %s from %d to %d: %v at first, %v when others have moved elsewhere",
							r, in.VMs[vm].Name, from, to, !got, got)
					}
				}
			})
		})
	}
}
