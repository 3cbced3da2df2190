package best

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/results"
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
	alarmTarget     = "target better than a bound"
	alarmSchedule   = "schedule shorter than a bound"
)

// String names kind, runs and reason in one line.
func (a Alarm) String() string { return a.Kind + ": " + a.Text }

// Contradictions lists the values that another value refutes.
func (s *Set) Contradictions() []Alarm { return Alarms(nil, s) }

// Alarms checks records against each other and against best-known values. Each run that claims too much is named once,
// with the cheapest plan, the best target, or the shortest schedule that refutes it. Whether a plan exists does not depend on the cost, so that a
// plan under one cost function refutes a proof under another. O(n log n).
func Alarms(records []results.Record, known *Set) []Alarm {
	runs := make([]*results.Record, 0, len(records))
	for i := range records {
		runs = append(runs, &records[i])
	}
	recalled := map[*results.Record]bool{}
	for _, r := range recall(known, records) {
		runs = append(runs, r)
		recalled[r] = true
	}
	describe := func(r *results.Record) string { return describe(r, recalled[r], records == nil) }

	var out []Alarm
	add := func(kind string, runs []*results.Record, format string, args ...any) {
		out = append(out, Alarm{kind, fmt.Sprintf(format, args...), runs})
	}

	is := witnessesAmong(runs)
	for _, r := range runs {
		if t := is.targets[aboutTargets(r)]; t != nil && r.Target.Bound != nil && slices.Compare(t.Target.After, r.Target.Bound) < 0 {
			add(alarmTarget, []*results.Record{r, t}, "%s proves the bound %v of %s; %s chooses a target with %v",
				describe(r), r.Target.Bound, r.Target.Objective, describe(t), t.Target.After)
		}
		if w := is.schedules[aboutSchedules(r)]; w != nil && !r.Outcome.Faulty() && w.Schedule.Makespan < r.Schedule.LowerBound {
			add(alarmSchedule, []*results.Record{r, w}, "%s proves that %s takes at least %d; %s has a schedule of %d",
				describe(r), r.Schedule.Model, r.Schedule.LowerBound, describe(w), w.Schedule.Makespan)
		}
		if t := is.found[r.Goal()+plansOf(r).key()]; t != nil && r.Outcome == results.Infeasible {
			add(alarmInfeasible, []*results.Record{r, t}, "%s proves that there is no target; %s chooses one", describe(r), describe(t))
		}
		w := is.plans[aboutPlans(r)]
		b, proved := r.ProvedBound()
		switch {
		case r.Outcome == results.Invalid:
			add(alarmInvalid, []*results.Record{r}, "%s: %s", describe(r), reason(r))
		case r.Outcome == results.Failed:
			add(alarmError, []*results.Record{r}, "%s: %s", describe(r), reason(r))
		case r.Outcome == results.Infeasible:
			if w := is.ruled[plansOf(r).key()]; w != nil {
				add(alarmInfeasible, []*results.Record{r, w}, "%s proves that there is no plan; %s has a plan of cost %d",
					describe(r), describe(w), *w.Cost)
			}
		case !proved || w == nil || b <= *w.Cost:
		case r.Outcome == results.Optimal && w.Outcome == results.Optimal && *w.Cost != *r.Cost:
			add(alarmOptimal, []*results.Record{r, w}, "%s proves cost %d; %s proves cost %d", describe(r), *r.Cost, describe(w), *w.Cost)
		case w == r, records == nil && w.RunKey == r.RunKey:
			add(alarmBound, []*results.Record{r}, "%s has a plan of cost %d under its own bound %d", describe(w), *w.Cost, b)
		default:
			add(alarmBound, []*results.Record{r, w}, "%s proves the bound %d; %s has a plan of cost %d", describe(r), b, describe(w), *w.Cost)
		}
	}
	order := []string{alarmInvalid, alarmError, alarmInfeasible, alarmOptimal, alarmBound, alarmTarget, alarmSchedule}
	slices.SortFunc(out, func(a, b Alarm) int {
		return cmp.Or(slices.Index(order, a.Kind)-slices.Index(order, b.Kind), cmp.Compare(a.Text, b.Text))
	})
	return out
}

