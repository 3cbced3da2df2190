package timetable

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Problem is a plan and what its schedule has to keep: what a scheduler is given. It is read-only and may be
// shared by runs.
type Problem struct {
	Instance *cloud.Instance
	Rules    []cloud.Rule // in force on the way
	Plan     *cloud.Plan
	Cost     cloud.CostFunction
	Duration cloud.Duration
	Model    concurrency.Model
	Limits   []concurrency.Limit // of the model
	Moves    []Move              // migrations, suspends and resumes of the plan, in its order

	// Downs and Ups are the shutdowns and provisions, by position in the plan's steps. Moves start once all
	// shutdowns have ended, and provisions once all moves have; DownTime and UpTime are the lengths of these two phases. The
	// clock of a [Table] begins with the moves.
	Downs, Ups       []int32
	DownTime, UpTime int64

	// Start is the placement in which moves begin.
	Start cloud.Placement
	// Backwards tells that time runs backwards: see [Problem.Reversed].
	Backwards bool
}

// Move is a migration, a suspend or a resume.
type Move struct {
	cloud.Change
	Step   int32             // position in the plan's steps
	Time   int64             // where it has all uses in full; at least 1
	Uses   []concurrency.Use // of the limits
	Before int32             // the move of the same VM that must have ended before it starts, or -1
	After  int32             // the one that waits for its end, or -1
}

// NewProblem binds a plan of an instance to a model of concurrency and durations. Rules nil means the instance's
// own. Of a plan that has a schedule, the order in which steps end is the plan's order.
func NewProblem(c *spec.Catalogue, in *cloud.Instance, ruleSpecs []spec.Spec, plan *cloud.Plan, model, duration spec.Spec) (*Problem, error) {
	if in.Target == nil {
		return nil, &cloud.PathError{Pointer: "/target", Msg: "the instance has no target placement"}
	}
	if !plan.Status.HasPlan() {
		return nil, fmt.Errorf("the search ended %s, so there is nothing to schedule", plan.Status)
	}
	bound, err := rules.Bind(c, in, ruleSpecs)
	if err != nil {
		return nil, err
	}
	inForce, _, err := cloud.Mend(in, bound, in.Initial)
	if err != nil {
		return nil, err
	}
	cost, err := costOf(c, in, plan)
	if err != nil {
		return nil, err
	}
	takes, err := durations.Bind(c, in, duration)
	if err != nil {
		return nil, err
	}
	m, err := concurrency.Bind(c, in, takes, model)
	if err != nil {
		return nil, err
	}
	if plan.Schedule != nil {
		plan = plan.InOrderOfEnds()
	}
	p := &Problem{Instance: in, Rules: inForce, Plan: plan, Cost: cost, Duration: takes, Model: m, Limits: m.Limits(), Start: in.Start()}
	return p, p.readSteps()
}

// costOf is the cost function that a plan names, which is ram if it names none.
func costOf(c *spec.Catalogue, in *cloud.Instance, plan *cloud.Plan) (cloud.CostFunction, error) {
	name := spec.Named("ram")
	if plan.CostFunction != "" {
		var err error
		if name, err = spec.Parse(plan.CostFunction); err != nil {
			return nil, &cloud.PathError{Pointer: "/cost_function", Msg: err.Error()}
		}
	}
	return costs.Bind(c, in, name)
}

// Reversed is the problem in which everything runs backwards, from the goal to the start: a schedule of it, reflected, is
// one of the problem where no rule looks at the order in which moves end. Moves keep their positions. O(moves + VMs).
func (p *Problem) Reversed() *Problem {
	r := *p
	r.Backwards = !p.Backwards
	r.Rules = cloud.Reversed(p.Rules)
	r.Start = p.Start.Clone()
	r.Moves = slices.Clone(p.Moves)
	for i := range r.Moves {
		m := &r.Moves[i]
		r.Start[m.VM] = p.Moves[i].To // the last one of a VM counts
		m.From, m.To, m.Before, m.After = m.To, m.From, m.After, m.Before
	}
	return &r
}

// With is the problem of another path between the same placements, its changes in an order in which they can be carried out one
// after the other. O(instance + moves).
func (p *Problem) With(path []cloud.Change) (*Problem, error) {
	plan := *p.Plan
	plan.Steps = p.Instance.Steps(path, p.Cost)
	plan.Cost = 0
	for i := range plan.Steps {
		plan.Cost += plan.Steps[i].Cost
	}
	if plan.Cost > p.Plan.Cost && plan.Status == cloud.Optimal {
		plan.Status = cloud.Feasible
	}
	out := *p
	out.Plan, out.Moves, out.Downs, out.Ups = &plan, nil, nil, nil
	return &out, out.readSteps()
}

// Total is the time of the steps one after the other.
func (p *Problem) Total() int64 {
	t := p.DownTime + p.UpTime
	for i := range p.Moves {
		t += p.Moves[i].Time
	}
	return t
}

var errTooLong = errors.New("the times of all steps together do not fit in 64 bits")

// ImpossibleError tells of a step that the model of concurrency never lets run.
type ImpossibleError struct{ error }

// readSteps sorts the plan's steps by kind and tells how long each takes.
func (p *Problem) readSteps() error {
	last := map[cloud.VMID]int32{}
	total := int64(0)
	for i := range p.Plan.Steps {
		s := &p.Plan.Steps[i]
		needs := p.Model.Needs(s)
		if total += needs.Time; total < 0 {
			return errTooLong
		}
		comesOrGoes := s.Action == cloud.Shutdown || s.Action == cloud.Provision
		if stays := p.Instance.Initial[s.VM] != cloud.Absent && p.Instance.Target[s.VM] != cloud.Absent; stays == comesOrGoes {
			return fmt.Errorf("step %d: a %s of VM %q cannot be scheduled: VMs that are in both placements move, and all others are shut down or provisioned", i+1, s.Action.Noun(), p.Instance.VMs[s.VM].Name)
		}
		switch s.Action {
		case cloud.Shutdown:
			p.Downs = append(p.Downs, int32(i))
			p.DownTime = max(p.DownTime, needs.Time)
			continue
		case cloud.Provision:
			p.Ups = append(p.Ups, int32(i))
			p.UpTime = max(p.UpTime, needs.Time)
			continue
		}
		for _, u := range needs.Uses {
			if l := p.Limits[u.Limit]; u.Least > l.Capacity {
				return &ImpossibleError{fmt.Errorf("step %d needs %d %s of the %s, of which there are %d: it can never run", i+1, u.Least, l.Unit, l.Name, l.Capacity)}
			}
		}
		// A step of no length ends after all starts of its instant, so that what waits for it starts one unit later.
		m := Move{cloud.Change{VM: s.VM, From: s.From, To: s.To}, int32(i), max(needs.Time, 1), needs.Uses, -1, -1}
		if before, moved := last[s.VM]; moved {
			m.Before = before
			p.Moves[before].After = int32(len(p.Moves))
		}
		last[s.VM] = int32(len(p.Moves))
		p.Moves = append(p.Moves, m)
	}
	return nil
}
