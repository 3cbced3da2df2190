package summary

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

// The shifts of the geometric means of effort. Achterberg's thesis shifts nodes by 100, and mixed integer programming
// benchmarks shift times by 1 to 10 s, for runs of up to an hour; these are for runs of up to a minute, the smallest of
// which expand a handful of states within microseconds.
const (
	statesShift = 100.0 // states
	timeShiftS  = 0.01  // s
	memoryShift = 1.0   // MiB
)

const mib = 1 << 20

// Entries lists the columns that every run may have. A new column is one entry.
func Entries() []spec.Entry[Column] {
	var out []spec.Entry[Column]
	for _, c := range inputs() {
		c.Input = true
		out = append(out, entry(c, nil, func(spec.Args, *Column) {}))
	}
	for _, c := range slices.Concat(outputs(), targetOutputs(), scheduleOutputs(), executionOutputs()) {
		out = append(out, entry(c, nil, func(spec.Args, *Column) {}))
	}
	return append(out, scores()...)
}

// Listed is a column of the list that takes no parameters. It panics if there is none of the
// name, which is a fault of the program.
func Listed(name string) Column {
	all := slices.Concat(inputs(), outputs(), targetOutputs(), scheduleOutputs(), executionOutputs())
	return all[slices.IndexFunc(all, func(c Column) bool { return c.Name == name })]
}

// facts describes the values of a column in a sentence.
func (c Column) facts() string {
	text := "A " + c.Kind.String()
	if c.Unit != "" {
		text += " (" + c.Unit + ")"
	}
	if by := c.MeasuredBy(); by != "" {
		text += " (in the unit of the " + strings.ReplaceAll(by, "-", " ") + ")"
	}
	if c.Better != Neither {
		text += ", " + c.Better.String() + " is better"
	}
	if c.Plan {
		text += "; only runs with a plan have it"
	}
	if c.Mean != "" {
		text += "; summed up by " + c.Mean
	}
	return text + "."
}

// entry is a column that is completed by the values of its parameters.
func entry(c Column, params []spec.Param, complete func(spec.Args, *Column)) spec.Entry[Column] {
	d := spec.Descriptor{Name: c.Name, Synopsis: c.Doc, Doc: c.facts(), Params: params, Citation: "own work"}
	if c.Timed {
		d.Properties = append(d.Properties, timedColumn)
	}
	if c.Input {
		d.Properties = append(d.Properties, inputColumn)
	}
	return spec.Entry[Column]{Descriptor: d, New: func(a spec.Args) (Column, error) {
		c := c
		c.Name = a.Brief().String()
		complete(a, &c)
		return c, nil
	}}
}

