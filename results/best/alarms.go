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

	// All cost functions share the witnesses of feasibility.
	byRuled, byQuestion, targets := map[string]*results.Record{}, map[string]*results.Record{}, map[string]*results.Record{}
	schedules := map[string]*results.Record{}
	found := map[string]*results.Record{} // a run with a target, by strategy
	for _, r := range runs {
		if r.Target.Found() && r.Target.After != nil {
			none := *r // as it would be had the strategy found none
			none.Target = &results.Target{Strategy: r.Target.Strategy}
			if key := none.Goal() + plansOf(&none).key(); found[key] == nil || identity(r, found[key]) < 0 {
				found[key] = r
			}
		}
		if q := aboutTargets(r); r.Target.Found() && r.Target.After != nil {
			if w := targets[q]; w == nil || cmp.Or(slices.Compare(r.Target.After, w.Target.After), identity(r, w)) < 0 {
				targets[q] = r
			}
		}
		if q := aboutSchedules(r); r.Schedule.Made() && !r.Outcome.Faulty() {
			if w := schedules[q]; w == nil || cmp.Or(cmp.Compare(r.Schedule.Makespan, w.Schedule.Makespan), identity(r, w)) < 0 {
				schedules[q] = r
			}
		}
		if !r.Outcome.HasPlan() {
			continue
		}
		p, q := plansOf(r).key(), aboutPlans(r)
		if w := byRuled[p]; w == nil || identity(r, w) < 0 {
			byRuled[p] = r
		}
		if w := byQuestion[q]; w == nil || cmp.Or(cmp.Compare(*r.Cost, *w.Cost), rank(r)-rank(w), identity(r, w)) < 0 {
			byQuestion[q] = r
		}
	}

	for _, r := range runs {
		if t := targets[aboutTargets(r)]; t != nil && r.Target.Bound != nil && slices.Compare(t.Target.After, r.Target.Bound) < 0 {
			add(alarmTarget, []*results.Record{r, t}, "%s proves the bound %v of %s; %s chooses a target with %v",
				describe(r), r.Target.Bound, r.Target.Objective, describe(t), t.Target.After)
		}
		if w := schedules[aboutSchedules(r)]; w != nil && !r.Outcome.Faulty() && w.Schedule.Makespan < r.Schedule.LowerBound {
			add(alarmSchedule, []*results.Record{r, w}, "%s proves that %s takes at least %d; %s has a schedule of %d",
				describe(r), r.Schedule.Model, r.Schedule.LowerBound, describe(w), w.Schedule.Makespan)
		}
		if t := found[r.Goal()+plansOf(r).key()]; t != nil && r.Outcome == results.Infeasible {
			add(alarmInfeasible, []*results.Record{r, t}, "%s proves that there is no target; %s chooses one", describe(r), describe(t))
		}
		w := byQuestion[aboutPlans(r)]
		b, proved := r.ProvedBound()
		switch {
		case r.Outcome == results.Invalid:
			add(alarmInvalid, []*results.Record{r}, "%s: %s", describe(r), reason(r))
		case r.Outcome == results.Failed:
			add(alarmError, []*results.Record{r}, "%s: %s", describe(r), reason(r))
		case r.Outcome == results.Infeasible:
			if w := byRuled[plansOf(r).key()]; w != nil {
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

// claim is a result of a run that another run may refute. Runs of the same key may differ in
// it, because a limit in seconds ends them at different points.
type claim struct {
	runKey string
	kind   string
	value  string
}

// The kinds of claims.
const (
	planClaim        = "plan"
	boundClaim       = "bound"
	infeasibleClaim  = "infeasible"
	targetClaim      = "target"
	targetBoundClaim = "target bound"
	scheduleClaim    = "schedule"
	shortestClaim    = "bound on schedules"
)

// recall makes records of the runs of best-known values, one for each claim that is about an
// instance and rules of the records, if there are any, and is not in any of these.
func recall(known *Set, records []results.Record) []*results.Record {
	if known.Len() == 0 {
		return nil
	}
	asked := map[string]bool{}
	said := make(map[claim]bool, len(records))
	for i := range records {
		r := &records[i]
		says := func(kind string, value any) { said[claim{r.RunKey, kind, fmt.Sprint(value)}] = true }
		asked[plansOf(r).key()] = true
		if r.Outcome.HasPlan() {
			says(planClaim, *r.Cost)
		}
		if b, ok := r.ProvedBound(); ok {
			says(boundClaim, b)
		}
		if r.Outcome == results.Infeasible {
			says(infeasibleClaim, 0)
		}
		if r.Target.Found() {
			asked[aboutTargets(r)] = true
			says(targetClaim, r.Target.After)
			says(targetBoundClaim, r.Target.Bound)
		}
		if r.Schedule.Made() && !r.Outcome.Faulty() {
			asked[aboutSchedules(r)] = true
			says(scheduleClaim, r.Schedule.Makespan)
			says(shortestClaim, r.Schedule.LowerBound)
		}
	}
	var out []*results.Record
	for _, v := range known.Values() {
		about := v.ruled().key()
		if v.Objective != "" || v.Model != "" {
			about = v.question()
		}
		if records != nil && !asked[about] {
			continue
		}
		add := func(run Run, kind string, value any, complete func(*results.Record)) {
			if said[claim{run.RunKey, kind, fmt.Sprint(value)}] {
				return
			}
			r := &results.Record{
				Format: results.RecordFormat, RunKey: run.RunKey, Name: results.Name{Instance: v.Instance}, InstanceSHA256: v.InstanceSHA256,
				Algorithm: run.Algorithm, CostFunction: v.CostFunction, Rules: v.Rules, Seed: run.Seed, Outcome: results.Unknown,
				Provenance: results.Provenance{Revision: run.Revision, Date: run.Date},
			}
			if v.Goal != "" {
				r.Target = &results.Target{Strategy: v.Goal[:min(12, len(v.Goal))], Status: results.Feasible, SHA256: v.Goal}
			}
			complete(r)
			out = append(out, r)
		}
		if p := v.Plan; p != nil {
			add(p.Run, planClaim, p.Cost, func(r *results.Record) { r.Outcome, r.Cost = results.Feasible, &p.Cost })
		}
		schedule := func(r *results.Record) *results.Schedule {
			r.Schedule = &results.Schedule{Scheduling: results.Scheduling{Model: v.Model, Duration: v.Duration, Scheduler: r.Algorithm}, Moves: v.Moves}
			return r.Schedule
		}
		if s := v.Schedule; s != nil {
			add(s.Run, scheduleClaim, s.Makespan, func(r *results.Record) {
				made := schedule(r)
				made.Status, made.Makespan, made.SHA256 = results.Feasible, s.Makespan, s.SHA256
			})
		}
		if b := v.Bound; b != nil && v.Model != "" {
			add(b.Run, shortestClaim, b.Value, func(r *results.Record) { schedule(r).LowerBound = b.Value })
		} else if b != nil {
			add(b.Run, boundClaim, b.Value, func(r *results.Record) { r.LowerBound = &b.Value })
		}
		if v.Infeasible != nil {
			add(*v.Infeasible, infeasibleClaim, 0, func(r *results.Record) { r.Outcome = results.Infeasible })
		}
		if t := v.Target; t != nil {
			add(t.Run, targetClaim, t.Value, func(r *results.Record) {
				r.Target = &results.Target{Strategy: t.Algorithm, Objective: v.Objective, Status: results.Feasible, After: t.Value, SHA256: t.SHA256}
			})
		}
		if b := v.TargetBound; b != nil {
			add(b.Run, targetBoundClaim, b.Value, func(r *results.Record) {
				r.Target = &results.Target{Strategy: b.Algorithm, Objective: v.Objective, Bound: b.Value}
			})
		}
	}
	return out
}
