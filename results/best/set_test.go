package best

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/results"
)

const none = -1

// record makes a record of a run; cost and bound are left out where they are negative.
func record(algorithm, instance string, outcome results.Outcome, cost, bound int64) results.Record {
	r := results.Record{
		Format: results.RecordFormat, RunKey: algorithm + "/" + instance, Name: results.Name{Instance: instance},
		InstanceSHA256: "sha-" + instance, Algorithm: algorithm, CostFunction: "ram", Rules: []string{"capacity"},
		Outcome: outcome, Provenance: results.Provenance{Revision: "ef0c2e6", Date: "2026-01-31T12:00:00Z"},
	}
	if cost >= 0 {
		r.Cost, r.Steps, r.PlanSHA256 = &cost, 3, fmt.Sprint("plan", cost)
	}
	if bound >= 0 {
		r.LowerBound = &bound
	}
	return r
}

func of(records ...results.Record) *Set { return Of(records) }

func TestWhatARunProvesIsTakenFromItsRecord(t *testing.T) {
	type want struct {
		plan, bound int64
		infeasible  bool
	}
	for name, tc := range map[string]struct {
		r    results.Record
		want want
	}{
		"optimal":            {record("a", "i", results.Optimal, 7, 5), want{7, 7, false}},
		"optimal, no bound":  {record("a", "i", results.Optimal, 7, none), want{7, 7, false}},
		"feasible":           {record("a", "i", results.Feasible, 7, 5), want{7, 5, false}},
		"feasible, no bound": {record("a", "i", results.Feasible, 7, none), want{7, none, false}},
		"limit reached":      {record("a", "i", results.Unknown, none, 5), want{none, 5, false}},
		"infeasible":         {record("a", "i", results.Infeasible, none, 5), want{none, none, true}},
	} {
		vs := of(tc.r).Values()
		if len(vs) != 1 {
			t.Errorf("%s: %d values, expected one", name, len(vs))
			continue
		}
		got := want{none, none, vs[0].Infeasible != nil}
		if vs[0].Plan != nil {
			got.plan = vs[0].Plan.Cost
		}
		if vs[0].Bound != nil {
			got.bound = vs[0].Bound.Value
		}
		if got != tc.want {
			t.Errorf("%s: %+v, expected %+v", name, got, tc.want)
		}
		if err := vs[0].Check(); err != nil {
			t.Errorf("%s: what was taken from a record cannot be written: %v", name, err)
		}
	}
	for _, r := range []results.Record{
		record("a", "i", results.Invalid, 7, 5), record("a", "i", results.Failed, none, 5),
		record("a", "i", results.Unknown, none, none), record("a", "i", results.Unsupported, none, none),
	} {
		if n := of(r).Len(); n != 0 {
			t.Errorf("a run that ended %s says something", r.Outcome)
		}
	}
}

func TestTheFirstOfEqualsIsNamed(t *testing.T) {
	at := func(r results.Record, date string) results.Record {
		r.Provenance.Date = date
		return r
	}
	s := of(
		at(record("late", "i", results.Feasible, 7, 5), "2026-01-31T12:00:00Z"),
		at(record("early", "i", results.Feasible, 7, 5), "2026-01-31T13:00:00+02:00"),
		at(record("undated", "i", results.Feasible, 7, 5), "long ago"),
		at(record("worse", "i", results.Feasible, 8, 4), "2020-01-31T12:00:00Z"),
	)
	v := s.Values()[0]
	if v.Plan.Algorithm != "early" || v.Bound.Algorithm != "early" || v.Plan.Date != "2026-01-31T11:00:00Z" {
		t.Errorf("plan %+v, bound %+v", v.Plan, v.Bound)
	}
}

