package summary

import (
	"math"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

// The shifts of the geometric means of effort. Achterberg's thesis shifts nodes by
// 100 and mixed integer programming benchmarks shift times by 1 to 10 s, for runs
// of up to an hour; these are for runs of up to a minute, the smallest of which
// expand a handful of states within microseconds.
const (
	StatesShift = 100.0 // states
	TimeShiftS  = 0.01  // s
	MemoryShift = 1.0   // MiB
)

const mib = 1 << 20

// Entries lists the columns that every run may tell. A new column is one entry.
func Entries() []spec.Entry[Column] {
	var out []spec.Entry[Column]
	for _, c := range columns() {
		out = append(out, fixed(c))
	}
	return append(out, agile(), penalised(), primalGap(), primalIntegral(), meanGap())
}

// facts describes the values of a column in a sentence.
func (c Column) facts() string {
	text := "A " + c.Kind.String()
	if c.Unit != "" {
		text += " (" + c.Unit + ")"
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

// fixed is the entry of a column without parameters.
func fixed(c Column) spec.Entry[Column] {
	return entry(c, nil, func(spec.Args) func(*Case, *results.Record, *results.Name) Value { return c.Record })
}

// entry is a column of which parameters say what it tells.
func entry(c Column, params []spec.Param, of func(spec.Args) func(*Case, *results.Record, *results.Name) Value) spec.Entry[Column] {
	d := spec.Descriptor{Name: c.Name, Synopsis: c.Doc, Doc: c.facts(), Params: params, Citation: "own work"}
	if c.Timed {
		d.Properties = append(d.Properties, TimedColumn)
	}
	if c.Input {
		d.Properties = append(d.Properties, InputColumn)
	}
	return spec.Entry[Column]{Descriptor: d, New: func(a spec.Args) (Column, error) {
		c := c
		c.Name, c.Record = a.Brief().String(), of(a)
		return c, nil
	}}
}

// columns lists those without parameters.
func columns() []Column {
	texts := func(name, doc string, of func(*results.Record, *results.Name) string) Column {
		return Column{Name: name, Doc: doc, Kind: Text, Record: func(_ *Case, r *results.Record, n *results.Name) Value {
			return text(of(r, n))
		}}
	}
	whether := func(name, doc string, of func(results.Outcome) bool) Column {
		return Column{
			Name: name, Doc: doc, Kind: Truth, Mean: "share",
			Record: func(_ *Case, r *results.Record, _ *results.Name) Value { return truth(of(r.Outcome)) },
		}
	}
	better := func(c Column, d Direction) Column { c.Better = d; return c }
	ended := func(o results.Outcome, doc string) Column {
		return whether(string(o), doc, func(p results.Outcome) bool { return p == o })
	}
	limit := func(name, doc, unit string, of func(results.Limits) float64) Column {
		return Column{Name: name, Doc: doc, Unit: unit, Kind: Number, Mean: "mean", Record: func(_ *Case, r *results.Record, _ *results.Name) Value {
			x := of(r.Limits)
			if x == 0 {
				return Value{}
			}
			return plain(x)
		}}
	}
	spent := func(name, label, doc, unit string, timed bool, shift float64, of func(*results.Record) (float64, bool)) Column {
		return Column{
			Name: name, Label: label, Doc: doc, Kind: Number, Unit: unit, Better: Lower, Timed: timed, Mean: "sgm", Shift: shift,
			Record: func(_ *Case, r *results.Record, _ *results.Name) Value {
				x, ok := of(r)
				return effort(r, real(x), ok)
			},
		}
	}
	planned := func(name, label, doc, unit, mean string, of func(*Case, *results.Record) Value) Column {
		return Column{
			Name: name, Label: label, Doc: doc, Kind: Number, Unit: unit, Better: Lower, Plan: true, Mean: mean,
			Record: func(c *Case, r *results.Record, _ *results.Name) Value { return of(c, r) },
		}
	}
	plannedTruth := func(name, label, doc string, of func(*Case, *results.Record) Value) Column {
		c := planned(name, label, doc, "", "count", of)
		c.Kind, c.Better = Truth, Higher
		return c
	}
	optional := func(name, doc string, better Direction, of func(*Case, *results.Record) *int64) Column {
		return Column{Name: name, Doc: doc, Kind: Number, Better: better, Mean: "mean", Record: func(c *Case, r *results.Record, _ *results.Name) Value {
			n := of(c, r)
			if n == nil {
				return Value{}
			}
			return integer(*n)
		}}
	}
	provenance := func(name, doc string, of func(results.Provenance) any) Column {
		k, mean := Number, "mean"
		if _, ok := of(results.Provenance{}).(string); ok {
			k, mean = Text, ""
		}
		return Column{Name: name, Doc: doc, Kind: k, Mean: mean, Record: func(_ *Case, r *results.Record, _ *results.Name) Value {
			v := plain(of(r.Provenance))
			if v.Kind == Number && v.X == 0 {
				return Value{} // not known
			}
			return v
		}}
	}
	bound := optional("lower-bound", "bound that the run proved", Higher, func(_ *Case, r *results.Record) *int64 {
		if b, ok := r.ProvedBound(); ok {
			return &b
		}
		return nil
	})
	bound.Best = true
	return append(inputs(texts, limit), []Column{
		texts("outcome", "how the run ended", func(r *results.Record, _ *results.Name) string { return string(r.Outcome) }),
		texts("message", "reason for the outcome", func(r *results.Record, _ *results.Name) string { return r.Message }),
		better(whether("coverage", "solved: with a plan, or with a proof that there is none", results.Outcome.Solved), Higher),
		whether("solved", "ended with a plan, or with a proof that there is none", results.Outcome.Solved),
		better(whether("proved", "proved the optimum, or that there is no path", results.Outcome.Proved), Higher),
		better(whether("found", "ended with a plan", results.Outcome.HasPlan), Higher),
		ended(results.Optimal, "ended with a plan that is proved cheapest"),
		ended(results.Feasible, "ended with a plan that is not proved cheapest"),
		ended(results.Infeasible, "proved that there is no plan"),
		ended(results.Unknown, "ended without an answer"),
		ended(results.Unsupported, "the algorithm does not support the instance"),
		ended(results.Invalid, "the judge rejected the plan"),
		ended(results.Failed, "the solver failed"),

		planned("cost", "", "cost of the plan", "", "gmean", func(_ *Case, r *results.Record) Value { return integer(*r.Cost) }),
		bound,
		optional("best-bound", "best bound that any run proved for the case", Neither, func(c *Case, _ *results.Record) *int64 { return c.Bound }),
		optional("best-cost", "cost of the cheapest plan that any run found for the case", Neither, func(c *Case, _ *results.Record) *int64 { return c.Best }),
		planned("bound-ratio", "cost/bound", "cost / best proved lower bound", "", "gmean",
			func(c *Case, r *results.Record) Value { return over(*r.Cost, c.Bound) }),
		planned("best-ratio", "cost/best", "cost / cost of the cheapest plan of any run", "", "gmean",
			func(c *Case, r *results.Record) Value { return over(*r.Cost, c.Best) }),
		planned("gap", "", "(cost - bound) / bound, with the best proved lower bound", "%", "mean",
			func(c *Case, r *results.Record) Value {
				v := over(*r.Cost, c.Bound)
				if v.Kind == Number {
					v = plain(100 * (v.X - 1))
				}
				return v
			}),
		plannedTruth("at-bound", "at bound", "costs no more than the best proved bound", func(c *Case, r *results.Record) Value {
			if c.Bound == nil {
				return Value{}
			}
			return truth(*r.Cost == *c.Bound)
		}),
		plannedTruth("cheapest", "", "costs no more than the plan of any algorithm shown", func(c *Case, r *results.Record) Value { return truth(c.cheapest(*r.Cost)) }),
		planned("steps", "", "length of the plan", "steps", "mean", func(_ *Case, r *results.Record) Value { return integer(int64(r.Steps)) }),
		planned("extra-steps", "extra steps", "steps beyond one for each VM that has to move, leave or enter", "steps", "mean", extraSteps),
		{
			Name: "satisficing", Doc: "cost of the cheapest plan known over that of the run's, 0 without a plan", Kind: Number, Unit: "score", Better: Higher, Mean: "mean",
			Record: func(c *Case, r *results.Record, _ *results.Name) Value {
				if c.Best == nil {
					return Value{}
				}
				cost := math.Inf(1)
				if r.Outcome.HasPlan() {
					cost = float64(*r.Cost)
				}
				return real(stats.SatisficingScore(cost, float64(*c.Best)))
			},
		},

		counter("expanded", "", "states expanded"),
		counter("generated", "", "states generated"),
		spent("time", "", "wall-clock time", "s", true, TimeShiftS, func(r *results.Record) (float64, bool) { return r.WallS, true }),
		spent("cpu", "CPU", "CPU time", "s", true, TimeShiftS, func(r *results.Record) (float64, bool) { return r.CPUS, r.CPUS > 0 }),
		spent("memory", "peak memory", "peak memory", "MiB", false, MemoryShift, func(r *results.Record) (float64, bool) {
			return float64(r.PeakBytes) / mib, true
		}),
		{
			Name: "first-plan", Label: "first plan", Doc: "time to the first plan", Kind: Number, Unit: "s", Better: Lower, Timed: true, Mean: "sgm", Shift: TimeShiftS,
			Record: func(_ *Case, r *results.Record, _ *results.Name) Value {
				switch {
				case r.Outcome.HasPlan() && len(r.Incumbents) > 0:
					return real(r.Incumbents[0].ElapsedS)
				case r.Outcome.HasPlan():
					return real(r.WallS)
				case r.Outcome.Faulty() || r.Outcome == results.Unsupported:
					return Value{}
				}
				return Value{Kind: Number, X: r.WallS, AtLeast: true}
			},
		},

		texts("plan-sha256", "hash of the plan's steps", func(r *results.Record, _ *results.Name) string { return r.PlanSHA256 }),
		provenance("version", "version of the program", func(p results.Provenance) any { return p.Version }),
		provenance("revision", "commit that the program was built from", func(p results.Provenance) any { return p.Revision }),
		provenance("build", "identifier of the build of the program", func(p results.Provenance) any { return p.Build }),
		provenance("code", "hash of the source that the run depends on", func(p results.Provenance) any { return p.Code }),
		provenance("go-version", "version of Go", func(p results.Provenance) any { return p.GoVersion }),
		provenance("os", "operating system and architecture", func(p results.Provenance) any { return p.OS }),
		provenance("cpu-model", "model of the CPU", func(p results.Provenance) any { return p.CPUModel }),
		provenance("cores", "cores of the machine", func(p results.Provenance) any { return p.Cores }),
		provenance("machine-memory", "memory of the machine in MiB", func(p results.Provenance) any { return float64(p.MemoryBytes) / mib }),
		provenance("load", "threads of the machine that ran or waited for a core when the run began", func(p results.Provenance) any { return p.Load }),
		provenance("jobs", "runs made at the same time", func(p results.Provenance) any { return p.Jobs }),
		provenance("gomaxprocs", "threads that could run Go code at the same time", func(p results.Provenance) any { return p.GOMAXPROCS }),
		provenance("date", "start of the run", func(p results.Provenance) any { return p.Date }),
	}...)
}

// inputs are the columns that are known before the run, but for parameters and features.
func inputs(texts func(name, doc string, of func(*results.Record, *results.Name) string) Column,
	limit func(name, doc, unit string, of func(results.Limits) float64) Column,
) []Column {
	list := []Column{
		texts("instance", "name of the instance", func(_ *results.Record, n *results.Name) string { return n.Instance }),
		texts("class", "name of the instance without its seed", func(_ *results.Record, n *results.Name) string { return n.ClassOrName() }),
		texts("family", "generator of the instance", func(_ *results.Record, n *results.Name) string { return n.Family }),
		texts("role", "purpose of the instance: tuning or test", func(_ *results.Record, n *results.Name) string { return n.Role }),
		texts("algorithm", "spec of the algorithm", func(r *results.Record, _ *results.Name) string { return r.Algorithm }),
		texts("cost-function", "spec of the cost function", func(r *results.Record, _ *results.Name) string { return r.CostFunction }),
		{Name: "rules", Doc: "specs of the rules in force", Kind: Texts, Record: func(_ *Case, r *results.Record, _ *results.Name) Value {
			return Value{Kind: Texts, Texts: r.Rules}
		}},
		{Name: "seed", Doc: "seed of the run's random choices", Kind: Number, Record: func(_ *Case, r *results.Record, _ *results.Name) Value {
			if r.Seed > math.MaxInt64 {
				return Value{Kind: Number, X: float64(r.Seed), Text: strconv.FormatUint(r.Seed, 10)}
			}
			return integer(int64(r.Seed))
		}},
		limit("time-limit", "limit of time", "s", func(l results.Limits) float64 { return l.TimeoutS }),
		limit("memory-limit", "limit of memory", "MiB", func(l results.Limits) float64 { return float64(l.MemoryBytes) / mib }),
		limit("expansion-limit", "limit of states expanded", "states", func(l results.Limits) float64 { return float64(l.Expansions) }),
		limit("core-limit", "limit of cores", "cores", func(l results.Limits) float64 { return float64(l.Cores) }),
		texts("run-key", "hash of everything that determines the outcome", func(r *results.Record, _ *results.Name) string { return r.RunKey }),
		texts("instance-sha256", "hash of the instance's content", func(r *results.Record, _ *results.Name) string { return r.InstanceSHA256 }),
		texts("source", "hash of the cloud that the instance was made of", func(r *results.Record, _ *results.Name) string { return r.Source }),
	}
	for i := range list {
		list[i].Input = true
	}
	return list
}

// effort is what a run took: the effort of a solution if it found one, and otherwise a lower
// bound of that. Runs at fault and unsupported instances have none.
func effort(r *results.Record, v Value, told bool) Value {
	if !told || r.Outcome.Faulty() || r.Outcome == results.Unsupported {
		return Value{}
	}
	v.AtLeast = !r.Outcome.Solved()
	return v
}

// over is a ratio of costs: 1 where both are 0. It has no value where only the reference
// is 0, where there is none, and where it is contradicted.
func over(cost int64, reference *int64) Value {
	if reference == nil || cost < *reference || (*reference == 0 && cost > 0) {
		return Value{}
	}
	return plain(stats.Ratio(cost, *reference))
}

// extraSteps are those beyond one for each VM that moves, leaves or enters.
func extraSteps(_ *Case, r *results.Record) Value {
	extra := float64(r.Steps)
	for _, feature := range []string{"misplaced", "shutdowns", "provisions"} {
		v := plain(r.Features[feature])
		if v.Kind != Number {
			return Value{}
		}
		extra -= v.X
	}
	return plain(extra)
}

// counter is a column of what the search counted.
func counter(name, label, doc string) Column {
	return Column{
		Name: name, Label: label, Doc: doc, Kind: Number, Unit: "states", Better: Lower, Mean: "sgm", Shift: StatesShift,
		Record: func(_ *Case, r *results.Record, _ *results.Name) Value {
			n, ok := r.Counters[name]
			return effort(r, integer(n), ok)
		},
	}
}
