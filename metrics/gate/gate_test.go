package gate_test

import (
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/metrics/gate"
	"github.com/cloudrearrange/rearrange/results"
)

// suite makes the records of a small suite: every run is solved, by itself, and told apart
// by its numbers.
func suite() []results.Record {
	var out []results.Record
	for a, algorithm := range []string{"astar", "greedy", "improve(base=greedy)"} {
		for i := range 12 {
			cost, bound := int64(1000*(i+1)), int64(900*(i+1))
			r := results.Record{
				Format: results.RecordFormat, RunKey: fmt.Sprintf("%s/%d", algorithm, i),
				Name: results.Name{Instance: fmt.Sprintf("random(hosts=3)#%d", i)}, InstanceSHA256: fmt.Sprintf("sha%d", i),
				Algorithm: algorithm, CostFunction: "ram", Rules: []string{"capacity"}, Seed: 1,
				Outcome: results.Feasible, Cost: &cost, LowerBound: &bound, Steps: i,
				WallS: 0.1 * float64(i+1), CPUS: 0.1 * float64(i+1), PeakBytes: 1 << 20,
				Counters: map[string]int64{"expanded": int64(100 * (i + a + 1)), "generated": int64(1000 * (i + a + 1))},
			}
			if algorithm == "astar" {
				r.Outcome, r.LowerBound = results.Optimal, &cost
			}
			out = append(out, r)
		}
	}
	return out
}

// row finds a row.
func row(t *testing.T, c *gate.Comparison, algorithm, metric string) gate.Row {
	t.Helper()
	i := slices.IndexFunc(c.Rows, func(r gate.Row) bool { return r.Algorithm == algorithm && r.Metric.Name == metric })
	if i < 0 {
		t.Fatalf("no row of %s and %s", algorithm, metric)
	}
	return c.Rows[i]
}

// worse names the rows that got worse.
func worse(c *gate.Comparison) (out []string) {
	for _, r := range c.Of(gate.Worse) {
		out = append(out, r.Algorithm+" "+r.Metric.Name)
	}
	return out
}

func find(records []results.Record, algorithm string, i int) *results.Record {
	for k := range records {
		if records[k].RunKey == fmt.Sprintf("%s/%d", algorithm, i) {
			return &records[k]
		}
	}
	panic("no such record")
}

func set(v int64) *int64 { return &v }

// unsolve makes a run one that a limit ended without a plan.
func unsolve(r *results.Record, message string) {
	r.Outcome, r.Message, r.Cost, r.Steps = results.Unknown, message, nil, 0
}

const (
	atExpansions = "the limit of 5000 expansions was reached"
	atClock      = "the time limit of 10s was reached"
	atMemory     = "the memory limit of 1 MiB was reached"
)

func TestUnchangedSolverIsNoRegression(t *testing.T) {
	c := gate.Compare(suite(), suite(), gate.Thresholds{})
	if c.Regression() || c.Pairs != 36 || c.Missing() != 0 {
		t.Errorf("regression %v, worse %v, %d pairs, %d missing", c.Regression(), worse(c), c.Pairs, c.Missing())
	}
	for _, r := range c.Rows {
		if r.Verdict != gate.Same || r.Compared() != 12 {
			t.Errorf("%s %s: %s of %d pairs", r.Algorithm, r.Metric.Name, r.Verdict, r.Compared())
		}
	}
}

