package results

import (
	"cmp"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Executing says how a plan is carried out: specs, as the suite writes them, in canonical spacing.
type Executing struct {
	Executor string `json:"executor,omitzero"`
	On       string `json:"on,omitzero"` // the cloud
}

// Compare orders by cloud and executor.
func (e Executing) Compare(f Executing) int {
	return cmp.Or(prose.Natural(e.On, f.On), prose.Natural(e.Executor, f.Executor))
}

// The ways in which an execution ends.
const (
	Reached = "reached" // all VMs stand where the executor wants them
	Missed  = "missed"
)

// Execution is what became of the schedule of a run when it was carried out. Its seed is that of the run. Times are in ms.
type Execution struct {
	Executing
	ExecutorParameters Values `json:"executor_parameters,omitempty"`
	OnParameters       Values `json:"on_parameters,omitempty"`
	PlanSeed           uint64 `json:"plan_seed,omitzero"` // of the path and its schedule; 0 where these use none

	// Status is empty where nothing was carried out. The fields below it are those of an execution that was.
	Status   string `json:"status,omitzero"`
	Why      string `json:"why,omitempty"` // the target was missed, in the executor's words
	Makespan int64  `json:"makespan"`
	PlanCost int64  `json:"plan_cost"`
	Cost     int64  `json:"cost"` // of all steps that the cloud accepted, whether or not they came to their end

	// As the cloud's log has them.
	Requests int `json:"requests"`
	Ends     int `json:"ends"`
	Failures int `json:"failures"` // accepted, and then without effect, the aborted ones included
	Refusals int `json:"refusals"`
	Deaths   int `json:"deaths"`   // hosts that died
	Arrivals int `json:"arrivals"` // foreign VMs that came
	Astray   int `json:"astray"`   // VMs of the instance that do not stand where the plan leads, in the end

	// As the executor's journal has them.
	Aborts  int `json:"aborts"`
	Changes int `json:"changes"` // how often the cloud looked different from what the executor had done
	Plans   int `json:"plans"`   // made on the way
	Resumes int `json:"resumes"` // after the executor was killed
	GivenUp int `json:"given_up"`

	Violations int `json:"violations"` // found by the judge
}

// Made tells whether the plan was carried out.
func (e *Execution) Made() bool { return e != nil && e.Status != "" }

// Faults counts what went wrong: steps that failed or were refused, hosts that died, and how often the executor was killed.
func (e *Execution) Faults() int { return e.Failures + e.Refusals + e.Deaths + e.Resumes }

// Executing is how the run's plan is carried out; the zero value if it is not.
func (r *Record) Executing() Executing { return cmp.Or(r.Execution, &Execution{}).Executing }

// check tells what is wrong with an execution.
func (e *Execution) check(bad func(format string, args ...any)) {
	for _, f := range []struct{ field, value string }{{"executor", e.Executor}, {"on", e.On}} {
		if f.value == "" {
			bad("/execution/%s: missing, expected a non-empty text", f.field)
		}
	}
	if known := []string{Reached, Missed}; e.Status != "" && e.Status != Reached && e.Status != Missed {
		bad("/execution/status: unknown status %q%s", e.Status, spec.DidYouMean(e.Status, known, "expected one of"))
	}
	least := min(e.Makespan, e.PlanCost, e.Cost)
	for _, n := range []int{e.Requests, e.Ends, e.Failures, e.Refusals, e.Deaths, e.Arrivals, e.Astray, e.Aborts, e.Changes, e.Plans, e.Resumes, e.GivenUp, e.Violations} {
		least = min(least, int64(n))
	}
	if least < 0 {
		bad("/execution: expected non-negative integers, found %d", least)
	}
	if n := int64(e.Ends) + int64(e.Failures) + int64(e.Refusals); least >= 0 && n > int64(e.Requests) {
		bad("/execution/requests: expected at least the %d that ended, failed or were refused, found %d", n, e.Requests)
	}
}
