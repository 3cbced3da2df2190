package summary

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/results"
)

// The seeds of an algorithm count as one run: means of exact values if all have one, medians
// of times, the best of bounds, shares of truths, and texts where all agree.
func TestSeedsAreOneRun(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		const limit = 10.0
		var records []results.Record
		var costs, times, expanded []float64
		plans, unsolved, solved, bounds, faulty := 0, false, 0, int64(none), 0
		outcomes := map[string]bool{}
		n := rapid.IntRange(1, 6).Draw(rt, "seeds")
		for seed := range n {
			o := rapid.SampledFrom(results.Outcomes()).Draw(rt, "outcome")
			cost, bound := int64(none), rapid.Int64Range(none, 20).Draw(rt, "bound")
			if o.HasPlan() {
				cost = rapid.Int64Range(20, 40).Draw(rt, "cost")
				plans, costs = plans+1, append(costs, float64(cost))
			}
			if o.Solved() {
				solved++
			}
			r := timed(seeded(run("a", "i", o, cost, bound), uint64(seed)), rapid.Float64Range(0, limit).Draw(rt, "time"), limit)
			r.Counters = map[string]int64{"expanded": rapid.Int64Range(0, 1000).Draw(rt, "expanded")}
			outcomes[string(o)] = true
			switch o {
			case results.Optimal:
				bounds = max(bounds, cost)
			case results.Feasible, results.Unknown, results.Unsupported:
				bounds = max(bounds, bound)
			}
			switch o {
			case results.Invalid, results.Failed, results.Unsupported:
				faulty++
			default:
				unsolved = unsolved || !o.Solved()
				times, expanded = append(times, r.WallS), append(expanded, float64(r.Counters["expanded"]))
			}
			records = append(records, r)
		}
		s := of(records)
		check := func(name string, want float64, told, atLeast bool) {
			got := in(t, s, name, "a", "i")
			if (got.Kind != Missing) != told || told && (math.Abs(got.X-want) > 1e-9 || got.AtLeast != atLeast) {
				rt.Errorf("%s: %+v, expected %v (told: %v, bound: %v)", name, got, want, told, atLeast)
			}
		}
		mean := func(x []float64) (sum float64) {
			for _, v := range x {
				sum += v / float64(len(x))
			}
			return sum
		}
		median := func(x []float64) float64 {
			if len(x) == 0 {
				return 0
			}
			x = slices.Sorted(slices.Values(x))
			return (x[(len(x)-1)/2] + x[len(x)/2]) / 2
		}
		check("cost", mean(costs), plans == n, false)
		check("expanded", mean(expanded), faulty == 0, unsolved)
		check("time", median(times), faulty == 0, unsolved)
		check("lower-bound", float64(bounds), bounds >= 0, false)
		check("coverage", float64(solved)/float64(n), true, false)
		check("found", float64(plans)/float64(n), true, false)
		if got := in(t, s, "outcome", "a", "i"); (got.Kind == Text) != (len(outcomes) == 1) {
			rt.Errorf("outcomes %v are %+v", outcomes, got)
		}
		spread, ok := column(t, s, "cost").Spread(s.Cases[0], 0)
		if want := plans == n && n > 1; ok != want || ok && math.Abs(spread-(slices.Max(costs)-slices.Min(costs))/mean(costs)) > 1e-9 {
			rt.Errorf("spread of %v: %v, %v", costs, spread, ok)
		}
	})
}

// Whoever proves a bound beyond what floats hold has proved all of its digits.
func TestTheBestBoundOfSeedsKeepsItsDigits(t *testing.T) {
	const big = 1<<60 + 1
	s := of([]results.Record{
		seeded(run("a", "i", results.Unknown, none, big-1), 1), seeded(run("a", "i", results.Unknown, none, big), 2), seeded(run("a", "i", results.Unknown, none, none), 3),
	})
	if v := in(t, s, "lower-bound", "a", "i"); v.N != big || !v.Whole || v.String() != fmt.Sprint(big) {
		t.Errorf("%+v", v)
	}
}

