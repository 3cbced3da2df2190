package tables

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/results"
)

// run makes a record; cost and bound are left out where they are negative. The class is what
// stands before a #.
func run(algorithm, instance string, outcome results.Outcome, cost, bound int64) results.Record {
	class, _, _ := strings.Cut(instance, "#")
	r := results.Record{
		Format: results.RecordFormat, RunKey: algorithm + "/" + instance, Name: results.Name{Instance: instance, Class: class},
		InstanceSHA256: "sha-" + instance, Algorithm: algorithm, CostFunction: "ram", Outcome: outcome,
		Counters: map[string]int64{"expanded": 10, "generated": 20},
	}
	if cost >= 0 {
		r.Cost = &cost
	}
	if bound >= 0 {
		r.LowerBound = &bound
	}
	return r
}

const none = -1

// took is a run with a time, and a limit in seconds.
func took(r results.Record, wallS, limitS float64) results.Record {
	r.WallS, r.Limits.TimeoutS = wallS, limitS
	return r
}

// figuresOf are the cells of the row with some keys, by the heads of columns.
func figuresOf(t *testing.T, x Table, keys ...string) map[string]Cell {
	t.Helper()
	for _, row := range x.Rows {
		var texts []string
		for _, c := range row[:len(keys)] {
			texts = append(texts, c.String())
		}
		if slices.Equal(texts, keys) {
			out := map[string]Cell{}
			for i, c := range x.Columns {
				out[c.Name] = row[i]
			}
			return out
		}
	}
	t.Fatalf("no row %q in %+v", keys, x.Rows)
	return nil
}

// holds compares values of a row with those expected; NaN stands for none.
func holds(t *testing.T, x Table, keys []string, want map[string]float64) {
	t.Helper()
	row := figuresOf(t, x, keys...)
	for head, w := range want {
		c, ok := row[head]
		if !ok {
			t.Fatalf("no column %q in %+v", head, x.Columns)
		}
		if math.Abs(c.Value-w) > 1e-9 || math.IsNaN(c.Value) != math.IsNaN(w) {
			t.Errorf("%s, %q: %v, expected %v", head, keys, c.Value, w)
		}
	}
}

func TestOutcomesAndCoverage(t *testing.T) {
	x := made(t, "outcomes", of([]results.Record{
		run("b", "i1", results.Optimal, 5, 5), run("b", "i2", results.Infeasible, none, none),
		run("b", "i3", results.Unknown, none, 3), run("b", "i4", results.Invalid, none, none),
		run("a", "i1", results.Feasible, 6, none),
	}))
	holds(t, x, []string{"a"}, map[string]float64{"solved": 1, "feasible": 1, "optimal": 0, "coverage": 100})
	holds(t, x, []string{"b"}, map[string]float64{"solved": 2, "optimal": 1, "infeasible": 1, "unknown": 1, "invalid": 1, "error": 0, "coverage": 50})
	if c := figuresOf(t, x, "a")["coverage"]; c.N != 1 || c.Of != 1 || c.Best {
		t.Errorf("coverage of one of four cases: %+v", c)
	}
}

// Seeds of one case are merged: what one of two solved is half a case.
func TestSeedsAreShares(t *testing.T) {
	second := run("a", "i1", results.Unknown, none, none)
	second.Seed = 2
	x := made(t, "outcomes", of([]results.Record{run("a", "i1", results.Optimal, 5, 5), second, run("a", "i2", results.Optimal, 5, 5)}))
	holds(t, x, []string{"a"}, map[string]float64{"solved": 1.5, "unknown": 0.5, "coverage": 75})
}

