package cloud_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// shown shows a state to rules in the plainest way.
type shown struct{ *cloud.State }

func (w shown) On(h cloud.HostID) []cloud.VMID { return slices.Sorted(slices.Values(w.State.On(h))) }

func (w shown) Destination(v cloud.VMID) (cloud.HostID, bool) {
	for _, c := range w.UnderWay() {
		if c.VM == v {
			return c.To, true
		}
	}
	return cloud.Absent, false
}

// mended judges everything after every step.
func mended(in *cloud.Instance, inForce []cloud.Rule, p *cloud.Plan) map[int][]string {
	out := map[int][]string{}
	left := cloud.Distinct(cloud.Breaches(in, inForce, in.Initial))
	s := cloud.NewState(in, nil, in.Initial)
	look := func(ended int) {
		var now []string
		for _, r := range inForce {
			if m, ok := r.(cloud.Mending); ok {
				now = append(now, prints(m.Whole().Violations(shown{s}, nil))...)
			}
		}
		left = slices.DeleteFunc(left, func(v cloud.Violation) bool {
			gone := !slices.Contains(now, v.Brief())
			if gone {
				out[ended] = append(out[ended], v.Brief())
			}
			return gone
		})
	}
	ended := -1
	for e, err := range cloud.Replay(s, p) {
		if ended >= 0 {
			look(ended)
		}
		if ended = -1; e.Ends {
			ended = e.Step
		}
		if err != nil {
			return out
		}
	}
	if ended >= 0 {
		look(ended)
	}
	return out
}

func prints(found []cloud.Violation) []string {
	var out []string
	for _, v := range found {
		out = append(out, v.Brief())
	}
	return out
}

// Whatever the plan, a breach is mended by the first step after which the whole rule finds
// nothing there.
func TestAStepIsSaidToMendWhatItDoesNot(t *testing.T) {
	for _, d := range catalogue.Standard().Descriptors(rules.Kind) {
		mends, broken := 0, 0
		rapid.Check(t, func(t *rapid.T) {
			in := cloudtest.Instance(t)
			bound, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{cloudtest.RuleSpec(t, in, d.Name)})
			if err != nil {
				t.Fatal(err)
			}
			inForce, breaches, err := cloud.Mend(in, append(bound, anyRules(t, in)...), in.Initial)
			if err != nil {
				t.Fatal(err)
			}
			broken += len(breaches)
			obeyed := inForce
			if rapid.Bool().Draw(t, "lawless") {
				obeyed = nil
			}
			p := walked(t, in, obeyed, 20)
			if rapid.Bool().Draw(t, "scheduled") {
				p.Schedule = &cloud.Schedule{Unit: "step"}
				for i := range p.Steps {
					p.Steps[i].Start = int64(2 * i)
					p.Steps[i].End = int64(2*i + rapid.IntRange(0, 2).Draw(t, "length")) // one after the other
				}
			}
			got, _ := cloud.Mends(in, inForce, p)
			want := mended(in, inForce, p)
			for i := range p.Steps {
				if !slices.Equal(prints(got[i]), want[i]) {
					t.Fatalf("step %d of %v under %v: %q, want %q", i, p.Steps, inForce, prints(got[i]), want[i])
				}
				mends += len(got[i])
			}
		})
		if mends == 0 {
			t.Errorf("%s: of %d breaches none was mended", d.Name, broken)
		}
	}
}