// A clock that was set back must not give negative times, but other numbers may be negative.
func TestOnlyTimesCannotBeNegative(t *testing.T) {
	r := timed(run("a", "i", results.Feasible, 1, none), -3, 0)
	r.Incumbents = []results.Incumbent{{ElapsedS: -2, Cost: 1}}
	s := of([]results.Record{named(r, "random", "random", results.Values{"shift": -5.0})})
	for name, want := range map[string]float64{"time": 0, "first-plan": 0, "param.shift": -5} {
		near(t, name, in(t, s, name, "a", "i").X, want)
	}
}

// What is a number in one record and a text in another is a text in both.
func TestColumnsHaveOneKind(t *testing.T) {
	s := of([]results.Record{
		named(run("a", "i", results.Feasible, 1, none), "random", "", results.Values{"sizes": "flavours", "depth": 3.0}),
		named(run("a", "j", results.Feasible, 1, none), "random", "", results.Values{"sizes": 4.0, "depth": "any"}),
	})
	for instance, want := range map[string][2]string{"i": {"flavours", "3"}, "j": {"4", "any"}} {
		for i, name := range []string{"sizes", "depth"} {
			if v := in(t, s, name, "a", instance); column(t, s, name).Kind != Text || v.Kind != Text || v.Text != want[i] {
				t.Errorf("%s on %s: %+v", name, instance, v)
			}
		}
	}
}

// A ratio to 0, or to a bound that a plan disproves, is no number to average.
func TestRatiosWithoutMeaningHaveNoValue(t *testing.T) {
	five, zero := int64(5), int64(0)
	for _, c := range []struct {
		cost      int64
		reference *int64
		want      float64
		ok        bool
	}{{5, &five, 1, true}, {0, &zero, 1, true}, {1, &zero, 0, false}, {4, &five, 0, false}, {5, nil, 0, false}, {10, &five, 2, true}} {
		if got := over(c.cost, c.reference); got.X != c.want || (got.Kind == Number) != c.ok {
			t.Errorf("%d over %v is %+v", c.cost, c.reference, got)
		}
	}
}

// A column over cases that one algorithm did not solve would favour it.
func TestSampleIsOverCasesThatAllHaveAValueIn(t *testing.T) {
	of10 := func(r results.Record) results.Record {
		r.WallS = 1
		if r.Cost != nil {
			r.Counters = map[string]int64{"expanded": 10 * *r.Cost}
		}
		return r
	}
	s := of([]results.Record{
		of10(run("a", "i", results.Optimal, 4, 4)), of10(run("b", "i", results.Feasible, 6, 0)),
		of10(run("a", "j", results.Optimal, 8, 8)), of10(run("b", "j", results.Unknown, none, none)),
		of10(run("a", "k", results.Infeasible, none, none)), of10(run("b", "k", results.Infeasible, none, none)),
	})
	for name, want := range map[string]struct {
		cases int
		b     float64
	}{"cost": {1, 6}, "bound-ratio": {1, 1.5}, "best-ratio": {1, 1.5}, "expanded": {2, 60}, "time": {2, 1}} {
		got := s.Sample(column(t, s, name))
		if len(got.Common) != want.cases || got.Values[1][0] != want.b {
			t.Errorf("%s: %d cases, values %v, expected %d and first %v", name, len(got.Common), got.Values, want.cases, want.b)
		}
	}
}

// An algorithm with a seed that failed has no cost in the case, and is not compared in it.
func TestSampleNeedsAllSeeds(t *testing.T) {
	s := of([]results.Record{
		seeded(run("a", "i", results.Feasible, 4, none), 1), seeded(run("a", "i", results.Unknown, none, none), 2), run("b", "i", results.Feasible, 6, none),
		seeded(run("a", "j", results.Feasible, 4, none), 1), seeded(run("a", "j", results.Feasible, 6, none), 2), run("b", "j", results.Feasible, 6, none),
	})
	if got := s.Sample(column(t, s, "cost")); fmt.Sprint(got.Values) != "[[5] [6]]" {
		t.Errorf("%+v", got)
	}
	if v := in(t, s, "coverage", "a", "i"); v.X != 0.5 || v.String() != "0.5" {
		t.Errorf("coverage %+v", v)
	}
}

