package cli

import (
	"fmt"
	"io"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// moment is when a step of a plan has ended, before anything begins after that.
type moment struct {
	plan  *cloud.Plan
	step  int                         // from 1; 0 is before the first
	place cloud.Placement             // VMs under way stand where they come from
	way   map[cloud.VMID]cloud.HostID // by VM under way: where it goes
}

// momentOf replays a plan up to the end of a step.
func momentOf(in *cloud.Instance, plan *cloud.Plan, step int) (*moment, error) {
	if step > len(plan.Steps) {
		return nil, usage("--at: expected a step from 0, the initial placement, to %s, the end of the plan; found %d", humanize.Comma(int64(len(plan.Steps))), step)
	}
	s := cloud.NewState(in, nil, in.Initial)
	ended, at := step == 0, int64(0)
	for e, err := range cloud.Replay(s, plan) {
		if ended && (!e.Ends || e.At > at) {
			break
		}
		if err != nil {
			return nil, err
		}
		if e.Ends && e.Step == step-1 {
			ended, at = true, e.At
		}
	}
	m := &moment{plan, step, s.Placement(), map[cloud.VMID]cloud.HostID{}}
	for _, c := range s.UnderWay() {
		m.way[c.VM] = c.To
	}
	return m, nil
}

// hosts are those that the step leaves and arrives at; none where there is no moment.
func (m *moment) hosts() (out []cloud.HostID) {
	if m == nil || m.step == 0 {
		return nil
	}
	for _, h := range []cloud.HostID{m.plan.Steps[m.step-1].From, m.plan.Steps[m.step-1].To} {
		if h != cloud.Absent {
			out = append(out, h)
		}
	}
	return out
}

// underWay tells whether a VM is under way at the moment drawn, and where it goes.
func (d *drawing) underWay(v cloud.VMID) (to cloud.HostID, yes bool) {
	if d.moment != nil {
		to, yes = d.moment.way[v]
	}
	return to, yes
}

// moved tells whether a VM stands elsewhere than at first.
func (d *drawing) moved(v cloud.VMID) bool {
	return d.moment != nil && d.place[v] != d.in.Initial[v]
}

// headline says which moment is drawn, and what just ended.
func (d *drawing) headline(w io.Writer) {
	m := d.moment
	if len(m.plan.Steps) == 0 {
		fmt.Fprintln(w, "the plan has no steps")
		return
	}
	if m.step == 0 {
		fmt.Fprintf(w, "before step 1 of %s\n", humanize.Comma(int64(len(m.plan.Steps))))
		return
	}
	step := &m.plan.Steps[m.step-1]
	when := ""
	if s := m.plan.Schedule; s != nil {
		when = ", at " + scheduleTime(step.End, s.Unit)
	}
	fold(w, fmt.Sprintf("after step %s of %s%s: %s %s", humanize.Comma(int64(m.step)), humanize.Comma(int64(len(m.plan.Steps))), when,
		d.in.VMs[step.VM].Name, routeOf(d.in, step, 0)), 0)
}

// left counts what a plan has done at the moment drawn, and what it still has to.
func (d *drawing) left(w io.Writer) {
	done, way, migrate, leave, enter, resume := 0, 0, 0, 0, 0, 0
	for v, at := range d.place {
		first, goal := d.in.Initial[v], d.in.Target[v]
		_, underWay := d.underWay(cloud.VMID(v))
		switch {
		case underWay:
			way++
		case at == goal && first != goal:
			done++
		case at == goal:
		case goal == cloud.Absent:
			leave++
		case at != cloud.Absent:
			migrate++
		case first == cloud.Absent:
			enter++
		default:
			resume++
		}
	}
	text := prose.Count(done, "VM") + " done"
	for _, part := range []struct {
		n      int
		what   string
		always bool
	}{{way, "under way", false}, {migrate, "to migrate", true}, {resume, "to resume", false}, {leave, "to shut down", true}, {enter, "to provision", true}} {
		if part.n > 0 || part.always {
			text += fmt.Sprintf(", %s %s", humanize.Comma(int64(part.n)), part.what)
		}
	}
	fold(w, text, 0)
}