func TestQualityUsesOnlyWhatAllFound(t *testing.T) {
	x := made(t, "quality", of([]results.Record{
		run("exact", "i1", results.Optimal, 10, 10), run("greedy", "i1", results.Feasible, 20, none),
		run("exact", "i2", results.Optimal, 10, none), run("greedy", "i2", results.Feasible, 10, none), // optimal is a bound
		run("exact", "i3", results.Unknown, none, 10), run("greedy", "i3", results.Feasible, 1000, none), // not common
		run("exact", "zero", results.Optimal, 0, 0), run("greedy", "zero", results.Feasible, 0, none), // ratio 1
		run("exact", "zerobound", results.Feasible, 5, 0), run("greedy", "zerobound", results.Feasible, 0, none),
		run("exact", "nobound", results.Feasible, 5, none), run("greedy", "nobound", results.Feasible, 5, none),
		run("exact", "wrong", results.Feasible, 9, 9), run("greedy", "wrong", results.Feasible, 8, none),
		run("hopeless", "i1", results.Unknown, none, none), // would leave nothing to compare
	}))
	if want := "Over the 3 of 7 cases for which both algorithms compared found a plan with a known gap."; !strings.HasPrefix(x.Caption, want) {
		t.Errorf("caption %s", x.Caption)
	}
	if want := []string{"Not compared, having found no such plan: hopeless."}; !slices.Equal(x.Notes, want) {
		t.Errorf("notes %q", x.Notes)
	}
	holds(t, x, []string{"exact"}, map[string]float64{"cost/bound mean": 1, "at bound": 3, "gap mean": 0, "cheapest": 3})
	holds(t, x, []string{"greedy"}, map[string]float64{"cost/bound mean": math.Cbrt(2), "at bound": 2, "gap mean": 100.0 / 3, "max": 2, "median": 1})
	holds(t, x, []string{"hopeless"}, map[string]float64{"cost/bound mean": math.NaN(), "at bound": math.NaN()})
}

func TestEffortIsOverCommonlySolvedCases(t *testing.T) {
	slow := took(run("slow", "i1", results.Optimal, 1, 1), 0.03, 0)
	slow.Counters = map[string]int64{"expanded": 300}
	s := of([]results.Record{
		slow, run("fast", "i1", results.Feasible, 1, none),
		run("slow", "i2", results.Unknown, none, none), run("fast", "i2", results.Feasible, 1, none),
	})
	x := made(t, "effort", s)
	if want := "Over the 1 of 2 cases that both algorithms compared solved."; !strings.HasPrefix(x.Caption, want) {
		t.Errorf("caption %s", x.Caption)
	}
	holds(t, x, []string{"slow"}, map[string]float64{"expanded": 300, "generated": math.NaN(), "coverage": 50})
	holds(t, made(t, "time", s), []string{"slow"}, map[string]float64{"time": 0.03, "CPU": math.NaN()})
}

func TestClassesAreInstancesButForTheSeed(t *testing.T) {
	rec := func(instance string, outcome results.Outcome, expanded int64) results.Record {
		r := run("a", instance, outcome, map[bool]int64{true: 1, false: none}[outcome.HasPlan()], 1)
		r.Counters, r.WallS = map[string]int64{"expanded": expanded}, 1
		return r
	}
	x := made(t, "class-effort", of([]results.Record{
		rec("random(hosts=10)#1", results.Optimal, 100), rec("random(hosts=10)#2", results.Unknown, 400),
		rec("random(hosts=9)#1", results.Infeasible, 7), rec("chain4", results.Feasible, 50),
		rec("random(hosts=9)#2", results.Failed, 1),
	}))
	got := map[string]string{}
	var order []string
	for _, row := range x.Rows {
		got[row[0].Text] = row[1].String()
		order = append(order, row[0].Text)
	}
	if want := []string{"chain4", "random(hosts=9)", "random(hosts=10)"}; !slices.Equal(order, want) {
		t.Fatalf("classes %v, expected %v", order, want)
	}
	// √((100+100) × (400+100)) - 100 states at least; a failed run tells nothing.
	for class, want := range map[string]string{"chain4": "≥ 50.0 (0/1)", "random(hosts=9)": "7.00 (1/2)", "random(hosts=10)": "≥ 216 (1/2)"} {
		if got[class] != want {
			t.Errorf("%s: %s, expected %s", class, got[class], want)
		}
	}
	if c := x.Rows[2][1]; math.Abs(c.Value-(math.Sqrt(200*500)-100)) > 1e-9 || !c.AtLeast {
		t.Errorf("%+v", c)
	}
}

