package summary

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/results"
	"github.com/cloudrearrange/rearrange/results/best"
)

// Alarm is a contradiction, or a fault of the program.
type Alarm struct {
	Kind string
	Text string
	// Runs holds the run at fault, or two runs that contradict each other. The run of a
	// best-known value is a record with what is known of it.
	Runs []*results.Record
}

// The kinds of alarms.
const (
	alarmInvalid    = "invalid plan"              // the validator rejected a plan
	alarmError      = "error"                     // a solver failed
	alarmInfeasible = "infeasible, yet a plan"    // one proved what another refuted
	alarmOptimal    = "two optimal costs"         // both proved cheapest
	alarmBound      = "plan cheaper than a bound" // of another run, or of the same one
)

// String names kind, runs and reason in one line.
func (a Alarm) String() string { return a.Kind + ": " + a.Text }

// alarms checks all records, superseded ones included, against each other and against
// best-known values. Each run that claims too much is named once, with the cheapest plan
// that refutes it. O(n log n).
func alarms(records []results.Record, known *best.Set) []Alarm {
	runs := make([]*results.Record, 0, len(records))
	for i := range records {
		runs = append(runs, &records[i])
	}
	recalled := map[*results.Record]bool{}
	for _, r := range recall(known, records) {
		runs = append(runs, r)
		recalled[r] = true
	}
	describe := func(r *results.Record) string { return describe(r, recalled[r]) }

	var out []Alarm
	add := func(kind string, runs []*results.Record, format string, args ...any) {
		out = append(out, Alarm{kind, fmt.Sprintf(format, args...), runs})
	}

	// All cost functions share the witnesses of feasibility.
	byRuled, byQuestion := map[problem]*results.Record{}, map[problem]*results.Record{}
	for _, r := range runs {
		if !r.Outcome.HasPlan() {
			continue
		}
		p, q := ruled(r), question(r)
		if w := byRuled[p]; w == nil || identity(r, w) < 0 {
			byRuled[p] = r
		}
		if w := byQuestion[q]; w == nil || cmp.Or(cmp.Compare(*r.Cost, *w.Cost), rank(r)-rank(w), identity(r, w)) < 0 {
			byQuestion[q] = r
		}
	}

	for _, r := range runs {
		w := byQuestion[question(r)]
		b, proved := r.ProvedBound()
		switch {
		case r.Outcome == results.Invalid:
			add(alarmInvalid, []*results.Record{r}, "%s: %s", describe(r), reason(r))
		case r.Outcome == results.Failed:
			add(alarmError, []*results.Record{r}, "%s: %s", describe(r), reason(r))
		case r.Outcome == results.Infeasible:
			if w := byRuled[ruled(r)]; w != nil {
				add(alarmInfeasible, []*results.Record{r, w}, "%s proves that there is no plan; %s has a validated one of cost %d",
					describe(r), describe(w), *w.Cost)
			}
		case !proved || w == nil || b <= *w.Cost:
		case r.Outcome == results.Optimal && w.Outcome == results.Optimal && *w.Cost != *r.Cost:
			add(alarmOptimal, []*results.Record{r, w}, "%s proves cost %d; %s proves cost %d", describe(r), *r.Cost, describe(w), *w.Cost)
		case w == r:
			add(alarmBound, []*results.Record{r}, "%s has a plan of cost %d under its own bound %d", describe(r), *r.Cost, b)
		default:
			add(alarmBound, []*results.Record{r, w}, "%s proves the bound %d; %s has a plan of cost %d", describe(r), b, describe(w), *w.Cost)
		}
	}
	order := []string{alarmInvalid, alarmError, alarmInfeasible, alarmOptimal, alarmBound}
	slices.SortFunc(out, func(a, b Alarm) int {
		return cmp.Or(slices.Index(order, a.Kind)-slices.Index(order, b.Kind), cmp.Compare(a.Text, b.Text))
	})
	return out
}

// rank prefers the optimal one among plans of equal cost as a witness.
func rank(r *results.Record) int {
	if r.Outcome == results.Optimal {
		return 0
	}
	return 1
}

// identity orders runs in a way that does not depend on the order of records.
func identity(a, b *results.Record) int {
	return cmp.Or(cmp.Compare(a.Algorithm, b.Algorithm), cmp.Compare(a.CostFunction, b.CostFunction),
		cmp.Compare(a.Seed, b.Seed), cmp.Compare(a.RunKey, b.RunKey))
}

// reason is the first line of a run's message: a panic's stack is in the record.
func reason(r *results.Record) string {
	const most = 300
	text, _, more := strings.Cut(strings.TrimSpace(r.Message), "\n")
	switch {
	case text == "":
		return "no reason was recorded"
	case len(text) > most:
		return strings.ToValidUTF8(text[:most], "") + " …"
	case more:
		return text + " …"
	}
	return text
}

// describe names a run for people. A recalled one is that of a best-known value.
func describe(r *results.Record, recalled bool) string {
	from := map[bool]string{true: "best known, "}[recalled]
	return fmt.Sprintf("%s on %s (%scost %s, seed %d, run %s)", r.Algorithm, r.Instance, from, r.CostFunction, r.Seed, r.RunKey[:min(12, len(r.RunKey))])
}

// claim is a result of a run that another run may refute. Runs of the same key may differ in
// it, because a limit in seconds ends them at different points.
type claim struct {
	runKey string
	kind   results.Outcome // feasible for a plan, unknown for a bound, infeasible for none
	value  int64
}

// recall makes records of the runs of best-known values, one for each claim that is about an
// instance and rules of the records and is not in any of these.
func recall(known *best.Set, records []results.Record) []*results.Record {
	if known.Len() == 0 {
		return nil
	}
	asked := map[problem]bool{}
	said := make(map[claim]bool, len(records))
	for i := range records {
		r := &records[i]
		asked[ruled(r)] = true
		if r.Outcome.HasPlan() {
			said[claim{r.RunKey, results.Feasible, *r.Cost}] = true
		}
		if b, ok := r.ProvedBound(); ok {
			said[claim{r.RunKey, results.Unknown, b}] = true
		}
		if r.Outcome == results.Infeasible {
			said[claim{r.RunKey, results.Infeasible, 0}] = true
		}
	}
	var out []*results.Record
	for _, v := range known.Values() {
		add := func(run best.Run, outcome results.Outcome, cost, bound *int64) {
			r := &results.Record{
				Format: results.RecordFormat, RunKey: run.RunKey, Name: results.Name{Instance: v.Instance}, InstanceSHA256: v.InstanceSHA256,
				Algorithm: run.Algorithm, CostFunction: v.CostFunction, Rules: v.Rules, Seed: run.Seed,
				Outcome: outcome, Cost: cost, LowerBound: bound,
				Provenance: results.Provenance{Revision: run.Revision, Date: run.Date},
			}
			claims := claim{runKey: run.RunKey, kind: outcome}
			if value := cmp.Or(cost, bound); value != nil {
				claims.value = *value
			}
			if asked[ruled(r)] && !said[claims] {
				out = append(out, r)
			}
		}
		if v.Plan != nil {
			add(v.Plan.Run, results.Feasible, &v.Plan.Cost, nil)
		}
		if v.Bound != nil {
			add(v.Bound.Run, results.Unknown, nil, &v.Bound.Value)
		}
		if v.Infeasible != nil {
			add(*v.Infeasible, results.Infeasible, nil, nil)
		}
	}
	return out
}
