package validate_test

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// Random plans and schedules from starts that break rules.

// crowd brings VMs to the first two hosts, so that there is somewhere else to go.
func crowd(t *rapid.T, in *cloud.Instance) {
	for v, h := range in.Initial {
		if h > 1 {
			in.Initial[v] = cloud.HostID(rapid.IntRange(0, 1).Draw(t, "crowded"))
		}
	}
}

// overfill takes room from some hosts, from one at least that VMs stand on if it must.
func overfill(t *rapid.T, in *cloud.Instance, must bool) {
	for h := range in.Hosts {
		stands := slices.Contains(in.Initial, cloud.HostID(h))
		if must && stands || rapid.IntRange(0, 5).Draw(t, "less room") == 0 {
			r := rapid.IntRange(0, len(in.Resources)-1).Draw(t, "of")
			host := in.Hosts[h]
			used := int64(0)
			for v, at := range in.Initial {
				if at == cloud.HostID(h) {
					used += in.VMs[v].Demand[r]
				}
			}
			host.Capacity[r] = host.Reserved[r] + rapid.Int64Range(used/2, max(used/2, used-1)).Draw(t, "left")
			must = must && !stands
		}
	}
}

// chooseBroken gives an instance the named rule, so that the start breaks it if some attempts find such
// a one, and up to two more, which the start may break or not.
func chooseBroken(t *rapid.T, in *cloud.Instance, rule string, discrete bool) []cloud.Rule {
	in.Rules = []spec.Spec{}
	for n := range 1 + rapid.IntRange(0, 2).Draw(t, "more rules") {
		var s spec.Spec
		for range 12 {
			s = cloudtest.RuleSpec(t, in, rule)
			if n == 0 || !discrete {
				s = continuous(s)
			}
			if n > 0 || !counterparts[rule].whole(beginning(in), args{s}) {
				break
			}
		}
		in.Rules = append(in.Rules, s)
		rule = rapid.SampledFrom(ruleNames()).Draw(t, "rule")
		if n == 0 {
			rule = rapid.SampledFrom([]string{"capacity", rule}).Draw(t, "rule")
		}
	}
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		t.Fatalf("%v: %v", in.Rules, err)
	}
	return bound
}

// continuous makes a rule hold on the way, too.
func continuous(s spec.Spec) spec.Spec {
	if _, timed := s.Value("continuous"); timed {
		return s.With("continuous", "yes")
	}
	return s
}

// breakable are the rules that an initial placement can break.
var breakable = []string{
	"capacity", "numa", "max-vms", "expression", "anti-affinity", "max-per-host", "max-per-rack", "max-per-zone", "interference",
	"arch", "labels", "fence", "ban", "affinity", "spread", "depends",
}

// toBlame lists the VMs that have to move, or some of which have, until all rules hold.
func toBlame(s *scene) []int {
	var out []int
	for _, r := range s.in.Rules {
		switch c, a := counterparts[r.Name], (args{r}); {
		case c.broken != nil:
			for _, p := range c.broken(s, a) {
				for _, vm := range p.vms {
					if slices.Contains(p.hosts, s.stands[vm]) {
						out = append(out, vm)
					}
				}
			}
		case c.ofGroups != nil:
			for _, p := range c.ofGroups(s, a) {
				if !p.whole {
					out = append(out, p.vms...)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// mend moves VMs that are to blame, until all rules hold or it has tried often enough.
func (d *director) mend() {
	for range 10 {
		blame := toBlame(&scene{in: d.in, stands: d.state.Placement()})
		if len(blame) == 0 && len(d.underWay) == 0 {
			return
		}
		for _, v := range blame {
			for range 3 {
				if d.idle(v) && d.fate[v] != arrives {
					d.try(v, rapid.Int64Range(0, 3).Draw(d.t, "duration"))
				}
			}
		}
		d.now++
		d.endDue()
	}
}

// drawPath makes an instance whose start breaks the named rule, and others perhaps, and a path.
func drawPath(t *rapid.T, rule string, reckless bool) (*cloud.Instance, *cloud.Plan) {
	d := newDirector(t, rule, reckless, true, true)
	d.path(2)
	return d.in, d.plan
}

// path draws a path instead of a schedule, with up to so many rounds in which each VM is tried once.
func (d *director) path(rounds int) {
	d.oneByOne = true
	try := func(which ...fate) {
		for v := range d.in.VMs {
			if slices.Contains(which, d.fate[v]) {
				d.try(v, 0)
			}
		}
	}
	try(leaves)
	for v := range d.in.VMs {
		if d.fate[v] == leaves { // a guard is against it
			d.fate[v] = moves
		}
	}
	for range rapid.IntRange(0, rounds).Draw(d.t, "rounds") {
		try(moves, sleeps)
	}
	if d.mends {
		d.mend()
	}
	for v := range d.in.VMs {
		if d.fate[v] == sleeps && d.state.HostOf(cloud.VMID(v)) == cloud.Absent {
			d.try(v, 0)
		}
	}
	try(arrives)
	d.finish()
	d.plan.Schedule = nil
	for i := range d.plan.Steps {
		d.plan.Steps[i].Start, d.plan.Steps[i].End = 0, 0
	}
}
