package bounds_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/targets/bounds"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// reachable calls f for each placement to which sane migrations, suspends and resumes lead. A VM that is
// suspended resumes anywhere: it depends on the target where it may.
func reachable(in *cloud.Instance, inForce []cloud.Rule, f func(cloud.Placement)) {
	s := cloud.NewState(in, inForce, in.Initial)
	seen := map[string]bool{}
	var visit func()
	visit = func() {
		at := s.Placement()
		if key := fmt.Sprint(at); seen[key] {
			return
		} else {
			seen[key] = true
		}
		f(at)
		for v, from := range at {
			vm := cloud.VMID(v)
			for to := cloud.Absent; int(to) < len(in.Hosts); to++ {
				suspends := from == cloud.Absent || to == cloud.Absent
				if in.Initial[v] == cloud.Absent || suspends && !in.VMs[v].Interruptible || !s.Allows(vm, to) {
					continue
				}
				s.Move(vm, to)
				visit()
				s.Undo()
			}
		}
	}
	visit()
}

// No VM ever stands on a host that Confine rules out, in any state that migrations, suspends and resumes lead
// to.
func TestConfinedVMsEscape(t *testing.T) {
	kept, led, free := 0, 0, 0
	for seed := range uint64(800) {
		rng := rand.New(rand.NewPCG(seed, 23))
		in := pathtest.RuledBy(rng, []string{"affinity", "affinity", "direction", "expression"}[rng.IntN(4)])
		if len(in.VMs) > 5 {
			continue
		}
		in.Target = nil
		for h := range in.Hosts {
			for r := range in.Resources {
				in.Hosts[h].Capacity[r] += rng.Int64N(8) // so that only rules hold VMs back
			}
		}
		if err := in.Check(); err != nil {
			t.Fatal(err)
		}
		bound, err := rules.Bind(catalogue.Standard(), in, nil)
		if err != nil {
			t.Fatal(err)
		}
		confining := bounds.Confine(in, bound, in.Initial)
		if len(confining) == 0 {
			free++
		}
		for _, rule := range confining {
			if spec.MustParse(rule.String()).Name == "affinity" {
				kept++
				continue
			}
			led++
			for v := range in.VMs {
				in.VMs[v].Interruptible = false // without a target, no judge knows where it may resume
			}
		}
		reachable(in, bound, func(p cloud.Placement) {
			for _, rule := range confining {
				for v, h := range p {
					if h != cloud.Absent && !rule.(cloud.HostFilter).Admits(cloud.VMID(v), h) {
						t.Fatalf("seed %d: %s: VM %d of %v gets to %d", seed, rule, v, in.Initial, h)
					}
				}
			}
		})
	}
	t.Logf("%d rules kept VMs, %d led them, %d instances were free", kept, led, free)
	if kept < 30 || led < 30 || free < 30 {
		t.Error("the law was hardly tried")
	}
}

// A group of which all but one may be suspended gets everywhere, and one of which two may not gets nowhere.
func TestGroupsAreKeptForNoReason(t *testing.T) {
	for _, c := range []struct {
		by            string
		interruptible []bool
		kept          bool
	}{
		{"host", []bool{false, false, true}, true},
		{"rack", []bool{false, false, false}, true},
		{"host", []bool{false, true, true}, false},
		{"host", []bool{true, true, true}, false},
	} {
		in := &cloud.Instance{Name: "group", Resources: []cloud.Resource{{Name: "ram"}}, Groups: []cloud.Group{{Name: "a"}}}
		for h := range 3 {
			in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprintf("h%d", h), Rack: fmt.Sprintf("r%d", h/2), Capacity: []int64{9}, Reserved: []int64{0}})
		}
		for v, x := range c.interruptible {
			in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprintf("v%d", v), Demand: []int64{1}, Interruptible: x})
			in.Groups[0].VMs = append(in.Groups[0].VMs, cloud.VMID(v))
			in.Initial = append(in.Initial, 0)
		}
		in.Rules = []spec.Spec{spec.Named("capacity"), spec.MustParse("affinity(group=a, by=" + c.by + ")")}
		if err := in.Check(); err != nil {
			t.Fatal(err)
		}
		bound, err := rules.Bind(catalogue.Standard(), in, nil)
		if err != nil {
			t.Fatal(err)
		}
		kept := len(bounds.Confine(in, bound, in.Initial)) > 0
		leaves := false
		reachable(in, bound, func(p cloud.Placement) { leaves = leaves || p[0] == 2 && p[1] == 2 && p[2] == 2 })
		if kept != c.kept || leaves == kept {
			t.Errorf("%+v: kept %v, leaves %v", c, kept, leaves)
		}
	}
}
