package schedules_test

import (
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/scheduletest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// settings are models with durations that suit them; a test sees to it that no model is missing.
var settings = []struct{ name, model, duration string }{
	{"sequential", "sequential", scheduletest.Rate},
	{"slots", "slots(outgoing=1)", scheduletest.Rate},
	{"slots", "slots(outgoing=1, incoming=1)", scheduletest.Rate},
	{"slots", "slots(total=3)", scheduletest.Rate},
	{"slots", "slots(total=5, outgoing=2)", scheduletest.Rate},
	{"steps", "steps(per-host=1)", scheduletest.Unit},
	{"steps", "steps(per-host=2)", scheduletest.Unit},
	{"bandwidth", "bandwidth", scheduletest.Rate},
	{"bandwidth", "bandwidth(sharing=pinned, least=0.5)", scheduletest.Rate},
	{"bandwidth", "bandwidth(sharing=max-min)", scheduletest.Rate},
}

func TestModelHasNoSetting(t *testing.T) {
	known := map[string]bool{}
	for _, s := range settings {
		known[s.name] = true
	}
	for _, d := range catalogue.Standard().Descriptors(concurrency.Kind) {
		if !known[d.Name] {
			t.Errorf("no schedule is compared with the shortest one under %s: add it to settings", d.Name)
		}
	}
}

// shortest compares schedulers with the exhaustive search.
func shortest(t *testing.T, seed uint64, problems int) {
	for _, s := range settings {
		t.Run(s.model, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 1))
			cases, hard, listed, elastic := 0, 0, 0, false
			for range problems {
				p := scheduletest.Random(t, rng, s.model, s.duration)
				best := scheduletest.Shortest(p)
				want := p.DownTime + best.Makespan() + p.UpTime
				r, err := run(t, "exact", p, schedules.Options{})
				if err != nil {
					t.Fatal(err)
				}
				_, elastic = p.Model.(concurrency.Elastic)
				if r.Makespan != want || r.LowerBound > want || !elastic && (r.LowerBound < want || r.Status != cloud.Optimal) {
					t.Fatalf("makespan %d, bound %d, %s; the shortest is %d: %v, under %v", r.Makespan, r.LowerBound, r.Status, want, r.Steps, p.Rules)
				}
				cases++
				if len(r.Incumbents) > 1 || len(r.Bounds) > 0 && r.Bounds[0].Name == "exact" {
					hard++
				}
				l, err := run(t, "list", p, schedules.Options{Tables: 200})
				if err != nil {
					t.Fatal(err)
				}
				if l.Makespan == want {
					listed++
				}
			}
			t.Logf("%d cases; %d are no matter of the greedy schedule and the bounds; list is as short in %d", cases, hard, listed)
			if listed*100 < cases*98 {
				t.Errorf("list finds the shortest schedule in %d of %d cases only", listed, cases)
			}
		})
	}
}

// The exact scheduler finds what trying all starts finds, and proves it.
func TestExactIsNotShortest(t *testing.T) { shortest(t, 1, 100) }
