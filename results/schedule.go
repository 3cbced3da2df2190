package results

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Scheduling says how the steps of a plan are run in parallel: specs, as the suite writes them, in canonical spacing.
type Scheduling struct {
	Model     string `json:"model,omitzero"` // of concurrency
	Duration  string `json:"duration,omitzero"`
	Scheduler string `json:"scheduler,omitzero"`
}

// Compare orders by model, duration and scheduler.
func (s Scheduling) Compare(t Scheduling) int {
	return cmp.Or(prose.Natural(s.Model, t.Model), prose.Natural(s.Duration, t.Duration), prose.Natural(s.Scheduler, t.Scheduler))
}

// Schedule is the schedule of the plan of a run. Times are in its unit.
type Schedule struct {
	Scheduling
	SchedulerParameters Values `json:"scheduler_parameters,omitempty"`

	// Status is optimal if the bound proves that no schedule of the same moves is shorter, else feasible; unsupported if the model
	// lets some step never run, or the scheduler does not handle an SLA. Where no schedule was found that keeps the SLAs of the instance, it is infeasible if it is proved
	// that there is none of the same moves, else unknown. It is empty where the run has no plan, and where the scheduler failed. The fields below it
	// are those of a schedule that was made.
	Status     Outcome `json:"status,omitzero"`
	Unit       string  `json:"unit,omitzero"` // ms or step
	Makespan   int64   `json:"makespan"`
	LowerBound int64   `json:"lower_bound"`          // holds for all schedules of the same moves
	Bottleneck string  `json:"bottleneck,omitempty"` // what the bound comes from
	Sequential int64   `json:"sequential"`           // time of the steps one after the other
	Peak       int     `json:"peak"`                 // most migrations, suspends and resumes that are under way together
	Tables     int64   `json:"tables"`               // schedules that were tried
	Cost       *int64  `json:"cost,omitempty"`       // of the steps, where they are those of another path than the run's
	Moves      string  `json:"moves_sha256,omitempty"`
	SHA256     string  `json:"sha256,omitempty"` // of the steps with their times

	WallS      float64             `json:"wall_s"` // of the scheduler, apart from that of the path
	Incumbents []ScheduleIncumbent `json:"incumbents,omitempty"`
}

// ScheduleIncumbent is one schedule found on the way.
type ScheduleIncumbent struct {
	ElapsedS float64 `json:"elapsed_s"`
	Makespan int64   `json:"makespan"`
}

// Made tells whether there is a schedule.
func (s *Schedule) Made() bool { return s != nil && s.Status.HasPlan() }

// Scheduling is how the run's plan is run in parallel; the zero value if it is not.
func (r *Record) Scheduling() Scheduling { return cmp.Or(r.Schedule, &Schedule{}).Scheduling }

// StepsSHA256 is the hash of the steps of the plan that is kept of the run, with their times where it has a schedule.
func (r *Record) StepsSHA256() string {
	return cmp.Or(cmp.Or(r.Schedule, &Schedule{}).SHA256, r.PlanSHA256)
}

// check tells what is wrong with a schedule.
func (s *Schedule) check(bad func(format string, args ...any)) {
	texts := []struct{ field, value string }{{"model", s.Model}, {"duration", s.Duration}, {"scheduler", s.Scheduler}}
	if s.Made() {
		texts = append(texts, []struct{ field, value string }{{"unit", s.Unit}, {"moves_sha256", s.Moves}, {"sha256", s.SHA256}}...)
		if s.LowerBound > s.Makespan {
			bad("/schedule/lower_bound: expected at most the makespan, %d, found %d", s.Makespan, s.LowerBound)
		}
	}
	for _, f := range texts {
		if f.value == "" {
			bad("/schedule/%s: missing, expected a non-empty text", f.field)
		}
	}
	if known := []Outcome{"", Optimal, Feasible, Infeasible, Unknown, Unsupported}; !slices.Contains(known, s.Status) {
		names := prose.Texts(known[1:], func(o Outcome) string { return string(o) })
		bad("/schedule/status: unknown status %q%s", s.Status, spec.DidYouMean(string(s.Status), names, "expected one of"))
	}
	for _, n := range []int64{s.Makespan, s.LowerBound, s.Sequential, int64(s.Peak), s.Tables} {
		if n < 0 {
			bad("/schedule: expected non-negative integers, found %d", n)
		}
	}
	for i, found := range s.Incumbents {
		if found.Makespan < 0 || !(found.ElapsedS >= 0) || math.IsInf(found.ElapsedS, 0) {
			bad("/schedule/incumbents/%d: expected non-negative numbers, found %+v", i, found)
		}
	}
	if !(s.WallS >= 0) || math.IsInf(s.WallS, 0) {
		bad("/schedule/wall_s: expected a non-negative number, found %v", s.WallS)
	}
}