// Whoever solves nothing has the worst scores, not fewer cases.
func TestScoresPunishWhatIsUnsolved(t *testing.T) {
	s := of([]results.Record{
		took(run("a", "i", results.Optimal, 80, 80), 0.5, 100), took(run("b", "i", results.Feasible, 100, none), 10, 100),
		took(run("a", "j", results.Unknown, none, none), 100, 100), took(run("b", "j", results.Feasible, 40, none), 1, 100),
		took(run("a", "dead", results.Infeasible, none, none), 2, 100), took(run("b", "dead", results.Unknown, none, none), 100, 100),
		took(run("a", "free", results.Feasible, 7, none), 3, 0), took(run("b", "free", results.Feasible, 7, none), 3, 0),
		run("a", "alone", results.Feasible, 7, none),
	})
	x := made(t, "scores", s)
	if !strings.HasPrefix(x.Caption, "Over the 4 of 5 cases that all algorithms were run on.") {
		t.Errorf("caption %s", x.Caption)
	}
	holds(t, x, []string{"a"}, map[string]float64{
		"coverage": 75, "satisficing": (1 + 0 + 1) / 3.0, "agile": (1 + 0 + 1 - math.Log(2)/math.Log(100)) / 3, "PAR-2": (0.5 + 200 + 2) / 3,
	})
	holds(t, x, []string{"b"}, map[string]float64{
		"coverage": 75, "satisficing": (0.8 + 1 + 1) / 3.0, "agile": (0.5 + 1 + 0) / 3, "PAR-10": (10 + 1 + 1000) / 3.0,
	})
	// With a limit of 5 s, the plan of b on i comes too late.
	late := made(t, "scores(limit=5s)", s)
	holds(t, late, []string{"b"}, map[string]float64{"PAR-2": (10 + 1 + 10 + 3) / 4.0})
	if !strings.HasSuffix(late.Caption, " Time counts up to 5s.") {
		t.Errorf("caption %s", late.Caption)
	}
}

// The gap is 1 until there is a plan, then that of the cheapest so far.
func TestIntegralsRewardPlansThatComeEarly(t *testing.T) {
	early := took(run("early", "i", results.Feasible, 200, none), 8, 10)
	early.Incumbents = []results.Incumbent{{ElapsedS: 2, Cost: 400}, {ElapsedS: 4, Cost: 200}}
	x := made(t, "anytime", of([]results.Record{
		early,
		took(run("best", "i", results.Optimal, 100, 100), 9, 10),
		took(run("none", "i", results.Unknown, none, none), 10, 10),
		took(run("early", "j", results.Unknown, none, none), 3, 10),
		took(run("best", "j", results.Infeasible, none, none), 3, 10),
		took(run("none", "j", results.Unknown, none, none), 3, 10),
	}))
	holds(t, x, []string{"best"}, map[string]float64{"found": 1, "gap at end": 0, "integral": 9, "mean gap": 90})
	holds(t, x, []string{"early"}, map[string]float64{"found": 1, "gap at end": 50, "integral": 2 + 2*0.75 + 6*0.5, "mean gap": 65})
	holds(t, x, []string{"none"}, map[string]float64{"found": 0, "gap at end": 100, "integral": 10, "mean gap": 100})
	if best := figuresOf(t, x, "best"); !best["gap at end"].Best {
		t.Error("a case without a plan of anybody's keeps the best from being marked")
	}
	// Without a limit, time counts until the last run ended.
	x = made(t, "anytime", of([]results.Record{took(run("a", "i", results.Feasible, 5, none), 1, 0), took(run("b", "i", results.Feasible, 5, none), 4, 0)}))
	holds(t, x, []string{"a"}, map[string]float64{"mean gap": 25})
	holds(t, x, []string{"b"}, map[string]float64{"mean gap": 100})
}

