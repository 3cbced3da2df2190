// Package pathtest is what the tests of path algorithms share: small random
// instances of every kind, and an exhaustive search to judge solvers by. The search
// uses none of the solvers' code: it asks the rules' naive forms.
package pathtest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// Random makes a small instance with a sane start: 2 to 4 hosts, 2 to 6 VMs, one or
// three resources, sometimes of mixed architectures, sometimes with VMs that may be
// suspended, sometimes with groups and the
// rules about them, sometimes with VMs that leave or enter. The target is sometimes
// the end of a walk and sometimes any placement, sane or not, so that a path may or
// may not exist.
func Random(rng *rand.Rand) *cloud.Instance {
	return kind{
		sizes: 7, spare: 8, targets: []func(*rand.Rand, *cloud.Instance, []cloud.Rule){anySane, walk, walk},
		addRules: func(in *cloud.Instance) {
			if rng.IntN(3) == 0 {
				addGroups(rng, in)
				addGroupRules(rng, in)
			}
		},
	}.random(rng)
}

// kind is what random instances are like.
type kind struct {
	sizes    int64 // demands are from 1 to so much
	spare    int64 // hosts have less than so much room to spare, and often far less
	addRules func(*cloud.Instance)
	targets  []func(*rand.Rand, *cloud.Instance, []cloud.Rule) // one is chosen
}

// random makes instances until one has a sane start.
func (k kind) random(rng *rand.Rand) *cloud.Instance {
	for {
		if in := k.attempt(rng); in != nil {
			return in
		}
	}
}

func (k kind) attempt(rng *rand.Rand) *cloud.Instance {
	in := k.cloud(rng)
	in.Initial = anyPlacement(rng, in)
	k.addCapacity(rng, in, in.Initial)
	k.addRules(in)
	in.Target = in.Initial.Clone() // settled below
	if in.Check() != nil {
		panic("pathtest: the maker makes broken instances")
	}
	bound, err := rules.Bind(Catalogue(), in, nil)
	if err != nil || validate.CheckInitial(in, bound) != nil {
		return nil
	}
	k.targets[rng.IntN(len(k.targets))](rng, in, bound)
	return in
}