// inputs are the columns that are known before the run, except parameters and features.
func inputs() []Column {
	return []Column{
		texts("instance", "name of the instance", func(x Row) string { return x.Name.Instance }),
		texts("class", "name of the instance without its seed", func(x Row) string { return x.Name.ClassOrName() }),
		texts("family", "generator of the instance", func(x Row) string { return x.Name.Family }),
		texts("role", "purpose of the instance: tuning or test", func(x Row) string { return x.Name.Role }),
		texts("strategy", "spec of the strategy that chose the target", func(x Row) string { return cmp.Or(x.Run.Target, &results.Target{}).Strategy }),
		texts("objective", "spec of what the target is measured by", func(x Row) string { return cmp.Or(x.Run.Target, &results.Target{}).Objective }),
		texts("model", "spec of the model of concurrency", func(x Row) string { return x.Run.Scheduling().Model }),
		texts("duration", "spec of how long steps take", func(x Row) string { return x.Run.Scheduling().Duration }),
		texts("scheduler", "spec of the scheduler", func(x Row) string { return x.Run.Scheduling().Scheduler }),
		texts("executor", "spec of the executor", func(x Row) string { return x.Run.Executing().Executor }),
		texts("on", "spec of the cloud that plans are carried out on", func(x Row) string { return x.Run.Executing().On }),
		texts("algorithm", "spec of the algorithm", func(x Row) string { return x.Run.Algorithm }),
		texts("cost-function", "spec of the cost function", func(x Row) string { return x.Run.CostFunction }),
		{Name: "rules", Doc: "specs of the rules in force", Kind: Texts, Tell: func(x Row) Value { return Value{Kind: Texts, Texts: x.Run.Rules} }},
		{Name: "seed", Doc: "seed of the run's random choices", Kind: Number, Tell: func(x Row) Value {
			if x.Run.Seed > math.MaxInt64 {
				return Value{Kind: Number, X: float64(x.Run.Seed), Text: strconv.FormatUint(x.Run.Seed, 10)}
			}
			return integer(int64(x.Run.Seed))
		}},
		positive("time-limit", "limit of time", "s", func(r *results.Record) float64 { return r.Limits.TimeoutS }),
		positive("memory-limit", "limit of memory", "MiB", func(r *results.Record) float64 { return float64(r.Limits.MemoryBytes) / mib }),
		positive("expansion-limit", "limit of states expanded", "states", func(r *results.Record) float64 { return float64(r.Limits.Expansions) }),
		positive("target-time-limit", "limit of time for the target", "s", func(r *results.Record) float64 { return r.Limits.TargetTimeoutS }),
		positive("target-step-limit", "limit of steps of the search for the target", "", func(r *results.Record) float64 { return float64(r.Limits.TargetSteps) }),
		positive("schedule-time-limit", "limit of time for the schedule", "s", func(r *results.Record) float64 { return r.Limits.ScheduleTimeoutS }),
		positive("schedule-table-limit", "limit of schedules tried", "", func(r *results.Record) float64 { return float64(r.Limits.ScheduleTables) }),
		positive("core-limit", "limit of cores", "cores", func(r *results.Record) float64 { return float64(r.Limits.Cores) }),
		texts("run-key", "hash of everything that determines the outcome", func(x Row) string { return x.Run.RunKey }),
		texts("instance-sha256", "hash of the instance's content", func(x Row) string { return x.Run.InstanceSHA256 }),
		texts("source", "hash of the cloud that the instance was made of", func(x Row) string { return x.Run.Source }),
	}
}

