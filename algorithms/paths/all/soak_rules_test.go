//go:build soak

package all_test

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/generators"
)

// largeRules is one spec of every rule beyond the default ones, of the cloud that
// ruledCloud makes, whose initial placement obeys it.
var largeRules = map[string]string{
	"anti-affinity": "anti-affinity(group=thin)",
	"affinity":      "affinity(group=west, by=zone)",
	"max-per-host":  "max-per-host(group=thin, max=1)",
	"max-per-rack":  "max-per-rack(group=thin, max=21)",
	"max-per-zone":  "max-per-zone(group=thin, max=101)",
	"interference":  "interference(group=thin, with=west, max=15)",
	"spread":        "spread(group=thin, min=499)",
	"depends":       "depends(group=west, on=[thin], by=rack)",
	"fence":         "fence(group=west, zones=[zone1, zone2])",
	"ban":           "ban(group=west, zones=[zone3])",
	"pin":           "pin(group=west)",
	"quarantine":    "quarantine(racks=[rack7])",
	"maintenance":   "maintenance(racks=[rack7])",
	"max-vms":       "max-vms(max=17)",
	"numa":          "numa(pair=machine, overcommit.ram=1.1)",
	"labels":        "labels(keys=[disk])",
	"at-once":       "at-once",
	"direction":     "direction(label=disk, order=[hdd, ssd])",
	"expression":    `expression(test="vms <= 17")`,
}

// ruledCloud is a cloud of a thousand hosts, quite full, with groups and labels that rules
// can be about, without a target.
func ruledCloud(t *testing.T) *cloud.Instance {
	t.Helper()
	family, _, err := spec.Build[generators.Family](standard, generators.Kind, spec.MustParse("random(hosts=1000, racks=25, zones=5, capacity=64, reserved=0, sizes=flavours, flavours=[3, 5, 8, 16], fill-limit=0.97, tries=20, target=none)"))
	if err != nil {
		t.Fatal(err)
	}
	instances, err := family(1)
	if err != nil {
		t.Fatal(err)
	}
	in := instances[0]
	for h := range in.Hosts {
		in.Hosts[h].Labels = map[string]string{"disk": []string{"ssd", "hdd"}[h%2], "machine": strconv.Itoa(h / 2)}
	}
	thin, west := cloud.Group{Name: "thin"}, cloud.Group{Name: "west"}
	taken := make([]bool, len(in.Hosts))
	for v, h := range in.Initial {
		if v%3 == 0 {
			in.VMs[v].Labels = map[string]string{"disk": in.Hosts[h].Labels["disk"], "numa": "2"}
		}
		switch {
		case h%2 == 0 && !taken[h]: // one on every other host
			taken[h] = true
			thin.VMs = append(thin.VMs, cloud.VMID(v))
		case in.Hosts[h].Zone == in.Hosts[0].Zone:
			west.VMs = append(west.VMs, cloud.VMID(v))
		}
	}
	in.Groups = []cloud.Group{thin, west}
	return in
}

// wandered is the problem of the instance under one more rule, a random walk away.
func wandered(t *testing.T, in cloud.Instance, rule string) *paths.Problem {
	t.Helper()
	in.Rules = append(rules.Default(), spec.MustParse(rule))
	in.Target = in.Initial
	if err := in.Check(); err != nil {
		t.Fatalf("%s: %v", rule, err)
	}
	p := pathtest.Problem(t, &in, "ram")
	rng, s := rand.New(rand.NewPCG(1, 5)), p.NewState()
	for range 30 * len(in.VMs) {
		v, h := cloud.VMID(rng.IntN(len(in.VMs))), cloud.HostID(rng.IntN(len(in.Hosts)))
		if s.Allows(v, h) {
			s.Move(v, h)
		}
	}
	in.Target = s.Placement()
	return pathtest.Problem(t, &in, "ram")
}

