package best

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Format is the version of the format that this program writes.
const Format = "rearrange/best/1"

// Value is what is best known of one question. A question is about plans, under a cost function; about targets, by
// an objective; or about schedules of some moves, under a model of concurrency.
type Value struct {
	Format         string   `json:"format"`
	Instance       string   `json:"instance"`
	InstanceSHA256 string   `json:"instance_sha256"`
	CostFunction   string   `json:"cost_function,omitzero"`
	Rules          []string `json:"rules"`
	// Goal is where plans head for, see [results.Record.Goal]; empty for the instance's own target.
	Goal string `json:"goal,omitzero"`
	// Objective is what targets are measured by; empty where the question is about plans.
	Objective string `json:"objective,omitzero"`

	// Model, Duration and Moves are what schedules are of: specs, and the hash of the steps whatever their order, see
	// [results.Schedule]; empty where the question is another. A bound on schedules holds for these moves alone, because
	// other moves may come to the target sooner, be they cheaper or costlier.
	Model    string `json:"model,omitzero"`
	Duration string `json:"duration,omitzero"`
	Moves    string `json:"moves_sha256,omitzero"`

	Plan       *Plan  `json:"plan,omitempty"`       // the cheapest; nil: none is known
	Bound      *Bound `json:"bound,omitempty"`      // the highest; nil: none is proved
	Infeasible *Run   `json:"infeasible,omitempty"` // proved that there is no plan; nil: it is not

	Target      *Target      `json:"target,omitempty"`       // the best; nil: none is known
	TargetBound *TargetBound `json:"target_bound,omitempty"` // the highest; nil: none is proved

	Schedule *Schedule `json:"schedule,omitempty"` // the shortest; nil: none is known. Bound is that on schedules
}

// Plan is a validated plan, of which its cost and its hash are kept.
type Plan struct {
	Cost       int64  `json:"cost"` // as the validator recomputed it
	Steps      int    `json:"steps"`
	PlanSHA256 string `json:"plan_sha256,omitempty"` // of the plan's steps
	Run
}

// Schedule is a validated schedule, of which its makespan and its hash are kept. The algorithm of its run, and of that
// of a bound on schedules, is the scheduler.
type Schedule struct {
	Makespan int64  `json:"makespan"`
	SHA256   string `json:"sha256"` // of the steps with their times
	Run
}

// Bound is a proved lower bound. The cost of a plan that is proved cheapest is one.
type Bound struct {
	Value int64 `json:"value"`
	Run
}

// Target is a target that a strategy chose, of which its value and its hash are kept. The algorithm of its run, and
// of that of a bound on targets, is the strategy.
type Target struct {
	Value      []int64 `json:"value"` // of the objective: a number for each rank, the first one first
	Migrations int     `json:"migrations"`
	SHA256     string  `json:"sha256"` // of the placement
	Run
}

// TargetBound is proved of every target of the instance.
type TargetBound struct {
	Value []int64 `json:"value"`
	Run
}

// Run says which run something comes from.
type Run struct {
	Algorithm string `json:"algorithm"`
	Seed      uint64 `json:"seed"`
	RunKey    string `json:"run_key"`
	Revision  string `json:"revision"` // of this program
	Date      string `json:"date"`     // start of the run, RFC 3339, UTC; empty where it is not known
}

// Closed tells whether nothing is left to find out: a plan that costs as much as its
// bound, or the proof that there is none; a target that is as good as the bound; a schedule that is no longer than it.
func (v Value) Closed() bool {
	if v.Schedule != nil && v.Bound != nil {
		return v.Schedule.Makespan == v.Bound.Value
	}
	if v.Target != nil && v.TargetBound != nil {
		return slices.Equal(v.Target.Value, v.TargetBound.Value)
	}
	return v.Infeasible != nil || (v.Plan != nil && v.Bound != nil && v.Plan.Cost == v.Bound.Value)
}