// Costs are compared where all found a plan.
func TestBaselines(t *testing.T) {
	records := []results.Record{
		took(run("old", "i", results.Feasible, 30, none), 1, 0), took(run("new", "i", results.Optimal, 20, 20), 1, 0), took(run("best", "i", results.Feasible, 10, none), 1, 0),
		took(run("old", "j", results.Unknown, none, none), 9, 0), took(run("new", "j", results.Feasible, 1000, none), 1, 0), took(run("best", "j", results.Feasible, 10, none), 1, 0),
		took(run("lost", "i", results.Unknown, none, none), 1, 0),
	}
	x := made(t, "baselines(algorithms=[old, absent, new, lost])", of(records))
	if len(x.Rows) != 3 || !slices.Contains(x.Notes, "No records of absent.") || !slices.Contains(x.Notes, "Not compared, having found no plan: lost.") {
		t.Fatalf("%+v", x)
	}
	holds(t, x, []string{"old"}, map[string]float64{"coverage": 50, "proved": 0, "cost/best mean": 3, "common time": 1, "overall time": math.Sqrt(1.01*9.01) - 0.01})
	holds(t, x, []string{"new"}, map[string]float64{"coverage": 100, "proved": 50, "cost/best max": 2})
	if c := figuresOf(t, x, "old")["overall time"]; !c.AtLeast {
		t.Errorf("the time of all runs of old is a bound: %+v", c)
	}
	if _, err := try("baselines(algorithms=[old, absent])", of(records)); err == nil || !strings.Contains(err.Error(), "fewer than two of the algorithms old, absent") {
		t.Errorf("error %v", err)
	}
}

// Gaps are to the best bound, whoever proved it, and steps beyond those that every plan
// has are told apart from them.
func TestPlansOfAClass(t *testing.T) {
	steps := func(r results.Record, n int) results.Record {
		r.Steps, r.Features = n, results.Values{"misplaced": 5.0, "shutdowns": 1, "provisions": 2.0}
		return r
	}
	x := made(t, "class-plans", of([]results.Record{
		steps(run("a", "r#1", results.Feasible, 110, 90), 12), run("b", "r#1", results.Unknown, none, 100),
		steps(run("a", "r#2", results.Optimal, 100, 100), 8), run("b", "r#2", results.Feasible, 120, none),
		run("a", "q", results.Feasible, 5, 0),
	}))
	if len(x.Rows) != 3 {
		t.Fatalf("rows %+v", x.Rows)
	}
	holds(t, x, []string{"r", "a"}, map[string]float64{"found": 2, "optimal": 1, "steps mean": 10, "extra steps mean": 2, "gap mean": 5, "gap max": 10})
	holds(t, x, []string{"r", "b"}, map[string]float64{"found": 1, "gap max": 20, "extra steps mean": math.NaN()})
	holds(t, x, []string{"q", "a"}, map[string]float64{"gap mean": math.NaN(), "gap max": math.NaN()}) // to a bound of 0
	if c := figuresOf(t, x, "r", "b")["found"]; c.String() != "1/2" || c.Best {
		t.Errorf("found %+v", c)
	}
	for head, c := range figuresOf(t, x, "r", "b") {
		if c.Best {
			t.Errorf("%s of one plan is better than that of two", head)
		}
	}
}

// Costs are compared only where both have a plan, and how many either has stands beside.
func TestVersusComparesOnlyWhatBothFound(t *testing.T) {
	s := of([]results.Record{
		run("old", "r#1", results.Feasible, 20, none), run("new", "r#1", results.Optimal, 10, 10),
		run("old", "r#2", results.Feasible, 30, none), run("new", "r#2", results.Feasible, 30, none),
		run("old", "r#3", results.Unknown, none, none), run("new", "r#3", results.Feasible, 1000, none),
		run("old", "s#1", results.Feasible, 50, none), run("new", "s#1", results.Feasible, 60, none),
		run("old", "s#2", results.Feasible, 7, none), run("new", "s#2", results.Unknown, none, none),
		run("old", "free", results.Feasible, 0, none), run("new", "free", results.Feasible, 0, none),
	})
	x := made(t, "versus(baseline=old)", s)
	var order []string
	for _, row := range x.Rows {
		order = append(order, row[0].Text+" "+row[1].Text)
	}
	if want := []string{"all new", "all old", "free new", "free old", "r new", "r old", "s new", "s old"}; !slices.Equal(order, want) {
		t.Fatalf("rows %q", order)
	}
	holds(t, x, []string{"all", "new"}, map[string]float64{
		"found": 5, "both": 4, "cheaper": 1, "equal": 2, "costlier": 1, "saved": 0, "least": 0.5, "most": 1.2, "mean": math.Pow(0.6, 0.25),
	})
	holds(t, x, []string{"all", "old"}, map[string]float64{"found": 5, "both": math.NaN(), "cheaper": math.NaN(), "mean": math.NaN()})
	holds(t, x, []string{"r", "new"}, map[string]float64{"found": 3, "both": 2, "saved": 20})
	if y := made(t, "versus(baseline=old, algorithms=[new])", s); as(t, "csv", y) != as(t, "csv", x) {
		t.Error("the baseline is left out where others are chosen")
	}
	holds(t, x, []string{"free", "new"}, map[string]float64{"mean": 1, "saved": math.NaN()})
	for _, c := range x.Columns {
		if slices.Contains([]string{"both", "cheaper", "equal", "costlier"}, c.Name) && c.Unit != "" {
			t.Errorf("a number of cases has a unit: %+v", c)
		}
	}
	if !strings.HasPrefix(x.Caption, "Baseline: old. ") {
		t.Errorf("caption %s", x.Caption)
	}
}