// cloud makes hosts without capacities, and VMs that stand nowhere.
func (k kind) cloud(rng *rand.Rand) *cloud.Instance {
	in := &cloud.Instance{Name: "random", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	if rng.IntN(3) == 0 {
		in.Resources = append(in.Resources, cloud.Resource{Name: "vcpu"}, cloud.Resource{Name: "disk"})
	}
	mixed := rng.IntN(3) == 0
	for h := range 2 + rng.IntN(3) {
		host := cloud.Host{Name: fmt.Sprintf("h%d", h), Zone: fmt.Sprintf("z%d", h%2)}
		if mixed {
			host.Arch = []string{"x86_64", "i386", ""}[rng.IntN(3)]
		}
		in.Hosts = append(in.Hosts, host)
	}
	for v := range 2 + rng.IntN(5) {
		vm := cloud.VM{Name: fmt.Sprintf("v%d", v)}
		for range in.Resources {
			vm.Demand = append(vm.Demand, 1+rng.Int64N(k.sizes))
		}
		if mixed {
			vm.Arch = []string{"x86_64", "i386", ""}[rng.IntN(3)]
		}
		in.VMs = append(in.VMs, vm)
	}
	if rng.IntN(3) == 0 {
		for v := range in.VMs {
			in.VMs[v].Interruptible = rng.IntN(2) == 0
		}
	}
	return in
}

// addCapacity gives each host room for what it holds in any of some placements and a little
// more: where there is much room there is nothing to find out.
func (k kind) addCapacity(rng *rand.Rand, in *cloud.Instance, placements ...cloud.Placement) {
	spare := 1 + rng.Int64N(k.spare)
	for h := range in.Hosts {
		host := &in.Hosts[h]
		for r := range in.Resources {
			reserved := rng.Int64N(3)
			spared := rng.Int64N(spare)
			most := int64(0)
			for _, p := range placements {
				used := int64(0)
				for v, at := range p {
					if at == cloud.HostID(h) {
						used += in.VMs[v].Demand[r]
					}
				}
				most = max(most, used)
			}
			host.Reserved = append(host.Reserved, reserved)
			host.Capacity = append(host.Capacity, reserved+spared+most)
		}
	}
}

// addGroups makes two groups that may overlap.
func addGroups(rng *rand.Rand, in *cloud.Instance) {
	for _, name := range []string{"a", "b"} {
		g := cloud.Group{Name: name}
		for v := range in.VMs {
			if rng.IntN(2) == 0 {
				g.VMs = append(g.VMs, cloud.VMID(v))
			}
		}
		in.Groups = append(in.Groups, g)
	}
}

func addGroupRules(rng *rand.Rand, in *cloud.Instance) {
	in.Rules = rules.Default()
	for _, text := range []string{
		"anti-affinity(group=a)", "spread(group=b, min=2, by=zone)", "depends(group=a, on=[b], by=zone)",
		"spread(group=a, min=2, continuous=no)", "anti-affinity(group=b, by=zone, continuous=no)",
	} {
		if rng.IntN(3) == 0 {
			in.Rules = append(in.Rules, spec.MustParse(text))
		}
	}
}

func anyPlacement(rng *rand.Rand, in *cloud.Instance) cloud.Placement {
	p := make(cloud.Placement, len(in.VMs))
	for v := range p {
		p[v] = cloud.HostID(rng.IntN(len(in.Hosts)))
		if rng.IntN(12) == 0 {
			p[v] = cloud.Absent
		}
	}
	return p
}

// anySane looks for any sane placement, and settles for one that is not.
func anySane(rng *rand.Rand, in *cloud.Instance, bound []cloud.Rule) {
	for range 20 { // most placements are not sane; a sane one is worth a search
		in.Target = anyPlacement(rng, in)
		if len(validate.Placement(in, bound, in.Target, true)) == 0 {
			break
		}
	}
}

// walk takes random sane migrations.
func walk(rng *rand.Rand, in *cloud.Instance, bound []cloud.Rule) {
	s := cloud.NewState(in, bound, in.Initial)
	for range 20 {
		v, h := cloud.VMID(rng.IntN(len(in.VMs))), cloud.HostID(rng.IntN(len(in.Hosts)))
		if s.HostOf(v) != cloud.Absent && s.Allows(v, h) {
			s.Move(v, h)
		}
	}
	in.Target = s.Placement()
}

// exchange lets VMs change places.
func exchange(rng *rand.Rand, in *cloud.Instance, bound []cloud.Rule) {
	for range 20 {
		in.Target = in.Initial.Clone()
		for range 1 + rng.IntN(2) {
			v, w := rng.IntN(len(in.VMs)), rng.IntN(len(in.VMs))
			in.Target[v], in.Target[w] = in.Target[w], in.Target[v]
		}
		if !in.Target.Equal(in.Initial) && len(validate.Placement(in, bound, in.Target, true)) == 0 {
			break
		}
	}
}

// Problem binds an instance that must be sound.
func Problem(t testing.TB, in *cloud.Instance, cost string) *paths.Problem {
	t.Helper()
	p, err := paths.NewProblem(Catalogue(), in, nil, spec.MustParse(cost))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Judge fails the test unless the judge finds nothing wrong with the result's plan.
func Judge(t testing.TB, p *paths.Problem, r *paths.Result) {
	t.Helper()
	if !r.Status.HasPlan() {
		return
	}
	if report := validate.Plan(p.Instance, p.Rules, p.Cost, r.Plan(p, "test")); !report.OK() {
		t.Fatalf("the judge rejects the plan: %v", report.Findings)
	}
}
