package formats

import (
	"cmp"
	"io"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// PlanReader reads plans that another solver made.
type PlanReader interface {
	// ReadPlan reads a plan for the instance that was exported. Errors name file
	// and line or path; whether the migrations are sane is not looked at.
	ReadPlan(in *cloud.Instance, file string, data []byte) (Plan, error)
}

// Plan is what another solver answered.
type Plan struct {
	Migrations []cloud.Change // suspends and resumes too, in the order in which they start
	Times      []Span         // of the migrations; nil where the plan says nothing of time
	// Others is when VMs are shut down or provisioned; those that it lacks go at the beginning and come at the end.
	Others map[cloud.VMID]Span
	Model  string // spec of the model of concurrency by which the solver chose the times; "" without times
}

// Span is from when to when a step is under way, in ms.
type Span struct{ Start, End int64 }

// Steps completes the plan with the shutdowns and provisions that the instance calls for. It is a path, with no
// schedule, where the plan says nothing of time. It panics when no target is chosen. O(steps log steps).
func (p *Plan) Steps(in *cloud.Instance, cost cloud.CostFunction) ([]cloud.Step, *cloud.Schedule) {
	steps := in.Steps(p.Migrations, cost)
	if p.Times == nil {
		return steps, nil
	}
	makespan, times := int64(0), p.Times
	var last []int // provisions that come at the end
	for i := range steps {
		step := &steps[i]
		other, told := p.Others[step.VM]
		switch {
		case step.Action != cloud.Shutdown && step.Action != cloud.Provision:
			step.Start, step.End = times[0].Start, times[0].End
			times = times[1:]
		case told:
			step.Start, step.End = other.Start, other.End
		case step.Action == cloud.Provision:
			last = append(last, i)
		}
		makespan = max(makespan, step.End)
	}
	for _, i := range last {
		steps[i].Start, steps[i].End = makespan, makespan
	}
	slices.SortStableFunc(steps, func(a, b cloud.Step) int { return cmp.Compare(a.Start, b.Start) })
	return steps, &cloud.Schedule{Model: p.Model, Unit: "ms", Makespan: makespan}
}

// ReadPlan reads a file in the plan format that a spec names. Its name may end in .gz,
// .zst or .xz, or be `-` for stdin.
func ReadPlan(c *spec.Catalogue, format spec.Spec, in *cloud.Instance, file string, stdin io.Reader) (Plan, error) {
	reader, data, err := open[PlanReader](c, PlanKind, format, file, stdin)
	if err != nil {
		return Plan{}, err
	}
	return reader.ReadPlan(in, file, data)
}