// Costs in different units cannot be added up; their ratios can be averaged.
func TestVersusDoesNotAddUpUnlikeCosts(t *testing.T) {
	records := []results.Record{run("old", "i", results.Feasible, 20, none), run("new", "i", results.Feasible, 10, none)}
	for i, r := range records[:2] {
		r.CostFunction, records[i].CostUnit = "count", "MiB"
		records = append(records, r)
	}
	x := made(t, "versus(baseline=old)", of(records))
	holds(t, x, []string{"all", "new"}, map[string]float64{"both": 2, "saved": math.NaN(), "mean": 0.5})
	x = made(t, "table(rows=[cost-function, algorithm], total=yes, columns=[sum(cost)])", of(records))
	holds(t, x, []string{"all", "new"}, map[string]float64{"cost sum": math.NaN()})
	holds(t, x, []string{"ram", "new"}, map[string]float64{"cost sum": 10})
	if want := "cost sum: costs of several units are neither added up nor averaged; choose one with --where"; !strings.HasPrefix(strings.Join(x.Notes, ""), want) {
		t.Errorf("notes %q", x.Notes)
	}
	if want := "Units of costs, by cost function: ram: MiB."; !strings.Contains(x.Caption, want) {
		t.Errorf("caption %q", x.Caption)
	}
}

// A test over two cost functions, or limits, would count each instance twice.
func TestTestsCountEachInstanceOnce(t *testing.T) {
	for what, change := range map[string]func(*results.Record){
		"cost-function (count and ram)": func(r *results.Record) { r.CostFunction = "count" },
		"time-limit (none and 5)":       func(r *results.Record) { r.Limits.TimeoutS = 5 },
	} {
		var list []results.Record
		for _, instance := range []string{"i", "j", "k"} {
			list = append(list, run("old", instance, results.Feasible, 20, none), run("new", instance, results.Feasible, 10, none))
		}
		for _, r := range list {
			change(&r)
			list = append(list, r)
		}
		for _, text := range []string{"ranks(metric=expanded)", "pairwise", "growth(by=seed)"} {
			if _, err := try(text, of(list)); err == nil || !strings.Contains(err.Error(), what) || !strings.Contains(err.Error(), "--where") {
				t.Errorf("%s: error %v, expected %s", text, err, what)
			}
		}
	}
}

func TestVersusNobody(t *testing.T) {
	s := of([]results.Record{run("new", "i", results.Feasible, 20, none), run("old", "j", results.Feasible, 20, none)})
	holds(t, made(t, "versus(baseline=old)", s), []string{"all", "new"}, map[string]float64{"both": math.NaN(), "mean": math.NaN()})
	if _, err := try("versus(baseline=unheard-of, algorithms=[new])", s); err == nil || !strings.Contains(err.Error(), "no record of the algorithm unheard-of; there are records of new, old") {
		t.Errorf("error %v", err)
	}
}

