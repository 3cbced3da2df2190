package targets_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// strategies are what the laws are tried on.
var strategies = []string{
	"defragment", "defragment(displace=0)", "defragment(absent=place)",
	"rebalance", "rebalance(tolerance=0)", "rebalance(absent=place)",
	"policy(objective=fragments(size.ram=2))", "incremental", "incremental(objective=hosts, max-migrations=1)",
	"rebalance(tolerance=0, max-migrations=2)", "defragment(max-cost=40)", "rebalance(measure=stddev, headroom=0.1)",
	"evacuate(hosts=host0)", "evacuate(hosts=[host0, host2], displace=0)", "evacuate(racks=a)", "evacuate(zones=z, absent=place)",
}

// fataler is what tests and property tests have in common.
type fataler interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

func build(t fataler, text string) targets.Strategy {
	t.Helper()
	s, _, err := spec.Build[targets.Strategy](catalogue.Standard(), targets.Kind, spec.MustParse(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What a strategy is for must have come about, under every rule, or the strategy must say
// that it found no target.
func TestTargetsKeepWhatTheirStrategiesPromise(t *testing.T) {
	found := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		r := draw(t)
		for _, text := range strategies {
			if try(t, text, r) {
				found[spec.MustParse(text).Name]++
			}
		}
	})
	for _, name := range []string{"defragment", "rebalance", "evacuate", "policy", "incremental"} {
		if found[name] < 5 {
			t.Errorf("%s found only %d targets: the law was hardly tried", name, found[name])
		}
	}
}

// try tests one choice, and tells whether there was one.
func try(t *rapid.T, text string, r *targets.Request) bool {
	c, err := targets.Choose(context.Background(), build(t, text), r)
	var none *targets.NoTargetError
	if errors.As(err, &none) || (err != nil && (strings.HasPrefix(err.Error(), "unknown ") || strings.HasPrefix(err.Error(), "headroom is "))) {
		return false // not every instance has the host, the rack or the zone, or headroom under its rules
	}
	if err != nil {
		t.Fatal(err)
	}
	in := r.Instance
	if f := validate.Placement(in, r.Rules, c.Target, true); len(f) > 0 {
		t.Errorf("%s: %s", text, f[0])
	}
	place := strings.Contains(text, "absent=place")
	for v, h := range c.Target {
		if (in.Initial[v] == cloud.Absent) != (h == cloud.Absent) && !place {
			t.Errorf("%s: VM %d was on %s and goes to %s", text, v, in.HostName(in.Initial[v]), in.HostName(h))
		}
		if h == cloud.Absent && place {
			t.Errorf("%s: VM %d was not placed", text, v)
		}
	}
	fulfilled(t, text, r, c.Target, place)
	walk(t, text, r, c)
	again, err := targets.Choose(context.Background(), build(t, text), r)
	if err != nil || !again.Target.Equal(c.Target) || !slices.Equal(again.Path, c.Path) {
		t.Errorf("%s: another target the second time", text)
	}
	return true
}

// fulfilled tests the purpose of a strategy. Where a rule is broken at the start, mending it
// comes first.
func fulfilled(t *rapid.T, text string, r *targets.Request, target cloud.Placement, place bool) {
	in := r.Instance
	mended := len(validate.Placement(in, r.Rules, in.Initial, true)) > 0
	w, err := r.Weigh(build(t, text), target)
	if err != nil {
		t.Fatal(err)
	}
	switch name := spec.MustParse(text).Name; {
	case name != "evacuate" && !mended && !place && w.After.Compare(w.Before) > 0:
		t.Errorf("%s: %s, %s before", text, w.Objective.Show(w.After), w.Objective.Show(w.Before))
	case w.After.Compare(w.Bound) < 0:
		t.Errorf("%s: %s is below the bound of %s", text, w.Objective.Show(w.After), w.Objective.Show(w.Bound))
	case name == "evacuate":
		for v, h := range target {
			if h == cloud.Absent {
				continue
			}
			host := &in.Hosts[h]
			if strings.Contains(text, host.Name) || (strings.Contains(text, "racks=a") && host.Rack == "a") ||
				(strings.Contains(text, "zones=z") && host.Zone == "z") {
				t.Errorf("%s: VM %d stands on %s", text, v, host.Name)
			}
		}
	}
}

// walk replays the path that came with a choice.
func walk(t fataler, text string, r *targets.Request, c targets.Choice) {
	d, _ := catalogue.Standard().Lookup(targets.Kind, spec.MustParse(text).Name)
	if c.Path == nil {
		if d.Has(targets.Reachable) && len(breaks(r)) == 0 {
			t.Errorf("%s promises a path and knows none", text)
		}
		return
	}
	in := *r.Instance
	in.Target = c.Target
	cost, err := costs.Bind(catalogue.Standard(), &in, spec.Named("count"))
	if err != nil {
		t.Fatal(err)
	}
	plan := &cloud.Plan{Status: cloud.Feasible, Steps: in.Steps(c.Path, cost), Cost: paths.PathCost(cost, c.Path)}
	if report := validate.Plan(&in, r.Rules, cost, plan); !report.OK() {
		t.Errorf("%s: %s", text, report.Findings[0])
	}
}

// uniform makes a cloud of equal hosts; the VMs are dealt to them in turn.
func uniform(t testing.TB, hosts int, demands ...[]int64) *cloud.Instance {
	t.Helper()
	in := &cloud.Instance{Name: "uniform", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}, {Name: "vcpu", Unit: "core"}}}
	for h := range hosts {
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: fmt.Sprintf("h%d", h), Rack: fmt.Sprintf("r%d", h/2), Zone: "z",
			Capacity: []int64{100, 100}, Reserved: []int64{0, 0},
		})
	}
	for v, d := range demands {
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprintf("v%d", v), Demand: d})
		in.Initial = append(in.Initial, cloud.HostID(v%hosts))
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return in
}

