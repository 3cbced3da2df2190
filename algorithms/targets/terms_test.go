package targets_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/generators"
)

// cloudOf makes an instance of a family.
func cloudOf(t *testing.T, text string, seed uint64) *cloud.Instance {
	t.Helper()
	family, _, err := spec.Build[generators.Family](catalogue.Standard(), generators.Kind, spec.MustParse(text))
	if err != nil {
		t.Fatal(err)
	}
	made, err := family(seed)
	if err != nil {
		t.Fatal(err)
	}
	return made[0]
}

// Whatever the strategy, the terms are kept: how much migrates, what that gains, which VMs stay, and what hosts
// keep free. Often enough something migrates all the same.
func TestTermsAreKept(t *testing.T) {
	moved := map[string]int{}
	for seed := range uint64(6) {
		in := cloudOf(t, "random(hosts=9, max=2048, utilisation=0.55, target=none)", seed)
		for v := range in.VMs {
			if v%3 == 0 {
				in.VMs[v].Numbers = map[string]int64{"ends_in_s": int64(100 * (v % 4))}
			}
		}
		for _, name := range []string{"defragment", "rebalance(tolerance=0)", "policy(objective=fragments(size.ram=1024))", "incremental", "evacuate(hosts=host1)"} {
			for _, term := range []string{
				"max-migrations=3", "max-cost=3000", "min-gain=1/4", "min-gain-per-cost=1/2000", "headroom=0.2", "spare=2", "ending=200", "start=4000000000",
				"avoid=host2", "reachable=yes",
			} {
				s, extra := spec.MustParse(name), spec.MustParse("x("+term+")")
				s = s.WithValue(extra.Args[0].Key, extra.Args[0].Value)
				r := request(t, in)
				strategy := build(t, s.String())
				c, err := targets.Choose(context.Background(), strategy, r)
				var none *targets.NoTargetError
				if errors.As(err, &none) {
					continue // the terms may not allow it
				}
				if err != nil {
					t.Fatal(err)
				}
				w, err := r.Weigh(strategy, c.Target)
				if err != nil {
					t.Fatal(err)
				}
				if fault := breach(in, r, term, name, c, w); fault != "" {
					t.Errorf("seed %d: %s: %s", seed, s, fault)
				}
				moved[extra.Args[0].Key] += w.Migrations
			}
		}
	}
	for term, n := range moved {
		if n == 0 && term != "start" {
			t.Errorf("%s: nothing ever migrates", term)
		}
	}
}

// breach says in which way a term is not kept.
func breach(in *cloud.Instance, r *targets.Request, term, name string, c targets.Choice, w targets.Worth) string {
	gain, clears := w.Before[0]-w.After[0], strings.HasPrefix(name, "evacuate")
	before, after := loads(in, in.Initial), loads(in, c.Target)
	empty := 0
	for h := range in.Hosts {
		if after[h] == 0 {
			empty++
		}
		if term == "headroom=0.2" && after[h] > max(before[h], 0.8+1e-9) {
			return fmt.Sprintf("host %d is %.3f full, %.3f before", h, after[h], before[h])
		}
	}
	switch {
	case len(validate.Placement(in, r.Rules, c.Target, true)) > 0:
		return "the target breaks a rule"
	case term == "max-migrations=3" && w.Migrations > 3 && !clears:
		return fmt.Sprintf("%d migrations", w.Migrations)
	case term == "max-cost=3000" && w.Cost > 3000 && !clears:
		return fmt.Sprintf("a cost of %d", w.Cost)
	case term == "min-gain=1/4" && 4*gain < int64(w.Migrations) && !clears, term == "min-gain-per-cost=1/2000" && 2000*gain < w.Cost && !clears:
		return fmt.Sprintf("%d migrations at a cost of %d gain %d", w.Migrations, w.Cost, gain)
	case term == "spare=2" && empty < 2:
		return fmt.Sprintf("%d hosts are empty", empty)
	case term == "start=4000000000" && w.Migrations > 0 && !clears:
		return "something migrates"
	case term == "reachable=yes" && c.Path == nil:
		return "no path is known"
	}
	for v, h := range c.Target {
		if ends, known := in.VMs[v].Numbers["ends_in_s"]; term == "ending=200" && known && ends <= 200 && h != in.Initial[v] {
			return fmt.Sprintf("VM %d, which ends in %d s, migrates", v, ends)
		}
	}
	return ""
}

