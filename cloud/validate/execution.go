package validate

import (
	"fmt"
	"slices"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
)

// Executed is what the log of a cloud says of an execution. Of the report, the cost is that of all steps that were
// accepted, the makespan the time in ms at which the last of them was over, and the placement that of all VMs, foreign ones last.
type Executed struct {
	Report
	Ends, Failures, Refusals int // failures: without effect, the aborted ones included
	Deaths, Arrivals         int
}

// Execution replays the log of a cloud that began as the instance has it, foreign VMs aside, and judges each step when the
// cloud accepts it and when it is over: it may not start twice, nor where its VM does not stand, nor from or to a dead host, nor break a rule while both hosts hold the
// VM, nor after. What is broken already because a host died, a foreign VM came or a VM was shut down mends from there on; rules that cannot mend do not count until they hold again. Shutdowns are not asked about
// rules, and provisions of one instant together. Foreign lists the foreign VMs that came, in any order; rules are
// bound to the instance with them.
//
// It takes O(entries × what the rules look at around one change), and a full judgement for each death and arrival.
func Execution(in *cloud.Instance, foreign []cloud.VM, bind func(*cloud.Instance) ([]cloud.Rule, error), cost cloud.CostFunction, log []drivers.LogEntry) (*Executed, error) {
	all := *in
	all.VMs, all.Target = slices.Concat(in.VMs, foreign), nil
	all.Initial = slices.Concat(in.Initial, slices.Repeat(cloud.Placement{cloud.Absent}, len(foreign)))
	if err := all.Check(); err != nil {
		return nil, err
	}
	whole, err := bind(&all)
	if err != nil {
		return nil, err
	}
	h := &history{
		in: &all, own: len(in.VMs), whole: whole, cost: cost, w: newWorld(&all, all.Initial), down: make([]bool, len(in.Hosts)),
		flights: map[cloud.VMID]drivers.Request{}, seen: map[int64]bool{},
	}
	h.mend()
	for i := range log {
		if e := &log[i]; e.At != h.now {
			h.together()
			h.now = e.At
		}
		h.happen(&log[i])
	}
	h.together()
	for v := range all.VMs {
		if f, underWay := h.flights[cloud.VMID(v)]; underWay {
			h.found(f, "it is under way in the end")
		}
	}
	h.out.Final = h.w.host
	return &h.out, nil
}

// history is the judge's record of what has happened in a cloud.
type history struct {
	in    *cloud.Instance
	own   int          // VMs of the instance, which stand before foreign ones
	whole []cloud.Rule // as they are bound
	rules []cloud.Rule // those that can mend in their mending form, where they are broken
	cost  cloud.CostFunction
	w     *world
	down  []bool // by host
	now   int64

	flights map[cloud.VMID]drivers.Request
	seen    map[int64]bool // requests that were accepted

	up     []cloud.VMID // provisioned at this instant
	excuse []bool       // by rule: it was broken before they were

	out Executed
}

func (h *history) found(r drivers.Request, format string, args ...any) {
	h.broken(r, cloud.Violation{Msg: fmt.Sprintf(format, args...)})
}

func (h *history) broken(r drivers.Request, v cloud.Violation) {
	h.out.Findings = append(h.out.Findings, Finding{
		Rule: v.Rule, Msg: fmt.Sprintf("at %s ms, %s of VM %q to %q (request %d): %s", humanize.Comma(h.now), r.Action.Noun(), r.VM, r.To, r.ID, v.Msg),
	})
}

// mend takes what is broken now for granted.
func (h *history) mend() {
	h.rules = slices.Clone(h.whole)
	for i, r := range h.rules {
		if m, mends := r.(cloud.Mender); mends && r.Continuous() && len(r.Violations(h.w, nil)) > 0 {
			h.rules[i] = m.Mend(h.w)
		}
	}
}

// excused tells which rules are broken now.
func (h *history) excused() []bool {
	out := make([]bool, len(h.rules))
	for i, r := range h.rules {
		out[i] = r.Continuous() && len(r.Violations(h.w, nil)) > 0
	}
	return out
}

func (h *history) happen(e *drivers.LogEntry) {
	switch e.What {
	case drivers.Refused:
		h.out.Refusals++
	case drivers.Twice:
		h.out.Refusals++
		h.found(e.Request, "its VM was asked to go while it was under way")
	case drivers.Accepted:
		h.accept(e.Request)
	case drivers.Ended, drivers.Failed, drivers.Aborted:
		h.over(e.Request, e.What == drivers.Ended)
	case drivers.Arrived:
		h.out.Arrivals++
		v, known := h.in.VM(e.Request.VM)
		at, there := h.in.Host(e.Request.To)
		if !known || !there {
			h.found(e.Request, "the log does not tell which VM came, or to where")
			return
		}
		h.w.move(v, at)
		h.mend()
	case drivers.Died:
		h.die(e.Request)
	}
}