func choose(t testing.TB, text string, in *cloud.Instance) (targets.Choice, *targets.Request, error) {
	t.Helper()
	r := request(t, in)
	c, err := targets.Choose(context.Background(), build(t, text), r)
	return c, r, err
}

// VMs of 10 to 30 % of a host, on hosts that are some 40 % full: the fewest hosts that
// could hold them by volume must nearly be reached.
func TestDefragmentComesCloseToTheVolumeBound(t *testing.T) {
	var demands [][]int64
	total := []int64{0, 0}
	for v := range int64(800) {
		d := []int64{10 + v*7%21, 10 + v*11%21}
		demands = append(demands, d)
		total[0] += d[0]
		total[1] += d[1]
	}
	c, r, err := choose(t, "defragment", uniform(t, 400, demands...))
	if err != nil {
		t.Fatal(err)
	}
	bound := int(max(total[0]+99, total[1]+99) / 100)
	if n := r.Measure(c.Target).HostsInUse; n < bound || n > bound+bound/8 {
		t.Errorf("%d hosts in use; %d are needed by volume, and an eighth more is too many", n, bound)
	}
}

// VMs that stand nowhere fill the hosts in use before they are given an empty one, and are
// given one rather than none.
func TestDefragmentPlacesAbsentVMsBadly(t *testing.T) {
	for _, c := range []struct {
		demands [][]int64
		want    cloud.Placement // of two VMs on hosts of their own, and of those that are absent
	}{
		{[][]int64{{60, 60}, {30, 30}, {10, 10}}, cloud.Placement{0, 0, 0}},
		{[][]int64{{60, 60}, {30, 30}, {90, 90}, {10, 10}}, cloud.Placement{0, 0, 1, 0}},
		{[][]int64{{100, 100}, {100, 100}, {50, 50}, {50, 50}}, cloud.Placement{0, 1, 2, 2}},
	} {
		in := uniform(t, 4, c.demands...)
		for v := 2; v < len(in.VMs); v++ {
			in.Initial[v] = cloud.Absent
		}
		got, _, err := choose(t, "defragment(absent=place)", in)
		if err != nil || !got.Target.Equal(c.want) {
			t.Errorf("%v: expected %v, found %v, %v", c.demands, c.want, got.Target, err)
		}
	}
}

// VMs of hosts that stay in use have no reason to move.
func TestDefragmentMovesVMsForNothing(t *testing.T) {
	in := uniform(t, 3, []int64{60, 10}, []int64{50, 10}, []int64{30, 10})
	c, _, err := choose(t, "defragment", in)
	if err != nil {
		t.Fatal(err)
	}
	if want := (cloud.Placement{0, 1, 0}); !c.Target.Equal(want) {
		t.Errorf("target %v, want %v: h2 is emptied onto the fullest host with room", c.Target, want)
	}
}

