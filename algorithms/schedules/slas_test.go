package schedules_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/scheduletest"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
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
