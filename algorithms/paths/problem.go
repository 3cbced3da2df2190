package paths

import (
	"errors"
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// Problem is an instance with its rules and cost function bound: what a solver is
// given. It is read-only and may be shared by runs.
type Problem struct {
	Instance *cloud.Instance
	Rules    []cloud.Rule
	Cost     cloud.CostFunction
	Start    cloud.Placement // after the shutdowns
	Goal     cloud.Placement // before the provisions
}

// NewProblem binds an instance that has a target. Rules nil means the instance's
// own. An initial placement that breaks a continuous rule is an error here: there is
// nothing sane to start from. A target that does so is no error but a question with
// the answer that no path exists.
func NewProblem(in *cloud.Instance, ruleSpecs []spec.Spec, cost spec.Spec) (*Problem, error) {
	bound, err := rules.Bind(in, ruleSpecs)
	if err != nil {
		return nil, err
	}
	c, err := costs.Bind(in, cost)
	if err != nil {
		return nil, err
	}
	if in.Target == nil {
		return nil, &cloud.PathError{Pointer: "/target", Msg: "the instance has no target placement: `rearrange target STRATEGY INSTANCE` chooses one"}
	}
	if err := CheckInitial(in, bound); err != nil {
		return nil, err
	}
	return &Problem{Instance: in, Rules: bound, Cost: c, Start: in.Start(), Goal: in.Goal()}, nil
}

// maxListed bounds how many violations one error lists.
const maxListed = 10

// CheckInitial reports every continuous rule that the initial placement breaks.
func CheckInitial(in *cloud.Instance, bound []cloud.Rule) error {
	var faults []error
	found := validate.Placement(in, bound, in.Initial, false)
	for i, f := range found {
		if i == maxListed {
			faults = append(faults, fmt.Errorf("(%d violations in all)", len(found)))
			break
		}
		faults = append(faults, &cloud.PathError{Pointer: "/initial", Msg: "the initial placement breaks a rule: " + f.String()})
	}
	return errors.Join(faults...)
}

// NewState makes the state in which migrations begin.
func (p *Problem) NewState() *cloud.State { return cloud.NewState(p.Instance, p.Rules, p.Start) }
