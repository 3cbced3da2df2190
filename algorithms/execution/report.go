package execution

// Report is what came of an execution.
type Report struct {
	Reached bool   // all VMs stand where the target has them, which may have changed on the way
	Why     string // not, in words
	Stopped bool   // on demand, before it came to an end
	Proved  bool   // that no path leads to the target from where the last plan begins, or that there is no target any more
	Began   int64  // in ms, by the clock of the cloud
	Ended   int64
	// Cost is that of all steps that the cloud accepted, whether or not they came to their end.
	Cost     int64
	Requests int
	Ends     int
	Failures int // steps that the cloud accepted and that had no effect, the aborted ones included
	Refusals int
	Aborts   int
	Changes  int // how often the cloud looked different from what the executor had done
	Plans    int // made on the way
	Resumes  int
	GivenUp  []string // VMs, in the order in which they were given up

	costs map[int64]int64 // of requests that were not answered yet
	done  bool
}

// add counts an entry of the journal.
func (r *Report) add(e Entry) {
	r.Ended = e.At
	switch e.Event {
	case EventExecution:
		r.Began = e.At
	case EventResumed:
		r.Resumes++
		r.Stopped, r.Why = false, ""
	case EventPlan:
		if e.Why != "" {
			r.Plans++
		}
		r.Proved = e.Proved
	case EventChanged:
		r.Changes++
	case EventRequest:
		r.Requests++
		if r.costs == nil {
			r.costs = map[int64]int64{}
		}
		r.costs[e.ID] = e.Cost
	case EventAccepted:
		r.Cost += r.costs[e.ID]
		delete(r.costs, e.ID)
	case EventRefused:
		r.Refusals++
		delete(r.costs, e.ID)
	case EventEnded:
		r.Ends++
		r.Cost += r.costs[e.ID] // if it was not heard that it was accepted
		delete(r.costs, e.ID)
	case EventFailed:
		r.Failures++
	case EventAbort:
		r.Aborts++
	case EventGivenUp:
		r.GivenUp = append(r.GivenUp, e.VM)
	case EventStopped:
		r.Stopped, r.Why = true, e.Why
	case EventFinished:
		r.Reached, r.Why, r.done = e.Reached, e.Why, true
	}
}
