package summary

import (
	"strings"

	"github.com/cloudrearrange/rearrange/results"
)

// executionOutputs are the columns of runs whose plans were carried out.
func executionOutputs() []Column {
	truths := func(name, label, doc string, better Direction, of func(*results.Execution) bool) Column {
		return Column{Name: name, Label: label, Doc: doc, Kind: Truth, Better: better, Mean: "share", Tell: func(x Row) Value {
			return truth(!x.Run.Outcome.Faulty() && of(x.Run.Execution))
		}}
	}
	count := func(name, label, doc, unit string, of func(*results.Execution) int) Column {
		return Column{Name: name, Label: label, Doc: doc, Kind: Number, Unit: unit, Mean: "mean", Tell: func(x Row) Value { return integer(int64(of(x.Run.Execution))) }}
	}
	extra := func(name, doc string, of, over func(*results.Record) int64) Column {
		return planned(name, strings.ReplaceAll(name, "-", " "), doc, "%", "mean", func(x Row) Value {
			planned := over(x.Run)
			if x.Run.Execution.Status != results.Reached || planned == 0 {
				return Value{}
			}
			return real(100 * float64(of(x.Run)-planned) / float64(planned))
		})
	}
	reached := func(e *results.Execution) bool { return e.Status == results.Reached }
	all := []Column{
		truths("execution-reached", "reached", "the execution reached the target, be it one that was mended on the way", Higher, reached),
		truths("execution-on-plan", "on plan", "it reached the target of the plan", Higher, func(e *results.Execution) bool { return reached(e) && e.Astray == 0 }),
		truths("execution-met", "met faults", "a step failed or was refused, a host died, or the executor was killed", Neither, func(e *results.Execution) bool { return e.Faults() > 0 }),
		truths("execution-survived", "survived", "some of that happened, and the execution reached the target anyway", Higher, func(e *results.Execution) bool { return e.Faults() > 0 && reached(e) }),
		extra("extra-cost", "cost of all steps that the cloud accepted, over that of the plan, less 1; only where the target was reached",
			func(r *results.Record) int64 { return r.Execution.Cost }, func(r *results.Record) int64 { return r.Execution.PlanCost }),
		extra("extra-time", "time that the execution took, over the makespan of the schedule, less 1; only where the target was reached",
			func(r *results.Record) int64 { return r.Execution.Makespan }, func(r *results.Record) int64 { return r.Schedule.Makespan }),
		{Name: "execution-time", Label: "execution time", Doc: "time that the execution took, by the clock of the cloud", Kind: Number, Unit: "s", Mean: "mean", Tell: func(x Row) Value {
			return real(float64(x.Run.Execution.Makespan) / 1000)
		}},
		{Name: "execution-cost", Label: "execution cost", Doc: "cost of all steps that the cloud accepted", Kind: Number, Mean: "mean", Tell: func(x Row) Value {
			return integer(x.Run.Execution.Cost)
		}},
		count("requests", "", "steps that the cloud was asked for", "steps", func(e *results.Execution) int { return e.Requests }),
		count("failures", "", "steps that the cloud accepted and that had no effect, the aborted ones included", "steps", func(e *results.Execution) int { return e.Failures }),
		count("refusals", "", "steps that the cloud refused", "steps", func(e *results.Execution) int { return e.Refusals }),
		count("aborts", "", "steps that took too long and were aborted", "steps", func(e *results.Execution) int { return e.Aborts }),
		count("replans", "re-plans", "plans made on the way", "", func(e *results.Execution) int { return e.Plans }),
		count("resumes", "", "how often the executor was killed and resumed", "", func(e *results.Execution) int { return e.Resumes }),
		count("surprises", "", "how often the cloud looked different from what the executor had done", "", func(e *results.Execution) int { return e.Changes }),
		count("given-up", "given up", "VMs that the executor gave up", "VMs", func(e *results.Execution) int { return e.GivenUp }),
		count("astray", "", "VMs that do not stand where the plan leads, in the end", "VMs", func(e *results.Execution) int { return e.Astray }),
		count("deaths", "", "hosts that died", "hosts", func(e *results.Execution) int { return e.Deaths }),
		count("arrivals", "", "foreign VMs that came", "VMs", func(e *results.Execution) int { return e.Arrivals }),
		count("violations", "", "what the judge found wrong with the execution", "", func(e *results.Execution) int { return e.Violations }),
	}
	return only(all, func(x Row) bool { return x.Run.Execution.Made() })
}
