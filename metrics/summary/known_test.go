package summary

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/results"
	"github.com/cloudrearrange/rearrange/results/best"
)

// elsewhere makes best-known values of records that the summary does not see.
func elsewhere(records ...results.Record) Option { return WithBest(best.Of(records)) }

func TestCasesHaveTheBestOfRunsAndOfWhatIsKnown(t *testing.T) {
	count := run("known", "count", results.Optimal, 1, 1)
	count.CostFunction = "count"
	s := of([]results.Record{
		run("a", "better", results.Feasible, 8, 4), run("a", "worse", results.Feasible, 8, 4),
		run("a", "without", results.Unknown, none, none), run("a", "count", results.Feasible, 8, 4),
	}, elsewhere(
		run("known", "better", results.Feasible, 7, 5), run("known", "worse", results.Feasible, 9, 3),
		run("known", "without", results.Feasible, 9, 3), count, // of another cost function
		run("known", "unasked", results.Feasible, 9, 3),
	))
	got := map[string]string{}
	for _, c := range s.Cases {
		got[c.Instance] = fmt.Sprint(*c.Best, *c.Bound, c.Known != nil)
	}
	for instance, want := range map[string]string{
		"better": "7 5 true", "worse": "8 4 true", "without": "9 3 true", "count": "8 4 false",
	} {
		if got[instance] != want {
			t.Errorf("%s: best, bound and whether something is known: %s, expected %s", instance, got[instance], want)
		}
	}
	if len(s.Cases) != 4 || len(s.Alarms) > 0 || fmt.Sprint(s.Algorithms) != "[a]" {
		t.Errorf("%d cases, alarms %v, algorithms %v", len(s.Cases), s.Alarms, s.Algorithms)
	}
	if v := in(t, s, "best-ratio", "a", "better"); v.X != 8.0/7 {
		t.Errorf("cost over best known is %v", v)
	}
	if v := in(t, s, "bound-ratio", "a", "better"); v.X != 1.6 {
		t.Errorf("cost over best-known bound is %v", v)
	}
	if v := in(t, s, "best-bound", "a", "without"); v.X != 3 {
		t.Errorf("best bound is %v", v)
	}
	if of, err := s.Only([]string{"a"}); err != nil || *of.Cases[0].Best != 7 || of.Cases[0].Known == nil {
		t.Error("what is known is lost when algorithms are chosen")
	}
}

func TestRunsThatContradictWhatIsKnownAreAlarms(t *testing.T) {
	otherCost := run("k", "i", results.Feasible, 3, none)
	otherCost.CostFunction = "count"
	again := run("a", "i", results.Feasible, 7, none) // the same run as in the records, with another plan
	for name, tc := range map[string]struct {
		record, known results.Record
		want          string // fragments
	}{
		"agreement":              {run("a", "i", results.Optimal, 7, 7), run("k", "i", results.Feasible, 8, 7), ""},
		"itself":                 {run("a", "i", results.Optimal, 7, 7), run("a", "i", results.Optimal, 7, 7), ""},
		"another instance":       {run("a", "i", results.Feasible, 7, none), run("k", "j", results.Infeasible, none, none), ""},
		"plan under the bound":   {run("a", "i", results.Feasible, 7, none), run("k", "i", results.Unknown, none, 8), "plan cheaper than a bound: k on i (best known, |bound 8; a on i (cost ram|cost 7"},
		"bound over the plan":    {run("a", "i", results.Unknown, none, 8), run("k", "i", results.Feasible, 7, none), "plan cheaper than a bound: a on i (cost ram|bound 8; k on i (best known, |cost 7"},
		"optimum over the plan":  {run("a", "i", results.Optimal, 8, 8), again, "plan cheaper than a bound: a on i (cost ram|bound 8; a on i (best known, |cost 7"},
		"no plan, yet one":       {run("a", "i", results.Infeasible, none, none), run("k", "i", results.Feasible, 7, none), "infeasible, yet a plan: a on i (cost ram|k on i (best known, |cost 7"},
		"a plan, yet none":       {run("a", "i", results.Feasible, 7, none), run("k", "i", results.Infeasible, none, none), "infeasible, yet a plan: k on i (best known, |a on i (cost ram|cost 7"},
		"a plan at another cost": {run("a", "i", results.Infeasible, none, none), otherCost, "infeasible, yet a plan: a on i (cost ram|k on i (best known, cost count|cost 3"},
	} {
		got := Of([]results.Record{tc.record}, elsewhere(tc.known)).Alarms
		if tc.want == "" {
			if len(got) > 0 {
				t.Errorf("%s: false alarm: %v", name, got)
			}
			continue
		}
		if len(got) != 1 {
			t.Errorf("%s: alarms %v, expected one", name, got)
			continue
		}
		for _, part := range strings.Split(tc.want, "|") {
			if !strings.Contains(got[0].String(), part) {
				t.Errorf("%s: alarm %q\nlacks %q", name, got[0], part)
			}
		}
		if len(got[0].Runs) != 2 {
			t.Errorf("%s: %d runs are named, expected two", name, len(got[0].Runs))
		}
	}
}

// What is known from the very runs that are summed up must neither move a figure nor accuse
// a run twice.
func TestWhatIsKnownFromTheSameRunsChangesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		records := drawRecords(rt)
		if a, b := flat(t, of(records)), flat(t, of(records, elsewhere(records...))); a != b {
			rt.Fatalf("%s\n%s", a, b)
		}
	})
}
