package execution

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/slas"
)

// Run is one execution: the journal, the cloud, and what is under way.
type Run struct {
	Task
	Options
	duration cloud.Duration
	cost     cloud.CostFunction

	driver drivers.Driver
	report Report
	snap   *drivers.Snapshot
	place  map[string]int   // in the snapshot, by name of VM
	open   map[string]*open // requests that have no outcome yet, by VM
	order  []*open          // these in the order of their IDs, and some that are over
	lastID int64

	slas  []slas.SLA
	asked map[int64]cloud.Step // by ID of the request
	done  []cloud.Step         // that have ended, with their times from the beginning of the execution
}

// open is a request that has no outcome yet.
type open struct {
	drivers.Request
	since   int64
	heard   bool // that it was accepted
	aborted bool
	over    bool
}

// outcome is what became of a request.
type outcome struct {
	drivers.Request
	event Event // ended, failed or no effect
}

// begin begins or resumes the journal.
func (r *Run) begin() error {
	if len(r.Known) == 0 {
		return r.note(Entry{
			Event: EventExecution, Format: JournalFormat, Instance: r.Instance.SHA256(), Plan: r.Plan.StepsSHA256(r.Instance),
		})
	}
	if first := r.Known[0]; first.Instance != r.Instance.SHA256() || first.Plan != r.Plan.StepsSHA256(r.Instance) {
		return errors.New("the journal is that of another instance or plan")
	}
	for _, e := range r.Known {
		r.recall(e)
	}
	if r.report.done {
		return errors.New("the execution has finished: there is nothing to resume")
	}
	return r.note(Entry{Event: EventResumed})
}

// recall takes over an entry of the journal of an execution that is resumed.
func (r *Run) recall(e Entry) {
	r.follow(e)
	switch e.Event {
	case EventRequest:
		r.lastID = e.ID
		r.opens(drivers.Request{ID: e.ID, Action: e.Action, VM: e.VM, From: e.From, To: e.To}, e.At)
		return
	case EventRefused, EventEnded, EventFailed, EventNoEffect:
		r.closes(e.VM)
		return
	}
	if o := r.open[e.VM]; o != nil {
		o.heard = o.heard || e.Event == EventAccepted
		o.aborted = o.aborted || e.Event == EventAbort
	}
}

// opens takes a request among those that have no outcome yet, and closes takes it out.
func (r *Run) opens(q drivers.Request, since int64) *open {
	o := &open{Request: q, since: since}
	r.open[q.VM] = o
	r.order = append(r.order, o)
	return o
}

func (r *Run) closes(vm string) {
	if o := r.open[vm]; o != nil {
		o.over = true
		delete(r.open, vm)
	}
}

// note writes an entry, at the time of the last snapshot.
func (r *Run) note(e Entry) error {
	if r.snap != nil {
		e.At = r.snap.At
	} else {
		e.At = r.report.Ended
	}
	line, err := e.line()
	if err == nil && r.Journal != nil {
		err = r.Journal.Append(line)
	}
	if err != nil {
		return fmt.Errorf("the journal cannot be written: %w", err)
	}
	r.follow(e)
	if r.OnEntry != nil {
		r.OnEntry(e)
	}
	return nil
}

// now is the time of the last snapshot.
func (r *Run) now() int64 { return r.snap.At }

// observe takes a snapshot and tells what became of the requests that have no outcome yet, in their order.
func (r *Run) observe(ctx context.Context) ([]outcome, error) {
	var err error
	if r.snap, err = r.driver.Snapshot(ctx); err != nil {
		return nil, err
	}
	var out []outcome
	for _, o := range r.opened() {
		vm := r.vm(o.VM)
		if vm != nil && vm.UnderWay && vm.To == o.To && (vm.Request == 0 || vm.Request == o.ID) {
			if !o.heard {
				o.heard = true
				if err := r.note(Entry{Event: EventAccepted, ID: o.ID, VM: o.VM}); err != nil {
					return nil, err
				}
			}
			continue
		}
		event := EventFailed
		switch {
		case vm != nil && vm.Host == o.To && (o.Action != cloud.Suspend || vm.Suspended):
			event = EventEnded
		case !o.heard:
			event = EventNoEffect
		}
		r.closes(o.VM)
		if err := r.note(Entry{Event: event, ID: o.ID, VM: o.VM}); err != nil {
			return nil, err
		}
		out = append(out, outcome{o.Request, event})
	}
	return out, nil
}

