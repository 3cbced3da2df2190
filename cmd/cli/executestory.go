package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// story is what happens in an execution, told line by line.
type story struct {
	*job
	print io.Writer // nil: nothing is told

	entries  []execution.Entry // of the whole execution
	requests map[int64]drivers.Request
	accepted map[int64]bool
	aborted  map[int64]bool
	tries    map[string]int // by VM: how often it was asked for since it last arrived
	retries  int
	late     int // steps that failed because they were aborted
	kills    int
	why      string            // the last change of the cloud
	aims     map[string]string // the target of the last plan, VM -> host

	vm, from, route int // widths
}

// maxName is the most columns that a name takes in the log.
const maxName = 24

func newStory(j *job, known []execution.Entry) *story {
	t := &story{
		job: j, requests: map[int64]drivers.Request{}, accepted: map[int64]bool{}, aborted: map[int64]bool{}, tries: map[string]int{},
		vm: len("VM"),
	}
	for i := range j.in.VMs {
		t.vm = max(t.vm, min(width(nameInList(j.in.VMs[i].Name)), maxName))
	}
	for i := range j.in.Hosts {
		t.from = max(t.from, min(width(nameInList(j.in.Hosts[i].Name)), maxName))
	}
	t.route = 2*t.from + 3
	for _, e := range known {
		t.add(e)
	}
	return t
}

// open says what is carried out, on what.
func (t *story) open() {
	on := t.on.String()
	if len(t.entries) > 0 {
		on += ", resumed"
	}
	fold(t.print, fmt.Sprintf("%s: %s on %s", prose.Clean(t.in.Name), prose.Count(len(t.plan.Steps), "step"), on), 0)
	fmt.Fprintf(t.print, "%12s  %-8s  %-*s  %s\n", "time", "event", t.vm, "VM", "from → to")
}

// add tells an entry of the journal.
func (t *story) add(e execution.Entry) {
	t.entries = append(t.entries, e)
	q := t.requests[e.ID]
	switch e.Event {
	case execution.EventRequest:
		t.requests[e.ID] = drivers.Request{ID: e.ID, Action: e.Action, VM: e.VM, From: e.From, To: e.To}
		if t.tries[e.VM]++; t.tries[e.VM] > 1 {
			t.retries++
		}
	case execution.EventAccepted:
		t.accepted[e.ID] = true
		note := ""
		if n := t.tries[e.VM]; n > 1 {
			note = fmt.Sprintf("attempt %d", n)
		}
		t.step(e.At, "begins", q, note)
	case execution.EventRefused:
		t.step(e.At, "refused", q, e.Why)
	case execution.EventEnded:
		delete(t.tries, e.VM)
		t.step(e.At, "done", q, "")
	case execution.EventFailed:
		note := ""
		if t.aborted[e.ID] {
			note = "was aborted"
			t.late++
		}
		t.step(e.At, "failed", q, note)
	case execution.EventNoEffect:
		t.step(e.At, "lost", q, "the cloud never heard of it")
	case execution.EventAbort:
		t.aborted[e.ID] = true
		t.step(e.At, "abort", q, "takes too long")
	default:
		t.event(e)
	}
}

// event tells what is not about one step.
func (t *story) event(e execution.Entry) {
	switch e.Event {
	case execution.EventGivenUp:
		t.why = "a VM was given up"
		t.line(e.At, "given up", fmt.Sprintf("VM %s stays where it is: %s", nameInList(e.VM), e.Why))
	case execution.EventChanged:
		t.why = e.Why
		t.line(e.At, "changed", e.Why)
	case execution.EventPlan:
		if e.Why != "" {
			t.line(e.At, "new plan", t.newPlan(e))
		}
		t.why, t.aims = "", e.Target
	case execution.EventResumed:
		t.line(e.At, "resumed", "from the journal")
	case execution.EventStopped:
		t.line(e.At, "stopped", "nothing more begins, and nothing is under way")
	}
}

// newPlan says what a new plan is worth. Why it was made is left out where the line above has it.
func (t *story) newPlan(e execution.Entry) string {
	text := prose.Count(len(e.Steps), "step") + " left"
	moved := 0
	for vm, host := range e.Target {
		if before, ok := t.aims[vm]; ok && before != host {
			moved++
		}
	}
	if moved > 0 {
		text += ", " + prose.Count(moved, "VM") + " to other hosts than before"
	}
	if e.Why != t.why {
		text += ", because " + e.Why
	}
	if e.Missed != "" {
		text += "; " + prose.Abridge(e.Missed, 2*screen)
	}
	return text
}

// killed tells that the simulated cloud had the executor killed.
func (t *story) killed() {
	t.kills++
	at := int64(0)
	if n := len(t.entries); n > 0 {
		at = t.entries[n-1].At
	}
	t.line(at, "killed", "the executor, by the simulation")
}

// line tells in words what happens at some time.
func (t *story) line(at int64, what, text string) {
	if t.print != nil {
		hang(t.print, fmt.Sprintf("%12s  %-8s  ", instant(at, "ms"), what), text)
	}
}

// step tells what happens to a step.
func (t *story) step(at int64, what string, q drivers.Request, note string) {
	if t.print == nil {
		return
	}
	head := fmt.Sprintf("%12s  %-8s  %-*s  ", instant(at, "ms"), what, t.vm, shortened(nameInList(q.VM), maxName))
	route := t.way(q)
	if note == "" {
		fmt.Fprintln(t.print, head+route)
		return
	}
	if line := fmt.Sprintf("%s%-*s  %s", head, t.route, route, prose.Clean(note)); width(line) <= screen {
		fmt.Fprintln(t.print, line)
		return
	}
	fmt.Fprintln(t.print, head+route)
	hang(t.print, strings.Repeat(" ", 24), note)
}

// way says where a step leads.
func (t *story) way(q drivers.Request) string {
	host := func(name string) string { return shortened(nameInList(name), maxName) }
	switch q.Action {
	case cloud.Shutdown:
		return "shut down on " + host(q.From)
	case cloud.Suspend:
		return "suspend on " + host(q.From)
	case cloud.Resume:
		return "resume on " + host(q.To)
	case cloud.Provision:
		return "provision on " + host(q.To)
	}
	return fmt.Sprintf("%-*s → %s", t.from, host(q.From), host(q.To))
}