// NewAlarms are those of both sides together that the baseline does not raise by itself.
func NewAlarms(baseline, candidate []results.Record) []Alarm {
	known := map[string]bool{}
	for _, a := range Alarms(baseline, nil) {
		known[a.String()] = true
	}
	return slices.DeleteFunc(Alarms(slices.Concat(baseline, candidate), nil), func(a Alarm) bool {
		old := known[a.String()]
		known[a.String()] = true // one run of both sides is the same alarm twice
		return old
	})
}

// witnesses are the runs that refute most, by what they are about.
type witnesses struct {
	ruled     map[string]*results.Record // with a plan: all cost functions share them
	plans     map[string]*results.Record // the cheapest plan
	targets   map[string]*results.Record // the best target
	schedules map[string]*results.Record // the shortest schedule
	found     map[string]*results.Record // with a target, by strategy
}

func witnessesAmong(runs []*results.Record) witnesses {
	is := witnesses{
		ruled: map[string]*results.Record{}, plans: map[string]*results.Record{}, targets: map[string]*results.Record{},
		schedules: map[string]*results.Record{}, found: map[string]*results.Record{},
	}
	for _, r := range runs {
		if r.Target.Found() && r.Target.After != nil {
			none := *r // as it would be had the strategy found none
			none.Target = &results.Target{Strategy: r.Target.Strategy}
			if key := none.Goal() + plansOf(&none).key(); is.found[key] == nil || identity(r, is.found[key]) < 0 {
				is.found[key] = r
			}
		}
		if q := aboutTargets(r); r.Target.Found() && r.Target.After != nil {
			if w := is.targets[q]; w == nil || cmp.Or(slices.Compare(r.Target.After, w.Target.After), identity(r, w)) < 0 {
				is.targets[q] = r
			}
		}
		if q := aboutSchedules(r); r.Schedule.Made() && !r.Outcome.Faulty() {
			if w := is.schedules[q]; w == nil || cmp.Or(cmp.Compare(r.Schedule.Makespan, w.Schedule.Makespan), identity(r, w)) < 0 {
				is.schedules[q] = r
			}
		}
		if !r.Outcome.HasPlan() {
			continue
		}
		p, q := plansOf(r).key(), aboutPlans(r)
		if w := is.ruled[p]; w == nil || identity(r, w) < 0 {
			is.ruled[p] = r
		}
		if w := is.plans[q]; w == nil || cmp.Or(cmp.Compare(*r.Cost, *w.Cost), rank(r)-rank(w), identity(r, w)) < 0 {
			is.plans[q] = r
		}
	}
	return is
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

// describe names a run so that a person can find it. A recalled one is that of a best-known value; where there are no others,
// what made it is told too.
func describe(r *results.Record, recalled, alone bool) string {
	short := func(hash string) string { return hash[:min(12, len(hash))] }
	from := map[bool]string{true: "best known, "}[recalled && !alone]
	by := "cost " + r.CostFunction
	if r.CostFunction == "" && r.Schedule != nil {
		by = "duration " + r.Schedule.Duration
	} else if r.CostFunction == "" {
		by = "objective " + r.Target.Objective
	} else if r.Target != nil {
		by += ", target " + r.Target.Strategy
	}
	text := fmt.Sprintf("%s on %s (%s%s, seed %d, run %s", r.Algorithm, r.Instance, from, by, r.Seed, short(r.RunKey))
	if p := r.Provenance; alone && p.Revision != "" {
		text += ", revision " + short(p.Revision)
	}
	if p := r.Provenance; alone && p.Date != "" {
		text += ", " + p.Date
	}
	return text + ")"
}

func plansOf(r *results.Record) ruledInstance {
	return ruledInstance{r.InstanceSHA256, r.Rules, r.Goal()}
}

func aboutPlans(r *results.Record) string { return question(plansOf(r), r.CostFunction, "") }

// aboutTargets is the question about targets that a record answers; empty for none.
func aboutTargets(r *results.Record) string {
	if r.Target == nil {
		return ""
	}
	return question(ruledInstance{r.InstanceSHA256, r.Rules, ""}, "", r.Target.Objective)
}

// aboutSchedules is the question about schedules that a record answers; empty for none.
func aboutSchedules(r *results.Record) string {
	if r.Schedule == nil || r.Schedule.Moves == "" {
		return ""
	}
	return question(ruledInstance{r.InstanceSHA256, r.Rules, ""}, "", "") + scheduling(r.Schedule.Model, r.Schedule.Duration, r.Schedule.Moves)
}