// Check tells what is wrong with the form of a value, all at once; nil if nothing is.
// Whether it contradicts itself is for [Set.Contradictions] to say.
func (v Value) Check() error {
	if v.Format != Format {
		return fmt.Errorf("/format: expected %q, found %q", Format, v.Format)
	}
	var faults []error
	bad := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	text := func(field, value string) {
		if value == "" {
			bad("/%s: missing, expected a non-empty text", field)
		}
	}
	number := func(field string, n int64) {
		if n < 0 {
			bad("/%s: expected a non-negative integer, found %d", field, n)
		}
	}
	run := func(field string, r Run) {
		text(field+"/algorithm", r.Algorithm)
		text(field+"/run_key", r.RunKey)
		if r.Date != utc(r.Date) {
			bad("/%s/date: expected a time such as 2026-01-31T12:00:00Z, found %q", field, r.Date)
		}
	}
	text("instance", v.Instance)
	text("instance_sha256", v.InstanceSHA256)
	if v.Objective == "" && v.Model == "" {
		text("cost_function", v.CostFunction)
	}
	if v.Model != "" {
		text("duration", v.Duration)
		text("moves_sha256", v.Moves)
	}
	for i, rule := range v.Rules {
		text(fmt.Sprintf("rules/%d", i), rule)
	}
	if v.Plan != nil {
		number("plan/cost", v.Plan.Cost)
		number("plan/steps", int64(v.Plan.Steps))
		run("plan", v.Plan.Run)
	}
	if v.Bound != nil {
		number("bound/value", v.Bound.Value)
		run("bound", v.Bound.Run)
	}
	if v.Infeasible != nil {
		run("infeasible", *v.Infeasible)
	}
	if v.Schedule != nil {
		number("schedule/makespan", v.Schedule.Makespan)
		text("schedule/sha256", v.Schedule.SHA256)
		run("schedule", v.Schedule.Run)
	}
	score := func(field string, value []int64) {
		if len(value) == 0 {
			bad("/%s: missing, expected an array of integers", field)
		}
		for _, n := range value {
			number(field, n)
		}
	}
	if v.Target != nil {
		score("target/value", v.Target.Value)
		number("target/migrations", int64(v.Target.Migrations))
		text("target/sha256", v.Target.SHA256)
		run("target", v.Target.Run)
	}
	if v.TargetBound != nil {
		score("target_bound/value", v.TargetBound.Value)
		run("target_bound", v.TargetBound.Run)
	}
	plans, chosen := v.Plan != nil || v.Bound != nil || v.Infeasible != nil, v.Target != nil || v.TargetBound != nil
	switch {
	case v.Model != "" && (v.Schedule == nil && v.Bound == nil || v.Plan != nil || v.Infeasible != nil || chosen || v.Objective+v.CostFunction+v.Goal != ""):
		bad("expected model, duration and moves_sha256 with schedule or bound, and nothing of plans or targets")
	case v.Model != "":
	case v.Duration+v.Moves != "" || v.Schedule != nil:
		bad("/model: missing, expected a non-empty text")
	case v.Objective == "" && !plans:
		bad("expected at least one of plan, bound and infeasible")
	case v.Objective == "" && chosen, v.Objective != "" && (plans || !chosen || v.CostFunction != "" || v.Goal != ""):
		bad("expected either cost_function with plan, bound or infeasible, or objective with target or target_bound")
	}
	return errors.Join(faults...)
}

// utc is a date in the one spelling in which dates can be compared as texts; empty where
// the text is no date.
func utc(date string) string {
	t, err := time.Parse(time.RFC3339, date)
	if err != nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// compareSchedules puts the schedule to keep first: the shortest, and of those the first found.
func compareSchedules(a, b Schedule) int {
	return cmp.Or(cmp.Compare(a.Makespan, b.Makespan), compareRuns(a.Run, b.Run), cmp.Compare(a.SHA256, b.SHA256))
}

// comparePlans puts the plan to keep first: the cheapest, and of those the first found.
func comparePlans(a, b Plan) int {
	return cmp.Or(cmp.Compare(a.Cost, b.Cost), compareRuns(a.Run, b.Run),
		cmp.Compare(a.Steps, b.Steps), cmp.Compare(a.PlanSHA256, b.PlanSHA256))
}

// compareBounds puts the bound to keep first: the highest, and of those the first proved.
func compareTargets(a, b Target) int {
	return cmp.Or(slices.Compare(a.Value, b.Value), compareRuns(a.Run, b.Run), cmp.Compare(a.Migrations, b.Migrations), cmp.Compare(a.SHA256, b.SHA256))
}

func compareTargetBounds(a, b TargetBound) int {
	return cmp.Or(slices.Compare(b.Value, a.Value), compareRuns(a.Run, b.Run))
}

func compareBounds(a, b Bound) int {
	return cmp.Or(cmp.Compare(b.Value, a.Value), compareRuns(a.Run, b.Run))
}

// compareRuns puts the earlier run first. The order is total, as what is kept must not
// depend on which run was read first.
func compareRuns(a, b Run) int {
	unknown := func(r Run) int {
		if r.Date == "" {
			return 1
		}
		return 0
	}
	return cmp.Or(unknown(a)-unknown(b), cmp.Compare(a.Date, b.Date), cmp.Compare(a.Algorithm, b.Algorithm),
		cmp.Compare(a.Seed, b.Seed), cmp.Compare(a.RunKey, b.RunKey), cmp.Compare(a.Revision, b.Revision))
}
