package formats_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// someCost draws a cost function: the same everywhere, with prices of suspending, or
// dependent on both hosts.
func someCost(rng *rand.Rand) string {
	return []string{
		"ram", "count(suspend=1)",
		`expression(cost="vm.demand.ram * (from.zone == to.zone ? 1 : 3) + (to.name == 'Host 0' ? 1 : 0)", unit=MiB)`,
	}[rng.IntN(3)]
}

// small makes an instance of two or three hosts and three to five VMs with rules among
// the given ones. Its target need not be reachable, and need not be sane.
func small(rng *rand.Rand, optional []string) *cloud.Instance {
	for {
		in := draft(rng, optional)
		if in.Check() != nil {
			panic("a small instance is faulty")
		}
		bound, err := rules.Bind(catalogue.Standard(), in, nil)
		if err != nil {
			panic(err)
		}
		if validate.CheckInitial(in, bound) == nil {
			return in
		}
	}
}

func draft(rng *rand.Rand, optional []string) *cloud.Instance {
	in := &cloud.Instance{Name: "small; (tricky)\nname", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	if rng.IntN(3) == 0 {
		in.Resources = append(in.Resources, cloud.Resource{Name: "vcpu"})
	}
	hosts := 2 + rng.IntN(2)
	interruptible := rng.IntN(3) == 0
	for v := range 3 + rng.IntN(3) {
		vm := cloud.VM{
			Name: fmt.Sprintf("VM (%d)", v), Arch: []string{"", "x86_64", "i386"}[rng.IntN(3)],
			Interruptible: interruptible && rng.IntN(2) == 0, DirtyMiBPerS: new(1.0), WorkingSetMiB: 1,
		}
		if v == 0 {
			vm.Labels = map[string]string{"disk": "ssd"}
		}
		for range in.Resources {
			vm.Demand = append(vm.Demand, 2*rng.Int64N(4))
		}
		in.VMs = append(in.VMs, vm)
	}
	in.Initial, in.Target = somewhere(rng, in, hosts), somewhere(rng, in, hosts)
	for h := range hosts {
		host := cloud.Host{Name: fmt.Sprintf("Host %d", h), Zone: fmt.Sprintf("z%d", h%2), Rack: fmt.Sprintf("r%d", h/2)}
		host.Arch = []string{"", "x86_64", "x86_64"}[rng.IntN(3)]
		if h == 0 {
			host.Labels = map[string]string{"disk": "ssd"}
		}
		for r := range in.Resources {
			need := rng.Int64N(7)
			for v, at := range in.Initial {
				if at == cloud.HostID(h) {
					need += in.VMs[v].Demand[r]
				}
			}
			host.Capacity, host.Reserved = append(host.Capacity, need+1), append(host.Reserved, 1)
		}
		in.Hosts = append(in.Hosts, host)
	}
	for _, name := range []string{"a", "b"} {
		g := cloud.Group{Name: name}
		for v := range in.VMs {
			if rng.IntN(2) == 0 {
				g.VMs = append(g.VMs, cloud.VMID(v))
			}
		}
		in.Groups = append(in.Groups, g)
	}
	in.Rules = rules.Default()
	for _, text := range optional {
		if rng.IntN(len(optional)) < 2 {
			in.Rules = append(in.Rules, spec.MustParse(text))
		}
	}
	return in
}

// decisive finds an instance of which a rule changes the optimum, by what it asks of states
// along the path when it is continuous: an export that forgets the rule is found out.
func decisive(t *testing.T, rule string) solverCase {
	t.Helper()
	const seeds = 4000
	for seed := range uint64(seeds) {
		in := small(rand.New(rand.NewPCG(seed, 4)), []string{rule})
		p := problem(t, in, "ram")
		if last := p.Rules[len(p.Rules)-1]; last.Continuous() && !saneEnds(p) {
			continue
		}
		without := *in
		without.Rules = rules.Default()
		cost, exists := optimum(t, in, "ram")
		freeCost, freeExists := optimum(t, &without, "ram")
		if freeExists && (!exists || cost != freeCost) {
			return solverCase{fmt.Sprintf("%s, seed %d", rule, seed), in, "ram"}
		}
	}
	t.Fatalf("rule %s decides none of %d instances", rule, seeds)
	return solverCase{}
}

// saneEnds tells whether no rule shows already where the path starts and ends that there is
// none.
func saneEnds(p *paths.Problem) bool {
	return len(validate.Placement(p.Instance, p.Rules, p.Start, false))+len(validate.Placement(p.Instance, p.Rules, p.Goal, false))+
		len(validate.Placement(p.Instance, p.Rules, p.Instance.Target, true)) == 0
}

func somewhere(rng *rand.Rand, in *cloud.Instance, hosts int) cloud.Placement {
	p := make(cloud.Placement, len(in.VMs))
	for v := range p {
		p[v] = cloud.HostID(rng.IntN(hosts))
		if rng.IntN(12) == 0 {
			p[v] = cloud.Absent
		}
	}
	return p
}

// optimum is what A* says of an instance: the cost of a cheapest plan, false when there is
// none.
func optimum(t *testing.T, in *cloud.Instance, cost string) (int64, bool) {
	t.Helper()
	p := problem(t, in, cost)
	solver, _, err := paths.New(catalogue.Standard(), spec.Named("astar"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := solver.Solve(context.Background(), p, paths.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != cloud.Optimal && r.Status != cloud.Infeasible {
		t.Fatalf("A* ends with %s", r.Status)
	}
	return r.Cost, r.Status == cloud.Optimal
}

func problem(t *testing.T, in *cloud.Instance, cost string) *paths.Problem {
	t.Helper()
	p, err := paths.NewProblem(catalogue.Standard(), in, nil, spec.MustParse(cost))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// judge fails the test unless the migrations are a plan of that cost.
func judge(t *testing.T, p *paths.Problem, migrations []cloud.Change, cost int64) {
	t.Helper()
	plan := &cloud.Plan{Steps: p.Instance.Steps(migrations, p.Cost), Cost: cost, CostFunction: p.Cost.String(), Status: cloud.Feasible}
	report := validate.Plan(p.Instance, p.Rules, p.Cost, plan)
	if !report.OK() || report.Cost != cost {
		t.Fatalf("expected a plan of cost %d, the judge finds a cost of %d and %v", cost, report.Cost, report.Findings)
	}
}