// loads are the fullest shares of the hosts.
func loads(in *cloud.Instance, p cloud.Placement) []float64 {
	used := make([][]int64, len(in.Hosts))
	for h := range used {
		used[h] = make([]int64, len(in.Resources))
	}
	for v, h := range p {
		for i, d := range in.VMs[v].Demand {
			used[h][i] += d
		}
	}
	out := make([]float64, len(in.Hosts))
	for h := range out {
		for i, n := range used[h] {
			out[h] = max(out[h], float64(n)/float64(in.Hosts[h].Capacity[i]-in.Hosts[h].Reserved[i]))
		}
	}
	return out
}

// Of hosts that are equally good, VMs go to those that are preferred, and keep away from those to avoid, unless
// there is no other way.
func TestPreferredDestinationsMakeNoDifference(t *testing.T) {
	in := uniform(t, 4, []int64{60, 0}, []int64{30, 0}, []int64{30, 0}, []int64{10, 0})
	for text, want := range map[string]cloud.HostID{
		"evacuate(hosts=h0, prefer=h3)":                         3,
		"evacuate(hosts=h0, avoid=[h1, h3])":                    2,
		"evacuate(hosts=[h0, h1, h2], prefer=h2, absent=place)": -1,
		"evacuate(hosts=[h0], avoid=*)":                         -2,
	} {
		c, _, err := choose(t, text, in)
		if want >= 0 && (err != nil || c.Target[0] != want) || want == -2 && err != nil {
			t.Errorf("%s: target %v, %v", text, c.Target, err)
		}
	}
}

// Soft rules decide between targets that are equally good, and yield where the objective suffers.
func TestSoftRulesDecideBetweenEqualTargets(t *testing.T) {
	in := uniform(t, 4, []int64{50, 0}, []int64{40, 0}, []int64{40, 0}, []int64{10, 0})
	in.Groups = []cloud.Group{{Name: "web", VMs: []cloud.VMID{0, 1}}}
	c, _, err := choose(t, "defragment(soft=anti-affinity(group=web))", in)
	if err != nil || c.Target[0] == c.Target[1] {
		t.Errorf("target %v, %v: two hosts hold all VMs with v0 and v1 apart", c.Target, err)
	}
	in = uniform(t, 2, []int64{50, 0}, []int64{40, 0})
	in.Groups = []cloud.Group{{Name: "web", VMs: []cloud.VMID{0, 1}}}
	if c, _, err := choose(t, "defragment(soft=anti-affinity(group=web))", in); err != nil || c.Target[0] != c.Target[1] {
		t.Errorf("target %v, %v: one host is enough", c.Target, err)
	}
}

// A target to which no path leads is passed over for one that can be reached.
func TestReachablePassesOverTargetsWithoutAPath(t *testing.T) {
	// v0 and v1 must share a host on the way, so that neither ever leaves h0; v2 can.
	in := uniform(t, 3, []int64{20, 0}, []int64{50, 0}, []int64{10, 0})
	in.Initial = cloud.Placement{0, 0, 1}
	in.Groups = []cloud.Group{{Name: "pair", VMs: []cloud.VMID{0, 1}}}
	in.Rules = []spec.Spec{spec.Named("capacity"), spec.MustParse("affinity(group=pair)"), spec.MustParse("fence(vms=v2, hosts=[h1, h2])")}
	c, _, err := choose(t, "policy(objective=hosts, reachable=yes)", in)
	if err != nil || c.Path == nil {
		t.Errorf("target %v, path %v, %v", c.Target, c.Path, err)
	}
}

// Terms that get in each other's way are kept all the same.
func TestTermsAreKeptTogether(t *testing.T) {
	moved := 0
	for seed := range uint64(6) {
		in := cloudOf(t, "random(hosts=9, max=2048, utilisation=0.5, target=none)", seed)
		for text, term := range map[string]string{
			"rebalance(tolerance=0.4, headroom=0.2, max-cost=60000)":                           "headroom=0.2",
			"rebalance(tolerance=0.35, headroom=0.2)":                                          "headroom=0.2",
			"evacuate(hosts=host1, headroom=0.2)":                                              "headroom=0.2",
			"defragment(spare=2, min-gain=3)":                                                  "spare=2",
			"policy(objective=fragments(size.ram=1024), spare=2, min-gain=100)":                "spare=2",
			"policy(objective=fragments(size.ram=1024), spare=2, max-migrations=16)":           "spare=2",
			"rebalance(spare=2, max-migrations=16)":                                            "spare=2",
			"rebalance(spare=2, measure=stddev, max-migrations=16)":                            "spare=2",
			"incremental(reachable=yes, objective=fragments(size.ram=1024), headroom=0.2)":     "headroom=0.2",
			"incremental(reachable=yes, objective=fragments(size.ram=1024), max-migrations=3)": "max-migrations=3",
		} {
			r := request(t, in)
			strategy := build(t, text)
			c, err := targets.Choose(context.Background(), strategy, r)
			var none *targets.NoTargetError
			if errors.As(err, &none) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			w, err := r.Weigh(strategy, c.Target)
			if err != nil {
				t.Fatal(err)
			}
			if fault := breach(in, r, term, text, c, w); fault != "" {
				t.Errorf("seed %d: %s: %s", seed, text, fault)
			}
			if strings.HasPrefix(text, "incremental") {
				moved += w.Migrations
			}
		}
	}
	if moved == 0 {
		t.Error("incremental moves nothing where paths are asked for")
	}
}

