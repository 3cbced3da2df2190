package cli

import (
	"context"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// writeReached writes the instance as the cloud looks in the end, with the last target.
func (j *job) writeReached(path string, d drivers.Driver, target map[string]string) error {
	snap, err := d.Snapshot(context.WithoutCancel(j.c.Context))
	if err != nil {
		return err
	}
	in, err := j.reached(snap, target)
	if err != nil {
		return err
	}
	return write(j.program, path, in.Encode)
}

// reached is the instance with the placement that a snapshot shows. Foreign VMs are among its VMs, and their targets are where they
// stand; a rule keeps VMs away from hosts that are down.
func (j *job) reached(snap *drivers.Snapshot, target map[string]string) (*cloud.Instance, error) {
	in := *j.in
	in.VMs = slices.Clone(in.VMs)
	in.Initial = slices.Repeat(cloud.Placement{cloud.Absent}, len(in.VMs))
	in.Target = slices.Clone(in.Target)
	if target != nil {
		for v := range in.Target {
			in.Target[v] = j.hostOf(target[in.VMs[v].Name])
		}
	}
	for i := range snap.VMs {
		vm := &snap.VMs[i]
		v, known := j.in.VM(vm.Name)
		if !known {
			in.VMs = append(in.VMs, *vm.VM)
			in.Initial, in.Target = append(in.Initial, cloud.Absent), append(in.Target, j.hostOf(vm.Host))
			v = cloud.VMID(len(in.VMs) - 1)
		}
		in.Initial[v] = j.hostOf(vm.Host)
	}
	if j.task.Rules != nil {
		in.Rules = j.task.Rules
	}
	if len(snap.Down) > 0 {
		in.Rules = append(slices.Clone(rules.Specs(&in, in.Rules)), spec.Named("maintenance").WithValue("hosts", spec.Words(snap.Down...)))
	}
	return &in, in.Check()
}

// hostOf is the host with a name, Absent for none.
func (j *job) hostOf(name string) cloud.HostID {
	if h, ok := j.in.Host(name); ok {
		return h
	}
	return cloud.Absent
}

// executionJSON is what --json prints. Times are in ms of the cloud's clock.
type executionJSON struct {
	Instance    string            `json:"instance"`
	DryRun      bool              `json:"dry_run"`
	On          string            `json:"on,omitempty"`
	Executor    string            `json:"executor"`
	Model       string            `json:"model"`
	Duration    string            `json:"duration"`
	Seed        uint64            `json:"seed"`
	Reached     bool              `json:"reached"`
	Why         string            `json:"why,omitempty"`
	Stopped     bool              `json:"stopped,omitempty"`
	Proved      bool              `json:"proved_unreachable,omitempty"`
	Took        int64             `json:"took_ms"`
	Makespan    *int64            `json:"makespan_planned,omitempty"` // in the unit of the schedule
	Cost        int64             `json:"cost"`
	PlannedCost int64             `json:"cost_planned"`
	Unit        string            `json:"unit"`
	Requests    int               `json:"requests"`
	Done        int               `json:"done"`
	Failures    int               `json:"failures"`
	Refusals    int               `json:"refusals"`
	Aborts      int               `json:"aborts"`
	Retries     int               `json:"retries"`
	Changes     int               `json:"changes"`
	Plans       int               `json:"new_plans"`
	Kills       int               `json:"kills"`
	Resumes     int               `json:"resumes"`
	GivenUp     []string          `json:"given_up"`
	Assumed     []string          `json:"assumed,omitempty"`
	Journal     []execution.Entry `json:"journal"`
}

func (s *outcome) json() executionJSON {
	r := s.report
	out := executionJSON{
		Instance: s.in.Name, DryRun: s.dry, Executor: s.full.String(), Model: s.task.Model.String(), Duration: s.task.Duration.String(), Seed: s.seed,
		Reached: r.Reached, Why: r.Why, Stopped: r.Stopped, Proved: r.Proved, Took: r.Ended - r.Began,
		Cost: r.Cost, PlannedCost: s.plan.Cost, Unit: s.cost.Unit(),
		Requests: r.Requests, Done: r.Ends, Failures: r.Failures, Refusals: r.Refusals, Aborts: r.Aborts, Retries: s.story.retries,
		Changes: r.Changes, Plans: r.Plans, Kills: s.story.kills, Resumes: r.Resumes,
		GivenUp: append([]string{}, r.GivenUp...), Journal: s.story.entries, Assumed: cloud.RemarksOf(s.duration, s.bound...),
	}
	if !s.dry {
		out.On = s.on.String()
	}
	if p := s.plan.Schedule; p != nil {
		out.Makespan = &p.Makespan
	}
	return out
}