// outputs are the columns without parameters that are known after the run.
func outputs() []Column {
	bound := optional("lower-bound", "bound that the run proved", Higher, func(x Row) *int64 {
		if b, ok := x.Run.ProvedBound(); ok {
			return &b
		}
		return nil
	})
	bound.Best = true
	return []Column{
		texts("outcome", "how the run ended", func(x Row) string { return string(x.Run.Outcome) }),
		texts("message", "reason for the outcome", func(x Row) string { return x.Run.Message }),
		whether("coverage", "solved: with a plan, or with a proof that there is none", Higher, results.Outcome.Solved),
		whether("solved", "ended with a plan, or with a proof that there is none", Neither, results.Outcome.Solved),
		whether("proved", "proved the optimum, or that there is no path", Higher, results.Outcome.Proved),
		whether("found", "ended with a plan", Higher, results.Outcome.HasPlan),
		ended(results.Optimal, "ended with a plan that is proved cheapest"),
		ended(results.Feasible, "ended with a plan that is not proved cheapest"),
		ended(results.Infeasible, "proved that there is no plan"),
		ended(results.Unknown, "ended without an answer"),
		ended(results.Unsupported, "the algorithm does not support the instance"),
		ended(results.Invalid, "the judge rejected the plan"),
		ended(results.Failed, "the solver failed"),

		texts("cost-unit", "unit of the cost function", func(x Row) string { return x.Run.CostUnit }),
		planned("cost", "", "cost of the plan", "", "gmean", func(x Row) Value { return integer(*x.Run.Cost) }),
		bound,
		optional("best-bound", "best bound that any run proved for the case", Neither, func(x Row) *int64 { return x.Case.Bound }),
		optional("best-cost", "cost of the cheapest plan that any run found for the case", Neither, func(x Row) *int64 { return x.Case.Best }),
		planned("bound-ratio", "cost/bound", "cost / best proved lower bound", "", "gmean", func(x Row) Value { return over(*x.Run.Cost, x.Case.Bound) }),
		planned("best-ratio", "cost/best", "cost / cost of the cheapest plan of any run", "", "gmean", func(x Row) Value { return over(*x.Run.Cost, x.Case.Best) }),
		planned("gap", "", "(cost - bound) / bound, with the best proved lower bound", "%", "mean", func(x Row) Value {
			v := over(*x.Run.Cost, x.Case.Bound)
			if v.Kind == Number {
				v = plain(100 * (v.X - 1))
			}
			return v
		}),
		plannedTruth("at-bound", "at bound", "costs no more than the best proved bound", func(x Row) Value {
			if x.Case.Bound == nil {
				return Value{}
			}
			return truth(*x.Run.Cost == *x.Case.Bound)
		}),
		plannedTruth("cheapest", "", "costs no more than the plan of any algorithm shown", func(x Row) Value { return truth(x.Case.cheapest(*x.Run.Cost)) }),
		planned("steps", "", "length of the plan", "steps", "mean", func(x Row) Value { return integer(int64(x.Run.Steps)) }),
		planned("extra-steps", "extra steps", "steps beyond one for each VM that has to move, leave or enter", "steps", "mean", extraSteps),
		{
			Name: "satisficing", Doc: "cost of the cheapest plan known over that of the run's, 0 without a plan",
			Kind: Number, Unit: "score", Better: Higher, Mean: "mean",
			Tell: func(x Row) Value {
				if x.Case.Best == nil {
					return Value{}
				}
				cost := math.Inf(1)
				if x.Run.Outcome.HasPlan() {
					cost = float64(*x.Run.Cost)
				}
				return real(stats.SatisficingScore(cost, float64(*x.Case.Best)))
			},
		},

		counter("expanded", "", "states expanded"),
		counter("generated", "", "states generated"),
		effort(Column{Name: "time", Doc: "wall-clock time", Unit: "s", Timed: true, Shift: timeShiftS}, func(r *results.Record) Value { return real(r.WallS) }),
		effort(Column{Name: "cpu", Label: "CPU", Doc: "CPU time", Unit: "s", Timed: true, Shift: timeShiftS}, func(r *results.Record) Value {
			if r.CPUS > 0 {
				return real(r.CPUS)
			}
			return Value{}
		}),
		effort(Column{Name: "memory", Label: "peak memory", Doc: "peak memory", Unit: "MiB", Shift: memoryShift}, func(r *results.Record) Value {
			return real(float64(r.PeakBytes) / mib)
		}),
		{
			Name: "first-plan", Label: "first plan", Doc: "time to the first plan",
			Kind: Number, Unit: "s", Better: Lower, Timed: true, Mean: "sgm", Shift: timeShiftS,
			Tell: func(x Row) Value {
				switch r := x.Run; {
				case r.Outcome.HasPlan() && len(r.Incumbents) > 0:
					return real(r.Incumbents[0].ElapsedS)
				case r.Outcome.HasPlan():
					return real(r.WallS)
				case r.Outcome.Faulty() || r.Outcome == results.Unsupported || x.Case.NoPlan:
					return Value{}
				default:
					return Value{Kind: Number, X: r.WallS, AtLeast: true}
				}
			},
		},

		texts("plan-sha256", "hash of the plan's steps", func(x Row) string { return x.Run.PlanSHA256 }),
		texts("version", "version of the program", func(x Row) string { return x.Run.Provenance.Version }),
		texts("revision", "commit that the program was built from", func(x Row) string { return x.Run.Provenance.Revision }),
		texts("build", "identifier of the build of the program", func(x Row) string { return x.Run.Provenance.Build }),
		texts("code", "hash of the source that the run depends on", func(x Row) string { return x.Run.Provenance.Code }),
		texts("go-version", "version of Go", func(x Row) string { return x.Run.Provenance.GoVersion }),
		texts("os", "operating system and architecture", func(x Row) string { return x.Run.Provenance.OS }),
		texts("cpu-model", "model of the CPU", func(x Row) string { return x.Run.Provenance.CPUModel }),
		positive("cores", "cores of the machine", "", func(r *results.Record) float64 { return float64(r.Provenance.Cores) }),
		positive("machine-memory", "memory of the machine in MiB", "", func(r *results.Record) float64 { return float64(r.Provenance.MemoryBytes) / mib }),
		positive("load", "threads of the machine that ran or waited for a core when the run began", "", func(r *results.Record) float64 { return r.Provenance.Load }),
		positive("jobs", "runs made at the same time", "", func(r *results.Record) float64 { return float64(r.Provenance.Jobs) }),
		positive("gomaxprocs", "threads that could run Go code at the same time", "", func(r *results.Record) float64 { return float64(r.Provenance.GOMAXPROCS) }),
		texts("date", "start of the run", func(x Row) string { return x.Run.Provenance.Date }),
	}
}

