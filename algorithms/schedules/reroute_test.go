package schedules_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/scheduletest"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// rerouted is what a scheduler makes of a problem within some tables.
func rerouted(t *testing.T, p *timetable.Problem, scheduler string, tables int64) *schedules.Result {
	t.Helper()
	s, _, err := schedules.New(spec.NewCatalogue(schedules.Registry(schedules.Entries()...)), spec.MustParse(scheduler))
	if err != nil {
		t.Fatal(err)
	}
	r, err := schedules.Schedule(context.Background(), s, p, schedules.Options{Tables: tables, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// judged lists what the judge finds wrong with a schedule.
func judged(t *testing.T, p *timetable.Problem, r *schedules.Result) []validate.Finding {
	t.Helper()
	plan := r.Plan("")
	model, err := concurrency.Of(scheduletest.Catalogue(), p.Instance, plan.Schedule)
	if err != nil {
		t.Fatal(err)
	}
	return validate.Schedule(p.Instance, p.Rules, p.Cost, model, plan).Findings
}

// Other paths are paths, keep the limits on cost, and are no worse than the plan's own by what comes first.
func TestReroutedSchedules(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	shorter, cheaper := 0, 0
	for i := range 60 {
		p := scheduletest.Random(t, rng, []string{"slots(preset=nova)", "bandwidth", "slots(per-host=2)"}[i%3], "precopy(dirty=20)")
		own := rerouted(t, p, "list(patience=300)", 1000)
		cost := func(r *schedules.Result) (sum int64) {
			for _, s := range r.Steps {
				sum += s.Cost
			}
			return sum
		}
		given := cost(own)
		if len(judged(t, p, own)) > 0 {
			continue // a random target may break rules
		}
		for _, scheduler := range []string{"reroute", "reroute(extra=0.3)", "reroute(objective=cost)"} {
			r := rerouted(t, p, scheduler, 1000)
			plan := r.Plan(scheduler)
			if plan.Cost != cost(r) {
				t.Fatalf("case %d, %s: the plan costs %d, its steps %d", i, scheduler, plan.Cost, cost(r))
			}
			if found := judged(t, p, r); len(found) > 0 {
				t.Fatalf("case %d, %s: %v", i, scheduler, found)
			}
			switch {
			case scheduler == "reroute(objective=cost)" && (plan.Cost > given || plan.Cost == given && r.Makespan > own.Makespan):
				t.Errorf("case %d, %s: cost %d in %d, of the plan %d in %d", i, scheduler, plan.Cost, r.Makespan, given, own.Makespan)
			case scheduler != "reroute(objective=cost)" && r.Makespan > own.Makespan:
				t.Errorf("case %d, %s: makespan %d, of the plan's own path %d", i, scheduler, r.Makespan, own.Makespan)
			case scheduler == "reroute(extra=0.3)" && float64(plan.Cost) > 1.3*float64(given):
				t.Errorf("case %d, %s: cost %d, of the plan %d", i, scheduler, plan.Cost, given)
			}
			if r.Makespan < own.Makespan {
				shorter++
			}
			if plan.Cost < given {
				cheaper++
			}
			if i%6 > 0 {
				continue
			}
			if again := rerouted(t, p, scheduler, 1000); !cmp.Equal(again.Steps, r.Steps) {
				t.Fatalf("case %d, %s: two runs end differently", i, scheduler)
			}
		}
	}
	if shorter < 20 || cheaper < 5 {
		t.Errorf("%d schedules are shorter, and %d paths cheaper: too few to mean anything", shorter, cheaper)
	}
	t.Logf("%d schedules are shorter, and %d paths cheaper", shorter, cheaper)
}

// A ring of full hosts with one that is empty: the path of least cost moves one VM after the other. Over a second empty host
// two chains run at the same time.
func TestRerouteBreaksAChain(t *testing.T) {
	in := &cloud.Instance{Name: "ring", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	const n = 8
	for i := range n + 2 {
		in.Hosts = append(in.Hosts, cloud.Host{Name: string(rune('a' + i)), Capacity: []int64{1000}, Reserved: []int64{0}})
	}
	for i := range n {
		in.VMs = append(in.VMs, cloud.VM{Name: string(rune('A' + i)), Demand: []int64{1000}})
		in.Initial = append(in.Initial, cloud.HostID(i))
		in.Target = append(in.Target, cloud.HostID((i+1)%n))
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	plan := &cloud.Plan{Status: cloud.Optimal, CostFunction: "ram"}
	last := cloud.Change{VM: n - 1, From: n - 1, To: n}
	path := []cloud.Change{last}
	for i := n - 2; i >= 0; i-- {
		path = append(path, cloud.Change{VM: cloud.VMID(i), From: cloud.HostID(i), To: cloud.HostID(i + 1)})
	}
	path = append(path, cloud.Change{VM: n - 1, From: n, To: 0})
	for _, c := range path {
		plan.Steps = append(plan.Steps, cloud.Step{Action: cloud.Migrate, VM: c.VM, From: c.From, To: c.To, Cost: 1000})
		plan.Cost += 1000
	}
	p, err := timetable.NewProblem(scheduletest.Catalogue(), in, nil, plan, spec.MustParse("slots(preset=nova)"), spec.Named("unit"))
	if err != nil {
		t.Fatal(err)
	}
	own, other := rerouted(t, p, "list", 2000), rerouted(t, p, "reroute", 2000)
	if own.Makespan != n+1 || other.Makespan >= own.Makespan || other.Plan("").Status != cloud.Feasible {
		t.Errorf("the plan's own path takes %d steps, another one %d (%s)", own.Makespan, other.Makespan, other.Plan("").Status)
	}
	t.Logf("%d steps in place of %d, at cost %d in place of %d", other.Makespan, own.Makespan, other.Plan("").Cost, plan.Cost)
}
