package greedy_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
)

// deadlock is the published case of that name: two VMs that fill their hosts shall
// swap.
func deadlock(t *testing.T, interruptible ...cloud.VMID) *cloud.Instance {
	t.Helper()
	in := &cloud.Instance{Name: "simple_deadlock", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	for i := range 2 {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprintf("host%d", i+1), Capacity: []int64{4096}, Reserved: []int64{256}})
		in.VMs = append(in.VMs, cloud.VM{
			Name: fmt.Sprintf("vm%d", i+1), Demand: []int64{3256}, Interruptible: slices.Contains(interruptible, cloud.VMID(i)),
		})
		in.Initial = append(in.Initial, cloud.HostID(i))
		in.Target = append(in.Target, cloud.HostID(1-i))
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return in
}

func TestDeadlockIsBrokenBySuspendingWhoMayBe(t *testing.T) {
	for _, c := range []struct {
		interruptible []cloud.VMID
		cost          string
		want          int64
		plan          string
	}{
		{[]cloud.VMID{0}, "ram", 4 * 3256, "[{0 0 -1} {1 1 0} {0 -1 1}]"},
		{[]cloud.VMID{1}, "ram", 4 * 3256, "[{1 1 -1} {0 0 1} {1 -1 0}]"},
		{[]cloud.VMID{1}, "ram(suspend=0, resume=0)", 3256, "[{1 1 -1} {0 0 1} {1 -1 0}]"},
		{[]cloud.VMID{0, 1}, "count(suspend=0, resume=0)", 0, ""},
		{nil, "ram", -1, "[]"},
	} {
		r := solve(t, problem(t, deadlock(t, c.interruptible...), c.cost), "greedy", paths.Options{})
		plan := fmt.Sprint(r.Migrations)
		if r.Status.HasPlan() != (c.want >= 0) || c.want >= 0 && r.Cost != c.want || c.plan != "" && plan != c.plan {
			t.Errorf("interruptible %v, %s: %s, cost %d, %s; expected cost %d, %s", c.interruptible, c.cost, r.Status, r.Cost, plan, c.want, c.plan)
		}
	}
}

// On small instances of every kind a path is found wherever exhaustive search finds
// one, but for a few; without limits, so that the runs without a path show that the
// search ends. The judge sees to it that nobody is suspended who must not be.
func TestPathsOfSmallInstancesAreFound(t *testing.T) {
	const enough = 3000
	// Measured: none missed of the 6,320 paths of the first 20,000 seeds, at any of
	// these costs.
	const most = 3
	for _, c := range []struct {
		cost    string
		suspend int // plans that suspend, at least
	}{
		{"ram", 40},
		{"ram(suspend=0, resume=0)", 500},
	} {
		t.Run(c.cost, func(t *testing.T) {
			t.Parallel()
			found, missed, suspending := 0, 0, 0
			for seed := uint64(0); found+missed < enough; seed++ {
				p := pathtest.Problem(t, pathtest.Random(rand.New(rand.NewPCG(seed, 1))), c.cost)
				r := solve(t, p, "greedy", paths.Options{})
				switch {
				case r.Status.HasPlan():
					if len(r.Migrations) > 0 {
						found++
					}
					if slices.ContainsFunc(r.Migrations, func(m cloud.Change) bool { return m.To == cloud.Absent }) {
						suspending++
					}
				case r.Status != cloud.Infeasible || r.Reason == "":
					if r.Reason == "" {
						t.Errorf("seed %d: %s without a reason", seed, r.Status)
					}
					if _, exists := pathtest.Exhaustive(p).To(p.Start); exists {
						missed++
						t.Logf("seed %d: missed: %s", seed, r.Reason)
					}
				}
			}
			t.Logf("%d found, %d missed, %d plans suspend", found, missed, suspending)
			if missed > most {
				t.Errorf("%d of %d paths were missed, at most %d were", missed, enough, most)
			}
			if suspending < c.suspend {
				t.Errorf("%d plans suspend, at least %d were expected to", suspending, c.suspend)
			}
		})
	}
}

// Where VMs may be suspended, the plans are nearly as cheap as any, whatever suspending
// costs: it is weighed against bypasses, and neither shunned nor preferred.
func TestSuspendingIsWeighedByCost(t *testing.T) {
	for _, c := range []struct {
		cost  string
		atMax float64 // cost of all plans by that of the cheapest; as measured, and a little
	}{
		{"ram", 1.02}, {"ram(suspend=0, resume=0)", 1.002}, {"ram(suspend=1, resume=0)", 1.002}, {"count", 1.01},
	} {
		var sum, least int64
		for seed, n := uint64(1e6), 0; n < 100; seed++ {
			in := pathtest.Random(rand.New(rand.NewPCG(seed, 1)))
			if !slices.ContainsFunc(in.VMs, func(v cloud.VM) bool { return v.Interruptible }) {
				continue
			}
			p := pathtest.Problem(t, in, c.cost)
			r := solve(t, p, "greedy", paths.Options{})
			if len(r.Migrations) == 0 {
				continue
			}
			truth, _ := pathtest.Exhaustive(p).To(p.Start)
			if r.LowerBound > truth {
				t.Fatalf("seed %d: lower bound %d, the optimum is %d", seed, r.LowerBound, truth)
			}
			n++
			sum += r.Cost
			least += truth
		}
		t.Logf("%s: %d, at least %d is needed", c.cost, sum, least)
		if float64(sum) > c.atMax*float64(least) {
			t.Errorf("%s: the plans cost %d, the cheapest %d", c.cost, sum, least)
		}
	}
}

// With every VM interruptible and no rule but capacity there is always a path: all are
// suspended, and then resumed.
func TestFullCloudsOfInterruptibleVMsAreSolved(t *testing.T) {
	for _, in := range hostile(t) {
		for v := range in.VMs {
			in.VMs[v].Interruptible = true
		}
		for _, cost := range []string{"ram", "ram(suspend=0, resume=0)"} {
			if r := solve(t, problem(t, in, cost), "greedy(local=0)", paths.Options{}); !r.Status.HasPlan() {
				t.Errorf("%s, %s: %s", in.Name, cost, r.Reason)
			}
		}
	}
}