// What is known of a case does not change with who is looked at.
func TestOnlyKeepsBoundsOfAll(t *testing.T) {
	s := of([]results.Record{
		run("a", "i", results.Optimal, 4, 4), run("b", "i", results.Feasible, 6, 0), run("c", "j", results.Feasible, 6, 0),
	})
	s.Labels = map[string]string{"b": "the second"}
	for _, name := range []string{"b", "the second"} {
		o, err := s.Only([]string{name, name})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(o.Algorithms, []string{"b"}) || len(o.Cases) != 1 || *o.Cases[0].Bound != 4 || *o.Cases[0].Best != 4 || o.Records != 1 {
			t.Errorf("of b only: %+v", o)
		}
		near(t, "cost / bound", in(t, o, "bound-ratio", "b", "i").X, 1.5)
	}
	if _, err := s.Only([]string{"d"}); err == nil || err.Error() != `no record of the algorithm d, did you mean "a"?` {
		t.Errorf("an algorithm without records: %v", err)
	}
}

// Gaps are to the best bound, whoever proved it, and steps beyond those that every plan
// has are told apart from them.
func TestGapsAndSteps(t *testing.T) {
	steps := func(r results.Record, n int) results.Record {
		r.Steps = n
		return with(r, results.Values{"misplaced": 5.0, "shutdowns": 1, "provisions": 2.0})
	}
	s := of([]results.Record{
		steps(run("a", "r#1", results.Feasible, 110, 90), 12), run("b", "r#1", results.Unknown, none, 100),
		steps(run("a", "r#2", results.Optimal, 100, 100), 8), run("b", "r#2", results.Feasible, 120, none),
		run("a", "q", results.Feasible, 5, 0),
	})
	for _, c := range []struct {
		column, algorithm, instance string
		want                        float64
		told                        bool
	}{
		{"gap", "a", "r#1", 10, true},
		{"gap", "a", "r#2", 0, true},
		{"gap", "b", "r#2", 20, true},
		{"gap", "a", "q", 0, false}, // to a bound of 0
		{"steps", "a", "r#1", 12, true},
		{"steps", "b", "r#1", 0, false},
		{"extra-steps", "a", "r#1", 4, true},
		{"extra-steps", "a", "r#2", 0, true},
		{"extra-steps", "b", "r#2", 0, false},
		{"optimal", "a", "r#2", 1, true},
		{"at-bound", "b", "r#1", 0, false},
		{"at-bound", "b", "r#2", 0, true},
		{"at-bound", "a", "r#2", 1, true},
		{"cheapest", "a", "r#2", 1, true},
		{"cheapest", "b", "r#2", 0, true},
		{"best-cost", "b", "r#1", 110, true},
	} {
		v := in(t, s, c.column, c.algorithm, c.instance)
		if (v.Kind != Missing) != c.told || math.Abs(v.X-c.want) > 1e-9 {
			t.Errorf("%s of %s on %s: %+v, expected %v (%v)", c.column, c.algorithm, c.instance, v, c.want, c.told)
		}
	}
}