// Also where a cloud is so small that its best target is found for sure.
func TestReachablePassesOverTheBestTarget(t *testing.T) {
	in := uniform(t, 2, []int64{60, 0}, []int64{50, 0}, []int64{10, 0})
	in.Initial = cloud.Placement{0, 1, 0}
	c, _, err := choose(t, `policy(objective=expression(value="host.name == \"h0\" ? used.ram : 0"), reachable=yes)`, in)
	if err != nil || !c.Target.Equal(cloud.Placement{0, 1, 1}) {
		t.Errorf("target %v, %v: v0 and v1 cannot change places", c.Target, err)
	}
}

// A cloud without VMs is as good as it gets, and one without hosts stays as it is.
func TestNothingMoves(t *testing.T) {
	for _, text := range []string{"policy(objective=fragments(size.ram=8))", "rebalance(measure=range)", "defragment", "incremental"} {
		if c, _, err := choose(t, text, uniform(t, 2)); err != nil || len(c.Target) != 0 {
			t.Errorf("%s: target %v, %v", text, c.Target, err)
		}
		in := uniform(t, 1, []int64{1, 0})
		in.Hosts, in.Initial[0] = nil, cloud.Absent
		if c, _, err := choose(t, text, in); err != nil || len(c.Target) != 1 {
			t.Errorf("%s: target %v, %v", text, c.Target, err)
		}
		var none *targets.ImpossibleError
		if c, _, err := choose(t, spec.MustParse(text).WithValue("absent", spec.MustParse("x(y=place)").Args[0].Value).String(), in); !errors.As(err, &none) {
			t.Errorf("%s: target %v, %v", text, c.Target, err)
		}
	}
}

// More empty hosts than the cloud can spare are proved impossible.
func TestTooManySpareHostsAreImpossible(t *testing.T) {
	in := uniform(t, 4, []int64{60, 1}, []int64{60, 1}, []int64{10, 1})
	if _, _, err := choose(t, "defragment(spare=2)", in); err != nil {
		t.Fatal(err)
	}
	for _, spare := range []string{"3", "4", "100"} {
		_, _, err := choose(t, "rebalance(spare="+spare+")", in)
		var none *targets.ImpossibleError
		if !errors.As(err, &none) || !strings.Contains(err.Error(), spare+" hosts are to be empty (spare), and at least 2 of 4 have to be in use") {
			t.Errorf("spare=%s: %v", spare, err)
		}
	}
}

// A search with nothing left to gain ends without using up its time.
func TestSearchEndsWhereNothingCanBeBetter(t *testing.T) {
	r := request(t, uniform(t, 3, []int64{60, 1}, []int64{60, 1}, []int64{10, 1}))
	asked := 0
	r.Search = &targets.Search{Seed: 1, GoOn: func() bool { asked++; return asked < 10_000 }}
	if _, err := targets.Choose(context.Background(), build(t, "policy(objective=soft(rules=[capacity]))"), r); err != nil {
		t.Fatal(err)
	}
	if asked > 100 {
		t.Errorf("asked %d times whether to go on", asked)
	}
}

// An evacuation that is possible at some cost is found within a budget of that cost.
func TestEvacuationsWithinTheirBudgetAreRefused(t *testing.T) {
	found := 0
	for seed := range uint64(40) {
		in := cloudOf(t, "random(hosts=16, sizes=flavours, flavours=[512, 1024, 4096, 8192], weights=[0.4, 0.3, 0.2, 0.1], max=8192, utilisation=0.88, target=none)", seed)
		r := request(t, in)
		r.Search = r.Briefly(1)
		free := build(t, "evacuate(hosts=host1)")
		c, err := targets.Choose(context.Background(), free, r)
		if err != nil {
			continue
		}
		w, err := r.Weigh(free, c.Target)
		if err != nil {
			t.Fatal(err)
		}
		r.Search = r.Briefly(1)
		found++
		if _, err := targets.Choose(context.Background(), build(t, fmt.Sprintf("evacuate(hosts=host1, max-cost=%d)", w.Cost)), r); err != nil {
			t.Errorf("seed %d: a cost of %d is possible: %v", seed, w.Cost, err)
		}
	}
	if found < 10 {
		t.Errorf("only %d evacuations are possible", found)
	}
}
