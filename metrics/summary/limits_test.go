package summary

import (
	"testing"

	"github.com/cloudrearrange/rearrange/results"
)

// A run with more memory answers another question than one with less; what either proves
// holds for both.
func TestRunsUnderOtherLimitsAreOtherCasesThatShareReferences(t *testing.T) {
	small, large, again := run("a", "i", results.Feasible, 12, 5), run("a", "i", results.Optimal, 10, none), run("a", "i", results.Feasible, 12, 6)
	small.Limits.Expansions, large.Limits.Expansions, again.Limits.Expansions = 10, 100, 10
	other := run("b", "i", results.Unknown, none, none)
	other.Limits.Expansions = 100
	s := of([]results.Record{large, small, other, again})
	if len(s.Cases) != 2 || s.Superseded != 1 || s.Duplicates != 0 {
		t.Fatalf("%d cases, %d superseded, %d duplicates", len(s.Cases), s.Superseded, s.Duplicates)
	}
	for i, c := range s.Cases {
		if c.Limits.Expansions != []int64{10, 100}[i] || *c.Bound != 10 || *c.Best != 10 || len(c.Runs[0]) != 1 || len(c.Runs[1]) != i {
			t.Errorf("%+v", c)
		}
	}
	if m := s.Matrix(column(t, s, "expanded")); len(m.Cases) != 1 || m.NotRun != 1 {
		t.Errorf("%d cases are compared, %d are not", len(m.Cases), m.NotRun)
	}
}

// Where there is no plan, no time leads to the first one, whoever proved that.
func TestNoTimeToAPlanThatCannotBe(t *testing.T) {
	s := of([]results.Record{run("a", "i", results.Infeasible, none, none), run("b", "i", results.Unknown, none, none)})
	for _, a := range []string{"a", "b"} {
		if v := in(t, s, "first-plan", a, "i"); v.Kind != Missing {
			t.Errorf("%s: %+v", a, v)
		}
	}
}

// A clock has outliers, and times are medians; a gap is a mean over seeds by definition.
func TestOnlyTimesAreMediansOverSeeds(t *testing.T) {
	var list []results.Record
	for i, cost := range []int64{10, 10, 40} {
		list = append(list, seeded(timed(run("a", "i", results.Feasible, cost, none), float64(cost), 50), uint64(i)))
	}
	s := of(list)
	for name, want := range map[string]float64{"time": 10, "primal-gap": 25, "par": 20} {
		near(t, name, in(t, s, name, "a", "i").X, want)
	}
}

func TestTheNameOfAnAlgorithmGoesBeforeTheLabelOfAnother(t *testing.T) {
	s := of([]results.Record{run("a", "i", results.Unknown, none, none), run("b", "i", results.Unknown, none, none)})
	s.Labels = map[string]string{"a": "b"}
	if a, err := s.Algorithm("b"); err != nil || s.Algorithms[a] != "b" {
		t.Errorf("%d, %v", a, err)
	}
}

// A case may show under another of its names once runs are chosen.
func TestCasesAreInOrderOfTheNamesChosen(t *testing.T) {
	first, second := run("a", "a", results.Unknown, none, none), run("a", "b", results.Unknown, none, none)
	first.Aliases = []results.Name{{Instance: "z"}}
	s := of([]results.Record{first, second}).Where(func(_ *Case, _ *results.Record, n *results.Name) bool { return n.Instance != "a" })
	if len(s.Cases) != 2 || s.Cases[0].Instance != "b" || s.Cases[1].Instance != "z" {
		t.Errorf("%v, %v", s.Cases[0].Instance, s.Cases[1].Instance)
	}
}
