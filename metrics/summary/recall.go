package summary

import (
	"github.com/cloudrearrange/rearrange/results"
	"github.com/cloudrearrange/rearrange/results/best"
)

// claim is what a run says that another may refute. Runs of the same key may differ in it:
// a limit in seconds ends them at other places.
type claim struct {
	runKey string
	kind   claimKind
	value  int64
}

type claimKind uint8

const (
	hasPlan claimKind = iota
	hasBound
	hasNoPlan
)

// recall makes records of the runs of best-known values, one for each claim, as far as
// they are about instances and rules of the records, and say what none of these says.
func recall(known *best.Set, records []results.Record) []*results.Record {
	if known.Len() == 0 {
		return nil
	}
	asked := make(map[string]bool, len(records))
	said := make(map[claim]bool, len(records))
	for i := range records {
		r := &records[i]
		asked[ruled(r)] = true
		if r.Outcome.HasPlan() {
			said[claim{r.RunKey, hasPlan, *r.Cost}] = true
		}
		if b, ok := r.ProvedBound(); ok {
			said[claim{r.RunKey, hasBound, b}] = true
		}
		if r.Outcome == results.Infeasible {
			said[claim{r.RunKey, hasNoPlan, 0}] = true
		}
	}
	var out []*results.Record
	for _, v := range known.Values() {
		add := func(run best.Run, kind claimKind, value int64) {
			r := &results.Record{
				Format: results.RecordFormat, RunKey: run.RunKey, Instance: v.Instance, InstanceSHA256: v.InstanceSHA256,
				Algorithm: run.Algorithm, CostFunction: v.CostFunction, Rules: v.Rules, Seed: run.Seed,
				Provenance: results.Provenance{Revision: run.Revision, Date: run.Date},
			}
			switch kind {
			case hasPlan:
				r.Outcome, r.Cost = results.Feasible, &value
			case hasBound:
				r.Outcome, r.LowerBound = results.Unknown, &value
			case hasNoPlan:
				r.Outcome = results.Infeasible
			}
			if asked[ruled(r)] && !said[claim{run.RunKey, kind, value}] {
				out = append(out, r)
			}
		}
		if v.Plan != nil {
			add(v.Plan.Run, hasPlan, v.Plan.Cost)
		}
		if v.Bound != nil {
			add(v.Bound.Run, hasBound, v.Bound.Value)
		}
		if v.Infeasible != nil {
			add(*v.Infeasible, hasNoPlan, 0)
		}
	}
	return out
}
