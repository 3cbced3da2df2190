package plots

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

// spent makes a run that took so long, under a time limit.
func spent(instance string, outcome results.Outcome, seconds, limitS float64) results.Record {
	r := record("a", instance, outcome, 1, -1, seconds)
	r.Limits.TimeoutS = limitS
	return r
}

// What a limit ended says nothing about later; what gave up before will never be solved.
// To mix up the two makes an algorithm look better, or worse, than it is.
func TestSurvivalTellsEndedByItsLimitFromGivenUp(t *testing.T) {
	s := of([]results.Record{
		spent("i", results.Optimal, 1, 10),
		spent("j", results.Unknown, 2, 2),  // ended by its limit: one of three goes on
		spent("k", results.Unknown, 3, 10), // out of memory
		spent("l", results.Infeasible, 4, 10),
		spent("m", results.Failed, 5, 10),
	})
	time, err := s.Column("time")
	if err != nil {
		t.Fatal(err)
	}
	got := lifetimesOf(s, time, 0)
	if got.runs != 4 || got.solved != 2 || got.givenUp != 1 || got.end != 4 || fmt.Sprint(got.censored) != "[2]" {
		t.Errorf("%+v", got)
	}
	// 3/4 after the first; the second of the two that are left leaves half of that.
	if d := cmp.Diff([]stats.Step{{X: 1, Y: 0.75}, {X: 4, Y: 0.375}}, got.curve.Steps); d != "" {
		t.Error(d)
	}
}

// A limit of expansions censors expansions, and the clock does not.
func TestSurvivalInExpansionsIsCensoredByTheirLimit(t *testing.T) {
	var records []results.Record
	for i, r := range []results.Record{
		spent("i", results.Unknown, 2, 2), spent("j", results.Unknown, 1, 2), spent("k", results.Optimal, 1, 2),
	} {
		r.Limits.Expansions = 100
		r.Counters = map[string]int64{"expanded": int64(50 * i)}
		if i == 1 {
			r.Counters["expanded"] = 100
		}
		records = append(records, r)
	}
	s := of(records)
	expanded, err := s.Column("expanded")
	if err != nil {
		t.Fatal(err)
	}
	if got := lifetimesOf(s, expanded, 0); fmt.Sprint(got.censored) != "[100]" || got.givenUp != 1 || got.solved != 1 {
		t.Errorf("%+v", got)
	}
}

// The estimate is over runs: three seeds of one case weigh as much as three cases.
func TestSurvivalIsOfRuns(t *testing.T) {
	f := figure(t, "survival", scenes()["typical"])
	svg, err := Render(f, "svg")
	if err != nil || !bytes.Contains(svg, []byte(">share of runs without a solution<")) || strings.Contains(f.Caption+f.Title, "ases") {
		t.Errorf("title %q, caption %q, error %v", f.Title, f.Caption, err)
	}
}
