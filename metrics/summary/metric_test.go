package summary

import (
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/results"
)

func metricRecord(algorithm, instance string, outcome results.Outcome, cost int64, bound int64) results.Record {
	r := results.Record{
		Algorithm: algorithm, Name: results.Name{Instance: instance}, InstanceSHA256: instance, CostFunction: "ram", Outcome: outcome,
		WallS: 1, Counters: map[string]int64{"expanded": 10 * cost},
	}
	if outcome.HasPlan() {
		r.Cost, r.LowerBound = &cost, &bound
	}
	return r
}

// A metric over cases that one algorithm did not solve would favour it.
func TestSampleIsOverCasesThatAllHaveAValueIn(t *testing.T) {
	s := Of([]results.Record{
		metricRecord("a", "i", results.Optimal, 4, 4), metricRecord("b", "i", results.Feasible, 6, 0),
		metricRecord("a", "j", results.Optimal, 8, 8), metricRecord("b", "j", results.Unknown, 3, 0),
		metricRecord("a", "k", results.Infeasible, 0, 0), metricRecord("b", "k", results.Infeasible, 0, 0),
	})
	for name, want := range map[string]struct {
		cases int
		b     float64
	}{"cost": {1, 6}, "bound-ratio": {1, 1.5}, "best-ratio": {1, 1.5}, "expanded": {2, 60}, "time": {2, 1}} {
		got := s.Sample(MetricNamed(name))
		if len(got.Common) != want.cases || got.Values[1][0] != want.b {
			t.Errorf("%s: %d cases, values %v, want %d and first %v", name, len(got.Common), got.Values, want.cases, want.b)
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
		if got, ok := over(c.cost, c.reference); got != c.want || ok != c.ok {
			t.Errorf("%d over %v is %v, %v", c.cost, c.reference, got, ok)
		}
	}
}

// What is known of a case does not change with who is looked at.
func TestOnlyKeepsBoundsOfAll(t *testing.T) {
	s := Of([]results.Record{
		metricRecord("a", "i", results.Optimal, 4, 4), metricRecord("b", "i", results.Feasible, 6, 0), metricRecord("c", "j", results.Feasible, 6, 0),
	})
	o, err := s.Only([]string{"b"})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(o.Algorithms, []string{"b"}) || len(o.Cases) != 1 || *o.Cases[0].Bound != 4 || *o.Cases[0].Best != 4 || len(o.Outcomes) != 1 {
		t.Errorf("of b only: %+v", o)
	}
	if _, err := s.Only([]string{"d"}); err == nil || !strings.Contains(err.Error(), "no record of the algorithm d") {
		t.Errorf("an algorithm without records: %v", err)
	}
}

func TestPairsCountEveryCaseOnce(t *testing.T) {
	s := Of([]results.Record{
		metricRecord("a", "i", results.Optimal, 4, 4), metricRecord("b", "i", results.Feasible, 6, 0),
		metricRecord("a", "j", results.Optimal, 8, 8), metricRecord("b", "j", results.Unknown, 3, 0),
		metricRecord("a", "k", results.Unknown, 0, 0), metricRecord("b", "k", results.Unknown, 0, 0),
		metricRecord("a", "l", results.Unknown, 0, 0),
	})
	x, y, err := s.TwoAlgorithms("", "b")
	if err != nil {
		t.Fatal(err)
	}
	p := s.Pairs(MetricNamed("cost"), x, y)
	if p.X != "a" || p.Y != "b" || len(p.Points) != 1 || p.More != 1 || len(p.OnlyX) != 1 || len(p.OnlyY) != 0 || p.Neither != 1 || p.NotRun != 1 {
		t.Errorf("pairs %+v", p)
	}
	for _, bad := range [][2]string{{"a", "a"}, {"a", "z"}} {
		if _, _, err := s.TwoAlgorithms(bad[0], bad[1]); err == nil {
			t.Errorf("%v are two algorithms", bad)
		}
	}
}

// An algorithm that another beats in both is on no front; equal ones are.
func TestFrontHasNoneThatAnotherBeats(t *testing.T) {
	s := Of([]results.Record{
		metricRecord("a", "i", results.Feasible, 4, 4), metricRecord("b", "i", results.Feasible, 6, 0), metricRecord("c", "i", results.Feasible, 4, 0),
	})
	var front []string
	for _, r := range s.Tradeoff(MetricNamed("expanded"), MetricNamed("cost")).Front() {
		front = append(front, s.Algorithms[r.Algorithm])
	}
	if !slices.Equal(front, []string{"a", "c"}) {
		t.Errorf("front %v", front)
	}
}