// Must show: each of these is planted in one algorithm, and found there and nowhere else.
func TestPlantedRegressionsAreCaught(t *testing.T) {
	for _, tc := range []struct {
		name  string
		plant func([]results.Record)
		want  []string
	}{
		{"cost +1 % on one algorithm", func(rs []results.Record) {
			for i := range 12 {
				r := find(rs, "greedy", i)
				r.Cost = set(*r.Cost * 101 / 100)
			}
		}, []string{"greedy cost"}},
		{"cost +1 % on one instance", func(rs []results.Record) {
			r := find(rs, "greedy", 7)
			r.Cost = set(*r.Cost * 101 / 100)
		}, []string{"greedy cost"}},
		{"one instance less solved", func(rs []results.Record) {
			unsolve(find(rs, "improve(base=greedy)", 4), "the algorithm found no path")
		}, []string{"improve(base=greedy) coverage"}},
		{"expansions +20 %", func(rs []results.Record) {
			for i := range 12 {
				find(rs, "greedy", i).Counters["expanded"] *= 12
				find(rs, "greedy", i).Counters["expanded"] /= 10
			}
		}, []string{"greedy expanded"}},
		{"a lower bound that is lower by one", func(rs []results.Record) {
			r := find(rs, "greedy", 3)
			r.LowerBound = set(*r.LowerBound - 1)
		}, []string{"greedy lower-bound"}},
		{"a proof less", func(rs []results.Record) {
			find(rs, "astar", 3).Outcome = results.Feasible
		}, []string{"astar proofs"}},
		{"memory +6 %", func(rs []results.Record) {
			r := find(rs, "astar", 3)
			r.PeakBytes = r.PeakBytes * 106 / 100
		}, []string{"astar memory"}},
		{"a plan that is invalid where there was none", func(rs []results.Record) {
			r := find(rs, "astar", 3)
			r.Outcome, r.Message, r.LowerBound = results.Invalid, "host1 is full", nil
		}, []string{"astar coverage", "astar proofs"}},
		{"twice the time", func(rs []results.Record) {
			for i := range 12 {
				find(rs, "greedy", i).WallS *= 2
				find(rs, "greedy", i).CPUS *= 2
			}
		}, []string{"greedy time", "greedy cpu"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			base, cand := suite(), suite()
			for _, rs := range [][]results.Record{base, cand} {
				for i := range rs {
					rs[i].Limits = results.Limits{TimeoutS: 10, Expansions: 5000}
				}
			}
			for i := range cand {
				cand[i].Counters = map[string]int64{"expanded": cand[i].Counters["expanded"], "generated": cand[i].Counters["generated"]}
			}
			tc.plant(cand)
			c := gate.Compare(base, cand, gate.Thresholds{})
			if got := worse(c); !slices.Equal(got, tc.want) || !c.Regression() {
				t.Errorf("worse: %v, want %v", got, tc.want)
			}
			back := gate.Compare(cand, base, gate.Thresholds{})
			if got := worse(back); len(got) > 0 {
				t.Errorf("the other way round, worse: %v", got)
			}
		})
	}
}

// What the others did makes an algorithm that did not change neither better nor worse, and
// explains no more of a change than there is of it.
func TestDriftMakesNoChange(t *testing.T) {
	for _, change := range []float64{1, 1.09, 1 / 1.09} {
		for _, drift := range []float64{0.01, 0.5, 1, 2, 100} {
			baseline, candidate := suite(), suite()
			for i := range candidate {
				r := &candidate[i]
				baseline[i].WallS = 1
				if r.WallS = drift; r.Algorithm == "greedy" {
					r.WallS = change
				}
				baseline[i].CPUS, r.CPUS = 0, 0 // not known
			}
			r := row(t, gate.Compare(baseline, candidate, gate.Thresholds{}), "greedy", "time")
			if r.Compared() == 0 || r.Same != r.Compared() || r.Verdict != gate.Same {
				t.Errorf("changed ×%g among others ×%g: %s, %d better, %d worse", change, drift, r.Verdict, r.Better, r.Worse)
			}
		}
	}
}

// A slowdown in time alone is the machine's, unless both sides say that it was quiet.
func TestTimeAloneIsABusyMachine(t *testing.T) {
	for _, tc := range []struct {
		name       string
		base, cand float64 // load of the machine; 0: not known
		want       gate.Verdict
		why        gate.Reason
	}{
		{"load not known", 0, 0, gate.NotCompared, gate.Unconfirmed},
		{"a quiet machine", 1.1, 1.2, gate.Worse, ""},
		{"a busy machine", 4, 4.5, gate.NotCompared, gate.Unconfirmed},
		{"busier on one side", 1.1, 4.5, gate.NotCompared, gate.UnevenLoad},
	} {
		base, cand := suite(), suite()
		for i := range base {
			base[i].Provenance.Load, cand[i].Provenance.Load = tc.base, tc.cand
			if cand[i].Algorithm == "greedy" {
				cand[i].WallS *= 2
			}
		}
		c := gate.Compare(base, cand, gate.Thresholds{})
		if r := row(t, c, "greedy", "time"); r.Verdict != tc.want || r.Why != tc.why || c.Regression() != (tc.want == gate.Worse) {
			t.Errorf("%s: %s %s", tc.name, r.Verdict, r.Why)
		}
	}
}