// With overcommitment the limits of all hosts together may not fit in 64 bits.
func TestDefragmentOverflowsUnderOvercommitment(t *testing.T) {
	in := uniform(t, 3, []int64{10, 10}, []int64{10, 10}, []int64{10, 10})
	for h := range in.Hosts {
		in.Hosts[h].Capacity = []int64{9e12, 9e12}
	}
	in.Rules = []spec.Spec{spec.MustParse("capacity(overcommit.ram=1000000, overcommit.vcpu=1000000)")}
	c, r, err := choose(t, "defragment", in)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Measure(c.Target).HostsInUse; got != 1 {
		t.Errorf("expected that one host holds all VMs, found %d in use", got)
	}
}

// No single VM that moves may still lower the most loaded host.
func TestRebalanceStopsTooEarly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := draw(t)
		c, err := targets.Choose(context.Background(), build(t, "rebalance(tolerance=0)"), r)
		if err != nil || len(validate.Placement(r.Instance, r.Rules, r.Instance.Initial, true)) > 0 {
			return
		}
		highest := r.Measure(c.Target).Highest
		atTop := 0
		for h := range r.Instance.Hosts {
			alone := c.Target.Clone()
			for v, at := range alone {
				if at != cloud.HostID(h) {
					alone[v] = cloud.Absent
				}
			}
			if r.Measure(alone).Highest == highest {
				atTop++
			}
		}
		if atTop != 1 {
			return
		}
		even := evenLoad(r)
		for v, from := range c.Target {
			for h := range r.Instance.Hosts {
				if from == cloud.Absent || from == cloud.HostID(h) {
					continue
				}
				next := c.Target.Clone()
				next[v] = cloud.HostID(h)
				in := *r.Instance
				in.Initial, in.Target = c.Target, next
				if r.Measure(next).Highest < highest && highest > even && sane(&in, r.Rules, cloud.Change{VM: cloud.VMID(v), From: from, To: cloud.HostID(h)}) {
					t.Errorf("VM %d could go from %s to %s, and the highest load is then %g instead of %g",
						v, in.HostName(from), in.HostName(cloud.HostID(h)), r.Measure(next).Highest, highest)
				}
			}
		}
	})
}

// A host within the tolerance is left alone. Here 60, 20 and 20 % are 33 % each on average.
func TestRebalanceDisregardsItsTolerance(t *testing.T) {
	in := uniform(t, 3, []int64{20, 0}, []int64{20, 0}, []int64{20, 0}, []int64{20, 0}, []int64{0, 0}, []int64{0, 0}, []int64{20, 0})
	for tolerance, moves := range map[string]int{"0": 1, "0.2": 1, "0.3": 0} {
		c, _, err := choose(t, "rebalance(tolerance="+tolerance+")", in)
		if err != nil || len(c.Path) != moves {
			t.Errorf("tolerance %s: expected %d moves, found %v, %v", tolerance, moves, c.Path, err)
		}
	}
}

// evenLoad is the load of every host if all VMs were shared evenly.
func evenLoad(r *targets.Request) float64 {
	one := *r.Instance
	one.Hosts = []cloud.Host{{Name: "all", Capacity: make([]int64, len(one.Resources)), Reserved: make([]int64, len(one.Resources))}}
	limiter := r.Rules[0].(cloud.Limiter)
	for h := range r.Instance.Hosts {
		for i := range one.Resources {
			one.Hosts[0].Capacity[i] += limiter.Limit(cloud.HostID(h), i)
		}
	}
	all := one.Initial.Clone()
	for v, h := range all {
		all[v] = min(h, 0)
	}
	return (&targets.Request{Instance: &one}).Measure(all).Highest
}

// sane tells whether the change is a sane migration that breaks no discrete rule either.
func sane(in *cloud.Instance, bound []cloud.Rule, change cloud.Change) bool {
	cost, err := costs.Bind(catalogue.Standard(), in, spec.Named("count"))
	if err != nil {
		return false
	}
	steps := in.Steps([]cloud.Change{change}, cost)
	plan := &cloud.Plan{Status: cloud.Feasible, Steps: steps, Cost: 1}
	return validate.Plan(in, bound, cost, plan).OK()
}

