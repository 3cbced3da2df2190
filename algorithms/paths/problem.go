package paths

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Problem is an instance with its rules and cost function bound: what a solver is
// given. It is read-only and may be shared by runs.
type Problem struct {
	Instance *cloud.Instance
	Rules    []cloud.Rule // in force on the way; what holds in the end is the whole of them ([cloud.Whole])
	Cost     cloud.CostFunction
	Start    cloud.Placement // after the shutdowns
	Goal     cloud.Placement // before the provisions
}

// NewProblem binds an instance that has a target. Rules nil means the instance's own. Rules that
// the initial placement breaks are in their mending form; where a rule has none, that is an
// error. A target that breaks a rule is no error but a question with the answer that no path
// exists.
func NewProblem(c *spec.Catalogue, in *cloud.Instance, ruleSpecs []spec.Spec, cost spec.Spec) (*Problem, error) {
	bound, err := rules.Bind(c, in, ruleSpecs)
	if err != nil {
		return nil, err
	}
	charge, err := costs.Bind(c, in, cost)
	if err != nil {
		return nil, err
	}
	if in.Target == nil {
		return nil, &cloud.PathError{Pointer: "/target", Msg: "the instance has no target placement: `rearrange target STRATEGY INSTANCE` chooses one"}
	}
	inForce, _, err := cloud.Mend(in, bound, in.Initial)
	if err != nil {
		return nil, err
	}
	return &Problem{Instance: in, Rules: inForce, Cost: charge, Start: in.Start(), Goal: in.Goal()}, nil
}

// Remarks tell what the cost function and the rules assume where the instance does not say.
func (p *Problem) Remarks() []string {
	return cloud.RemarksOf(p.Cost, p.Rules...)
}

// NewState makes the state in which migrations begin.
func (p *Problem) NewState() *cloud.State { return cloud.NewState(p.Instance, p.Rules, p.Start) }
