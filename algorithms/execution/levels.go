package execution

import (
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
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

// opening is the first instant, from now on, at which a step may begin so that it is not under way in a window in which its VM may not move, if
// it takes as long as expected; false where there is none. Times count from the beginning of the execution.
func (w *world) opening(s *cloud.Step) (at int64, ok bool) {
	m := timetable.Move{Time: w.needs(s).Time}
	for _, c := range w.closers {
		m.Closed = append(m.Closed, c.Closed(s)...)
	}
	return m.Open(w.clock)
}
