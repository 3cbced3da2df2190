package scheduletest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Durations for [Random].
const (
	// Rate is about 1 ms per MiB between fast hosts, and 2 ms otherwise, so that times are small and often equal.
	Rate = "rate(bandwidth=8389)"
	// Precopy is the same at least, and longer for VMs that dirty memory.
	Precopy = "precopy(bandwidth=8389, max-downtime=1ms)"
	// Unit is one step each.
	Unit = "unit"
)

// Catalogue knows the rules, durations and models of concurrency of this module.
func Catalogue() *spec.Catalogue {
	return spec.NewCatalogue(rules.Registry(rules.Entries()...), durations.Registry(durations.Entries()...), concurrency.Registry(concurrency.Entries()...), costs.Registry(costs.Entries()...))
}

// Random makes a small problem with 2 to 6 moves between 2 to 4 hosts. The plan is a sane random walk: some VMs move more than once, some are
// suspended and resumed, some leave before the moves or enter after them. Hosts have little room to spare, so that moves wait for
// each other. Sometimes other rules than capacity hold, resources are free as soon as a VM is under way, or the start breaks a limit.
func Random(t testing.TB, rng *rand.Rand, model, duration string) *timetable.Problem {
	t.Helper()
	c := Catalogue()
	for {
		in := small(rng)
		bound, err := rules.Bind(c, in, nil)
		if err != nil {
			t.Fatal(err)
		}
		in.Target = in.Initial.Clone()
		if rng.IntN(4) == 0 {
			in.Target[rng.IntN(len(in.VMs))] = cloud.Absent // shut down
		}
		inForce, _, err := cloud.Mend(in, bound, in.Initial)
		if err != nil {
			continue // the start breaks what no path mends
		}
		moves, ok := walk(rng, in, inForce, 2+rng.IntN(5))
		if !ok {
			continue
		}
		for v := range in.VMs {
			if in.Initial[v] == cloud.Absent {
				in.Target[v] = cloud.HostID(rng.IntN(len(in.Hosts)))
			}
		}
		cost, err := costs.Bind(c, in, spec.Named("ram"))
		if err != nil {
			t.Fatal(err)
		}
		plan := &cloud.Plan{Status: cloud.Feasible, CostFunction: cost.String(), Steps: in.Steps(moves, cost)}
		for i := range plan.Steps {
			plan.Cost += plan.Steps[i].Cost
		}
		p, err := timetable.NewProblem(c, in, nil, plan, spec.MustParse(model), spec.MustParse(duration))
		if err != nil {
			t.Fatalf("%s: %v", model, err)
		}
		return p
	}
}

// small makes an instance without a target.
func small(rng *rand.Rand) *cloud.Instance {
	in := &cloud.Instance{Name: "random", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}, Rules: rules.Default()}
	if rng.IntN(2) == 0 {
		in.Resources = append(in.Resources, cloud.Resource{Name: "vcpu", Unit: "core"})
	}
	for h := range 2 + rng.IntN(3) {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprintf("h%d", h), Rack: fmt.Sprintf("r%d", h%2), NICMbps: []int64{8389, 4195}[rng.IntN(2)]})
	}
	sizes := 1 + rng.Int64N(6)
	for v := range 3 + rng.IntN(6) {
		vm := cloud.VM{Name: fmt.Sprintf("v%d", v), Interruptible: rng.IntN(4) == 0, DirtyMiBPerS: new(float64(rng.IntN(300)))}
		for range in.Resources {
			vm.Demand = append(vm.Demand, 1+rng.Int64N(sizes))
		}
		in.VMs = append(in.VMs, vm)
		at := cloud.HostID(rng.IntN(len(in.Hosts)))
		if rng.IntN(15) == 0 {
			at = cloud.Absent // it is provisioned in the end
		}
		in.Initial = append(in.Initial, at)
	}
	spare := 1 + rng.Int64N(2*sizes)
	for h := range in.Hosts {
		for r := range in.Resources {
			room := rng.Int64N(spare)
			if rng.IntN(20) == 0 {
				room = -1 // too full at the start
			}
			for v, at := range in.Initial {
				if at == cloud.HostID(h) {
					room += in.VMs[v].Demand[r]
				}
			}
			in.Hosts[h].Capacity = append(in.Hosts[h].Capacity, max(room, 0))
			in.Hosts[h].Reserved = append(in.Hosts[h].Reserved, 0)
		}
	}
	switch rng.IntN(8) {
	case 0:
		in.Rules = append(in.Rules, spec.MustParse("max-vms(max=4)"))
	case 1:
		in.Groups = []cloud.Group{{Name: "g", VMs: []cloud.VMID{0, 1, 2}}}
		in.Rules = append(in.Rules, spec.MustParse("spread(group=g, min=2)"))
	case 2:
		in.Groups = []cloud.Group{{Name: "g", VMs: []cloud.VMID{0, 1}}}
		in.Rules = append(in.Rules, spec.MustParse("anti-affinity(group=g)"))
	case 3:
		in.Rules = []spec.Spec{spec.MustParse("capacity(transient=" + in.Resources[rng.IntN(len(in.Resources))].Name + ")")}
	}
	return in
}

// walk takes random sane steps, at most as many as given, and writes where they end into the target. It tells whether at least two
// were taken, every suspended VM was resumed, and no rule is broken any more.
func walk(rng *rand.Rand, in *cloud.Instance, inForce []cloud.Rule, most int) ([]cloud.Change, bool) {
	s := cloud.NewState(in, inForce, in.Start())
	var moves []cloud.Change
	down, moved := map[cloud.VMID]bool{}, map[cloud.VMID]bool{}
	for range 60 {
		if len(moves) == most {
			break
		}
		v, to := cloud.VMID(rng.IntN(len(in.VMs))), cloud.HostID(rng.IntN(len(in.Hosts)))
		from := s.HostOf(v)
		if moved[v] && !down[v] && rng.IntN(6) > 0 {
			continue // most VMs move once
		}
		if from == cloud.Absent && !down[v] {
			continue
		}
		if in.VMs[v].Interruptible && !down[v] && rng.IntN(2) == 0 {
			to = cloud.Absent
		}
		if s.Allows(v, to) {
			down[v], moved[v] = to == cloud.Absent, true
			moves = append(moves, cloud.Change{VM: v, From: from, To: to})
			s.Move(v, to)
		}
	}
	for v := range in.VMs {
		if down[cloud.VMID(v)] {
			return nil, false
		}
		if at := s.HostOf(cloud.VMID(v)); at != cloud.Absent {
			in.Target[v] = at
		}
	}
	_, breaches, err := cloud.Mend(in, cloud.Whole(inForce), s.Placement())
	return moves, len(moves) >= 2 && err == nil && len(breaches) == 0
}

// free is a cost function under which nothing costs anything: no schedule asks for costs.
type free struct{}

func (free) String() string                                       { return "free" }
func (free) Unit() string                                         { return "migrations" }
func (free) Migrate(cloud.VMID, cloud.HostID, cloud.HostID) int64 { return 0 }
func (free) Suspend(cloud.VMID, cloud.HostID) int64               { return 0 }
func (free) Resume(cloud.VMID, cloud.HostID) int64                { return 0 }
