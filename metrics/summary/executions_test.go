package summary

import (
	"testing"

	"github.com/cloudrearrange/rearrange/results"
)

// executed is a run whose plan was carried out, with a seed.
func executed(executor, status string, seed uint64, r results.Record) results.Record {
	r = scheduled("list", "m", 2000, 1500, r)
	r.RunKey += executor
	r.Seed = seed
	r.Execution = &results.Execution{
		Executing:          results.Executing{Executor: executor, On: "simulation"},
		ExecutorParameters: results.Values{"retries": 5.0}, OnParameters: results.Values{"failures": 0.1},
		Status: status, Makespan: 3000, PlanCost: 50, Cost: 60, Requests: 9, Ends: 5, Failures: 3, Refusals: 1, Deaths: 2, Arrivals: 4, Astray: 6,
		Aborts: 7, Changes: 8, Plans: 10, Resumes: 11, GivenUp: 12,
	}
	return r
}

func told(t *testing.T, s *Summary, c *Case, r *results.Record, names ...string) (text string) {
	t.Helper()
	for _, name := range names {
		text += column(t, s, name).At(c, r, &c.Names[0]).String() + "|"
	}
	return text
}

func TestColumnsTellOfExecutions(t *testing.T) {
	plan := run("a", "i", results.Optimal, 50, 50)
	invalid := executed("liar", results.Reached, 1, plan)
	invalid.Outcome, invalid.Execution.Violations = results.Invalid, 13
	calm := executed("calm", results.Reached, 1, plan)
	calm.Execution.Failures, calm.Execution.Refusals, calm.Execution.Deaths, calm.Execution.Resumes, calm.Execution.Astray = 0, 0, 0, 0, 0
	s := of([]results.Record{executed("good", results.Reached, 1, plan), executed("bad", results.Missed, 1, plan), invalid, calm, scheduled("list", "m", 2000, 1500, plan)})
	if len(s.Cases) != 5 || s.Superseded != 0 {
		t.Fatalf("%d cases, %d superseded", len(s.Cases), s.Superseded)
	}
	want := map[string]string{
		"good": "simulation|yes|no|yes|yes|20|50|3|60|9|3|1|7|10|11|8|12|6|2|4|0|5|0.1|",
		"bad":  "simulation|no|no|yes|no|||3|60|9|3|1|7|10|11|8|12|6|2|4|0|5|0.1|",
		"liar": "simulation|no|no|no|no|||3|60|9|3|1|7|10|11|8|12|6|2|4|13|5|0.1|",
		"calm": "simulation|yes|yes|no|no|20|50|3|60|9|0|0|7|10|0|8|12|0|0|4|0|5|0.1|",
		"":     "|||||||||||||||||||||||",
	}
	for c, r := range s.All() {
		got := told(t, s, c, r, "on", "execution-reached", "execution-on-plan", "execution-met", "execution-survived", "extra-cost", "extra-time", "execution-time",
			"execution-cost", "requests", "failures", "refusals", "aborts", "replans", "resumes", "surprises", "given-up", "astray", "deaths", "arrivals", "violations",
			"executor.retries", "on.failures")
		if got != want[c.Executor] {
			t.Errorf("%s: %s\nexpected %s", c.Executor, got, want[c.Executor])
		}
	}
}

// Seeds are days of one plan: where one of them missed the target, nobody knows what it would have cost to reach it.
func TestExtraCostIsOfPlansWhoseExecutionsAllReachedTheTarget(t *testing.T) {
	plan := run("a", "i", results.Optimal, 50, 50)
	s, err := of([]results.Record{
		executed("x", results.Reached, 1, plan), executed("x", results.Missed, 2, plan), executed("y", results.Reached, 1, plan), executed("y", results.Reached, 2, plan),
	}).By([]string{"executor"})
	if err != nil || len(s.Cases) != 1 || len(s.Algorithms) != 2 {
		t.Fatalf("%v, %+v", err, s)
	}
	for name, want := range map[string][2]string{"execution-reached": {"0.5", "yes"}, "extra-time": {"", "50"}, "extra-cost": {"", "20"}} {
		for a := range s.Algorithms {
			if got := column(t, s, name).Of(s.Cases[0], a).String(); got != want[a] {
				t.Errorf("%s of %s: %q, expected %q", name, s.Algorithms[a], got, want[a])
			}
		}
	}
}
