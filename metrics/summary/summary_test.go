package summary

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/results"
)

func TestOutcomesAndCoverage(t *testing.T) {
	s := of([]results.Record{
		run("b", "i1", results.Optimal, 5, 5), run("b", "i2", results.Infeasible, none, none),
		run("b", "i3", results.Unknown, none, 3), run("b", "i4", results.Invalid, none, none),
		run("a", "i1", results.Feasible, 6, none),
	})
	if fmt.Sprint(s.Algorithms) != "[a b]" || len(s.Cases) != 4 {
		t.Fatalf("algorithms %v, %d cases", s.Algorithms, len(s.Cases))
	}
	for name, want := range map[string][2]string{ // of the cases, in their order
		"coverage": {"yes - - -", "yes yes no no"}, "invalid": {"no - - -", "no no no yes"}, "proved": {"no - - -", "yes yes no no"},
		"found": {"yes - - -", "yes no no no"}, "outcome": {"feasible - - -", "optimal infeasible unknown invalid"},
	} {
		for a := range s.Algorithms {
			var got []string
			for _, c := range s.Cases {
				v := column(t, s, name).Of(c, a)
				got = append(got, map[bool]string{true: "-", false: v.String()}[v.Kind == Missing])
			}
			if text := strings.Join(got, " "); text != want[a] {
				t.Errorf("%s of %s: %s, expected %s", name, s.Algorithms[a], text, want[a])
			}
		}
	}
}

func TestBoundIsTheBestOverSeedsButNotOverCostsOrRules(t *testing.T) {
	one := run("a", "i", results.Feasible, 10, 8)
	two := run("a", "i", results.Unknown, none, 9)
	two.Seed = 2
	other := run("a", "i", results.Unknown, none, 99)
	other.CostFunction = "count"
	ruled := run("a", "i", results.Unknown, none, 99)
	ruled.Rules = []string{"capacity"}
	s := Of([]results.Record{one, two, other, ruled})
	if len(s.Cases) != 3 {
		t.Errorf("%d cases: seeds are no cases, cost functions and rules are", len(s.Cases))
	}
	for _, c := range s.Cases {
		want := int64(9)
		if c.CostFunction == "count" || len(c.Rules) > 0 {
			want = 99
		}
		if *c.Bound != want {
			t.Errorf("%s, rules %v: bound %d, expected %d", c.CostFunction, c.Rules, *c.Bound, want)
		}
	}
	if len(s.Alarms) > 0 {
		t.Errorf("false alarms: %v", s.Alarms)
	}
}

// What cannot be compared must not be averaged: ratios are over the cases in which all
// compared algorithms have one.
func TestRatiosAreOverWhatAllFound(t *testing.T) {
	s := of([]results.Record{
		run("exact", "i1", results.Optimal, 10, 10), run("greedy", "i1", results.Feasible, 20, none),
		run("exact", "i2", results.Optimal, 10, none), run("greedy", "i2", results.Feasible, 10, none), // optimal is a bound
		run("exact", "i3", results.Unknown, none, 10), run("greedy", "i3", results.Feasible, 1000, none), // not common
		run("exact", "zero", results.Optimal, 0, 0), run("greedy", "zero", results.Feasible, 0, none), // ratio 1
		run("exact", "zerobound", results.Feasible, 5, 0), run("greedy", "zerobound", results.Feasible, 0, none),
		run("exact", "nobound", results.Feasible, 5, none), run("greedy", "nobound", results.Feasible, 5, none),
		run("exact", "wrong", results.Feasible, 9, 9), run("greedy", "wrong", results.Feasible, 8, none),
		run("hopeless", "i1", results.Unknown, none, none), // would leave nothing to compare
	})
	for name, want := range map[string]string{
		"cost":        "[[10 10 5 9 0 5] [20 10 5 8 0 0]]",
		"bound-ratio": "[[1 1 1] [2 1 1]]", "gap": "[[0 0 0] [100 0 0]]", "at-bound": "[[1 1 1 1 0] [0 1 0 1 1]]",
		"best-ratio": "[[1 1 1 1.125 1] [2 1 1 1 1]]",
	} {
		sample := s.Sample(column(t, s, name))
		if got := fmt.Sprint(sample.Values); got != want {
			t.Errorf("%s: %s, expected %s", name, got, want)
		}
		if left := fmt.Sprint(s.Names(sample.LeftOut)); left != "[hopeless]" {
			t.Errorf("%s: left out %s", name, left)
		}
	}
}

