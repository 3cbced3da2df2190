package execution_test

import (
	"context"
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
)

// watched is a cloud that looks whether the journal has each request before the cloud hears of it.
type watched struct {
	*drivers.Simulation
	journal store
	found   []string
}

// Begin implements [drivers.Driver].
func (w *watched) Begin(ctx context.Context, r drivers.Request) error {
	last, err := w.journal.last()
	if err != nil {
		return err
	}
	if last.Event != execution.EventRequest || requestOf(last) != r {
		w.found = append(w.found, fmt.Sprintf("%+v is not the last entry of the journal", r))
	}
	return w.Simulation.Begin(ctx, r)
}

func requestOf(e execution.Entry) drivers.Request {
	return drivers.Request{ID: e.ID, Action: e.Action, VM: e.VM, From: e.From, To: e.To}
}

// agreement holds the journal and the report against the log of the cloud.
type agreement struct {
	in      *cloud.Instance
	asked   map[int64]drivers.Request
	tells   map[int64]execution.Event // what became of a request by the journal
	cloud   map[int64]drivers.What    // and by the cloud
	overdue map[int64]bool            // a dead host took what had ended with it at the same instant
	found   []string
}

func (a *agreement) complain(format string, args ...any) {
	a.found = append(a.found, fmt.Sprintf(format, args...))
}

// disagreements lists in what the journal and the report of an execution that has finished are not what the cloud says.
func disagreements(in *cloud.Instance, out *outcome) []string {
	a := &agreement{in: in, asked: map[int64]drivers.Request{}, tells: map[int64]execution.Event{}, cloud: map[int64]drivers.What{}, overdue: map[int64]bool{}}
	a.readJournal(out.journal)
	a.readLog(out.log)
	for id, r := range a.asked {
		if !a.agrees(id) {
			a.complain("%+v: the journal tells %q, the cloud %q", r, a.tells[id], a.cloud[id])
		}
	}
	a.count(out)
	slices.Sort(a.found)
	return a.found
}

func (a *agreement) readJournal(journal []execution.Entry) {
	last, at := int64(0), int64(0)
	for i, e := range journal {
		if e.At < at {
			a.complain("entry %d is of %d, the one before it of %d", i, e.At, at)
		}
		at = e.At
		switch e.Event {
		case execution.EventRequest:
			if e.ID <= last {
				a.complain("request %d follows request %d", e.ID, last)
			}
			last = e.ID
			a.asked[e.ID] = requestOf(e)
		case execution.EventRefused, execution.EventEnded, execution.EventFailed, execution.EventNoEffect:
			if a.tells[e.ID] != "" || a.asked[e.ID].VM != e.VM {
				a.complain("entry %d, %+v, is of request %+v, which was %s", i, e, a.asked[e.ID], a.tells[e.ID])
			}
			a.tells[e.ID] = e.Event
		}
	}
}

func (a *agreement) readLog(log []drivers.LogEntry) {
	for i, e := range log {
		switch e.What {
		case drivers.Accepted, drivers.Refused, drivers.Twice:
			if a.asked[e.Request.ID] != e.Request {
				a.complain("the cloud was asked for %+v, the journal has %+v", e.Request, a.asked[e.Request.ID])
			}
		case drivers.Died:
			for _, before := range log[:i] {
				r := before.Request
				if before.At == e.At && before.What == drivers.Ended && r.To == e.Request.From {
					a.overdue[r.ID] = true
				}
				if before.What == drivers.Failed && r.Action == cloud.Shutdown && r.From == e.Request.From {
					a.overdue[r.ID] = true // its VM is gone
				}
			}
			for _, after := range log[i:] {
				if after.At == e.At && after.What == drivers.Failed && after.Request.Action == cloud.Shutdown && after.Request.From == e.Request.From {
					a.overdue[after.Request.ID] = true // its VM is gone, too
				}
			}
			continue
		case drivers.Arrived:
			continue
		}
		a.cloud[e.Request.ID] = e.What
	}
}

// agrees compares what became of a request. An executor that was killed cannot know that the cloud refused a request, or that a step failed
// that it did not hear to be accepted.
func (a *agreement) agrees(id int64) bool {
	tells := a.tells[id]
	switch a.cloud[id] {
	case "":
		return tells == execution.EventNoEffect
	case drivers.Refused:
		return tells == execution.EventRefused || tells == execution.EventNoEffect
	case drivers.Ended:
		return tells == execution.EventEnded || a.overdue[id] && (tells == execution.EventFailed || tells == execution.EventNoEffect)
	case drivers.Failed, drivers.Aborted:
		return tells == execution.EventFailed || tells == execution.EventNoEffect || a.overdue[id] && tells == execution.EventEnded
	}
	return false // under way for ever, or started twice
}

// count adds up the report anew.
func (a *agreement) count(out *outcome) {
	cost, ends, failures, refusals, aborts := int64(0), 0, 0, 0, 0
	for _, e := range out.log {
		switch r := e.Request; e.What {
		case drivers.Accepted:
			v, _ := a.in.VM(r.VM)
			if a.tells[r.ID] != execution.EventNoEffect {
				cost += map[cloud.Action]int64{cloud.Migrate: 1, cloud.Suspend: 2, cloud.Resume: 1}[r.Action] * a.in.VMs[v].Demand[0]
			}
		case drivers.Aborted:
			aborts++
		}
	}
	for _, told := range a.tells {
		switch told {
		case execution.EventEnded:
			ends++
		case execution.EventFailed:
			failures++
		case execution.EventRefused:
			refusals++
		}
	}
	r := out.report
	if r.Cost != cost || r.Requests != len(a.asked) || r.Ends != ends || r.Failures != failures || r.Refusals != refusals || r.Aborts < aborts {
		a.complain("cost %d, %d requests, %d ends, %d failures, %d refusals and at least %d aborts, reported as %+v", cost, len(a.asked), ends, failures, refusals, aborts, r)
	}
	if r.Resumes != out.lives-1 && r.Resumes != out.lives-2 { // the first life may end before it writes anything, the last one after all is written
		a.complain("%d lives, reported as %d resumes", out.lives, r.Resumes)
	}
}
