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
	Kind AlarmKind
	Text string
	// Runs holds the run at fault, or two runs that contradict each other. The run of a
	// best-known value is a record with what is known of it.
	Runs []*results.Record
}

// AlarmKind tells alarms apart.
type AlarmKind string

// The kinds of alarms, in the order in which they are shown.
const (
	AlarmInvalid    AlarmKind = "invalid plan"              // the validator rejected a plan
	AlarmError      AlarmKind = "error"                     // a solver failed
	AlarmInfeasible AlarmKind = "infeasible, yet a plan"    // one proved what another refuted
	AlarmOptimal    AlarmKind = "two optimal costs"         // both proved cheapest
	AlarmBound      AlarmKind = "plan cheaper than a bound" // of another run, or of the same one
)

// AlarmKinds lists all kinds in the order in which they are shown.
func AlarmKinds() []AlarmKind {
	return []AlarmKind{AlarmInvalid, AlarmError, AlarmInfeasible, AlarmOptimal, AlarmBound}
}

// String names kind, runs and reason in one line.
func (a Alarm) String() string { return string(a.Kind) + ": " + a.Text }

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
	add := func(kind AlarmKind, runs []*results.Record, format string, args ...any) {
		out = append(out, Alarm{kind, fmt.Sprintf(format, args...), runs})
	}

	// Whether a plan exists does not depend on the cost, so witnesses of
	// feasibility are shared by all cost functions.
	byRuled := map[problem]*results.Record{}
	byQuestion := map[problem]*results.Record{}
	for _, r := range runs {
		if !r.Outcome.HasPlan() {
			continue
		}
		p, q := ruled(r), question(r)
		if w := byRuled[p]; w == nil || identity(r, w) < 0 {
			byRuled[p] = r
		}
		w := byQuestion[q]
		if w == nil || cmp.Or(cmp.Compare(*r.Cost, *w.Cost), rank(r)-rank(w), identity(r, w)) < 0 {
			byQuestion[q] = r
		}
	}

	for _, r := range runs {
		switch r.Outcome {
		case results.Invalid:
			add(AlarmInvalid, []*results.Record{r}, "%s: %s", describe(r), reason(r))
			continue
		case results.Failed:
			add(AlarmError, []*results.Record{r}, "%s: %s", describe(r), reason(r))
			continue
		case results.Infeasible:
			if w := byRuled[ruled(r)]; w != nil {
				add(AlarmInfeasible, []*results.Record{r, w}, "%s proves that there is no plan; %s has a validated one of cost %d",
					describe(r), describe(w), *w.Cost)
			}
			continue
		}
		b, proved := r.ProvedBound()
		w := byQuestion[question(r)]
		if !proved || w == nil || b <= *w.Cost {
			continue
		}
		if r.Outcome == results.Optimal && w.Outcome == results.Optimal && *w.Cost != *r.Cost {
			add(AlarmOptimal, []*results.Record{r, w}, "%s proves cost %d; %s proves cost %d", describe(r), *r.Cost, describe(w), *w.Cost)
		} else if w == r {
			add(AlarmBound, []*results.Record{r}, "%s has a plan of cost %d under its own bound %d", describe(r), *r.Cost, b)
		} else {
			add(AlarmBound, []*results.Record{r, w}, "%s proves the bound %d; %s has a plan of cost %d", describe(r), b, describe(w), *w.Cost)
		}
	}
	kinds := AlarmKinds()
	slices.SortFunc(out, func(a, b Alarm) int {
		return cmp.Or(slices.Index(kinds, a.Kind)-slices.Index(kinds, b.Kind), cmp.Compare(a.Text, b.Text))
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

// describe names a run so that a person can find it. A recalled one is that of a
// best-known value.
func describe(r *results.Record, recalled bool) string {
	from := ""
	if recalled {
		from = "best known, "
	}
	key := r.RunKey
	if len(key) > 12 {
		key = key[:12]
	}
	return fmt.Sprintf("%s on %s (%scost %s, seed %d, run %s)", r.Algorithm, r.Instance, from, r.CostFunction, r.Seed, key)
}