// Whoever solves nothing has the worst scores, not fewer cases; what cannot be scored has no
// score.
func TestScoresPunishWhatIsUnsolved(t *testing.T) {
	s := of([]results.Record{
		timed(run("a", "i", results.Optimal, 80, 80), 0.5, 100), timed(run("b", "i", results.Feasible, 100, none), 10, 100),
		timed(run("a", "j", results.Unknown, none, none), 100, 100), timed(run("b", "j", results.Feasible, 40, none), 1, 100),
		timed(run("a", "dead", results.Infeasible, none, none), 2, 100), timed(run("b", "dead", results.Unknown, none, none), 100, 100),
		timed(run("a", "free", results.Feasible, 7, none), 3, 0), timed(run("b", "free", results.Feasible, 7, none), 3, 9),
		timed(run("a", "wrong", results.Invalid, none, none), 1, 100), timed(run("b", "wrong", results.Feasible, 7, none), 1, 100),
	})
	missing := math.NaN()
	for name, want := range map[string][2][5]float64{ // on i, j, dead, free, wrong
		"satisficing":            {{1, 0, missing, 1, 0}, {0.8, 1, missing, 1, 1}},
		"agile":                  {{1, 0, 1 - math.Log(2)/math.Log(100), missing, 0}, {0.5, 1, 0, 1 - math.Log(3)/math.Log(9), 1}},
		"par":                    {{0.5, 200, 2, missing, 200}, {10, 1, 200, 3, 1}},
		"par(factor=10)":         {{0.5, 1000, 2, missing, 1000}, {10, 1, 1000, 3, 1}},
		"par(limit=5s)":          {{0.5, 10, 2, 3, 10}, {10, 1, 10, 3, 1}}, // the plan of b on i comes too late
		"agile(limit=10s)":       {{1, 0, 1 - math.Log(2)/math.Log(10), 1 - math.Log(3)/math.Log(10), 0}, {0, 1, 0, 1 - math.Log(3)/math.Log(10), 1}},
		"par(factor=1,limit=5s)": {{0.5, 5, 2, 3, 5}, {5, 1, 5, 3, 1}},
	} {
		for a, algorithm := range s.Algorithms {
			for i, instance := range []string{"i", "j", "dead", "free", "wrong"} {
				v := in(t, s, name, algorithm, instance)
				if v.Kind == Missing {
					v.X = missing
				}
				near(t, fmt.Sprint(name, " of ", algorithm, " on ", instance), v.X, want[a][i])
			}
		}
	}
	if c := column(t, s, "par(factor=10)"); c.Label != "PAR-10" || c.Name != "par(factor=10)" || !c.Timed {
		t.Errorf("%+v", c)
	}
	if _, err := s.Column("par(factor=0)"); err == nil {
		t.Error("a factor of 0 was accepted")
	}
}

// The gap is 1 until there is a plan, then that of the cheapest so far.
func TestIntegralsRewardPlansThatComeEarly(t *testing.T) {
	early := timed(run("early", "i", results.Feasible, 200, none), 8, 10)
	early.Incumbents = []results.Incumbent{{ElapsedS: 2, Cost: 400}, {ElapsedS: 4, Cost: 200}}
	s := of([]results.Record{
		early,
		timed(run("best", "i", results.Optimal, 100, 100), 9, 10),
		timed(run("none", "i", results.Unknown, none, none), 10, 10),
		timed(run("early", "j", results.Unknown, none, none), 3, 10),
		timed(run("best", "j", results.Infeasible, none, none), 3, 10),
	})
	for name, want := range map[string][3]float64{ // of best, early and none
		"primal-gap": {0, 50, 100}, "primal-integral": {9, 2 + 2*0.75 + 6*0.5, 10}, "mean-gap": {90, 65, 100},
		"primal-gap(horizon=3s)": {100, 75, 100}, "mean-gap(horizon=4s)": {100, 100 * (2 + 2*0.75) / 4, 100},
	} {
		for a, algorithm := range s.Algorithms {
			near(t, name+" of "+algorithm, in(t, s, name, algorithm, "i").X, want[a])
		}
		if v := in(t, s, name, "best", "j"); v.Kind != Missing {
			t.Errorf("%s where no plan is known: %+v", name, v)
		}
	}
	if v := in(t, s, "first-plan", "early", "i"); v.X != 2 || v.AtLeast {
		t.Errorf("first plan: %+v", v)
	}
	if v := in(t, s, "first-plan", "none", "i"); v.X != 10 || !v.AtLeast {
		t.Errorf("no first plan: %+v", v)
	}
	// Without a limit, time counts until the last run ended.
	s = of([]results.Record{timed(run("a", "i", results.Feasible, 5, none), 1, 0), timed(run("b", "i", results.Feasible, 5, none), 4, 0)})
	near(t, "mean gap of a", in(t, s, "mean-gap", "a", "i").X, 25)
	near(t, "mean gap of b", in(t, s, "mean-gap", "b", "i").X, 100)
}

// Each column says what it is in a list, in the table of runs and on axes.
func TestColumnsAreDescribed(t *testing.T) {
	s := of(nil)
	for _, e := range Entries() {
		c := column(t, s, e.Name)
		if c.Doc == "" || c.Kind == Missing || c.Title() == "" || c.Tell == nil || (c.Kind == Number || c.Kind == Truth) == (c.Mean == "") && c.Name != "seed" {
			t.Errorf("%s: %+v", e.Name, c)
		}
	}
}
