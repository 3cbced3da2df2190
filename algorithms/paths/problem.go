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
		return nil, &cloud.PathError{Pointer: "/target", Msg: "the instance has no target placement: choose one first"}
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

// obstacle names a reason why no path can exist that needs no search: an end of the
// path that breaks a rule, a start out of which or a goal into which no single step is
// sane. Empty when there is none. It takes a judgement of three placements, and as many
// tests of a VM on a host as it takes to find one sane step at either end.
func (p *Problem) obstacle() string {
	for _, end := range []struct {
		where string
		place cloud.Placement
		final bool
	}{
		{"after the shutdowns", p.Start, false},
		{"before the provisions", p.Goal, false},
		{"in the target placement", p.Instance.Target, true},
	} {
		if f := validate.Placement(p.Instance, p.Rules, end.place, end.final); len(f) > 0 {
			return end.where + ", " + f[0].String()
		}
	}
	if p.Start.Equal(p.Goal) {
		return ""
	}
	if jammed(p.NewState()) {
		return "no VM can leave the initial placement: every migration out of it breaks a rule"
	}
	// A step into the goal is a step out of it for whoever walks backwards.
	if jammed(cloud.NewState(p.Instance, cloud.Reversed(p.Rules), p.Goal)) {
		return "no VM can be the last to arrive: every migration into the target breaks a rule"
	}
	return ""
}

// jammed tells whether no step out of a sane placement is sane.
func jammed(s *cloud.State) bool {
	in := s.Instance()
	for v := range in.VMs {
		vm := cloud.VMID(v)
		if s.HostOf(vm) == cloud.Absent {
			continue
		}
		if in.VMs[v].Interruptible && s.Allows(vm, cloud.Absent) {
			return false
		}
		for h := range in.Hosts {
			if s.Allows(vm, cloud.HostID(h)) {
				return false
			}
		}
	}
	return true
}

// NewState makes the state in which migrations begin.
func (p *Problem) NewState() *cloud.State { return cloud.NewState(p.Instance, p.Rules, p.Start) }