func TestEvacuateMakesRoomByDisplacing(t *testing.T) {
	// v0 fits nowhere until v1 leaves h1 for h2.
	in := uniform(t, 3, []int64{70, 0}, []int64{30, 0}, []int64{60, 0})
	in.Rules = []spec.Spec{spec.Named("capacity"), spec.MustParse("fence(vms=v0, hosts=[h0, h1])")}
	in.VMs[1].Demand[0] = 40
	c, _, err := choose(t, "evacuate(hosts=h0)", in)
	if err != nil {
		t.Fatal(err)
	}
	if want := (cloud.Placement{1, 2, 2}); !c.Target.Equal(want) || len(c.Path) != 2 {
		t.Errorf("target %v, path %v", c.Target, c.Path)
	}
}

// v0 may not go to h1, though v1 could make room for it there: v1 must be back before v2
// makes room on h2.
func TestVainDisplacingLeavesTraces(t *testing.T) {
	in := uniform(t, 3, []int64{70, 0}, []int64{40, 0}, []int64{60, 0})
	in.Rules = []spec.Spec{spec.Named("capacity"), spec.MustParse("fence(vms=v0, hosts=[h0, h2])")}
	c, _, err := choose(t, "evacuate(hosts=h0)", in)
	if err != nil {
		t.Fatal(err)
	}
	if want := (cloud.Placement{2, 1, 1}); !c.Target.Equal(want) || len(c.Path) != 2 {
		t.Errorf("target %v, path %v", c.Target, c.Path)
	}
}

func TestHostsWithoutARackAreTakenForARack(t *testing.T) {
	in := uniform(t, 4)
	in.Hosts[0].Rack = ""
	for _, name := range []string{"*", "r*"} {
		if got, err := targets.HostsOf(in, "rack", []string{name}); err != nil || !slices.Equal(got, []cloud.HostID{1, 2, 3}) {
			t.Errorf("%s: found %v, %v", name, got, err)
		}
	}
	if got, err := targets.HostsOf(in, "rack", []string{""}); err == nil {
		t.Errorf("no name: found %v", got)
	}
}

// A discrete rule that the start breaks is mended where a VM can do so by itself.
func TestDiscreteRulesAreMended(t *testing.T) {
	in := uniform(t, 3, []int64{10, 0}, []int64{10, 0}, []int64{10, 0})
	in.Rules = []spec.Spec{spec.Named("capacity"), spec.MustParse("fence(vms=v1, hosts=h2, continuous=no)")}
	for _, text := range []string{"defragment", "rebalance(tolerance=1)", "evacuate(hosts=h0)"} {
		c, _, err := choose(t, text, in)
		if err != nil || c.Target[1] != 2 {
			t.Errorf("%s: %v, %v", text, c.Target, err)
		}
	}
}

func TestNoTargetSaysWhy(t *testing.T) {
	in := uniform(t, 4, []int64{90, 10}, []int64{10, 10}, []int64{20, 10}, []int64{90, 10})
	in.Groups = []cloud.Group{{Name: "web", VMs: []cloud.VMID{0, 1}}}
	in.Rules = []spec.Spec{spec.Named("capacity"), spec.MustParse("anti-affinity(group=web)")}
	var none *targets.NoTargetError
	_, _, err := choose(t, "evacuate(zones=z)", in)
	if !errors.As(err, &none) || !strings.HasSuffix(err.Error(), "no target exists: all 4 hosts are to be empty") {
		t.Errorf("got %v", err)
	}
}

