package best

import (
	"cmp"
	"fmt"
	"slices"
)

// Contradiction is a plan, or a target, that another run proved cannot be: one of the two is wrong, or
// both come from one run that contradicts itself.
type Contradiction struct {
	With  Value // has the plan or target
	Proof Value // has the bound, or the proof that there is no plan; of the same instance and rules
}

// String names both runs.
func (c Contradiction) String() string {
	if c.With.Target != nil {
		target := fmt.Sprintf("%s has a target with the value %v", describe(c.With, c.With.Target.Run), c.With.Target.Value)
		return fmt.Sprintf("target better than a bound: %s proves the bound %v; %s",
			describe(c.Proof, c.Proof.TargetBound.Run), c.Proof.TargetBound.Value, target)
	}
	plan := fmt.Sprintf("%s has a validated plan of cost %d", describe(c.With, c.With.Plan.Run), c.With.Plan.Cost)
	if c.Proof.Infeasible != nil {
		return fmt.Sprintf("infeasible, yet a plan: %s proves that there is no plan; %s", describe(c.Proof, *c.Proof.Infeasible), plan)
	}
	if c.Proof.Bound.Run == c.With.Plan.Run {
		return fmt.Sprintf("plan cheaper than a bound: %s under its own bound %d", plan, c.Proof.Bound.Value)
	}
	return fmt.Sprintf("plan cheaper than a bound: %s proves the bound %d; %s", describe(c.Proof, c.Proof.Bound.Run), c.Proof.Bound.Value, plan)
}

// describe names a run so that a person can find it.
func describe(v Value, r Run) string {
	short := func(hash string) string { return hash[:min(len(hash), 12)] }
	text := fmt.Sprintf("%s on %s (%s, seed %d, run %s", r.Algorithm, v.Instance, v.by(), r.Seed, short(r.RunKey))
	if r.Revision != "" {
		text += ", revision " + short(r.Revision)
	}
	if r.Date != "" {
		text += ", " + r.Date
	}
	return text + ")"
}

// by names what values are measured by.
func (v Value) by() string {
	if v.Objective != "" {
		return "objective " + v.Objective
	}
	return "cost " + v.CostFunction
}

// Contradictions lists every value that is refuted, in the order of the values. Whether a
// plan exists does not depend on the cost, so that a plan under one cost function refutes
// a proof under another. O(n log n).
func (s *Set) Contradictions() []Contradiction {
	var out []Contradiction
	plans := map[string]Value{} // one for each instance and its rules: the first by cost function
	for _, v := range s.Values() {
		if v.Target != nil && v.TargetBound != nil && slices.Compare(v.Target.Value, v.TargetBound.Value) < 0 {
			out = append(out, Contradiction{With: v, Proof: v})
		}
		if v.Plan == nil {
			continue
		}
		key := v.ruled().key()
		if w, seen := plans[key]; !seen || v.CostFunction < w.CostFunction {
			plans[key] = v
		}
		if v.Bound != nil && v.Plan.Cost < v.Bound.Value {
			proof := v
			proof.Infeasible = nil
			out = append(out, Contradiction{With: v, Proof: proof})
		}
	}
	for _, v := range s.Values() {
		if v.Infeasible == nil {
			continue
		}
		with := v
		if v.Plan == nil {
			w, refuted := plans[v.ruled().key()]
			if !refuted {
				continue
			}
			with = w
		}
		out = append(out, Contradiction{With: with, Proof: v})
	}
	slices.SortStableFunc(out, func(a, b Contradiction) int {
		return cmp.Or(compareValues(a.Proof, b.Proof), compareValues(a.With, b.With))
	})
	return out
}
