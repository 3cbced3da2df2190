package summary

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

func TestPairsCountEveryCaseOnce(t *testing.T) {
	s := of([]results.Record{
		run("a", "i", results.Optimal, 4, 4), run("b", "i", results.Feasible, 6, 0),
		run("a", "j", results.Optimal, 8, 8), run("b", "j", results.Unknown, none, none),
		run("a", "k", results.Unknown, none, none), run("b", "k", results.Unknown, none, none),
		run("a", "l", results.Unknown, none, none),
	})
	x, y, err := s.TwoAlgorithms("", "b")
	if err != nil {
		t.Fatal(err)
	}
	p := s.Pairs(column(t, s, "cost"), x, y)
	if p.X != "a" || p.Y != "b" || len(p.Points) != 1 || p.More != 1 || len(p.OnlyX) != 1 || len(p.OnlyY) != 0 || p.Neither != 1 || p.NotRun != 1 {
		t.Errorf("pairs %+v", p)
	}
	for _, bad := range [][2]string{{"a", "a"}, {"a", "z"}} {
		if _, _, err := s.TwoAlgorithms(bad[0], bad[1]); err == nil {
			t.Errorf("%v are two algorithms", bad)
		}
	}
}

// A name left out stands for what solves most cases; many seeds of one case are no more.
func TestTwoAlgorithmsAreThoseThatSolveMost(t *testing.T) {
	records := []results.Record{run("most", "i", results.Feasible, 1, none), run("most", "j", results.Feasible, 1, none), run("next", "i", results.Feasible, 1, none)}
	for seed := range uint64(9) {
		records = append(records, seeded(run("many", "i", map[bool]results.Outcome{true: results.Feasible, false: results.Unknown}[seed < 8], 1, none), seed))
	}
	s := of(records)
	for asked, want := range map[[2]string]string{{"", ""}: "next most", {"", "next"}: "most next", {"many", ""}: "many most", {"many", "next"}: "many next"} {
		x, y, err := s.TwoAlgorithms(asked[0], asked[1])
		if got := fmt.Sprint(s.Algorithms[x], " ", s.Algorithms[y]); err != nil || got != want {
			t.Errorf("%q: %s, error %v; expected %s", asked, got, err, want)
		}
	}
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
	s := of(records)
	tests := s.PairTests(column(t, s, "cost"), false)
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

// A failure is worse than every value, and must not vanish; a proof that there is no
// plan is none.
func TestMatrixTellsFailuresFromCasesWithoutAPlan(t *testing.T) {
	s := of([]results.Record{
		run("a", "both", results.Optimal, 4, 4), run("b", "both", results.Feasible, 6, none),
		run("a", "one", results.Optimal, 8, 8), run("b", "one", results.Unknown, none, none),
		run("a", "no plan", results.Infeasible, none, none), run("b", "no plan", results.Unknown, none, none),
		run("a", "open", results.Unknown, none, none), run("b", "open", results.Unknown, none, none),
		run("a", "alone", results.Optimal, 1, 1),
	})
	inf := math.Inf(1)
	for name, want := range map[string]Matrix{
		// By instance: both, one, open.
		"cost": {Values: [][]float64{{4, 8, inf}, {6, inf, inf}}, NotRun: 1, Infeasible: 1, Without: 1},
		// By instance: both, no plan, one, open.
		"expanded": {Values: [][]float64{{10, 10, 10, inf}, {10, inf, inf, inf}}, NotRun: 1, Without: 1},
	} {
		got := s.Matrix(column(t, s, name))
		if d := cmp.Diff(want.Values, got.Values); d != "" || len(got.Cases) != len(want.Values[0]) {
			t.Errorf("%s: %d cases, values %s", name, len(got.Cases), d)
		}
		if got.NotRun != want.NotRun || got.Infeasible != want.Infeasible || got.Without != want.Without {
			t.Errorf("%s: %d not run, %d infeasible, %d without a value", name, got.NotRun, got.Infeasible, got.Without)
		}
	}
}

// Each case of n has the same ranks, so the mean ranks are 1, 2 and 3, and Friedman's
// statistic is as large as it can be: n (k - 1).
func TestRankingOfAConstantOrder(t *testing.T) {
	var records []results.Record
	for _, instance := range []string{"i", "j", "k", "l", "m", "n", "o", "p"} {
		records = append(records, run("a", instance, results.Optimal, 4, 4), run("b", instance, results.Feasible, 6, none), run("c", instance, results.Unknown, none, none))
	}
	s := of(records)
	for _, name := range []string{"cost", "satisficing"} { // of which less is better, and more
		r := s.Ranking(column(t, s, name), 0.05, false)
		if d := cmp.Diff([]float64{1, 2, 3}, r.Test.Ranks); d != "" || r.Test.ChiSquare != 16 {
			t.Errorf("%s: χ² = %v, ranks %s", name, r.Test.ChiSquare, d)
		}
		// Demšar 2006, table 5(a): q = 2.343 for 3 classifiers at 0.05.
		if want := 2.343 * math.Sqrt(3*4/(6*8.0)); math.Abs(r.Critical-want) > 1e-3 {
			t.Errorf("%s: critical difference %v, expected %v", name, r.Critical, want)
		}
		if d := cmp.Diff([][]int{{0, 1}, {1, 2}}, r.Cliques); d != "" {
			t.Errorf("%s: cliques: %s", name, d)
		}
		if r.Values[0][0] < 0 {
			t.Errorf("%s: the values themselves became %v", name, r.Values[0])
		}
	}
}

func TestRankingNeedsTwoAlgorithmsAndTwoCases(t *testing.T) {
	twice := []results.Record{run("a", "i", results.Optimal, 1, 1), run("b", "i", results.Optimal, 1, 1)}
	for _, r := range slices.Clone(twice) {
		r.Instance = "another name"
		twice = append(twice, seeded(r, 2))
	}
	for name, records := range map[string][]results.Record{
		"none":                              nil,
		"one algorithm":                     {run("a", "i", results.Optimal, 1, 1), run("a", "j", results.Optimal, 1, 1)},
		"one case":                          {run("a", "i", results.Optimal, 1, 1), run("b", "i", results.Optimal, 1, 1)},
		"one case with two names and seeds": twice,
	} {
		s := of(records)
		r := s.Ranking(column(t, s, "cost"), 0.05, false)
		if !math.IsNaN(r.Critical) || r.Test.Ranks != nil || r.Cliques != nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// Equal values share a rank, and nothing tells the algorithms apart.
func TestRankingOfEqualValues(t *testing.T) {
	var records []results.Record
	for _, instance := range []string{"i", "j", "k"} {
		records = append(records, run("a", instance, results.Optimal, 4, 4), run("b", instance, results.Optimal, 4, 4))
	}
	s := of(records)
	r := s.Ranking(column(t, s, "cost"), 0.05, false)
	want := stats.FriedmanTest{Ranks: []float64{1.5, 1.5}, ChiSquareP: 1, FP: 1}
	if d := cmp.Diff(want, r.Test); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([][]int{{0, 1}}, r.Cliques); d != "" {
		t.Error(d)
	}
}

// tests tells what tests say of the costs and counts of some records.
func tests(t testing.TB, records []results.Record) string {
	t.Helper()
	s := of(records)
	out := ""
	for _, name := range []string{"cost", "expanded", "bound-ratio", "gap", "coverage", "satisficing", "time"} {
		col := column(t, s, name)
		r := s.Ranking(col, 0.05, false)
		out += fmt.Sprintf("%s: %+v, critical %v, cliques %v\n", name, r.Test, r.Critical, r.Cliques)
		for _, p := range s.PairTests(col, false) {
			out += fmt.Sprintf("%s %s: %+v %v %v %v, %d %d %d, %d points\n", p.X, p.Y, p.Wilcoxon, p.P, p.A12, p.Ratio, p.Less, p.Same, p.More, len(p.Points))
		}
	}
	return out
}

// Seeds of what uses none, and instances given twice, are no evidence.
func TestRepetitionsAreNoEvidence(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var once, fiveSeeds, old, twoNames, twoRecords []results.Record
	for i := range 10 {
		for a, name := range []string{"greedy", "astar", "split"} {
			cost := 100 + rng.Int64N(50) + int64(10*a)
			r := timed(seeded(run(name, fmt.Sprint("random#", i), results.Feasible, cost, 90), 1), rng.Float64(), 10)
			if a == 2 && i%4 == 0 {
				r = timed(seeded(run(name, fmt.Sprint("random#", i), results.Unknown, none, 80), 1), 10, 10)
			}
			r.Counters = map[string]int64{"expanded": rng.Int64N(1000)}
			once = append(once, r)
			for seed := range uint64(5) {
				again := seeded(r, seed+1)
				again.RunKey += fmt.Sprint("/", seed)
				fiveSeeds = append(fiveSeeds, again)
				again.Format = results.OldRecordFormat
				old = append(old, again)
			}
			second := r
			second.Instance, second.RunKey = "grid#"+r.Instance, r.RunKey+"/again"
			twoRecords = append(twoRecords, r, seeded(second, 2))
			r.Aliases = []results.Name{second.Name}
			twoNames = append(twoNames, r)
		}
	}
	want := tests(t, once)
	for what, records := range map[string][]results.Record{
		"five seeds": fiveSeeds, "records of version 1 with five seeds": old, "two names": twoNames, "two records under two names": twoRecords,
	} {
		if d := cmp.Diff(want, tests(t, records)); d != "" {
			t.Errorf("%s: %s", what, d)
		}
	}
}

// noisy makes runs of two algorithms, of which y costs more by a factor, on instances of
// random difficulty.
func noisy(rng *rand.Rand, instances, seeds int, factor float64) []results.Record {
	var records []results.Record
	for i := range instances {
		difficulty := 1e6 * math.Exp(rng.NormFloat64())
		for seed := range seeds {
			for a, name := range []string{"x", "y"} {
				cost := difficulty * math.Exp(0.3*rng.NormFloat64()) * []float64{1, factor}[a]
				records = append(records, seeded(run(name, fmt.Sprint("i", i), results.Feasible, int64(cost), none), uint64(seed)))
			}
		}
	}
	return records
}

// found counts in how many of 1,000 experiments a test told two algorithms apart.
func found(t testing.TB, seeds int, factor float64) int {
	t.Helper()
	rng := rand.New(rand.NewPCG(uint64(seeds), math.Float64bits(factor)))
	cost := column(t, of(nil), "cost")
	n := 0
	for range 1000 {
		if Of(noisy(rng, 20, seeds, factor)).PairTests(cost, false)[0].P < 0.05 {
			n++
		}
	}
	return n
}

// Seeds must neither raise false alarms nor be wasted.
func TestPowerAndFalseAlarmsOfPairTests(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of experiments")
	}
	for _, seeds := range []int{1, 5} {
		if n := found(t, seeds, 1); n < 30 || n > 70 {
			t.Errorf("%d seeds: equal algorithms were told apart in %d of 1,000 experiments", seeds, n)
		}
	}
	if one, five := found(t, 1, 1.12), found(t, 5, 1.12); five < one+200 {
		t.Errorf("a difference of 12 %% was found in %d of 1,000 experiments with one seed, in %d with five", one, five)
	} else {
		t.Logf("found %d times with one seed, %d with five", one, five)
	}
}

// Instances made out of one cloud are one unit of tests that are asked to average them.
func TestTestsBySource(t *testing.T) {
	var records, averaged []results.Record
	for i := range 6 {
		for a, name := range []string{"a", "b"} {
			sum := int64(0)
			for j := range 4 {
				r := run(name, fmt.Sprint("i", i, " ", j), results.Feasible, int64(100+i+10*a*(1-j)+7*((i+j)%3)), none)
				r.Source = fmt.Sprint("cloud", i)
				records = append(records, r)
				sum += *r.Cost
			}
			averaged = append(averaged, run(name, fmt.Sprint("i", i), results.Feasible, sum, none)) // four times the mean
		}
	}
	s, m := of(records), of(averaged)
	col := column(t, s, "cost")
	if n := len(s.PairTests(col, false)[0].Points); n != 24 {
		t.Errorf("%d pairs", n)
	}
	got, want := s.PairTests(col, true)[0], m.PairTests(col, false)[0]
	if d := cmp.Diff(want.Wilcoxon, got.Wilcoxon); d != "" || got.Less != want.Less || got.More != want.More || got.P != want.P || got.A12 != want.A12 || math.Abs(got.Ratio-want.Ratio) > 1e-12 {
		t.Errorf("pairs %+v, expected %+v", got, want)
	}
	r, w := s.Ranking(col, 0.05, true), m.Ranking(col, 0.05, false)
	if d := cmp.Diff(w.Test, r.Test); d != "" || r.Critical != w.Critical || len(r.Cases) != 6 {
		t.Errorf("%d cases, ranking %s", len(r.Cases), d)
	}
	// Where the source is not known, each instance is its own.
	if p, q := m.PairTests(col, true)[0], m.PairTests(col, false)[0]; p.P != q.P || p.Wilcoxon != q.Wilcoxon {
		t.Errorf("without sources: %+v, expected %+v", p, q)
	}
}