func TestQuestionsAreToldApart(t *testing.T) {
	other := record("a", "i", results.Feasible, 3, none)
	other.CostFunction = "count"
	ruled := record("a", "i", results.Feasible, 4, none)
	ruled.Rules = nil
	s := of(record("a", "i", results.Feasible, 7, none), other, ruled, record("a", "j", results.Feasible, 5, none))
	var got []string
	for _, v := range s.Values() {
		got = append(got, fmt.Sprintf("%s %s %v %d", v.Instance, v.CostFunction, v.Rules, v.Plan.Cost))
	}
	if want := "i count [capacity] 3, i ram [] 4, i ram [capacity] 7, j ram [capacity] 5"; strings.Join(got, ", ") != want {
		t.Errorf("found %v, expected %v", got, want)
	}
	if v, ok := s.Find("sha-i", []string{"capacity"}, "", "count"); !ok || v.Plan.Cost != 3 {
		t.Errorf("found %+v, %v", v, ok)
	}
	if _, ok := s.Find("sha-i", []string{"arch"}, "", "count"); ok {
		t.Error("found a question that nobody asked")
	}
}

func TestContradictionsNameBothRuns(t *testing.T) {
	otherCost := record("f", "i", results.Feasible, 3, none)
	otherCost.CostFunction = "count"
	for name, tc := range map[string]struct {
		records []results.Record
		want    string // fragments
	}{
		"none":               {[]results.Record{record("a", "i", results.Optimal, 7, 7), record("b", "i", results.Feasible, 8, 7)}, ""},
		"under a bound":      {[]results.Record{record("a", "i", results.Unknown, none, 8), record("b", "i", results.Feasible, 7, none)}, "plan cheaper than a bound: a on i|bound 8; b on i|cost 7"},
		"under an optimum":   {[]results.Record{record("a", "i", results.Optimal, 8, none), record("b", "i", results.Feasible, 7, none)}, "plan cheaper than a bound: a on i|bound 8; b on i|cost 7"},
		"under its own":      {[]results.Record{record("a", "i", results.Feasible, 7, 8)}, "plan cheaper than a bound: a on i|cost 7 under its own bound 8"},
		"infeasible":         {[]results.Record{record("a", "i", results.Infeasible, none, none), record("b", "i", results.Feasible, 7, none)}, "infeasible, yet a plan: a on i|no plan; b on i|cost 7"},
		"another cost":       {[]results.Record{record("a", "i", results.Infeasible, none, none), otherCost}, "infeasible, yet a plan: a on i|no plan; f on i (cost count|cost 3"},
		"a bound of nothing": {[]results.Record{record("a", "i", results.Infeasible, none, none), record("b", "i", results.Unknown, none, 99)}, ""},
	} {
		got := Of(tc.records).Contradictions()
		if tc.want == "" {
			if len(got) > 0 {
				t.Errorf("%s: false alarm: %v", name, got)
			}
			continue
		}
		if len(got) != 1 {
			t.Errorf("%s: %v, expected one", name, got)
			continue
		}
		for _, part := range strings.Split(tc.want, "|") {
			if !strings.Contains(got[0].String(), part) {
				t.Errorf("%s: %q lacks %q", name, got[0], part)
			}
		}
	}
}

