package plots

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

// found makes a run that finds plans on the way: elapsed seconds and cost alternate, and
// the last plan is what it ends with.
func found(algorithm, instance string, plans ...float64) results.Record {
	last := int64(plans[len(plans)-1])
	r := record(algorithm, instance, results.Feasible, last, -1, 0)
	for i := 0; i < len(plans); i += 2 {
		r.Incumbents = append(r.Incumbents, results.Incumbent{ElapsedS: plans[i], Cost: int64(plans[i+1])})
	}
	r.WallS = plans[len(plans)-2]
	return r
}

func of(records []results.Record) *summary.Summary {
	return summary.Of(records, summary.WithCatalogue(testCatalogue()))
}

func first(list []stats.Curve, _ int) stats.Curve { return list[0] }

// A case without a plan yet has the gap 1; what is found later lowers it, and a costlier
// plan found after a cheaper one does not raise it again.
func TestQualityOverTimeIsTheMeanGapOfThePlansSoFar(t *testing.T) {
	s := of([]results.Record{
		found("a", "i", 1, 200, 2, 300, 3, 100), // gaps 1, 0.5, 0.5, 0
		found("a", "j", 2, 100),                 // gaps 1, 0
		found("b", "i", 4, 125),                 // gap 0.2 in the end
		record("b", "j", results.Unknown, 0, -1, 1),
		record("a", "none", results.Unknown, 0, -1, 1), record("b", "none", results.Unknown, 0, -1, 1),
		found("a", "alone", 1, 1),
	})
	got, counted := gaps(s, "plans")
	if counted != 2 {
		t.Errorf("%d cases", counted)
	}
	want := []stats.Curve{
		{Start: 1, Steps: []stats.Step{{X: 1, Y: 0.75}, {X: 2, Y: 0.25}, {X: 3, Y: 0}}},
		{Start: 1, Steps: []stats.Step{{X: 4, Y: 0.6}}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Gaps that are no binary fractions add up to something next to nothing: where every case
// has its cheapest plan, nothing is left.
func TestRoundingLeavesNoGap(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 100 {
		var records []results.Record
		for i := range 60 {
			cost := 1 + float64(rng.IntN(100_000))
			more := func(most int) float64 { return cost + 1 + float64(rng.IntN(most)) }
			records = append(records, found("a", fmt.Sprint(i), rng.Float64(), 10*more(1_000_000), rng.Float64()+1, more(1_000_000), rng.Float64()+2, cost))
		}
		if left := first(gaps(of(records), "plans")).End(); left != 0 {
			t.Fatalf("a gap of %g is left", left)
		}
	}
}

// A target counts as reached from the first plan on that is cheap enough, and never by a
// run that found none.
// Two strategies on one instance are two curves, whatever algorithm finds the path, and several seeds of one weigh as much as one.
func TestQualityOfTargetsIsByStrategy(t *testing.T) {
	aimed := func(strategy, sha string, seed uint64, wall float64, after int64, incumbents ...results.TargetIncumbent) results.Record {
		r := record("a", "i", results.Unknown, 0, -1, 0)
		r.Seed, r.RunKey = seed, strategy+sha
		r.Target = &results.Target{
			Strategy: strategy, Objective: "hosts", Status: results.Feasible, Before: []int64{20}, After: []int64{after}, SHA256: sha,
			WallS: wall, Incumbents: incumbents,
		}
		return r
	}
	s := by(of([]results.Record{
		aimed("slow", "x", 1, 4, 10), aimed("slow", "y", 2, 8, 20),
		aimed("fast", "z", 1, 2, 8, results.TargetIncumbent{ElapsedS: 1, Objective: []int64{16}}),
	}), "strategy")
	got, counted := gaps(s, "targets")
	want := []stats.Curve{
		{Start: 1, Steps: []stats.Step{{X: 1, Y: 0.5}, {X: 2, Y: 0}}},
		{Start: 1, Steps: []stats.Step{{X: 4, Y: 0.6}, {X: 8, Y: 0.4}}},
	}
	if d := cmp.Diff(want, got); d != "" || counted != 1 {
		t.Error(counted, d)
	}
}

func TestTimesToTargetsCountPairsOfCaseAndTarget(t *testing.T) {
	s := of([]results.Record{
		found("a", "i", 1, 150, 3, 100),
		found("b", "i", 2, 100),
		found("a", "j", 2, 100),
		record("b", "j", results.Unknown, 0, -1, 1),
	})
	got, _ := reached(s, []float64{0, 0.5})
	want := []stats.Curve{
		{Start: 0, Steps: []stats.Step{{X: 1, Y: 0.25}, {X: 2, Y: 0.75}, {X: 3, Y: 1}}},
		{Start: 0, Steps: []stats.Step{{X: 2, Y: 0.5}}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// A case that was run with several seeds counts as one, each of its runs for a share.
func TestSeedsShareTheWeightOfTheirCase(t *testing.T) {
	records := []results.Record{found("a", "i", 1, 100), found("a", "i", 3, 100), found("a", "j", 2, 100)}
	records[1].Seed = 1
	if d := cmp.Diff([]stats.Step{{X: 1, Y: 0.25}, {X: 2, Y: 0.75}, {X: 3, Y: 1}}, first(reached(of(records), []float64{0})).Steps); d != "" {
		t.Error(d)
	}
}

// What a run announced counts for nothing where its plan was refused.
func TestIncumbentsOfARunAtFaultDoNotCount(t *testing.T) {
	wrong := found("a", "i", 1, 50)
	wrong.Outcome, wrong.Cost = results.Invalid, nil
	s := of([]results.Record{wrong, found("b", "i", 2, 100)})
	if got := first(gaps(s, "plans")); got.End() != 1 {
		t.Errorf("an invalid plan has the gap %v, expected 1", got.End())
	}
	if got := first(reached(s, []float64{1})); got.End() != 0 {
		t.Errorf("an invalid plan reaches %v of the targets", got.End())
	}
}

func TestWithoutCasesThereIsNoShareAndNoGap(t *testing.T) {
	s := of([]results.Record{record("a", "i", results.Unknown, 0, -1, 1)})
	if c := first(gaps(s, "plans")); !math.IsNaN(c.Start) {
		t.Errorf("the mean gap of no cases is %v", c.Start)
	}
	if c := first(reached(s, []float64{0})); !math.IsNaN(c.Start) {
		t.Errorf("the share of no targets is %v", c.Start)
	}
}

// The area below the curve is what the primal integral of Berthold is, case by case.
func TestAreaUnderQualityOverTimeIsThePrimalIntegral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const horizonS = 100
		var records []results.Record
		for i := range rapid.IntRange(1, 5).Draw(t, "cases") {
			var plans []float64
			at, cost := 0, rapid.IntRange(0, 50).Draw(t, "cost")
			for range rapid.IntRange(1, 4).Draw(t, "plans") {
				at += rapid.IntRange(0, 20).Draw(t, "wait")
				plans = append(plans, float64(at), float64(cost))
				cost = rapid.IntRange(0, cost).Draw(t, "cheaper")
			}
			records = append(records, found("a", string(rune('a'+i)), plans...))
		}
		s := of(records)
		want := 0.0
		for _, c := range s.Cases {
			want += stats.PrimalIntegral(summary.Incumbents(c.Runs[0][0], "plans"), float64(*c.Best), horizonS) / float64(len(s.Cases))
		}
		curve := first(gaps(s, "plans"))
		area, x, y := 0.0, 0.0, curve.Start
		for _, step := range curve.Steps {
			area += (step.X - x) * y
			x, y = step.X, step.Y
		}
		area += (horizonS - x) * y
		if math.Abs(area-want) > 1e-9 {
			t.Fatalf("area %v, mean primal integral %v", area, want)
		}
	})
}