func TestRanksAndPairs(t *testing.T) {
	var list []results.Record
	for i := range int64(8) {
		name := string(rune('a' + i))
		list = append(list, run("cheap", name, results.Feasible, 10+i, none), run("dear", name, results.Feasible, 20+2*i, none))
		if i < 2 {
			list = append(list, run("seldom", name, results.Feasible, 10+i, none))
		} else {
			list = append(list, run("seldom", name, results.Unknown, none, none))
		}
	}
	x := made(t, "pairwise", of(list))
	holds(t, x, []string{"cheap", "dear"}, map[string]float64{"less": 8, "equal": 0, "more": 0, "ratio": 0.5, "p": 3 * 2 / 256.0})
	if row := figuresOf(t, x, "cheap", "dear"); row["verdict"].Text != "less" || row["A12"].Value >= 0.5 {
		t.Errorf("the cheaper is not less: %+v", row)
	}
	holds(t, x, []string{"cheap", "seldom"}, map[string]float64{"equal": 2, "only it": 6, "only other": 0, "p": 1, "A12": 0.5})
	x = made(t, "ranks", of(list))
	holds(t, x, []string{"cheap"}, map[string]float64{"mean rank": (2*1.5 + 6) / 8, "coverage": 100})
	holds(t, x, []string{"seldom"}, map[string]float64{"mean rank": (2*1.5 + 6*3) / 8, "coverage": 25})
	if c := figuresOf(t, x, "seldom")["coverage"]; c.N != 2 || c.Of != 8 {
		t.Errorf("coverage %+v", c)
	}
	for _, text := range []string{"ranks(metric=instance)", "pairwise(metric=found)", "growth(metric=class)"} {
		if _, err := try(text, of(list)); err == nil || !strings.Contains(err.Error(), "not a number") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Labels of algorithms and titles of columns stand in every format.
func TestLabelsAndTitlesShowEverywhere(t *testing.T) {
	s := of(grouping())
	s.Labels = map[string]string{"astar(heuristic=misplaced)": "Aster", "greedy": "Grab"}
	s.Titles = map[string]string{"expanded": "nodes", "feature.hosts": "servers", "gap": "excess"}
	for _, text := range []string{
		"effort(group=hosts)", "table(rows=[hosts], across=yes, columns=[mean(gap), expanded])", "pairwise", "ranks", "growth", "baselines(algorithms=[greedy, dijkstra])",
		"versus(baseline=greedy)", "versus(baseline=Grab)", "outcomes(algorithms=[Aster, Grab])",
	} {
		x := made(t, text, s)
		for _, d := range testCatalogue().Descriptors(FormatKind) {
			format := d.Name
			if format == "csv" {
				format += "(comments=yes)"
			}
			out := as(t, format, x)
			if strings.Contains(out, "misplaced") || strings.Contains(out, "greedy") {
				t.Errorf("%s as %s has an algorithm without its label:\n%s", text, format, out)
			}
			if !strings.Contains(out, "Grab") {
				t.Errorf("%s as %s has no label:\n%s", text, format, out)
			}
			if strings.Contains(text, "hosts") && (!strings.Contains(out, "nodes") || !strings.Contains(out, "servers")) {
				t.Errorf("%s as %s has no title:\n%s", text, format, out)
			}
		}
	}
}

// The user's titles of columns go before those of ready-made tables, unless two figures of one
// column would look the same.
func TestTitlesOverrideThoseOfReadyMadeTables(t *testing.T) {
	s := of(records())
	s.Titles = map[string]string{"satisficing": "IPC score", "bound-ratio": "excess", "time": "hours", "coverage": "done"}
	for text, want := range map[string][]string{
		"scores":  {"done", "IPC score mean", "agile"},
		"quality": {"excess mean", "excess median", "excess max"},
		"baselines(algorithms=[greedy, dijkstra])": {"common time", "overall time", "done"},
		"outcomes": {"solved", "done"},
		"table(columns=[median(bound-ratio, title=own), max(bound-ratio)])": {"own", "excess max"},
	} {
		x := made(t, text, s)
		for _, head := range want {
			if !slices.ContainsFunc(x.Columns, func(c Column) bool { return c.Name == head }) {
				t.Errorf("%s has no column %q: %v", text, head, x.Columns)
			}
		}
	}
}

// Instances without a role belong to no group of roles, and runs that do not tell theirs differ
// from none.
func TestEmptyTextsAreNoGroup(t *testing.T) {
	list := records()
	for i := range list {
		if list[i].Instance != "dead" {
			list[i].Role = "test"
		}
		list[i].Provenance.Build = []string{"", "b1"}[i%2]
	}
	for _, column := range []string{"role", "build"} {
		x := made(t, "outcomes(group="+column+")", of(list))
		for _, row := range x.Rows {
			if row[0].Text == "" || row[0].Text == missing {
				t.Errorf("%s: a group without a name: %v", column, row)
			}
		}
	}
}
