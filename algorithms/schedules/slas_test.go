package schedules_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/scheduletest"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/slas"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// regular are the kinds of SLAs for which starts at 0, at ends and at ends of windows are enough, alone and in pairs.
func regular() [][]string {
	kinds := []string{"deadline", "frozen", "at-once"}
	var out [][]string
	for i, a := range kinds {
		out = append(out, []string{a})
		for _, b := range kinds[i:] {
			out = append(out, []string{a, b})
		}
	}
	return out
}

// withSLAs makes a small problem with SLAs of some kinds.
func withSLAs(t *testing.T, rng *rand.Rand, most int, kinds []string) *timetable.Problem {
	t.Helper()
	for {
		model := []string{"slots(outgoing=1)", "slots(outgoing=1, incoming=1)", "slots(total=2)", "slots(per-host=2)"}[rng.IntN(4)]
		p := scheduletest.Random(t, rng, model, scheduletest.Rate)
		if len(p.Moves) > most {
			continue
		}
		var further []spec.Spec
		for _, kind := range kinds {
			further = append(further, scheduletest.RandomSLA(rng, p, kind))
		}
		return scheduletest.WithSLAs(t, p, further...)
	}
}

// The exact scheduler finds a schedule that keeps SLAs exactly if there is one, and a shortest one; list does so nearly always, and neither says that
// there is none where there is one.
func TestSchedulersMissWhatExhaustiveSearchFinds(t *testing.T) {
	possible, impossible, missed, longer := 0, 0, 0, 0
	sets := regular()
	for n := range 2400 {
		rng := rand.New(rand.NewPCG(uint64(n), 77))
		p := withSLAs(t, rng, 5, sets[n%len(sets)])
		want := scheduletest.ShortestWithin(p, scheduletest.Instants(p))
		name := fmt.Sprintf("problem %d, %s, %v", n, p.Model, p.SLAs)
		r, err := run(t, "exact", p, schedules.Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		switch {
		case want < 0 && r.Status != cloud.Infeasible:
			t.Fatalf("%s: exact says %s, makespan %d: there is none", name, r.Status, r.Makespan)
		case want >= 0 && (r.Status != cloud.Optimal || r.Makespan != want):
			t.Fatalf("%s: exact says %s, makespan %d, %q: the shortest takes %d", name, r.Status, r.Makespan, r.Reason, want)
		}
		l, err := run(t, "list(patience=300)", p, schedules.Options{Seed: 1})
		if err != nil {
			t.Fatalf("%s: list: %v", name, err)
		}
		if want < 0 {
			impossible++
			if l.Status.HasPlan() {
				t.Fatalf("%s: list says %s, makespan %d: there is none", name, l.Status, l.Makespan)
			}
			continue
		}
		possible++
		switch {
		case l.Status == cloud.Infeasible || l.Makespan < want && l.Status.HasPlan() || l.LowerBound > want:
			t.Fatalf("%s: list says %s, makespan %d, bound %d, %q: the shortest takes %d", name, l.Status, l.Makespan, l.LowerBound, l.Reason, want)
		case !l.Status.HasPlan():
			missed++
		case l.Makespan > want:
			longer++
		}
	}
	t.Logf("%d possible, %d impossible; list missed %d, and took longer in %d", possible, impossible, missed, longer)
	if possible < 800 || impossible < 400 {
		t.Errorf("%d are possible, %d not: too few of one kind to find faults", possible, impossible)
	}
	if 20*missed > possible || 20*longer > possible {
		t.Errorf("list missed %d of %d, and took longer in %d", missed, possible, longer)
	}
}

// Limits on downtime may ask for suspends that wait: compared with a search of all starts at integers.
func TestDowntimeIsLeftToChance(t *testing.T) {
	possible, impossible, missed, unproved := 0, 0, 0, 0
	for n := 0; possible+impossible < 100; n++ {
		rng := rand.New(rand.NewPCG(uint64(n), 78))
		p := withSLAs(t, rng, 4, [][]string{{"downtime"}, {"downtime", "frozen"}, {"downtime", "deadline"}}[n%3])
		if p.Total() > 20 || !slices.ContainsFunc(p.Moves, func(m timetable.Move) bool { return m.To == cloud.Absent }) {
			continue
		}
		want := scheduletest.ShortestWithin(p, nil)
		name := fmt.Sprintf("problem %d, %s, %v", n, p.Model, p.SLAs)
		r, err := run(t, "list(patience=200)", p, schedules.Options{Seed: 1})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if e, err := run(t, "exact", p, schedules.Options{}); err != nil || e.Status == cloud.Infeasible && want >= 0 || e.Status.HasPlan() && e.Makespan != want {
			t.Fatalf("%s: exact: %+v, %v", name, e, err)
		}
		switch {
		case want < 0:
			impossible++
			if r.Status.HasPlan() {
				t.Fatalf("%s: list says %s, makespan %d: there is none", name, r.Status, r.Makespan)
			}
			if r.Status != cloud.Infeasible {
				unproved++
			}
		case r.Status == cloud.Infeasible || r.Status.HasPlan() && (r.Makespan < want || r.LowerBound > want):
			t.Fatalf("%s: list says %s, makespan %d, bound %d, %q: the shortest takes %d", name, r.Status, r.Makespan, r.LowerBound, r.Reason, want)
		default:
			possible++
			if !r.Status.HasPlan() {
				missed++
			}
		}
	}
	t.Logf("%d possible, %d impossible; list missed %d; %d impossible ones are not proved so", possible, impossible, missed, unproved)
	if possible < 20 || impossible < 20 || 20*missed > possible {
		t.Errorf("%d are possible, %d not, list missed %d", possible, impossible, missed)
	}
}

// No schedule of any scheduler fails the judge while its result says that it keeps the SLAs, under any model; and where the judge finds nothing
// wrong with an SLA, the result does not say that it is broken.
func TestSchedulerClaimsWhatTheJudgeDenies(t *testing.T) {
	models := map[string]string{
		"slots(outgoing=1)": scheduletest.Rate, "sequential": scheduletest.Precopy, "bandwidth": scheduletest.Rate, "bandwidth(sharing=max-min)": scheduletest.Precopy,
		"slots(per-rack=2)": scheduletest.Precopy,
	}
	names := slices.Sorted(maps.Keys(models))
	kinds := []string{"deadline", "frozen", "at-once", "downtime"}
	kept, broken, refused := map[string]int{}, 0, 0
	for n := range 500 {
		rng := rand.New(rand.NewPCG(uint64(n), 79))
		model := names[n%len(names)]
		p := scheduletest.Random(t, rng, model, models[model])
		var further []spec.Spec
		for range 1 + rng.IntN(2) {
			further = append(further, scheduletest.RandomSLA(rng, p, kinds[rng.IntN(len(kinds))]))
		}
		p, err := timetable.NewProblem(scheduletest.Catalogue(), p.Instance, nil, p.Plan, spec.MustParse(model), spec.MustParse(models[model]), further...)
		if err != nil {
			if !strings.Contains(err.Error(), "it is not known when a step starts when it will end") {
				t.Fatal(err)
			}
			refused++
			continue
		}
		for _, d := range catalogue.Standard().Descriptors(schedules.Kind) {
			r, err := run(t, d.Name, p, schedules.Options{Tables: 40, Seed: 1})
			if err != nil {
				t.Fatalf("problem %d, %s, %s, %v: %v", n, d.Name, model, further, err)
			}
			if !r.Status.HasPlan() {
				broken++
				if r.Reason == "" || r.Status == cloud.Unknown && r.Steps != nil && len(r.Unmet) == 0 {
					t.Fatalf("problem %d, %s, %s, %v: no reason: %+v", n, d.Name, model, further, r)
				}
				continue
			}
			kept[d.Name]++
			plan := r.Plan(d.Name)
			levels, err := slas.Of(scheduletest.Catalogue(), p.Instance, plan.Schedule)
			if err != nil || len(levels) != len(p.SLAs) {
				t.Fatalf("%v, %v", levels, err)
			}
			verdict := validate.Schedule(p.Instance, p.Rules, noCost{}, p.Model, plan, levels...)
			for _, f := range verdict.Findings { // other faults are of the problems: they resume VMs anywhere and provision them where there is no room
				if f.Rule == model || strings.Contains(f.Msg, "at the earliest") || slices.ContainsFunc(p.SLAs, func(l slas.SLA) bool { return l.String() == f.Rule }) {
					t.Fatalf("problem %d, %s, %s, %v: %s", n, d.Name, model, further, f)
				}
			}
		}
	}
	t.Logf("kept: %v, %d broken, %d refused", kept, broken, refused)
	for _, d := range catalogue.Standard().Descriptors(schedules.Kind) {
		if kept[d.Name] < 100 {
			t.Errorf("%s kept SLAs %d times only", d.Name, kept[d.Name])
		}
	}
	if broken < 100 || refused < 20 {
		t.Errorf("%d were broken, %d refused: too few to find faults", broken, refused)
	}
}

// noCost is a cost function by which nothing costs anything, as the plans of scheduletest have it.
type noCost struct{}

func (noCost) String() string                                       { return "" }
func (noCost) Unit() string                                         { return "migrations" }
func (noCost) Migrate(cloud.VMID, cloud.HostID, cloud.HostID) int64 { return 0 }
func (noCost) Suspend(cloud.VMID, cloud.HostID) int64               { return 0 }
func (noCost) Resume(cloud.VMID, cloud.HostID) int64                { return 0 }

// What cannot be met is named, with its numbers.
func TestReasonIsMissing(t *testing.T) {
	in := &cloud.Instance{
		Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}},
		Hosts:     []cloud.Host{{Name: "h0", Capacity: []int64{9}, Reserved: []int64{0}}, {Name: "h1", Capacity: []int64{9}, Reserved: []int64{0}}},
		VMs:       []cloud.VM{{Name: "v0", Demand: []int64{1}}, {Name: "v1", Demand: []int64{1}}, {Name: "v2", Demand: []int64{1}, Interruptible: true}},
		Rules:     []spec.Spec{spec.Named("capacity")},
		Initial:   cloud.Placement{0, 0, 0}, Target: cloud.Placement{1, 1, 1},
	}
	plan := &cloud.Plan{Status: cloud.Feasible, Steps: []cloud.Step{
		{Action: cloud.Migrate, VM: 0, From: 0, To: 1},
		{Action: cloud.Migrate, VM: 1, From: 0, To: 1},
		{Action: cloud.Suspend, VM: 2, From: 0, To: cloud.Absent},
		{Action: cloud.Resume, VM: 2, From: cloud.Absent, To: 1},
	}}
	for text, want := range map[string]string{
		"deadline(at=2s)":               "deadline(at=2s) cannot be met: the moves take until 3 steps at least (volume: outgoing migrations of h0)",
		"deadline(at=1s, vms=[v0, v1])": "deadline(at=1s, vms=[v0, v1]) cannot be met: its moves alone take until 2 steps at least (volume: outgoing migrations of h0)",
		"deadline(at=1s, vms=v2)":       "deadline(at=1s, vms=[v2]) cannot be met: its moves alone take until 2 steps at least (chain of moves: the 2 moves of v2)",
		"downtime(most=1s)":             `downtime(most=1s) cannot be met: VM "v2" would be down for at least 2 steps`,

		"frozen(from=0s, to=2s, vms=v0); deadline(at=2s, vms=v0)": `deadline(at=2s, vms=[v0]) cannot be met`,
	} {
		var further []spec.Spec
		for _, one := range strings.Split(text, "; ") {
			further = append(further, spec.MustParse(one))
		}
		p, err := timetable.NewProblem(catalogue.Standard(), in, nil, plan, spec.MustParse("slots(outgoing=1)"), spec.Named("unit"), further...)
		if err != nil {
			t.Fatal(err)
		}
		r, err := run(t, "fifo", p, schedules.Options{})
		if err != nil || r.Status != cloud.Infeasible || !strings.HasPrefix(r.Reason, want) {
			t.Errorf("%s: expected\n%s\nfound %+v, %v", text, want, r, err)
		}
	}
}
