package summary

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/results"
)

// run makes a record; cost and bound are left out where they are negative.
func run(algorithm, instance string, outcome results.Outcome, cost, bound int64) results.Record {
	r := results.Record{
		Format: results.RecordFormat, RunKey: algorithm + "/" + instance, Name: results.Name{Instance: instance},
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

func TestOutcomesAndCoverage(t *testing.T) {
	s := Of([]results.Record{
		run("b", "i1", results.Optimal, 5, 5), run("b", "i2", results.Infeasible, none, none),
		run("b", "i3", results.Unknown, none, 3), run("b", "i4", results.Invalid, none, none),
		run("a", "i1", results.Feasible, 6, none),
	})
	if fmt.Sprint(s.Algorithms) != "[a b]" || len(s.Cases) != 4 {
		t.Fatalf("algorithms %v, %d cases", s.Algorithms, len(s.Cases))
	}
	a, b := s.Outcomes[0], s.Outcomes[1]
	if a.Runs != 1 || a.Missing != 3 || a.Coverage() != 1 {
		t.Errorf("a: %+v", a)
	}
	if b.Runs != 4 || b.Missing != 0 || b.Coverage() != 0.5 || b.Count[results.Invalid] != 1 {
		t.Errorf("b: %+v", b)
	}
}

func TestQualityUsesOnlyWhatAllFound(t *testing.T) {
	s := Of([]results.Record{
		run("exact", "i1", results.Optimal, 10, 10), run("greedy", "i1", results.Feasible, 20, none),
		run("exact", "i2", results.Optimal, 10, none), run("greedy", "i2", results.Feasible, 10, none), // optimal is a bound
		run("exact", "i3", results.Unknown, none, 10), run("greedy", "i3", results.Feasible, 1000, none), // not common
		run("exact", "zero", results.Optimal, 0, 0), run("greedy", "zero", results.Feasible, 0, none), // ratio 1
		run("exact", "zerobound", results.Feasible, 5, 0), run("greedy", "zerobound", results.Feasible, 0, none),
		run("exact", "nobound", results.Feasible, 5, none), run("greedy", "nobound", results.Feasible, 5, none),
		run("exact", "wrong", results.Feasible, 9, 9), run("greedy", "wrong", results.Feasible, 8, none),
		run("hopeless", "i1", results.Unknown, none, none), // would leave nothing to compare
	})
	q := s.Quality
	if len(q.Common) != 6 || len(q.Used) != 3 || q.ZeroBound != 1 || q.NoBound != 1 || q.Contradicted != 1 {
		t.Errorf("common %d, used %d, zero %d, none %d, contradicted %d",
			len(q.Common), len(q.Used), q.ZeroBound, q.NoBound, q.Contradicted)
	}
	if d := cmp.Diff([]string{"hopeless"}, s.Names(q.LeftOut)); d != "" {
		t.Error(d)
	}
	exact, greedy := q.Rows[0], q.Rows[1]
	if exact.GeoMean != 1 || exact.AtBound != 3 || exact.MeanGap != 0 || exact.Best != 3 {
		t.Errorf("exact: %+v", exact)
	}
	if want := math.Cbrt(2); math.Abs(greedy.GeoMean-want) > 1e-12 || greedy.AtBound != 2 || greedy.Best != 2 ||
		math.Abs(greedy.MeanGap-1.0/3) > 1e-12 || greedy.Spread.Max != 2 {
		t.Errorf("greedy: %+v", greedy)
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
	for _, c := range s.Cases {
		want := int64(9)
		if c.CostFunction == "count" || len(c.Rules) > 0 {
			want = 99
		}
		if *c.Bound != want {
			t.Errorf("%s, rules %v, seed %d: bound %d, expected %d", c.CostFunction, c.Rules, c.Seed, *c.Bound, want)
		}
	}
	if len(s.Alarms) > 0 {
		t.Errorf("false alarms: %v", s.Alarms)
	}
}

func TestEffortIsOverCommonlySolvedCases(t *testing.T) {
	slow := run("slow", "i1", results.Optimal, 1, 1)
	slow.Counters = map[string]int64{"expanded": 300}
	slow.WallS = 0.03
	s := Of([]results.Record{
		slow, run("fast", "i1", results.Feasible, 1, none),
		run("slow", "i2", results.Unknown, none, none), run("fast", "i2", results.Feasible, 1, none),
	})
	if len(s.Effort.Common) != 1 {
		t.Fatalf("%d common cases", len(s.Effort.Common))
	}
	row := s.Effort.Rows[1]
	if row.Expanded != 300 || row.WallS != 0.03 || !math.IsNaN(row.Generated) {
		t.Errorf("%+v", row)
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

// drawRecords draws records of three algorithms on a few instances, with contradictions.
func drawRecords(t *rapid.T) []results.Record {
	var records []results.Record
	for _, a := range []string{"a", "b", "c"} {
		for i := range rapid.IntRange(0, 6).Draw(t, a) {
			o := rapid.SampledFrom(results.Outcomes()).Draw(t, "outcome")
			cost, bound := int64(none), rapid.Int64Range(none, 4).Draw(t, "bound")
			if o.HasPlan() {
				cost = rapid.Int64Range(0, 5).Draw(t, "cost")
			}
			records = append(records, run(a, fmt.Sprint("i", i), o, cost, bound))
		}
	}
	return records
}

// Parallel runs finish in any order; none of that may show in a report.
func TestOrderOfRecordsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := drawRecords(t)
		shuffled := append([]results.Record(nil), records...)
		rng := rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "shuffle")))
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		// cmp would call two NaN different
		if a, b := fmt.Sprintf("%+v", flat(Of(records))), fmt.Sprintf("%+v", flat(Of(shuffled))); a != b {
			t.Fatalf("%s\n%s", a, b)
		}
	})
}

// flat leaves out pointers, which print as addresses.
func flat(s *Summary) any {
	return []any{s.Algorithms, len(s.Cases), fmt.Sprint(s.Alarms), s.Outcomes, s.Quality.Rows, len(s.Quality.Used), s.Effort.Rows}
}

func TestNoRecords(t *testing.T) {
	s := Of(nil)
	if len(s.Alarms)+len(s.Outcomes)+len(s.Quality.Rows)+len(s.Effort.Rows) > 0 {
		t.Errorf("%+v", s)
	}
}

func ExampleOf() {
	cost := func(c int64) *int64 { return &c }
	s := Of([]results.Record{
		{Name: results.Name{Instance: "chain4"}, Algorithm: "astar", Outcome: results.Optimal, Cost: cost(2690), LowerBound: cost(2690)},
		{Name: results.Name{Instance: "chain4"}, Algorithm: "greedy", Outcome: results.Feasible, Cost: cost(2959)},
	})
	for _, row := range s.Quality.Rows {
		fmt.Printf("%s %.2f\n", row.Algorithm, row.GeoMean)
	}
	// Output:
	// astar 1.00
	// greedy 1.10
}