// The hiccups of one side must not be what is chosen out of many short runs, nor all runs
// that the machine made wait.
func TestHiccupsOfShortRunsAreCompared(t *testing.T) {
	base, cand := suite(), suite()
	for i := range base {
		base[i].WallS, base[i].CPUS = 50e-6, 50e-6
		cand[i].WallS, cand[i].CPUS = 0.02, 50e-6
		if i%2 == 0 {
			cand[i].CPUS = 0.015
		}
	}
	for _, r := range gate.Compare(base, cand, gate.Thresholds{}).Rows {
		if r.Timed && r.Compared() > 0 {
			t.Errorf("%s of %s: %d instances are compared", r.Name, r.Algorithm, r.Compared())
		}
	}
}

// Of what the clock ended, an answer that is lost is no regression, but evidence of time.
func TestAnswersLostToTheClockCountAsTimes(t *testing.T) {
	for _, lost := range []int{1, 12} {
		base, cand := suite(), suite()
		for i := range base {
			base[i].Limits.TimeoutS, cand[i].Limits.TimeoutS = 2, 2
		}
		for i := range lost {
			r := find(cand, "greedy", i)
			unsolve(r, "the time limit of 2s was reached")
			r.WallS, r.CPUS = 2, 2
		}
		want := []string{"greedy time", "greedy cpu"}
		if lost == 1 {
			want = nil
		}
		c := gate.Compare(base, cand, gate.Thresholds{})
		if got := worse(c); !slices.Equal(got, want) || row(t, c, "greedy", "coverage").Left[gate.ClockLost] != lost {
			t.Errorf("%d answers lost to the clock: worse %v, want %v", lost, got, want)
		}
	}
}

// Repeated measurements and variants of one cloud are no evidence of their own.
func TestFewInstancesMakeAVerdict(t *testing.T) {
	for _, tc := range []struct {
		name  string
		plant func(i int, r *results.Record)
	}{
		{"seeds", func(i int, r *results.Record) {
			r.InstanceSHA256, r.Instance, r.Seed = fmt.Sprint(i%4), fmt.Sprint(i%4), uint64(i/4)
		}},
		{"instances made out of one cloud", func(i int, r *results.Record) { r.Source = fmt.Sprint(i % 4) }},
	} {
		base, cand := suite(), suite()
		for i := range base {
			base[i].WallS, base[i].CPUS = 1, 1
			cand[i].WallS, cand[i].CPUS = 1, 1
			if cand[i].Algorithm == "greedy" {
				cand[i].WallS, cand[i].CPUS = 3, 3
			}
			tc.plant(i%12, &base[i])
			tc.plant(i%12, &cand[i])
		}
		c := gate.Compare(base, cand, gate.Thresholds{})
		if r := row(t, c, "greedy", "cpu"); r.Why != gate.TooFew || r.Test.Independent != 4 || c.Regression() {
			t.Errorf("%s: %d independent of 12, %s %s", tc.name, r.Test.Independent, r.Verdict, r.Why)
		}
	}
}

// One algorithm alone cannot be told from its machine.
func TestOneAlgorithmAloneIsJudgedOnDemand(t *testing.T) {
	base, cand := suite()[:12], suite()[:12]
	for i := range cand {
		cand[i].WallS *= 2
		cand[i].CPUS *= 2
	}
	c := gate.Compare(base, cand, gate.Thresholds{})
	if r := row(t, c, "astar", "cpu"); r.Why != gate.Alone || c.Regression() {
		t.Errorf("%s %s", r.Verdict, r.Why)
	}
	if got := worse(gate.Compare(base, cand, gate.Thresholds{KeepDrift: true})); len(got) != 2 {
		t.Errorf("drift counts; worse: %v", got)
	}
}

