package best

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/results"
)

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

// claims are what records are about, and what they claim.
func claims(records []results.Record) (asked map[string]bool, said map[claim]bool) {
	asked, said = map[string]bool{}, make(map[claim]bool, len(records))
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
	return asked, said
}

// recall makes records of the runs of best-known values, one for each claim that is about an
// instance and rules of the records, if there are any, and is not in any of these.
func recall(known *Set, records []results.Record) []*results.Record {
	if known.Len() == 0 {
		return nil
	}
	asked, said := claims(records)
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