func TestChangesTellWhatImproved(t *testing.T) {
	earlier := record("e", "credited", results.Optimal, 7, 7)
	earlier.Provenance.Date = "2026-01-01T00:00:00Z"
	before := of(
		record("a", "same", results.Optimal, 7, 7), record("a", "credited", results.Optimal, 7, 7),
		record("a", "cheaper", results.Feasible, 9, 5), record("a", "higher", results.Feasible, 9, 5),
		record("a", "first plan", results.Unknown, none, 5), record("a", "refuted", results.Unknown, none, 5),
		record("a", "untouched", results.Feasible, 9, none),
	)
	after := Merge(before, of(
		record("b", "same", results.Optimal, 7, 7), earlier, record("b", "cheaper", results.Feasible, 8, 4),
		record("b", "higher", results.Feasible, 9, 6), record("b", "first plan", results.Feasible, 9, none),
		record("b", "refuted", results.Infeasible, none, none), record("b", "unheard of", results.Feasible, 9, none),
	))
	got := map[string]ChangeKind{}
	for _, c := range Changes(before, after) {
		got[c.After.Instance] = c.Kind
	}
	want := map[string]ChangeKind{
		"same": Unchanged, "untouched": Unchanged, "credited": Credited, "cheaper": Improved, "higher": Improved,
		"first plan": Improved, "refuted": Improved, "unheard of": New,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for _, c := range Changes(nil, after) {
		if c.Kind != New {
			t.Errorf("%s is %s of nothing", c.After.Instance, c.Kind)
		}
	}
}

// drawSet draws sets whose questions meet, and whose values are often equal.
func drawSet(t *rapid.T, label string) *Set {
	var records []results.Record
	for range rapid.IntRange(0, 6).Draw(t, label) {
		o := rapid.SampledFrom(results.Outcomes()).Draw(t, "outcome")
		cost := int64(none)
		if o.HasPlan() {
			cost = rapid.Int64Range(0, 3).Draw(t, "cost")
		}
		r := record(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "algorithm"), rapid.SampledFrom([]string{"i", "j"}).Draw(t, "instance"),
			o, cost, rapid.Int64Range(none, 3).Draw(t, "bound"))
		r.Instance += rapid.SampledFrom([]string{"", "'"}).Draw(t, "name") // the same content under two names
		r.CostFunction = rapid.SampledFrom([]string{"ram", "count"}).Draw(t, "cost function")
		r.Seed = rapid.Uint64Range(0, 1).Draw(t, "seed")
		r.PlanSHA256 = rapid.SampledFrom([]string{"p", "q"}).Draw(t, "plan")
		r.Provenance.Date = rapid.SampledFrom([]string{"2026-01-31T12:00:00Z", "2026-01-31T12:00:00+01:00", "?"}).Draw(t, "date")
		r.Provenance.Revision = rapid.SampledFrom([]string{"", "ef0c2e6"}).Draw(t, "revision")
		records = append(records, r)
	}
	return Of(records)
}

func equal(t *rapid.T, law string, a, b *Set) {
	if d := cmp.Diff(a.Values(), b.Values()); d != "" {
		t.Fatalf("%s: %s", law, d)
	}
}

func TestMergingObeysItsLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := drawSet(t, "a"), drawSet(t, "b"), drawSet(t, "c")
		ab := Merge(a, b)
		equal(t, "commutative", ab, Merge(b, a))
		equal(t, "associative", Merge(ab, c), Merge(a, Merge(b, c)))
		equal(t, "idempotent", ab, Merge(ab, b, a, ab))
		equal(t, "nothing changes nothing", a, Merge(a, nil))
		for _, s := range []*Set{a, b} {
			for _, v := range s.Values() {
				m, ok := ab.find(v.question())
				switch {
				case !ok:
					t.Fatalf("the question of %s is lost", v.Instance)
				case v.Plan != nil && (m.Plan == nil || m.Plan.Cost > v.Plan.Cost):
					t.Fatalf("a plan is lost: %+v of %+v", m, v)
				case v.Bound != nil && (m.Bound == nil || m.Bound.Value < v.Bound.Value):
					t.Fatalf("a bound is lost: %+v of %+v", m, v)
				case v.Infeasible != nil && m.Infeasible == nil:
					t.Fatalf("a proof is lost: %+v of %+v", m, v)
				}
			}
		}
		if len(ab.Contradictions()) < max(len(a.Contradictions()), len(b.Contradictions())) {
			t.Fatal("merging hides a contradiction")
		}
	})
}

// Every contradiction between two runs must show, whatever else is known of the question.
func TestContradictionsAreThoseOfSomeTwoRuns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawSet(t, "a"), drawSet(t, "b")
		refuted := false
		for _, v := range append(a.Values(), b.Values()...) {
			for _, w := range append(a.Values(), b.Values()...) {
				sameQuestion := v.question() == w.question()
				if v.Plan != nil && ((sameQuestion && w.Bound != nil && w.Bound.Value > v.Plan.Cost) ||
					(v.InstanceSHA256 == w.InstanceSHA256 && w.Infeasible != nil)) {
					refuted = true
				}
			}
		}
		if got := Merge(a, b).Contradictions(); (len(got) > 0) != refuted {
			t.Fatalf("contradictions %v, expected some: %v", got, refuted)
		}
	})
}