func texts(name, doc string, of func(Row) string) Column {
	return Column{Name: name, Doc: doc, Kind: Text, Tell: func(x Row) Value { return text(of(x)) }}
}

// whether is a property of outcomes.
func whether(name, doc string, better Direction, of func(results.Outcome) bool) Column {
	return Column{Name: name, Doc: doc, Kind: Truth, Better: better, Mean: "share", Tell: func(x Row) Value { return truth(of(x.Run.Outcome)) }}
}

func ended(o results.Outcome, doc string) Column {
	return whether(string(o), doc, Neither, func(p results.Outcome) bool { return p == o })
}

// positive is a number for which 0 stands for unknown, or for no limit.
func positive(name, doc, unit string, of func(*results.Record) float64) Column {
	return Column{Name: name, Doc: doc, Unit: unit, Kind: Number, Mean: "mean", Tell: func(x Row) Value {
		if n := of(x.Run); n != 0 {
			return plain(n)
		}
		return Value{}
	}}
}

// optional is an integer, or nil for none.
func optional(name, doc string, better Direction, of func(Row) *int64) Column {
	return Column{Name: name, Doc: doc, Kind: Number, Better: better, Mean: "mean", Tell: func(x Row) Value {
		if n := of(x); n != nil {
			return integer(*n)
		}
		return Value{}
	}}
}

// planned is a number that only runs with a plan have.
func planned(name, label, doc, unit, mean string, of func(Row) Value) Column {
	return Column{Name: name, Label: label, Doc: doc, Kind: Number, Unit: unit, Better: Lower, Plan: true, Mean: mean, Tell: of}
}

func plannedTruth(name, label, doc string, of func(Row) Value) Column {
	return Column{Name: name, Label: label, Doc: doc, Kind: Truth, Better: Higher, Plan: true, Mean: "count", Tell: of}
}

// effort completes a column of the effort of a solution: that of the run if it found one, and
// otherwise a lower bound. Runs at fault and unsupported instances have none.
func effort(c Column, of func(*results.Record) Value) Column {
	c.Kind, c.Better, c.Mean = Number, Lower, "sgm"
	c.Tell = func(x Row) Value {
		v := of(x.Run)
		if v.Kind == Missing || x.Run.Outcome.Faulty() || x.Run.Outcome == results.Unsupported {
			return Value{}
		}
		v.AtLeast = !x.Run.Outcome.Solved()
		return v
	}
	return c
}

// counter is a column of a counter of the search.
func counter(name, label, doc string) Column {
	return effort(Column{Name: name, Label: label, Doc: doc, Unit: "states", Shift: statesShift}, func(r *results.Record) Value {
		if n, ok := r.Counters[name]; ok {
			return integer(n)
		}
		return Value{}
	})
}

// over is a ratio of costs: 1 if both are 0. It has no value if only the reference is 0, if
// there is none, and if it is contradicted.
func over(cost int64, reference *int64) Value {
	if reference == nil || cost < *reference || (*reference == 0 && cost > 0) {
		return Value{}
	}
	return plain(stats.Ratio(cost, *reference))
}

// extraSteps are those beyond one for each VM that moves, leaves or enters.
func extraSteps(x Row) Value {
	extra := float64(x.Run.Steps)
	for _, feature := range []string{"misplaced", "shutdowns", "provisions"} {
		v := plain(x.Run.Features[feature])
		if v.Kind != Number {
			return Value{}
		}
		extra -= v.X
	}
	return plain(extra)
}