func TestBreachesAreCountedByRuleAndPlace(t *testing.T) {
	host := cloud.Where{By: "host", Place: "h1"}
	found := []cloud.Violation{
		{Rule: "capacity", Where: host, Msg: "ram"},
		{Rule: "capacity", Where: host, Msg: "vcpu"},
		{Rule: "max-vms(max=1)", Where: host},
		{Rule: "fence", Where: cloud.Where{By: "host", Place: "h1", VM: "a"}},
		{Rule: "depends", Where: cloud.Where{By: "zone", Place: "z", Group: "db"}},
		{Rule: "affinity(group=web)"},
	}
	want := []string{
		`capacity: host "h1"`, `max-vms(max=1): host "h1"`, `fence: VM "a" on host "h1"`, `depends: group "db" in zone "z"`, "affinity(group=web)",
	}
	if got := prints(cloud.Distinct(found)); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for n, want := range map[int]string{1: "1 rule at 1 place", 2: "1 rule at 1 place", 3: "2 rules at 1 place", 6: "5 rules at 4 places"} {
		if got := cloud.Extent(found[:n]); got != want {
			t.Errorf("the first %d: %q, want %q", n, got, want)
		}
	}
}

func TestAStartIsAcceptedThatNoPathCanMend(t *testing.T) {
	in, inForce, _, err := worn(2, "capacity")
	if err != nil {
		t.Fatal(err)
	}
	_, breaches, err := cloud.Mend(in, append(cloud.Whole(inForce), stubborn{}), in.Initial)
	want := "/initial: the initial placement breaks a rule that no path can mend: stubborn: it never holds"
	if err == nil || err.Error() != want || len(breaches) != 2 {
		t.Errorf("%v and %d breaches, want %q and 2", err, len(breaches), want)
	}
}

// Every host of the start is too full, and has a VM that is banned from it.
func worn(hosts int, texts ...string) (*cloud.Instance, []cloud.Rule, *cloud.Plan, error) {
	in := &cloud.Instance{Name: "worn", Resources: []cloud.Resource{{Name: "ram"}}, Groups: []cloud.Group{{Name: "all"}}}
	p := &cloud.Plan{Status: cloud.Feasible}
	for h := range 2 * hosts {
		rack := fmt.Sprintf("r%d", h/40)
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprint("h", h), Rack: rack, Capacity: []int64{10}, Reserved: []int64{0}})
	}
	for h := range hosts {
		for range 3 {
			v := cloud.VMID(len(in.VMs))
			in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprint("v", v), Demand: []int64{4}})
			in.Initial, in.Target = append(in.Initial, cloud.HostID(h)), append(in.Target, cloud.HostID(h))
			in.Groups[0].VMs = append(in.Groups[0].VMs, v)
		}
		last := cloud.VMID(len(in.VMs) - 1)
		in.Target[last] = cloud.HostID(hosts + h)
		p.Steps = append(p.Steps, cloud.Step{Action: cloud.Migrate, VM: last, From: cloud.HostID(h), To: in.Target[last]})
	}
	var specs []spec.Spec
	for _, text := range texts {
		specs = append(specs, spec.MustParse(text))
	}
	bound, err := rules.Bind(catalogue.Standard(), in, specs)
	if err != nil {
		return nil, nil, nil, err
	}
	inForce, _, err := cloud.Mend(in, bound, in.Initial)
	return in, inForce, p, err
}

func TestALongPlanTakesLongToSayWhatItMends(t *testing.T) {
	in, inForce, p, err := worn(5000, "capacity", "max-vms(max=2)", "expression(test=\"vms <= 2\")")
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	got, err := cloud.Mends(in, inForce, p)
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
	for i := range p.Steps {
		if len(got[i]) != 3 {
			t.Fatalf("step %d mends %q, expected 3 breaches (%v)", i, prints(got[i]), err)
		}
	}
}

func BenchmarkMends(b *testing.B) {
	for _, texts := range [][]string{
		{"capacity"},
		{"capacity", "max-vms(max=2)"},
		{"expression(test=\"vms <= 2\")"},
		{"expression(test=\"vm.demand.ram > 4\")"},
		{"max-per-host(group=all, max=2)"},
		{"max-per-rack(group=all, max=100)"},
	} {
		in, inForce, p, err := worn(5000, texts...)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprint(texts), func(b *testing.B) {
			for b.Loop() {
				if _, err := cloud.Mends(in, inForce, p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