// vm is a VM of the last snapshot; nil if it does not exist. O(1), unless the VMs are others than when it was called last.
func (r *Run) vm(name string) *drivers.VM {
	shown := func() *drivers.VM {
		if i, ok := r.place[name]; ok && i < len(r.snap.VMs) && r.snap.VMs[i].Name == name {
			return &r.snap.VMs[i]
		}
		return nil
	}
	if vm := shown(); vm != nil {
		return vm
	}
	r.place = make(map[string]int, len(r.snap.VMs))
	for i := range r.snap.VMs {
		r.place[r.snap.VMs[i].Name] = i
	}
	return shown()
}

// opened lists the requests that have no outcome yet, in their order. The list is valid until the next call.
func (r *Run) opened() []*open {
	r.order = slices.DeleteFunc(r.order, func(o *open) bool { return o.over })
	return r.order
}

// request asks the cloud for a step. It tells why the cloud refuses it, or "". Nothing is asked of the cloud before the journal has it.
func (r *Run) request(ctx context.Context, step *cloud.Step) (refusal string, err error) {
	r.lastID++
	q := r.named(step)
	err = r.note(Entry{Event: EventRequest, ID: q.ID, Action: q.Action, VM: q.VM, From: q.From, To: q.To, Cost: r.costOf(step)})
	if err != nil {
		return "", err
	}
	o := r.opens(q, r.now())
	err = r.driver.Begin(ctx, q)
	if no, ok := errors.AsType[*drivers.RefusedError](err); ok {
		r.closes(q.VM)
		return no.Why, r.note(Entry{Event: EventRefused, ID: q.ID, VM: q.VM, Why: no.Why})
	}
	if err != nil {
		return "", err
	}
	o.heard = true
	return "", r.note(Entry{Event: EventAccepted, ID: q.ID, VM: q.VM})
}

// costOf is the cost of a step of the instance.
func (r *Run) costOf(s *cloud.Step) int64 {
	if s.Action == cloud.Shutdown || s.Action == cloud.Provision {
		return 0
	}
	return cloud.CostOf(r.cost, cloud.Change{VM: s.VM, From: s.From, To: s.To})
}

// named is a step as a request, with the last ID.
func (r *Run) named(s *cloud.Step) drivers.Request {
	return drivers.Request{ID: r.lastID, Action: s.Action, VM: r.Instance.VMs[s.VM].Name, From: r.hostName(s.From), To: r.hostName(s.To)}
}

func (r *Run) hostName(h cloud.HostID) string {
	if h == cloud.Absent {
		return ""
	}
	return r.Instance.Hosts[h].Name
}

// hostID is the host with a name, Absent for none.
func (r *Run) hostID(name string) cloud.HostID {
	if h, ok := r.Instance.Host(name); ok {
		return h
	}
	return cloud.Absent
}

// abortLate aborts the steps that have taken patience times as long as expected, and tells when the next one is due.
func (r *Run) abortLate(ctx context.Context, patience float64) (next int64, err error) {
	next = math.MaxInt64
	for _, o := range r.opened() {
		v, _ := r.Instance.VM(o.VM)
		step := cloud.Step{Action: o.Action, VM: v, From: r.hostID(o.From), To: r.hostID(o.To)}
		takes := patience * float64(cloud.TimeOf(r.duration, &step))
		if due := o.since + int64(min(takes, math.MaxInt64/4)) + grace; due > r.now() {
			next = min(next, due)
			continue
		}
		next = min(next, r.now()+10_000) // to ask again
		if !o.aborted {
			o.aborted = true
			if err := r.note(Entry{Event: EventAbort, ID: o.ID, VM: o.VM}); err != nil {
				return 0, err
			}
			next = r.now() // to see what has become of it
		}
		if err := r.driver.Abort(ctx, o.VM); err != nil {
			return 0, err
		}
	}
	return next, nil
}

// grace is the time in ms that every step may take on top of what is expected of it.
const grace = 60_000

// stops tells whether nothing more is to begin.
func (r *Run) stops() bool { return r.Stop != nil && r.Stop(r.now()) }

// approves asks about steps that begin together.
func (r *Run) approves(together []drivers.Request) bool {
	return r.Approve == nil || len(together) == 0 || r.Approve(together)
}

// halt ends the execution on demand. It can be resumed.
func (r *Run) halt() error { return r.note(Entry{Event: EventStopped, Why: "it was stopped"}) }

// Finish tells how the execution ended.
func (r *Run) Finish(reached bool, why string) error {
	return r.note(Entry{Event: EventFinished, Reached: reached, Why: why, Unmet: r.unmet()})
}
