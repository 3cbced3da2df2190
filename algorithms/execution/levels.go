package execution

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/slas"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// levels are the SLAs that an execution is to keep, bound to an instance: its own, and those that the schedule of the plan names.
func (t *Task) levels(in *cloud.Instance, takes cloud.Duration) ([]slas.SLA, error) {
	var further []spec.Spec
	if t.Plan.Schedule != nil {
		for _, text := range t.Plan.Schedule.SLAs {
			s, err := spec.Parse(text)
			if err != nil {
				return nil, err
			}
			further = append(further, s)
		}
	}
	return slas.Bind(t.Catalogue, in, takes, takes.Unit(), further...)
}

// follow takes over an entry of the journal: it is counted, and steps that have ended are kept with their times.
func (r *Run) follow(e Entry) {
	r.report.add(e)
	switch e.Event {
	case EventRequest:
		if v, ok := r.Instance.VM(e.VM); ok {
			r.asked[e.ID] = cloud.Step{Action: e.Action, VM: v, From: r.hostID(e.From), To: r.hostID(e.To), Start: e.At - r.report.Began}
		}
	case EventEnded:
		s := r.asked[e.ID]
		s.End = e.At - r.report.Began
		r.done = append(r.done, s)
		delete(r.asked, e.ID)
	}
}

// unmet lists which SLAs the steps that have ended break by the times that they took.
func (r *Run) unmet() (out []string) {
	for _, s := range r.slas {
		for _, v := range s.Violations(r.done) {
			out = append(out, v.SLA+": "+v.Msg)
		}
	}
	return out
}

// opening tells when a step may begin at the earliest so that it is under way, for as long as it should take, outside of the windows in which its VM may not move; false where it never may
// any more. Times count from the beginning of the execution.
func (w *world) opening(s *cloud.Step) (at int64, ok bool) {
	time := w.needs(s).Time
	for again := true; again; {
		again = false
		for _, c := range w.closers {
			for _, closed := range c.Closed(s) {
				next, ok := closed.Open(max(at, w.clock), time)
				if !ok {
					return 0, false
				}
				again = again || next > max(at, w.clock)
				at = next
			}
		}
	}
	return max(at, w.clock), true
}
