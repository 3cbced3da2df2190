package summary

import (
	"cmp"

	"github.com/cloudrearrange/rearrange/results"
	"github.com/cloudrearrange/rearrange/results/best"
)

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