// die takes the VMs of a host away; those under way from or to it fail next.
func (h *history) die(r drivers.Request) {
	h.out.Deaths++
	host, known := h.in.Host(r.From)
	if !known {
		h.found(r, "the log does not tell which host died")
		return
	}
	h.down[host] = true
	for v := range h.in.VMs {
		if _, underWay := h.flights[cloud.VMID(v)]; !underWay && h.w.host[v] == host {
			h.w.move(cloud.VMID(v), cloud.Absent)
		}
	}
	h.mend()
}

// end is the host that one end of a request names, and whether it is one that lives.
func (h *history) end(name string) (cloud.HostID, bool) {
	if name == "" {
		return cloud.Absent, true
	}
	host, known := h.in.Host(name)
	return host, known && !h.down[host]
}

// accept sends a VM under way.
func (h *history) accept(r drivers.Request) {
	v, known := h.in.VM(r.VM)
	from, fromLives := h.end(r.From)
	to, toLives := h.end(r.To)
	_, underWay := h.flights[v]
	switch {
	case !known || int(v) >= h.own:
		h.found(r, "its VM is none of the instance")
		return
	case underWay:
		h.found(r, "it was started twice: its VM is under way")
		return
	case h.seen[r.ID]:
		h.found(r, "it was started twice")
	case !fromLives || !toLives:
		h.found(r, "a host is dead")
	case h.w.host[v] != from || from == to:
		h.found(r, "its VM stands elsewhere")
	}
	h.seen[r.ID], h.flights[v] = true, r
	h.out.Steps++
	if r.Action != cloud.Shutdown && r.Action != cloud.Provision {
		h.out.Cost += cloud.CostOf(h.cost, cloud.Change{VM: v, From: h.w.host[v], To: to})
	}
	if r.Action == cloud.Provision {
		if len(h.up) == 0 {
			h.excuse = h.excused()
		}
		h.up = append(h.up, v)
	}
	h.w.depart(v, to)
	if phaseOf(r.Action) == migrations {
		change := cloud.Change{VM: v, From: h.w.host[v], To: to}
		h.judge(r, change, func() { h.stay(v) }, func() { h.w.depart(v, to) })
	}
}

// stay lets a VM under way stay where it comes from.
func (h *history) stay(v cloud.VMID) {
	if to := h.w.way[v]; to != h.w.host[v] {
		h.w.remove(v, to)
	}
	delete(h.w.way, v)
}

// over ends a step, or lets it fail.
func (h *history) over(r drivers.Request, ended bool) {
	v, known := h.in.VM(r.VM)
	f, underWay := h.flights[v]
	if !known || !underWay || f != r {
		h.found(r, "it is over, and was not under way")
		return
	}
	delete(h.flights, v)
	h.out.Makespan = h.now
	from, to := h.w.host[v], h.w.way[v]
	if !ended {
		h.out.Failures++
		h.stay(v)
		if from != cloud.Absent && h.down[from] {
			h.w.move(v, cloud.Absent)
			h.mend()
		}
		return
	}
	h.out.Ends++
	h.w.arrive(v)
	switch r.Action {
	case cloud.Shutdown:
		h.mend()
	case cloud.Provision: // by their batch
	default:
		back := func() { h.w.move(v, from); h.w.depart(v, to) }
		h.judge(r, cloud.Change{VM: v, From: from, To: to}, back, func() { h.w.arrive(v) })
	}
}

// judge asks the rules about a change that has just been made. Those that it seems to break are asked whether they were broken before, for
// which it is taken back and made again.
func (h *history) judge(r drivers.Request, c cloud.Change, undo, redo func()) {
	for _, rule := range h.rules {
		if !rule.Continuous() {
			continue
		}
		found := rule.Violations(h.w, &c)
		if len(found) == 0 {
			continue
		}
		undo()
		before := rule.Violations(h.w, nil)
		redo()
		if len(before) == 0 {
			h.broken(r, found[0])
		}
	}
}

// together judges the provisions of an instant, when it is over.
func (h *history) together() {
	for _, v := range h.up {
		r, underWay := h.flights[v]
		if !underWay {
			continue
		}
		for i, rule := range h.rules {
			if !rule.Continuous() || h.excuse[i] {
				continue
			}
			if found := rule.Violations(h.w, &cloud.Change{VM: v, From: cloud.Absent, To: h.w.way[v]}); len(found) > 0 {
				h.broken(r, found[0])
			}
		}
	}
	h.up = h.up[:0]
}