// What a limit of the clock ended differs from run to run, and says nothing.
func TestPairsThatSayNothingAreCountedAndNotCompared(t *testing.T) {
	limits := results.Limits{TimeoutS: 10, Expansions: 5000, MemoryBytes: 1 << 20}
	for _, tc := range []struct {
		name   string
		plant  func(base, cand *results.Record)
		metric string
		want   gate.Reason
	}{
		{"cost at the clock", func(b, c *results.Record) {
			c.Cost, c.Message, c.WallS = set(*c.Cost+1), atClock, 10
		}, "cost", gate.Clock},
		{"cost at the clock, proved at the last moment", func(b, c *results.Record) {
			b.WallS, c.Cost = 10.2, set(*c.Cost+1)
		}, "cost", gate.Clock},
		{"expansions at the clock", func(b, c *results.Record) {
			b.Message, c.Counters["expanded"] = atClock, 4999
		}, "expanded", gate.Clock},
		{"expansions at their limit", func(b, c *results.Record) {
			c.Counters["expanded"], c.Message = 5000, atExpansions
		}, "expanded", gate.AtLimit},
		{"expansions at the limit of memory", func(b, c *results.Record) {
			c.Counters["expanded"], c.Message = 4000, atMemory
		}, "expanded", gate.AtLimit},
		{"cost under another limit", func(b, c *results.Record) {
			c.Limits.Expansions, c.Cost, c.Message = 500, set(*c.Cost+1), "the limit of 500 expansions was reached"
		}, "cost", gate.OtherLimits},
		{"coverage under another limit", func(b, c *results.Record) {
			c.Limits.TimeoutS, c.WallS = 5, 5
			unsolve(c, "the time limit of 5s was reached")
		}, "coverage", gate.OtherLimits},
		{"cost without a plan", func(b, c *results.Record) {
			unsolve(b, atExpansions)
		}, "cost", gate.OneSide},
		{"cost without any plan", func(b, c *results.Record) {
			unsolve(b, atExpansions)
			unsolve(c, atExpansions)
		}, "cost", gate.NoSide},
		{"time on another machine", func(b, c *results.Record) {
			c.WallS, c.Provenance.CPUModel = 9, "faster"
		}, "time", gate.Machine},
		{"time too short to be told", func(b, c *results.Record) {
			b.WallS, c.WallS = 0.0001, 0.009
		}, "time", gate.TooShort},
		{"time with other jobs beside it", func(b, c *results.Record) {
			b.Provenance.Jobs, c.Provenance.Jobs = 1, 2
		}, "time", gate.Machine},
		{"time for fewer expansions", func(b, c *results.Record) {
			b.Message, b.Counters["expanded"] = atExpansions, 5000
			c.WallS = 9
		}, "time", gate.AtLimit},
	} {
		t.Run(tc.name, func(t *testing.T) {
			base, cand := suite(), suite()
			for i := range base {
				base[i].Limits, cand[i].Limits = limits, limits
			}
			tc.plant(find(base, "greedy", 5), find(cand, "greedy", 5))
			r := row(t, gate.Compare(base, cand, gate.Thresholds{}), "greedy", tc.metric)
			if r.Left[tc.want] != 1 || r.Compared() != 11 || r.Verdict != gate.Same {
				t.Errorf("left out %v, compared %d, %s; want 1 %q", r.Left, r.Compared(), r.Verdict, tc.want)
			}
		})
	}
}

// Limits of expansions and memory end a run at the same point everywhere, so that what it
// found until then counts.
func TestCostAtALimitThatIsNotTheClockCounts(t *testing.T) {
	for _, message := range []string{atExpansions, atMemory} {
		base, cand := suite(), suite()
		for i := range base {
			for _, r := range []*results.Record{&base[i], &cand[i]} {
				r.Limits = results.Limits{Expansions: 5000, MemoryBytes: 1 << 20}
				r.Outcome, r.Message = results.Feasible, message
			}
		}
		find(cand, "greedy", 5).Cost = set(*find(cand, "greedy", 5).Cost + 1)
		c := gate.Compare(base, cand, gate.Thresholds{})
		if got := worse(c); !slices.Equal(got, []string{"greedy cost"}) {
			t.Errorf("%s: worse: %v", message, got)
		}
	}
}

func TestRunsWithoutACounterpartAreReported(t *testing.T) {
	base, cand := suite(), suite()
	cand[3].InstanceSHA256 = "changed"
	cand[4].Seed = 2
	cand[5].Rules = []string{"capacity", "arch"}
	c := gate.Compare(base, cand[:35], gate.Thresholds{})
	if len(c.Changed) != 1 || c.Changed[0].Cand.InstanceSHA256 != "changed" {
		t.Errorf("%d changed instances", len(c.Changed))
	}
	if b, k := len(c.Baseline.Only), len(c.Candidate.Only); b != 3 || k != 2 || c.Pairs != 32 {
		t.Errorf("%d runs of the baseline only, %d of the candidate only, %d pairs", b, k, c.Pairs)
	}
	if c.Regression() {
		t.Error("a run without a counterpart is a regression, though no threshold says so")
	}
	if !gate.Compare(base, cand[:35], gate.Thresholds{RefuseUnpaired: true}).Regression() {
		t.Error("a run without a counterpart is none, though thresholds refuse it")
	}
}

