package summary

import (
	"math"
	"testing"

	"github.com/cloudrearrange/rearrange/results"
)

// timed is a run with a time, and a limit in seconds.
func timed(r results.Record, wallS, limitS float64) results.Record {
	r.WallS, r.Limits.TimeoutS = wallS, limitS
	return r
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9 || math.IsNaN(got) != math.IsNaN(want) {
		t.Errorf("%s: %v, expected %v", what, got, want)
	}
}

// Whoever solves nothing has the worst scores, not fewer cases; what cannot be scored is
// counted.
func TestScoresPunishWhatIsUnsolved(t *testing.T) {
	records := []results.Record{
		timed(run("a", "i", results.Optimal, 80, 80), 0.5, 100), timed(run("b", "i", results.Feasible, 100, none), 10, 100),
		timed(run("a", "j", results.Unknown, none, none), 100, 100), timed(run("b", "j", results.Feasible, 40, none), 1, 100),
		timed(run("a", "dead", results.Infeasible, none, none), 2, 100), timed(run("b", "dead", results.Unknown, none, none), 100, 100),
		timed(run("a", "free", results.Feasible, 7, none), 3, 0), timed(run("b", "free", results.Feasible, 7, none), 3, 9),
		run("a", "alone", results.Feasible, 7, none),
	}
	x := Of(records).Scores(0)
	if x.Cases != 4 || x.NotRun != 1 || x.NoPlan != 1 || x.NoLimit != 1 {
		t.Fatalf("counts %+v", x)
	}
	a, b := x.Rows[0], x.Rows[1]
	near(t, "coverage of a", a.Coverage, 0.75)
	near(t, "coverage of b", b.Coverage, 0.75)
	near(t, "satisficing of a", a.Satisficing, (1+0+1)/3.0)
	near(t, "satisficing of b", b.Satisficing, (0.8+1+1)/3.0)
	near(t, "agile of a", a.Agile, (1+0+1-math.Log(2)/math.Log(100))/3)
	near(t, "agile of b", b.Agile, (0.5+1+0)/3)
	near(t, "PAR-2 of a", a.PAR2, (0.5+200+2)/3)
	near(t, "PAR-10 of b", b.PAR10, (10+1+1000)/3.0)

	// With a limit of 5 s, the plan of b on i comes too late.
	late := Of(records).Scores(5)
	if late.NoLimit != 0 {
		t.Errorf("%d cases without a limit, though one was given", late.NoLimit)
	}
	near(t, "PAR-2 of b within 5 s", late.Rows[1].PAR2, (10+1+10+3)/4.0)
}

// The gap is 1 until there is a plan, then that of the cheapest so far.
func TestIntegralsRewardPlansThatComeEarly(t *testing.T) {
	early := timed(run("early", "i", results.Feasible, 200, none), 8, 10)
	early.Incumbents = []results.Incumbent{{ElapsedS: 2, Cost: 400}, {ElapsedS: 4, Cost: 200}}
	x := Of([]results.Record{
		early,
		timed(run("best", "i", results.Optimal, 100, 100), 9, 10),
		timed(run("none", "i", results.Unknown, none, none), 10, 10),
		timed(run("early", "j", results.Unknown, none, none), 3, 10),
		timed(run("best", "j", results.Infeasible, none, none), 3, 10),
		timed(run("none", "j", results.Unknown, none, none), 3, 10),
	}).Integrals(0)
	if x.Cases != 1 || x.NoPlan != 1 || x.NoLimit != 0 {
		t.Fatalf("counts %+v", x)
	}
	for i, want := range []IntegralsRow{
		{"best", 1, 0, 9, 0.9},
		{"early", 1, 0.5, 2 + 2*0.75 + 6*0.5, 0.65},
		{"none", 0, 1, 10, 1},
	} {
		got := x.Rows[i]
		if got.Algorithm != want.Algorithm || got.Found != want.Found {
			t.Errorf("row %+v, expected %+v", got, want)
		}
		near(t, want.Algorithm+": gap", got.Gap, want.Gap)
		near(t, want.Algorithm+": integral", got.Integral, want.Integral)
		near(t, want.Algorithm+": relative", got.Relative, want.Relative)
	}
	// Without a limit, time counts until the last run ended.
	x = Of([]results.Record{timed(run("a", "i", results.Feasible, 5, none), 1, 0), timed(run("b", "i", results.Feasible, 5, none), 4, 0)}).Integrals(0)
	if x.NoLimit != 1 {
		t.Errorf("%d cases without a limit", x.NoLimit)
	}
	near(t, "relative integral of a", x.Rows[0].Relative, 0.25)
	near(t, "relative integral of b", x.Rows[1].Relative, 1)
}

// Holm's correction is over all pairs, and the test over the cases that both solved.
func TestPairTests(t *testing.T) {
	var records []results.Record
	for i := range int64(8) {
		name := string(rune('a' + i))
		records = append(records, run("cheap", name, results.Feasible, 10+i, none), run("dear", name, results.Feasible, 20+2*i, none))
		if i < 2 {
			records = append(records, run("seldom", name, results.Feasible, 10+i, none))
		} else {
			records = append(records, run("seldom", name, results.Unknown, none, none))
		}
	}
	tests := Of(records).PairTests(MetricNamed("cost"))
	if len(tests) != 3 || tests[0].X != "cheap" || tests[0].Y != "dear" || tests[1].Y != "seldom" || tests[2].X != "dear" {
		t.Fatalf("pairs %+v", tests)
	}
	x := tests[0]
	near(t, "p of eight pairs of one sign, by three", x.P, 3*2/256.0)
	near(t, "ratio", x.Ratio, 0.5)
	if x.Wilcoxon.Z >= 0 || x.A12 >= 0.5 {
		t.Errorf("the cheaper is not less: %+v", x)
	}
	if tests[1].Same != 2 || len(tests[1].OnlyX) != 6 || tests[1].P != 1 || tests[1].A12 != 0.5 {
		t.Errorf("equal in all that both have: %+v", tests[1])
	}
}

// Costs are compared where all found a plan, in the order asked for.
func TestBaselines(t *testing.T) {
	records := []results.Record{
		timed(run("old", "i", results.Feasible, 30, none), 1, 0), timed(run("new", "i", results.Optimal, 20, 20), 1, 0), timed(run("best", "i", results.Feasible, 10, none), 1, 0),
		timed(run("old", "j", results.Unknown, none, none), 9, 0), timed(run("new", "j", results.Feasible, 1000, none), 1, 0), timed(run("best", "j", results.Feasible, 10, none), 1, 0),
		timed(run("lost", "i", results.Unknown, none, none), 1, 0),
	}
	b, err := Of(records).Baselines([]string{"old", "absent", "new", "lost"})
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Missing) != 1 || len(b.NoPlan) != 1 || b.NoPlan[0] != "lost" || len(b.Nothing) != 1 || len(b.Costs.Common) != 1 || len(b.Rows) != 3 {
		t.Fatalf("%+v", b)
	}
	old, young := b.Rows[0], b.Rows[1]
	if old.Algorithm != "old" || old.Solved != 1 || old.Runs != 2 || old.Proved != 0 || young.Proved != 1 {
		t.Errorf("counts %+v, %+v", old, young)
	}
	near(t, "cost of old over the cheapest of any run", old.MeanRatio, 3)
	near(t, "cost of new", young.MaxRatio, 2)
	near(t, "time of old where both solved", old.WallS, 1)
	near(t, "time of all runs of old", old.AllWallS, math.Sqrt(1.01*9.01)-0.01)
}