// Plans of the algorithms for large clouds break no rule, by the judge's word, where rules
// forbid what they would do without them.
func TestSoakNoPlanOfALargeCloudBreaksARule(t *testing.T) {
	in := ruledCloud(t)
	forbidden := 0
	for _, d := range standard.Descriptors(rules.Kind) {
		rule, ok := largeRules[d.Name]
		if !ok && d.Name != "capacity" && d.Name != "arch" {
			t.Errorf("no spec of the rule %s", d.Name)
		}
		if !ok {
			continue
		}
		p := wandered(t, *in, rule)
		for _, algorithm := range []string{"greedy", "improve", "auto(gap=0.1)"} {
			r := solve(t, algorithm, p, paths.Options{Expansions: 500_000}) // has the plan judged
			if !r.Status.HasPlan() {
				t.Errorf("%s: %s ends with %s (%s)", rule, algorithm, r.Status, r.Reason)
			}
		}
		free := *p.Instance
		free.Rules = rules.Default()
		q := pathtest.Problem(t, &free, "ram")
		r := solve(t, "greedy", q, paths.Options{Expansions: 500_000})
		if r.Status.HasPlan() && !validate.Plan(p.Instance, p.Rules, p.Cost, r.Plan(p, "greedy")).OK() {
			forbidden++
		}
	}
	if forbidden < 5 {
		t.Errorf("only %d of %d rules forbid what is done without them", forbidden, len(largeRules))
	}
}

// Rules about the two ends of a migration, on many more instances than the fast test takes.
func TestSoakAlgorithmsDisregardADirection(t *testing.T) {
	keepPromises(t, pathtest.Directed, 1_000_000, 10_000)
}

// A large cloud of three generations in which VMs change places within their generation: the ways
// round by another generation, which are most, lead nowhere.
func TestSoakDirectionLosesALargeCloud(t *testing.T) {
	family, _, err := spec.Build[generators.Family](standard, generators.Kind,
		spec.MustParse("random(hosts=2000, capacity=64, reserved=0, sizes=flavours, flavours=[3, 5, 8, 16], utilisation=0.95, tries=200, target=none)"))
	if err != nil {
		t.Fatal(err)
	}
	instances, err := family(1)
	if err != nil {
		t.Fatal(err)
	}
	in := instances[0]
	rng := rand.New(rand.NewPCG(1, 5))
	for h := range in.Hosts {
		in.Hosts[h].Labels = map[string]string{"gen": []string{"a", "b", "c"}[rng.IntN(3)]}
	}
	in.Rules = append(rules.Default(), spec.MustParse("direction(label=gen, order=[a, b, c])"))
	in.Target = in.Initial
	s := pathtest.Problem(t, in, "ram").NewState()
	for range 4 * len(in.VMs) {
		v, w := cloud.VMID(rng.IntN(len(in.VMs))), cloud.VMID(rng.IntN(len(in.VMs)))
		there, here := s.HostOf(v), s.HostOf(w)
		if in.Hosts[here].Labels["gen"] == in.Hosts[there].Labels["gen"] && in.VMs[v].Demand[0] != in.VMs[w].Demand[0] {
			change(s, v, w)
		}
	}
	in.Target = s.Placement()
	p := pathtest.Problem(t, in, "ram")
	for _, algorithm := range []string{"greedy", "largefirst", "improve", "auto(gap=0.1)"} {
		r := solve(t, algorithm, p, paths.Options{Expansions: 500_000})
		if !r.Status.HasPlan() {
			t.Errorf("%s ends with %s (%s)", algorithm, r.Status, r.Reason)
		}
		t.Logf("%s: cost %d, bound %d, in %v", algorithm, r.Cost, r.LowerBound, r.Elapsed)
	}
}

// change has two VMs change places where both fit, whatever rules say of the way.
func change(s *cloud.State, v, w cloud.VMID) {
	there, here := s.HostOf(v), s.HostOf(w)
	s.Move(v, cloud.Absent)
	if there == here || !s.Allows(w, there) {
		s.Undo()
		return
	}
	s.Move(w, there)
	if !s.Allows(v, here) {
		s.Undo()
		s.Undo()
		return
	}
	s.Move(v, here)
}
