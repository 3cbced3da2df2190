package rules_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
)

// arrived is what a state is when some of the VMs under way, by bits, have arrived.
func arrived(place cloud.Placement, way []cloud.Change, bits int) view {
	out := view{place: place.Clone()}
	for i, c := range way {
		if bits>>i&1 != 0 {
			out.place[c.VM] = c.To
		} else {
			out.way = append(out.way, c)
		}
	}
	return out
}

// saneWhatever asks the judge's form of a rule whether a start is sane whichever of those
// under way have arrived at any time after it.
func saneWhatever(r cloud.Rule, place cloud.Placement, way []cloud.Change, start cloud.Change) bool {
	way = append(slices.Clone(way), start)
	if len(r.Violations(arrived(place, way, 0), &start)) > 0 {
		return false
	}
	for bits := range 1 << len(way) {
		if len(r.Violations(arrived(place, way, bits), nil)) > 0 {
			return false
		}
	}
	return true
}

// With several VMs under way, a guard grants exactly those starts after which the rule holds
// in whatever order they arrive; and what the judge finds in full it finds by the changes of
// an instant, however many end at the same time.
func TestGuardForgetsThoseUnderWay(t *testing.T) {
	for _, name := range names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				in, bound := sane(t, func(*rapid.T) string { return name })
				bound = slices.DeleteFunc(bound, func(r cloud.Rule) bool { return !r.Continuous() })
				s := cloud.NewState(in, bound, in.Initial)
				for range rapid.IntRange(1, 8).Draw(t, "events") {
					if way := s.UnderWay(); len(way) > 0 && rapid.IntRange(0, 3).Draw(t, "some end") == 0 {
						endSome(t, bound, s)
						continue
					}
					grants(t, in, bound, s)
					vm := cloud.VMID(rapid.IntRange(0, len(in.VMs)-1).Draw(t, "vm"))
					to := cloud.HostID(rapid.IntRange(-1, len(in.Hosts)-1).Draw(t, "to"))
					if s.Allows(vm, to) {
						s.Begin(vm, to)
					}
				}
			})
		})
	}
}

// grants holds each rule's guard against its form for the judge, for every start that is possible.
func grants(t *rapid.T, in *cloud.Instance, bound []cloud.Rule, s *cloud.State) {
	for _, r := range bound {
		guard, watched := r.NewGuard(s), r.Watches()
		for vm := range in.VMs {
			vm := cloud.VMID(vm)
			underWay := slices.ContainsFunc(s.UnderWay(), func(c cloud.Change) bool { return c.VM == vm })
			for to := cloud.Absent; int(to) < len(in.Hosts); to++ {
				if underWay && s.Allows(vm, to) {
					t.Fatalf("%s is under way and may start", in.VMs[vm].Name)
				}
				if underWay || to == s.HostOf(vm) {
					continue
				}
				start := cloud.Change{VM: vm, From: s.HostOf(vm), To: to}
				want := saneWhatever(r, s.Placement(), s.UnderWay(), start)
				got := watched != nil && !slices.Contains(watched, vm) || guard.Allows(s, vm, start.From, to)
				if got != want {
					t.Fatalf("%s: with %v under way, %v may start: the guard says %v, the judge %v", r, s.UnderWay(), start, got, want)
				}
			}
		}
	}
}

// endSome lets some VMs under way arrive at the same time.
func endSome(t *rapid.T, bound []cloud.Rule, s *cloud.State) {
	place, way := s.Placement(), slices.Clone(s.UnderWay())
	bits := rapid.IntRange(0, 1<<len(way)-1).Draw(t, "which")
	now := arrived(place, way, bits)
	for i, c := range way {
		if bits>>i&1 != 0 {
			s.End(c.VM)
		}
	}
	for _, r := range bound {
		if v := r.Violations(now, nil); len(v) > 0 {
			t.Fatalf("%s: every start was granted, and when %b of %v have arrived: %v", r, bits, way, v)
		}
	}
}

// What the judge finds when it looks at a whole placement it also finds by the changes that led
// there at one instant, if the rule held before: those that begin together, or those that
// end together.
func TestChangesOfAnInstantHideAViolation(t *testing.T) {
	all := names()
	rapid.Check(t, func(t *rapid.T) {
		in, bound := sane(t, func(t *rapid.T) string { return rapid.SampledFrom(all).Draw(t, "rule") })
		var way []cloud.Change
		for v, from := range in.Initial {
			to := cloud.HostID(rapid.IntRange(-1, len(in.Hosts)-1).Draw(t, "to"))
			if from != to && rapid.Bool().Draw(t, "goes") {
				way = append(way, cloud.Change{VM: cloud.VMID(v), From: from, To: to})
			}
		}
		ended := rapid.IntRange(0, 1<<len(way)-1).Draw(t, "which end")
		for _, r := range bound {
			if !r.Continuous() {
				continue
			}
			begun := arrived(in.Initial, way, 0)
			if hides(r, begun, way, nil) {
				t.Fatalf("%s: %v begin together: judged in full: %v; by the changes nothing", r, way, r.Violations(begun, nil))
			}
			if len(r.Violations(begun, nil)) > 0 {
				continue
			}
			if after := arrived(in.Initial, way, ended); hides(r, after, way, &ended) {
				t.Fatalf("%s: %b of %v end together: judged in full: %v; by the changes nothing", r, ended, way, r.Violations(after, nil))
			}
		}
	})
}

// hides tells whether the judge finds something in full and nothing by the changes, of those
// that ended or of all.
func hides(r cloud.Rule, v view, way []cloud.Change, ended *int) bool {
	if len(r.Violations(v, nil)) == 0 {
		return false
	}
	for i, c := range way {
		if ended != nil && *ended>>i&1 == 0 {
			continue
		}
		if r.Watches() != nil && !slices.Contains(r.Watches(), c.VM) {
			continue
		}
		if len(r.Violations(v, &c)) > 0 {
			return false
		}
	}
	return true
}
