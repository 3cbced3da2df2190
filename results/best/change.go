package best

import "slices"

// Change tells what has become of the value of one question.
type Change struct {
	Kind   ChangeKind
	Before Value // the zero value of a question that is new
	After  Value
}

// ChangeKind tells changes apart.
type ChangeKind string

// The kinds of changes, in the order in which they are shown.
const (
	New       ChangeKind = "new"       // nothing was known of the question
	Improved  ChangeKind = "improved"  // a cheaper plan, a better target, a shorter schedule, a higher bound, or the first of either, or a proof that there is no plan
	Credited  ChangeKind = "credited"  // the same, but an earlier run is named for it
	Unchanged ChangeKind = "unchanged" // nothing
)

// ChangeKinds lists all kinds in the order in which they are shown.
func ChangeKinds() []ChangeKind { return []ChangeKind{New, Improved, Credited, Unchanged} }

// Changes compares a set with one that it was merged into, question by question, in the
// order of the values after.
func Changes(before, after *Set) []Change {
	var out []Change
	for _, v := range after.Values() {
		c := Change{Kind: New, After: v}
		if old, seen := before.find(v.question()); seen {
			c.Before = old
			switch {
			case c.Cheaper() || c.Higher() || c.Refuted() || c.BetterTarget() || c.HigherTargetBound() || c.Shorter():
				c.Kind = Improved
			case moved(old.Plan, v.Plan) || moved(old.Bound, v.Bound) || moved(old.Infeasible, v.Infeasible) || moved(old.Schedule, v.Schedule) ||
				moved(old.targetRun(), v.targetRun()) || moved(old.targetBoundRun(), v.targetBoundRun()):
				c.Kind = Credited
			default:
				c.Kind = Unchanged
			}
		}
		out = append(out, c)
	}
	return out
}

// moved tells whether two of the same value come from different runs.
func moved[T comparable](before, after *T) bool {
	return before != nil && after != nil && *before != *after
}

func (v Value) targetRun() *Run {
	if v.Target == nil {
		return nil
	}
	return &v.Target.Run
}

func (v Value) targetBoundRun() *Run {
	if v.TargetBound == nil {
		return nil
	}
	return &v.TargetBound.Run
}

// Cheaper tells whether there is a cheaper plan, or the first one.
func (c Change) Cheaper() bool {
	return c.After.Plan != nil && (c.Before.Plan == nil || c.After.Plan.Cost < c.Before.Plan.Cost)
}

// Higher tells whether there is a higher bound, or the first one.
func (c Change) Higher() bool {
	return c.After.Bound != nil && (c.Before.Bound == nil || c.After.Bound.Value > c.Before.Bound.Value)
}

// BetterTarget tells whether there is a target with a better objective, or the first one.
func (c Change) BetterTarget() bool {
	return c.After.Target != nil && (c.Before.Target == nil || slices.Compare(c.After.Target.Value, c.Before.Target.Value) < 0)
}

// HigherTargetBound tells whether there is a higher bound on the objective, or the first one.
func (c Change) HigherTargetBound() bool {
	return c.After.TargetBound != nil && (c.Before.TargetBound == nil || slices.Compare(c.After.TargetBound.Value, c.Before.TargetBound.Value) > 0)
}

// Shorter tells whether there is a shorter schedule, or the first one.
func (c Change) Shorter() bool {
	return c.After.Schedule != nil && (c.Before.Schedule == nil || c.After.Schedule.Makespan < c.Before.Schedule.Makespan)
}

// Refuted tells whether it is newly proved that there is no plan.
func (c Change) Refuted() bool { return c.After.Infeasible != nil && c.Before.Infeasible == nil }
