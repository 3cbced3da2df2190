package cloud

import (
	"cmp"
	"slices"
)

// Action is what one step of a plan does with a VM.
type Action string

// The actions. Only migrations, suspends and resumes have a cost.
const (
	Shutdown  Action = "shutdown"  // the VM leaves the cloud
	Migrate   Action = "migrate"   // live migration
	Suspend   Action = "suspend"   // the VM leaves its host and holds nothing
	Resume    Action = "resume"    // the VM comes back
	Provision Action = "provision" // a new VM enters the cloud
)

// Noun is the action as a noun, for messages.
func (a Action) Noun() string {
	if a == Migrate {
		return "migration"
	}
	return string(a)
}

// Step is one step of a plan.
type Step struct {
	Action   Action
	VM       VMID
	From, To HostID // Absent where the action has no such end
	Cost     int64  // in the unit of the cost function

	Start, End int64 // in the unit of the schedule, from its beginning; both 0 without one
}

// Plan is a way from the initial placement to the target: shutdowns, then
// migrations, then provisions. Its cost is the sum over the steps. With a schedule the steps
// stand in the order of their starts, and need not be a path.
type Plan struct {
	Instance       string
	InstanceSHA256 string
	Algorithm      string
	CostFunction   string
	Status         Status
	Cost           int64  // meaningful when the status has a plan
	LowerBound     int64  // proved: no plan is cheaper
	Reason         string // why the search ended as it did, in words; may be empty
	Steps          []Step
	Schedule       *Schedule
	Stats          map[string]int64
}

// InOrderOfEnds is a plan with a schedule, its steps in the order in which they end. If the schedule is valid, they are a
// path in that order: what a step finds, it found in the schedule when it was about to end, but for what was
// under way then.
func (p *Plan) InOrderOfEnds() *Plan {
	out := *p
	out.Steps = slices.Clone(p.Steps)
	slices.SortStableFunc(out.Steps, func(a, b Step) int { return cmp.Compare(a.End, b.End) })
	return &out
}

// Schedule describes the timing of a plan whose migrations may overlap. Each step has its own
// start and end.
type Schedule struct {
	Model      string   // spec of the model of concurrency
	Scheduler  string   // spec of what chose the times; may be empty
	Duration   string   // spec of the durations; may be empty
	Unit       string   // of all times: "ms", or "step"
	Makespan   int64    // the last end
	LowerBound int64    // proved: no schedule of these migrations that keeps every rule in whatever order they end is shorter
	Bottleneck string   // what the bound comes from, in words; may be empty
	SLAs       []string // specs of what it was made to keep beside the rules
}

// Status is what is known when a search ends.
type Status string

// The statuses.
const (
	Optimal     Status = "optimal"     // a plan, proved cheapest
	Feasible    Status = "feasible"    // a plan
	Infeasible  Status = "infeasible"  // proved that there is none
	Unknown     Status = "unknown"     // a limit ended the search
	Unsupported Status = "unsupported" // the algorithm does not handle the instance
)

func (s Status) known() bool {
	switch s {
	case Optimal, Feasible, Infeasible, Unknown, Unsupported:
		return true
	}
	return false
}

// HasPlan tells whether a plan goes with the status.
func (s Status) HasPlan() bool { return s == Optimal || s == Feasible }

// Early tells whether the search ended before it knew all it set out to know.
func (s Status) Early() bool { return s == Feasible || s == Unknown }

// Steps makes a whole plan out of migrations, of which those with an end absent are
// suspends and resumes: the shutdowns that the instance's
// placements call for before them, in the order of the VMs, and the provisions
// after them. It panics when no target is chosen.
func (in *Instance) Steps(migrations []Change, cost CostFunction) []Step {
	more := 0 // shutdowns and provisions
	for v, h := range in.Initial {
		if (h == Absent) != (in.Target[v] == Absent) {
			more++
		}
	}
	if more+len(migrations) == 0 {
		return nil
	}
	out := make([]Step, 0, more+len(migrations))
	for v, h := range in.Initial {
		if h != Absent && in.Target[v] == Absent {
			out = append(out, Step{Action: Shutdown, VM: VMID(v), From: h, To: Absent})
		}
	}
	for _, m := range migrations {
		action := Migrate
		switch Absent {
		case m.To:
			action = Suspend
		case m.From:
			action = Resume
		}
		out = append(out, Step{Action: action, VM: m.VM, From: m.From, To: m.To, Cost: CostOf(cost, m)})
	}
	for v, h := range in.Target {
		if h != Absent && in.Initial[v] == Absent {
			out = append(out, Step{Action: Provision, VM: VMID(v), From: Absent, To: h})
		}
	}
	return out
}