func TestRequestsThatMakeNoSenseAreRefused(t *testing.T) {
	in := uniform(t, 2, []int64{10, 10})
	for text, want := range map[string]string{
		"evacuate(hosts=h5)":    `unknown host "h5", did you mean "h0"?`,
		"evacuate(racks=x9)":    `unknown rack "x9"; the instance has r0`,
		`evacuate(hosts="h[")`:  `host pattern "h[": syntax error in pattern`,
		"evacuate(zones=other)": `unknown zone "other"; the instance has z`,
	} {
		if _, _, err := choose(t, text, in); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

// liar proposes whatever it is told to.
type liar struct{ targets.Choice }

func (l liar) Objective(*cloud.Instance) spec.Spec { return spec.Named("hosts") }

func (l liar) Choose(context.Context, *targets.Request) (targets.Choice, error) { return l.Choice, nil }

// The driver trusts no strategy.
func TestDriverReturnsAnInsaneTarget(t *testing.T) {
	r := request(t, uniform(t, 3, []int64{60, 10}, []int64{60, 10}))
	for _, c := range []struct {
		name   string
		choice targets.Choice
		want   string
	}{
		{"overfull", targets.Choice{Target: cloud.Placement{0, 0}}, "the placement that was tried breaks a rule: capacity"},
		{"too short", targets.Choice{Target: cloud.Placement{0}}, "expected a host or nothing for each of 2 VMs, found 1"},
		{"no such host", targets.Choice{Target: cloud.Placement{0, 9}}, `VM "v1" stands on a host that does not exist`},
		{"no path", targets.Choice{Target: cloud.Placement{1, 0}, Path: []cloud.Change{{VM: 0, From: 0, To: 1}, {VM: 1, From: 1, To: 0}}}, `is invalid: step 1 takes VM "v0" from h0 to h1`},
		{"path that stops", targets.Choice{Target: cloud.Placement{0, 2}, Path: []cloud.Change{}}, "does not lead to its target"},
	} {
		if _, err := targets.Choose(t.Context(), liar{c.choice}, r); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
	// A swap in which both wait for the other has no direct path: nothing must be claimed.
	c, err := targets.Choose(t.Context(), liar{targets.Choice{Target: cloud.Placement{1, 0}}}, r)
	if err != nil || c.Path != nil {
		t.Errorf("got %v, %v", c, err)
	}
}

func BenchmarkDefragment10000Hosts(b *testing.B) { benchmark(b, "defragment") }

func BenchmarkRebalance10000Hosts(b *testing.B) { benchmark(b, "rebalance(tolerance=0)") }

func benchmark(b *testing.B, text string) {
	var demands [][]int64
	for v := range int64(150_000) {
		demands = append(demands, []int64{2 + v*7%5, 2 + v*v%6})
	}
	in := uniform(b, 10_000, demands...)
	for b.Loop() {
		if _, _, err := choose(b, text, in); err != nil {
			b.Fatal(err)
		}
	}
}

// A group that shares a host leaves it where its VMs may part on the way, and never where they may not: then a
// target in which it has left is none.
func TestVMsThatMustStayTogetherMoveTogether(t *testing.T) {
	for text, kept := range map[string]bool{"affinity(group=pair)": true, "affinity(group=pair, continuous=no)": false} {
		in := uniform(t, 3, []int64{30, 0}, []int64{60, 0}, []int64{50, 0}, []int64{20, 0})
		in.Groups = []cloud.Group{{Name: "pair", VMs: []cloud.VMID{0, 3}}}
		in.Rules = []spec.Spec{spec.Named("capacity"), spec.MustParse(text)}
		for _, strategy := range []string{"evacuate(hosts=h0)", "defragment"} {
			c, _, err := choose(t, strategy, in)
			if kept && strategy != "defragment" {
				want := `no target exists: no path can lead to one: VMs "v0", "v3" may never be apart and so stay on host "h0"`
				if _, impossible := errors.AsType[*targets.ImpossibleError](err); !impossible || !strings.HasPrefix(err.Error(), want) {
					t.Errorf("%s under %s: %v, %v, expected %s", strategy, text, c.Target, err, want)
				}
				continue
			}
			if err != nil || c.Target[0] != c.Target[3] || c.Path == nil || strategy != "defragment" && c.Target[0] != 2 {
				t.Errorf("%s under %s: %v, path %v, %v", strategy, text, c.Target, c.Path, err)
			}
		}
	}
}

// request asks for a target, under the instance's own rules and with RAM as the cost.
func request(t fataler, in *cloud.Instance) *targets.Request {
	ram, err := costs.Bind(catalogue.Standard(), in, spec.Named("ram"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := targets.NewRequest(catalogue.Standard(), in, nil, ram)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// breaks names the rules that the start breaks.
func breaks(r *targets.Request) []string {
	found := map[string]bool{}
	for _, f := range validate.Placement(r.Instance, r.Rules, r.Instance.Initial, true) {
		s := spec.MustParse(f.Rule)
		found[s.Name] = true
	}
	return slices.Sorted(maps.Keys(found))
}
