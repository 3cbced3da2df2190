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

// question identifies a question: of the cheapest plan to a goal, or of the best target.
func question(of ruledInstance, costFunction, objective string) string {
	return of.key() + "\x00\x00" + costFunction + "\x00" + objective
}

// ruledInstance is an instance under rules, and where plans head for: what decides whether a plan exists.
type ruledInstance struct {
	sha256 string
	rules  []string
	goal   string
}

func (i ruledInstance) key() string {
	return strings.Join(append([]string{i.sha256, i.goal}, i.rules...), "\x00")
}

func (v Value) ruled() ruledInstance { return ruledInstance{v.InstanceSHA256, v.Rules, v.Goal} }
func (v Value) question() string {
	return question(v.ruled(), v.CostFunction, v.Objective) + scheduling(v.Model, v.Duration, v.Moves)
}

// scheduling ends what identifies a question about schedules; it is empty for one that is not.
func scheduling(model, duration, moves string) string {
	if model == "" {
		return ""
	}
	return strings.Join([]string{"", model, duration, moves}, "\x00")
}

// compareValues sorts by instance, cost function, objective, rules, goal, model of concurrency, duration and moves.
func compareValues(a, b Value) int {
	return cmp.Or(cmp.Compare(a.Instance, b.Instance), cmp.Compare(a.InstanceSHA256, b.InstanceSHA256),
		cmp.Compare(a.CostFunction, b.CostFunction), cmp.Compare(a.Objective, b.Objective), slices.Compare(a.Rules, b.Rules),
		cmp.Compare(a.Goal, b.Goal), cmp.Compare(a.Model, b.Model), cmp.Compare(a.Duration, b.Duration), cmp.Compare(a.Moves, b.Moves))
}

// Values are all values, sorted by instance and then by the rest of the question.
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

// Find finds what is known of plans to a goal, see [results.Record.Goal].
func (s *Set) Find(instanceSHA256 string, rules []string, goal, costFunction string) (Value, bool) {
	return s.find(question(ruledInstance{instanceSHA256, rules, goal}, costFunction, ""))
}

// FindTarget finds what is known of targets by an objective.
func (s *Set) FindTarget(instanceSHA256 string, rules []string, objective string) (Value, bool) {
	return s.find(question(ruledInstance{instanceSHA256, rules, ""}, "", objective))
}

// FindSchedule finds what is known of schedules of the moves of a run, under its model of concurrency and durations.
func (s *Set) FindSchedule(r *results.Record) (Value, bool) { return s.find(aboutSchedules(r)) }

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

// Of takes from records what they say of their questions: of plans, of targets that strategies chose, and of schedules. A record
// says nothing of plans where the run ended without a plan and without a proof, or at fault. O(n log n).
func Of(records []results.Record) *Set {
	var all []Value
	for i := range records {
		if v, ok := valueOf(&records[i]); ok {
			all = append(all, v)
		}
		if records[i].Target.Found() {
			all = append(all, targetOf(&records[i]))
		}
		if r := &records[i]; r.Outcome.HasPlan() && r.Schedule.Made() {
			all = append(all, scheduleOf(r))
		}
	}
	return newSet(all)
}

// targetOf is what a record says of targets.
func targetOf(r *results.Record) Value {
	t := r.Target
	run := Run{Algorithm: t.Strategy, Seed: r.Seed, RunKey: r.RunKey, Revision: r.Provenance.Revision, Date: utc(r.Provenance.Date)}
	v := Value{
		Format: Format, Instance: r.Instance, InstanceSHA256: r.InstanceSHA256, Objective: t.Objective,
		Rules: append([]string{}, r.Rules...), Target: &Target{Value: t.After, Migrations: t.Migrations, SHA256: t.SHA256, Run: run},
	}
	if t.Bound != nil {
		v.TargetBound = &TargetBound{Value: t.Bound, Run: run}
	}
	return v
}

// scheduleOf is what a record says of schedules.
func scheduleOf(r *results.Record) Value {
	s := r.Schedule
	run := Run{Algorithm: s.Scheduler, Seed: r.Seed, RunKey: r.RunKey, Revision: r.Provenance.Revision, Date: utc(r.Provenance.Date)}
	return Value{
		Format: Format, Instance: r.Instance, InstanceSHA256: r.InstanceSHA256, Rules: append([]string{}, r.Rules...),
		Model: s.Model, Duration: s.Duration, Moves: s.Moves,
		Schedule: &Schedule{Makespan: s.Makespan, SHA256: s.SHA256, Run: run}, Bound: &Bound{Value: s.LowerBound, Run: run},
	}
}

func valueOf(r *results.Record) (Value, bool) {
	run := Run{
		Algorithm: r.Algorithm, Seed: r.Seed, RunKey: r.RunKey,
		Revision: r.Provenance.Revision, Date: utc(r.Provenance.Date),
	}
	v := Value{
		Format: Format, Instance: r.Instance, InstanceSHA256: r.InstanceSHA256,
		CostFunction: r.CostFunction, Goal: r.Goal(), Rules: append([]string{}, r.Rules...),
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
	a.Target = first(a.Target, b.Target, compareTargets)
	a.TargetBound = first(a.TargetBound, b.TargetBound, compareTargetBounds)
	a.Schedule = first(a.Schedule, b.Schedule, compareSchedules)
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