// A run without an answer took at least what it took.
func TestEffortIsALowerBoundWhereUnsolved(t *testing.T) {
	slow := timed(run("slow", "i1", results.Optimal, 1, 1), 0.03, 0)
	slow.Counters = map[string]int64{"expanded": 300}
	s := of([]results.Record{
		slow, run("fast", "i1", results.Feasible, 1, none),
		run("slow", "i2", results.Unknown, none, none), run("fast", "i2", results.Feasible, 1, none),
		run("slow", "i3", results.Invalid, none, none), run("slow", "i4", results.Unsupported, none, none),
	})
	if v := in(t, s, "expanded", "slow", "i2"); v.X != 10 || !v.AtLeast {
		t.Errorf("of an unsolved run: %+v", v)
	}
	for _, name := range []string{"expanded", "time", "memory", "first-plan"} {
		for _, instance := range []string{"i3", "i4"} {
			if v := in(t, s, name, "slow", instance); v.Kind != Missing {
				t.Errorf("%s on %s: %+v", name, instance, v)
			}
		}
		if sample := s.Sample(column(t, s, name)); len(sample.Common) != 1 {
			t.Errorf("%s: %d common cases", name, len(sample.Common))
		}
	}
	if v := in(t, s, "time", "slow", "i1"); v.X != 0.03 || v.AtLeast {
		t.Errorf("time: %+v", v)
	}
	if v := in(t, s, "generated", "slow", "i1"); v.Kind != Missing {
		t.Errorf("a count that was not recorded: %+v", v)
	}
}

func TestAlarms(t *testing.T) {
	crashed := run("e", "i0", results.Failed, none, none)
	crashed.Message = "index out of range\ngoroutine 1 [running]"
	otherCost := run("f", "i1", results.Feasible, 3, none)
	otherCost.CostFunction = "count"
	for name, tc := range map[string]struct {
		records []results.Record
		want    []string // kind and fragments that the text must hold
	}{
		"none": {[]results.Record{
			run("a", "i1", results.Optimal, 5, 5), run("b", "i1", results.Feasible, 7, 4),
			run("c", "i1", results.Optimal, 5, none), run("c", "i2", results.Infeasible, none, none),
		}, nil},
		"faults": {
			[]results.Record{crashed, run("d", "i0", results.Invalid, none, none)},
			[]string{"invalid plan: d on i0", "error: e on i0|index out of range …"},
		},
		"infeasible refuted": {
			[]results.Record{run("a", "i1", results.Infeasible, none, none), run("b", "i1", results.Feasible, 7, none)},
			[]string{"infeasible, yet a plan: a on i1|b on i1|cost 7"},
		},
		"infeasible refuted under another cost": {
			[]results.Record{run("a", "i1", results.Infeasible, none, none), otherCost},
			[]string{"infeasible, yet a plan: a on i1|f on i1 (cost count"},
		},
		"cheaper than a bound": {
			[]results.Record{run("a", "i1", results.Unknown, none, 8), run("b", "i1", results.Feasible, 7, none)},
			[]string{"plan cheaper than a bound: a on i1|bound 8|b on i1|cost 7"},
		},
		"cheaper than its own bound": {
			[]results.Record{run("a", "i1", results.Feasible, 7, 8)},
			[]string{"plan cheaper than a bound: a on i1|cost 7 under its own bound 8"},
		},
		"cheaper than optimal": {
			[]results.Record{run("a", "i1", results.Optimal, 8, none), run("b", "i1", results.Feasible, 7, none)},
			[]string{"plan cheaper than a bound: a on i1|bound 8|b on i1"},
		},
		"two optimal costs": {[]results.Record{
			run("a", "i1", results.Optimal, 8, 8), run("b", "i1", results.Optimal, 7, 7),
			run("c", "i1", results.Feasible, 7, none),
		}, []string{"two optimal costs: a on i1|cost 8|b on i1|cost 7"}},
		"bound of a faulty run is not trusted": {
			[]results.Record{run("a", "i1", results.Invalid, none, 99), run("b", "i1", results.Feasible, 7, none)},
			[]string{"invalid plan: a on i1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := Of(tc.records).Alarms
			if len(got) != len(tc.want) {
				t.Fatalf("alarms %v\nexpected %q", got, tc.want)
			}
			for i, a := range got {
				for _, part := range strings.Split(tc.want[i], "|") {
					if !strings.Contains(a.String(), part) {
						t.Errorf("alarm %q\nlacks %q", a, part)
					}
				}
			}
		})
	}
}

// drawRecords draws records of three algorithms with up to three seeds on a few instances,
// some of which have several names, with contradictions.
func drawRecords(t *rapid.T) []results.Record {
	var records []results.Record
	for _, a := range []string{"a", "b", "c"} {
		for i := range rapid.IntRange(0, 6).Draw(t, a) {
			for seed := range rapid.Uint64Range(1, 3).Draw(t, "seeds") {
				o := rapid.SampledFrom(results.Outcomes()).Draw(t, "outcome")
				cost, bound := int64(none), rapid.Int64Range(none, 4).Draw(t, "bound")
				if o.HasPlan() {
					cost = rapid.Int64Range(0, 5).Draw(t, "cost")
				}
				r := timed(seeded(run(a, fmt.Sprint("i", i), o, cost, bound), seed), rapid.Float64Range(0, 9).Draw(t, "time"), 8)
				r.RunKey += fmt.Sprint("/", seed)
				r.Source = rapid.SampledFrom([]string{"", fmt.Sprint("cloud", i/2)}).Draw(t, "source")
				r = with(r, results.Values{"vms": float64(i / 2)})
				if n := rapid.IntRange(0, 4).Draw(t, "name"); n > 0 {
					r.Instance = fmt.Sprint("other", i, "#", n)
					r = named(r, "random", fmt.Sprint("other", i), results.Values{"hosts": float64(n)})
				}
				if n := rapid.IntRange(0, 4).Draw(t, "alias"); n > 2 {
					r.Aliases = []results.Name{{Instance: fmt.Sprint("alias", i), Family: "random", Parameters: results.Values{"hosts": float64(n), "odd": n == 3}}}
				}
				records = append(records, r)
			}
		}
	}
	return records
}

