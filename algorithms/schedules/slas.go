package schedules

import (
	"slices"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/slas"
)

// meets tells whether a schedule was found that keeps all SLAs.
func (r *Run) meets() bool { return r.best != nil && r.unmet == 0 }

// movable names an SLA that may ask for starts that are neither at 0 nor when another move ends or a window does; empty where there is none.
func (r *Run) movable() string {
	for i := range r.outages {
		if !r.outages[i].fixed() {
			return r.outages[i].sla
		}
	}
	return ""
}

// excess is by how much a table breaks SLAs: how late moves end, and how much too long VMs are down, in all.
func (r *Run) excess(t *timetable.Table) int64 {
	over := int64(0)
	for m := range t.Moves {
		over += max(t.Ends[m]-t.Moves[m].Due, 0)
	}
	list := r.outages
	if t.Problem != r.Problem && r.outages != nil { // of another path
		list = outagesOf(t.Problem)
	}
	for i := range list {
		over += max(list[i].worst(t)-list[i].Most, 0)
	}
	return over
}

// without is the result of a run that found no schedule, or a proof that there is none.
func (r *Run) without() *Result {
	out := &Result{
		Problem: r.Problem, Status: cloud.Infeasible, Reason: r.proof, LowerBound: r.whole(r.Bound()), Bounds: r.Bounds, Tables: r.tables, Elapsed: time.Since(r.began),
	}
	if r.proof == "" {
		out.Status, out.Reason = cloud.Unknown, "no schedule was found in which every step is under way between the windows of "+r.named()
	}
	if r.best != nil {
		out.Problem, out.Steps, out.Makespan = r.best.Problem, timed(r.best), r.whole(r.best.Makespan())
		out.Unmet = r.broken(out.Steps)
	}
	return out
}

// broken lists what steps break of the SLAs.
func (r *Run) broken(steps []cloud.Step) []slas.Violation {
	var out []slas.Violation
	for _, s := range r.SLAs {
		out = append(out, s.Violations(steps)...)
	}
	return out
}

// named names the SLAs.
func (r *Run) named() string {
	text := ""
	for i, s := range r.SLAs {
		if i > 0 {
			text += ", "
		}
		text += s.String()
	}
	return text
}

// closedOut tells whether the plan is a path, so that nothing but closed windows can have kept a scheduler from making a table of it.
func (r *Run) closedOut() bool {
	if !slices.ContainsFunc(r.Moves, func(m timetable.Move) bool { return len(m.Closed) > 0 }) {
		return false
	}
	_, err := r.Relaxed().InOrder(planned(r.Problem))
	return err == nil
}
