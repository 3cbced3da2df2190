package best

import (
	"bytes"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/results"
)

// aimed is a record of a path of that cost to a target with that value of the objective.
func aimed(strategy string, after, bound, cost int64) results.Record {
	r := record("auto", "i", results.Optimal, cost, cost)
	r.RunKey = strategy
	r.Target = &results.Target{
		Strategy: strategy, Objective: "hosts", Status: results.Feasible, Before: []int64{9}, After: []int64{after}, Bound: []int64{bound}, SHA256: strategy + "'s",
	}
	return r
}

func TestTargetsHaveBestKnownValues(t *testing.T) {
	impossible := record("auto", "i", results.Infeasible, none, none)
	impossible.RunKey, impossible.Target = "never", &results.Target{Strategy: "never", Objective: "hosts", Status: results.Infeasible}
	s := of(aimed("many", 5, 3, 70), aimed("few", 7, 4, 10), impossible)
	if wrong := s.Contradictions(); len(wrong) > 0 {
		t.Errorf("plans to other targets, or a strategy without one, contradict each other: %v", wrong)
	}
	v, ok := s.FindTarget("sha-i", []string{"capacity"}, "hosts")
	if !ok || v.Target.Value[0] != 5 || v.Target.Algorithm != "many" || v.TargetBound.Value[0] != 4 || v.TargetBound.Algorithm != "few" || v.Closed() {
		t.Errorf("best target %+v", v)
	}
	for goal, cost := range map[string]int64{"many's": 70, "few's": 10} {
		if v, ok := s.Find("sha-i", []string{"capacity"}, goal, "ram"); !ok || v.Plan.Cost != cost {
			t.Errorf("plans to %s: %+v", goal, v)
		}
	}
	if v, ok := s.Find("sha-i", []string{"capacity"}, "never", "ram"); !ok || v.Infeasible == nil {
		t.Errorf("no target: %+v", v)
	}
	again, problems := Decode("f", written(t, s))
	if len(problems) > 0 || !bytes.Equal(written(t, s), written(t, again)) {
		t.Errorf("written and read, values differ: %v", problems)
	}
	better := Merge(s, of(aimed("more", 4, 4, 90)))
	for _, c := range Changes(s, better) {
		if c.After.Objective != "" && (c.Kind != Improved || !c.BetterTarget() || c.HigherTargetBound() || !c.After.Closed()) {
			t.Errorf("a better target: %+v", c)
		}
	}
}

func TestTargetBetterThanABoundIsAContradiction(t *testing.T) {
	wrong := of(aimed("bold", 5, 6, 70)).Contradictions()
	if len(wrong) != 1 || !strings.HasPrefix(wrong[0].String(), "target better than a bound: ") {
		t.Errorf("found %v", wrong)
	}
	// Of records each run that claims too much is named, against best-known values too.
	known := of(aimed("known", 3, 2, 70))
	got := Alarms([]results.Record{aimed("bold", 7, 6, 70), aimed("right", 7, 3, 70)}, known)
	if len(got) != 1 || !strings.Contains(got[0].Text, "best known, ") || !strings.Contains(got[0].Text, "proves the bound [6]") {
		t.Errorf("found %v", got)
	}
	refuted := record("auto", "i", results.Infeasible, none, none)
	refuted.RunKey, refuted.Target = "no", &results.Target{Strategy: "bold", Objective: "hosts", Status: results.Infeasible}
	if got := Alarms([]results.Record{aimed("bold", 7, 6, 70), refuted}, nil); len(got) != 1 || !strings.Contains(got[0].Text, "no target") {
		t.Errorf("a strategy with a target and a proof that it has none: %v", got)
	}
}