// flat is all that a summary tells, as text.
func flat(t testing.TB, s *Summary) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintln(&b, s.Algorithms, s.Records, s.Superseded, s.Duplicates, s.Alarms)
	for _, c := range s.Cases {
		fmt.Fprintln(&b, c.Instance, c.Names, c.InstanceSHA256, c.Source, c.CostFunction, c.Rules)
	}
	for _, name := range s.Columns().Names() {
		col, err := s.Column(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&b, name, col.Kind, col.Unit)
		for _, c := range s.Cases {
			for a := range s.Algorithms {
				v := col.Of(c, a)
				fmt.Fprint(&b, v, v.AtLeast, " ")
			}
		}
		g, err := s.GroupBy(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, group := range g.List {
			fmt.Fprint(&b, "\n", group.Name, ":")
			for _, c := range group.Cases {
				fmt.Fprint(&b, " ", c.Instance)
			}
		}
		fmt.Fprintln(&b, g.LeftOut)
		if name == "time" {
			fmt.Fprintln(&b, s.Ranking(col, 0.05, false).Test, s.Ranking(col, 0.05, true).Test)
		}
		for _, p := range s.PairTests(col, true) {
			fmt.Fprintln(&b, p.X, p.Y, p.P, p.A12, p.Ratio, p.Less, p.Same, p.More, len(p.OnlyX), len(p.OnlyY), p.Neither, p.NotRun)
		}
	}
	return b.String()
}

// Parallel runs finish in any order; none of that may show in a report.
func TestOrderOfRecordsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		records := drawRecords(rt)
		shuffled := append([]results.Record(nil), records...)
		rng := rand.New(rand.NewPCG(1, rapid.Uint64().Draw(rt, "shuffle")))
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if a, b := flat(t, of(records)), flat(t, of(shuffled)); a != b {
			rt.Fatalf("%s\n%s", a, b)
		}
	})
}

// The last of several records of one run counts, and the others are no seeds of it.
func TestLaterRecordsOfARunReplaceEarlierOnes(t *testing.T) {
	s := of([]results.Record{run("a", "i", results.Unknown, none, none), seeded(run("a", "i", results.Feasible, 9, none), 7), run("a", "i", results.Feasible, 5, none)})
	if s.Superseded != 1 || s.Records != 3 || len(s.Cases) != 1 || len(s.Cases[0].Runs[0]) != 2 {
		t.Fatalf("%+v", s)
	}
	near(t, "cost, mean of both seeds", in(t, s, "cost", "a", "i").X, 7)
	near(t, "coverage", in(t, s, "coverage", "a", "i").X, 1)
}

func TestNoRecords(t *testing.T) {
	s := of(nil)
	if len(s.Alarms)+len(s.Algorithms)+len(s.Cases) > 0 || len(s.Sample(column(t, s, "cost")).Values) > 0 {
		t.Errorf("%+v", s)
	}
	if r := s.Ranking(column(t, s, "cost"), 0.05, true); !math.IsNaN(r.Critical) {
		t.Errorf("ranking of nothing: %+v", r)
	}
	if p := s.PairTests(column(t, s, "cost"), false); p != nil {
		t.Errorf("pairs of nothing: %+v", p)
	}
	if _, _, err := s.TwoAlgorithms("", ""); err == nil {
		t.Error("two algorithms were found")
	}
}

func ExampleOf() {
	cost := func(c int64) *int64 { return &c }
	s := Of([]results.Record{
		{Name: results.Name{Instance: "chain4"}, Algorithm: "astar", Outcome: results.Optimal, Cost: cost(2690), LowerBound: cost(2690)},
		{Name: results.Name{Instance: "chain4"}, Algorithm: "greedy", Outcome: results.Feasible, Cost: cost(2959)},
	}, WithCatalogue(testCatalogue()))
	ratio, err := s.Column("bound-ratio")
	if err != nil {
		panic(err)
	}
	for a, algorithm := range s.Algorithms {
		fmt.Printf("%s %.2f\n", algorithm, ratio.Of(s.Cases[0], a).X)
	}
	// Output:
	// astar 1.00
	// greedy 1.10
}
