package best

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/results"
)

// Set holds one value a question. It does not change once it is made. A nil set is empty.
type Set struct {
	values []Value // in the order of compareValues
	at     map[string]int
}

// question identifies a question.
func question(instanceSHA256 string, rules []string, costFunction string) string {
	return ruled(instanceSHA256, rules) + "\x00\x00" + costFunction
}

// ruled identifies an instance under rules: what decides whether a plan exists.
func ruled(instanceSHA256 string, rules []string) string {
	return instanceSHA256 + "\x00" + strings.Join(rules, "\x00")
}

func (v Value) question() string { return question(v.InstanceSHA256, v.Rules, v.CostFunction) }

// compareValues sorts by instance, cost function and rules.
func compareValues(a, b Value) int {
	return cmp.Or(cmp.Compare(a.Instance, b.Instance), cmp.Compare(a.InstanceSHA256, b.InstanceSHA256),
		cmp.Compare(a.CostFunction, b.CostFunction), slices.Compare(a.Rules, b.Rules))
}

// Values are all values, sorted by instance, cost function and rules.
func (s *Set) Values() []Value {
	if s == nil {
		return nil
	}
	return slices.Clone(s.values)
}

// Len is the number of questions.
func (s *Set) Len() int {
	if s == nil {
		return 0
	}
	return len(s.values)
}

// Find finds the value of a question.
func (s *Set) Find(instanceSHA256 string, rules []string, costFunction string) (Value, bool) {
	return s.find(question(instanceSHA256, rules, costFunction))
}

func (s *Set) find(question string) (Value, bool) {
	if s == nil {
		return Value{}, false
	}
	i, ok := s.at[question]
	if !ok {
		return Value{}, false
	}
	return s.values[i], true
}

// Merge makes one set of several, which holds the best of what each knows. It is
// commutative, associative and idempotent. A contradiction between sets is kept as it is:
// see [Set.Contradictions]. O(n log n).
func Merge(sets ...*Set) *Set {
	var all []Value
	for _, s := range sets {
		all = append(all, s.Values()...)
	}
	return newSet(all)
}

// Of takes from records what they say of their questions. A record says nothing where the
// run ended without a plan and without a proof, or at fault. O(n log n).
func Of(records []results.Record) *Set {
	var all []Value
	for i := range records {
		if v, ok := valueOf(&records[i]); ok {
			all = append(all, v)
		}
	}
	return newSet(all)
}

func valueOf(r *results.Record) (Value, bool) {
	run := Run{
		Algorithm: r.Algorithm, Seed: r.Seed, RunKey: r.RunKey,
		Revision: r.Provenance.Revision, Date: utc(r.Provenance.Date),
	}
	v := Value{
		Format: Format, Instance: r.Instance, InstanceSHA256: r.InstanceSHA256,
		CostFunction: r.CostFunction, Rules: append([]string{}, r.Rules...),
	}
	if r.Outcome.HasPlan() {
		v.Plan = &Plan{Cost: *r.Cost, Steps: r.Steps, PlanSHA256: r.PlanSHA256, Run: run}
	}
	if b, ok := r.ProvedBound(); ok {
		v.Bound = &Bound{Value: b, Run: run}
	}
	if r.Outcome == results.Infeasible {
		v.Infeasible = &run
	}
	return v, v.Plan != nil || v.Bound != nil || v.Infeasible != nil
}

// newSet joins the values of the same question.
func newSet(all []Value) *Set {
	s := &Set{at: make(map[string]int, len(all))}
	for _, v := range all {
		i, seen := s.at[v.question()]
		if !seen {
			s.at[v.question()] = len(s.values)
			s.values = append(s.values, v)
			continue
		}
		s.values[i] = join(s.values[i], v)
	}
	slices.SortFunc(s.values, compareValues)
	for i, v := range s.values {
		s.at[v.question()] = i
	}
	return s
}

// join keeps the best of two values of the same question.
func join(a, b Value) Value {
	a.Instance = min(a.Instance, b.Instance) // the same content under two names
	a.Plan = first(a.Plan, b.Plan, comparePlans)
	a.Bound = first(a.Bound, b.Bound, compareBounds)
	a.Infeasible = first(a.Infeasible, b.Infeasible, compareRuns)
	return a
}

// first is the one that compare puts first, where both are there.
func first[T any](a, b *T, compare func(a, b T) int) *T {
	switch {
	case a == nil:
		return b
	case b == nil || compare(*a, *b) <= 0:
		return a
	}
	return b
}
