package experiments

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// collate tells in what a journal and the log of the cloud contradict each other. A killed executor may not know that a request was
// accepted, and one whose host died may take the end of a step for a failure, or the other way round.
func collate(in *cloud.Instance, entries []execution.Entry, log []drivers.LogEntry, facts *validate.Executed) *collation {
	c := &collation{in: in, asked: map[int64]drivers.Request{}, told: map[int64]execution.Event{}, lost: map[int64]bool{}, was: map[int64]drivers.What{}, died: map[string]bool{}}
	c.target = map[string]string{}
	for v, h := range in.Target {
		c.target[in.VMs[v].Name] = nameOf(in, h)
	}
	for _, e := range log {
		c.happened(e)
	}
	for _, e := range entries {
		c.read(e)
	}
	c.whole(log)
	if c.reached {
		for v, h := range facts.Final[:len(in.VMs)] {
			if name := in.VMs[v].Name; c.target[name] != nameOf(in, h) {
				c.found("the target is said to be reached, and VM %q stands on %q in place of %q", name, nameOf(in, h), c.target[name])
				break
			}
		}
	}
	return c
}

// collation holds a journal and a log side by side.
type collation struct {
	in      *cloud.Instance
	asked   map[int64]drivers.Request // by the journal
	told    map[int64]execution.Event
	lost    map[int64]bool         // an executor was killed before it knew what had become of them
	was     map[int64]drivers.What // by the log
	died    map[string]bool        // hosts
	target  map[string]string      // host by VM, as the last plan has it
	reached bool
	out     []validate.Finding
}

func (c *collation) found(format string, args ...any) {
	c.out = append(c.out, validate.Finding{Msg: fmt.Sprintf(format, args...)})
}

// whole tells whether all that the cloud was asked stands in the journal, as it was asked, with its outcome.
func (c *collation) whole(log []drivers.LogEntry) {
	for _, e := range log {
		if e.What != drivers.Accepted && e.What != drivers.Refused {
			continue
		}
		if id := e.Request.ID; c.asked[id] != e.Request {
			c.found("request %d is %+v by the log, and %+v by the journal", id, e.Request, c.asked[id])
		} else if c.told[id] == "" {
			c.found("the journal does not tell what became of request %d", id)
		}
	}
}

func (c *collation) happened(e drivers.LogEntry) {
	switch e.What {
	case drivers.Died:
		c.died[e.Request.From] = true
	case drivers.Arrived:
	default:
		c.was[e.Request.ID] = e.What
	}
}

// read holds an entry of the journal against the log.
func (c *collation) read(e execution.Entry) {
	what, known := c.was[e.ID]
	switch e.Event {
	case execution.EventRequest:
		if _, twice := c.asked[e.ID]; twice {
			c.found("request %d stands in the journal twice", e.ID)
		}
		c.asked[e.ID] = drivers.Request{ID: e.ID, Action: e.Action, VM: e.VM, From: e.From, To: e.To}
	case execution.EventPlan:
		clear(c.target)
		for vm, host := range e.Target {
			c.target[vm] = host
		}
	case execution.EventResumed:
		for id := range c.asked {
			c.lost[id] = c.lost[id] || c.told[id] == ""
		}
	case execution.EventFinished:
		c.reached = e.Reached
	case execution.EventAccepted:
		if !known || what == drivers.Refused || what == drivers.Twice {
			c.found("request %d was accepted by the journal, and not by the log", e.ID)
		}
	case execution.EventRefused, execution.EventEnded, execution.EventFailed, execution.EventNoEffect:
		c.told[e.ID] = e.Event
		if !c.agrees(e, what, known) {
			c.found("request %d is %q by the journal, and %q by the log", e.ID, e.Event, what)
		}
	}
}

// agrees tells whether what became of a request by the journal is what became of it by the log.
func (c *collation) agrees(e execution.Entry, what drivers.What, known bool) bool {
	q := c.asked[e.ID]
	refused := known && (what == drivers.Refused || what == drivers.Twice)
	failed := what == drivers.Failed || what == drivers.Aborted
	switch e.Event {
	case execution.EventRefused:
		return refused
	case execution.EventEnded: // a VM that is to go nowhere is there when its host dies; one may stand where a lost request would have it go
		return what == drivers.Ended || failed && q.To == "" && c.died[q.From] || refused && c.lost[e.ID]
	case execution.EventFailed:
		return failed || what == drivers.Ended && c.died[q.To]
	}
	return !known || refused || failed || what == drivers.Ended && c.died[q.To]
}
