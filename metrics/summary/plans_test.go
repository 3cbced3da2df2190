package summary

import (
	"math"
	"testing"

	"github.com/cloudrearrange/rearrange/results"
)

// Gaps are to the best bound, whoever proved it, and steps beyond those that every plan
// has are told apart from them.
func TestPlansOfAClass(t *testing.T) {
	steps := func(r results.Record, n int) results.Record {
		r.Steps, r.Features = n, map[string]any{"misplaced": 5.0, "shutdowns": 1, "provisions": 2.0}
		return r
	}
	s := Of([]results.Record{
		steps(run("a", "r#1", results.Feasible, 110, 90), 12), run("b", "r#1", results.Unknown, none, 100),
		steps(run("a", "r#2", results.Optimal, 100, 100), 8), run("b", "r#2", results.Feasible, 120, none),
		run("a", "q", results.Feasible, 5, 0),
	}, WithCatalogue(testCatalogue()))
	rows := s.Plans(byClass(t, s))
	if len(rows) != 3 || rows[0].Group.Name != "q" || rows[1].Algorithm != "a" || rows[2].Algorithm != "b" {
		t.Fatalf("rows %+v", rows)
	}
	a, b := rows[1], rows[2]
	if a.Runs != 2 || a.Found != 2 || a.Optimal != 1 || a.Steps != 10 || a.Extra != 2 {
		t.Errorf("a: %+v", a)
	}
	if math.Abs(a.MeanGap-0.05) > 1e-12 || math.Abs(a.MaxGap-0.1) > 1e-12 {
		t.Errorf("gaps of a: %+v", a)
	}
	if b.Runs != 2 || b.Found != 1 || math.Abs(b.MaxGap-0.2) > 1e-12 || !math.IsNaN(b.Extra) {
		t.Errorf("b: %+v", b)
	}
	if q := rows[0]; !math.IsNaN(q.MeanGap) || !math.IsNaN(q.MaxGap) {
		t.Errorf("a gap to a bound of 0 has no value: %+v", q)
	}
}
