package results

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Target is the target placement that a strategy chose for a run, and what it is worth. Objective values have a
// number for each rank of the objective, the first one first; lower is better.
type Target struct {
	Strategy           string `json:"strategy"` // the spec as the suite writes it, in canonical spacing
	StrategyParameters Values `json:"strategy_parameters,omitempty"`
	Objective          string `json:"objective"` // the spec of what targets are measured by
	ObjectiveUnit      string `json:"objective_unit,omitzero"`

	// Status is optimal if the bound proves that no target is better, else feasible; infeasible if it is proved
	// that there is no target, and unknown if the strategy found none. It is empty before the run, and where the
	// strategy failed. The fields below it are those of a target that was found.
	Status Outcome `json:"status,omitzero"`
	Before []int64 `json:"before,omitempty"`
	After  []int64 `json:"after,omitempty"`
	// Bound is proved of every target of the instance, whatever the strategy; nil where nothing is proved.
	Bound      []int64 `json:"bound,omitempty"`
	Migrations int     `json:"migrations"`
	Provisions int     `json:"provisions,omitzero"`
	Cost       int64   `json:"cost"`             // of the migrations, each VM going straight
	SHA256     string  `json:"sha256,omitempty"` // of the placement

	WallS      float64           `json:"wall_s"` // of the choice, apart from that of the path
	Incumbents []TargetIncumbent `json:"incumbents,omitempty"`
}

// TargetIncumbent is one target found on the way.
type TargetIncumbent struct {
	ElapsedS  float64 `json:"elapsed_s"`
	Steps     int64   `json:"steps"` // how often the strategy had asked by then whether to go on
	Objective []int64 `json:"objective"`
	Cost      int64   `json:"cost"` // of the migrations, each VM going straight
}

// Found tells whether there is a target.
func (t *Target) Found() bool { return t != nil && t.Status.HasPlan() }

// All are the targets that were found, the chosen one last.
func (t *Target) All() []TargetIncumbent {
	if !t.Found() {
		return nil
	}
	return append(slices.Clone(t.Incumbents), TargetIncumbent{ElapsedS: max(t.WallS, 0), Objective: t.After, Cost: t.Cost})
}

// Goal tells apart what runs on one instance head for. It is empty for the target of the instance itself; else
// the hash of the placement that a strategy chose or, where there is none, the strategy.
func (r *Record) Goal() string {
	switch {
	case r.Target == nil:
		return ""
	case r.Target.Found():
		return r.Target.SHA256
	}
	return r.Target.Strategy
}

// check tells what is wrong with a target.
func (t *Target) check(bad func(format string, args ...any)) {
	texts := []struct{ field, value string }{{"strategy", t.Strategy}, {"objective", t.Objective}}
	if t.Found() {
		texts = append(texts, struct{ field, value string }{"sha256", t.SHA256})
		if len(t.After) == 0 || len(t.Before) != len(t.After) || t.Bound != nil && len(t.Bound) != len(t.After) {
			bad("/target: expected before, after and bound with as many numbers each, found %v, %v and %v", t.Before, t.After, t.Bound)
		}
	}
	for _, f := range texts {
		if f.value == "" {
			bad("/target/%s: missing, expected a non-empty text", f.field)
		}
	}
	if known := []Outcome{"", Optimal, Feasible, Infeasible, Unknown}; !slices.Contains(known, t.Status) {
		names := prose.Texts(known[1:], func(o Outcome) string { return string(o) })
		bad("/target/status: unknown status %q%s", t.Status, spec.DidYouMean(string(t.Status), names, "expected one of"))
	}
	for _, n := range append(slices.Concat(t.Before, t.After, t.Bound), int64(t.Migrations), int64(t.Provisions), t.Cost) {
		if n < 0 {
			bad("/target: expected non-negative integers, found %d", n)
		}
	}
	for i, found := range t.Incumbents {
		n := append(slices.Clone(found.Objective), found.Steps, found.Cost)
		if slices.Min(n) < 0 || !(found.ElapsedS >= 0) || math.IsInf(found.ElapsedS, 0) || len(found.Objective) == 0 || t.Found() && len(found.Objective) != len(t.After) {
			bad("/target/incumbents/%d: expected non-negative numbers, and as many of the objective as after has, found %+v", i, found)
		}
	}
	if !(t.WallS >= 0) || math.IsInf(t.WallS, 0) {
		bad("/target/wall_s: expected a non-negative number, found %v", t.WallS)
	}
}