// Two runs that differ in limits only must not be mixed up.
func TestRunsWithOtherLimitsGoWithTheirLike(t *testing.T) {
	base := suite()
	for i := range 12 {
		r := base[i]
		r.RunKey += "/long"
		r.Cost = set(*r.Cost - 1)
		base = append(base, r)
	}
	cand := slices.Clone(base)
	slices.Reverse(cand)
	if c := gate.Compare(base, cand, gate.Thresholds{}); c.Pairs != 48 || len(worse(c)) > 0 || row(t, c, "astar", "cost").Same != 24 {
		t.Errorf("%d pairs, worse: %v", c.Pairs, worse(c))
	}
}

func TestContradictionsAndNewFaultsAreAlarms(t *testing.T) {
	base, cand := suite(), suite()
	find(base, "greedy", 1).Outcome = results.Invalid // as bad as before is no news
	find(cand, "greedy", 1).Outcome = results.Invalid
	if c := gate.Compare(base, cand, gate.Thresholds{}); c.Regression() {
		t.Errorf("alarms %v, worse %v of a fault that was there before", c.Alarms, worse(c))
	}
	cheap := find(cand, "astar", 2)
	cheap.Cost = set(*find(base, "astar", 2).Cost - 100) // the baseline proved that there is none
	cheap.LowerBound = cheap.Cost
	c := gate.Compare(base, cand, gate.Thresholds{})
	if len(c.Alarms) == 0 || !c.Regression() {
		t.Error("a plan cheaper than the bound of the baseline is no alarm")
	}
}

func TestThresholdsOfTheLastRuleThatFitsHold(t *testing.T) {
	five, yes := 5, true
	cost, _ := gate.MetricNamed("cost")
	th := gate.Thresholds{Rules: []gate.Rule{
		{Metric: "cost", Threshold: gate.Threshold{Tolerance: big.NewRat(1, 100)}},
		{Metric: "cost", Algorithms: "improve*", Threshold: gate.Threshold{Pairs: &five}},
		{Metric: "cost", Algorithms: "*(base=greedy)", Threshold: gate.Threshold{Tolerance: big.NewRat(1, 10)}},
		{Metric: "expanded", Threshold: gate.Threshold{Ignore: &yes}},
	}}
	for algorithm, want := range map[string]string{"astar": "1/100 0", "improve": "1/100 5", "improve(base=greedy)": "1/10 5"} {
		if got := th.Of(algorithm, cost); fmt.Sprint(got.Tolerance, *got.Pairs) != want {
			t.Errorf("%s: %v %d, want %s", algorithm, got.Tolerance, got.Pairs, want)
		}
	}
	base, cand := suite(), suite()
	for i := range cand {
		cand[i].Cost = set(*cand[i].Cost * 102 / 100)
		cand[i].Counters["expanded"]++
	}
	c := gate.Compare(base, cand, th)
	if got := worse(c); !slices.Equal(got, []string{"astar cost", "greedy cost"}) {
		t.Errorf("worse: %v", got)
	}
	if got := row(t, c, "astar", "expanded").Verdict; got != gate.Tolerated {
		t.Errorf("expansions that are to be ignored: %s", got)
	}
}

func TestPatternsMatchWholeSpecs(t *testing.T) {
	for _, tc := range []struct {
		pattern, algorithm string
		want               bool
	}{
		{"astar", "astar", true},
		{"astar", "astar(heuristic=misplaced)", false},
		{"astar*", "astar(heuristic=misplaced)", true},
		{"*star*", "idastar", true},
		{"*", "x", true},
		{"a*b*a", "aba", true},
		{"ab*ba", "aba", false}, // the same letter must not count twice
		{"beam(width=[1])", "beam(width=1)", false},
		{"a*c*e", "abcde", true},
		{"a*e*c", "abcde", false},
	} {
		if got := gate.Match(tc.pattern, tc.algorithm); got != tc.want {
			t.Errorf("%s fits %s: %v", tc.algorithm, tc.pattern, got)
		}
	}
}
