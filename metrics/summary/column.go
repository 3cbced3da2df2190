package summary

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

// Column is one value that runs have. Filters, groups, tables, axes, the gate and exports all use columns.
type Column struct {
	Name   string // in specs and expressions
	Label  string // in heads of tables and on axes; the name if empty
	Doc    string // a few words
	Kind   Kind
	Unit   string // empty for ratios and counts, and for costs, whose unit is that of their cost function
	Better Direction
	Timed  bool    // it depends on the speed of the machine
	Plan   bool    // only runs with a plan have a value, proofs that there is none do not
	Mean   string  // the default aggregate: the name of a figure of package tables, such as "mean"
	Shift  float64 // of shifted geometric means, in the column's unit
	Input  bool    // known before the run
	Best   bool    // values are integers that are proved: of several seeds the largest counts

	// Tell is the value of a run. It is asked only about runs with a plan if Plan is set.
	Tell func(Row) Value
}

// Row is a run of a case, under one of the names of the instance.
type Row struct {
	Case *Case
	Run  *results.Record
	Name *results.Name
}

// Direction is the direction in which values of a column get better.
type Direction uint8

// The directions.
const (
	Neither Direction = iota
	Lower
	Higher
)

// String is "lower", "higher", or nothing.
func (d Direction) String() string { return [...]string{"", "lower", "higher"}[d] }

// The properties of columns, see [Column].
const (
	timedColumn spec.Property = "timed"
	inputColumn spec.Property = "input"
)

// ColumnKind is the kind of columns in a catalogue.
const ColumnKind = "column"

// Registry makes columns known to a catalogue.
func Registry(entries ...spec.Entry[Column]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: ColumnKind, Plural: "columns", Synopsis: "values of runs, to filter, group, tabulate and plot",
		Vocabulary: []spec.Property{timedColumn, inputColumn},
	}, entries...)
}

// The prefixes of columns that records bring along: parameters of the family that made the instance, features of the
// instance, counters of the search. They are optional.
const (
	paramPrefix   = "param."
	featurePrefix = "feature."
	counterPrefix = "counter."
)

// ownedBy are the parameters of something that a run is made with. They need their prefix.
type ownedBy struct {
	kind, prefix string
	of           func(*results.Record) (owner string, values results.Values)
}

var owned = []ownedBy{
	{"strategy", "strategy.", func(r *results.Record) (string, results.Values) {
		t := cmp.Or(r.Target, &results.Target{})
		return t.Strategy, t.StrategyParameters
	}},
	{"algorithm", "algorithm.", func(r *results.Record) (string, results.Values) { return r.Algorithm, r.AlgorithmParameters }},
	{"scheduler", "scheduler.", func(r *results.Record) (string, results.Values) {
		s := cmp.Or(r.Schedule, &results.Schedule{})
		return s.Scheduler, s.SchedulerParameters
	}},
	{"executor", "executor.", func(r *results.Record) (string, results.Values) {
		e := cmp.Or(r.Execution, &results.Execution{})
		return e.Executor, e.ExecutorParameters
	}},
	{"driver", "on.", func(r *results.Record) (string, results.Values) {
		e := cmp.Or(r.Execution, &results.Execution{})
		return e.On, e.OnParameters
	}},
}

// MeasuredBy is the column that says by what values are measured, in whose unit they are: the cost function, the objective, or
// the duration. It is empty for a column that has a unit of its own, or needs none.
func (c Column) MeasuredBy() string {
	switch name := c.Name; {
	case slices.Contains([]string{"cost", "lower-bound", "best-cost", "best-bound", "direct-cost", "schedule-cost", "execution-cost"}, name) || strings.HasPrefix(name, "direct-cost-at"):
		return "cost-function"
	case name == "gain" || strings.HasPrefix(name, "objective-") || strings.HasPrefix(name, "best-objective"):
		return "objective"
	case slices.Contains([]string{"makespan", "makespan-bound", "best-makespan", "best-makespan-bound", "sequential-time"}, name):
		return "duration"
	}
	return ""
}

// Measure is by what values of the column are measured in a run, and their unit where it tells.
func (c Column) Measure(r *results.Record) (by, unit string) {
	switch c.MeasuredBy() {
	case "cost-function":
		return r.CostFunction, r.CostUnit
	case "objective":
		if r.Target.Found() {
			return r.Target.Objective, r.Target.ObjectiveUnit
		}
	case "duration":
		if r.Schedule.Made() {
			return r.Schedule.Duration, cmp.Or(map[string]string{"ms": "s"}[r.Schedule.Unit], r.Schedule.Unit)
		}
	}
	return "", ""
}

// Title names the column in heads and on axes.
func (c Column) Title() string { return cmp.Or(c.Label, c.Name) }

// At is the value of a record under one name of its instance.
func (c Column) At(k *Case, r *results.Record, n *results.Name) Value {
	if c.Plan && !r.Outcome.HasPlan() {
		return Value{}
	}
	v := c.Tell(Row{k, r, n})
	if c.Timed {
		v.X = max(v.X, 0) // a clock may be set back
	}
	if c.Kind == Text && v.Kind != Text && v.Kind != Missing { // of other kinds in other records
		return text(v.String())
	}
	return v
}

// Of is the value of an algorithm, given by index, in a case: over all seeds, under the first
// name of the instance. A number is the mean over the seeds, or the median if it is the time
// of an effort, and missing if a seed has none; it is a lower bound if one of them is. Of Best
// columns the largest counts. The mean of truths is a share. Texts must be equal for all seeds.
func (c Column) Of(k *Case, algorithm int) Value {
	var few [8]Value // on the stack
	values := few[:0]
	for _, r := range k.Runs[algorithm] {
		values = append(values, c.At(k, r, &k.Names[0]))
	}
	switch {
	case len(values) == 0:
		return Value{}
	case !slices.ContainsFunc(values[1:], func(v Value) bool { return !v.equals(values[0]) }):
		return values[0]
	case c.Best:
		return slices.MaxFunc(values, func(a, b Value) int {
			return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.N, b.N), cmp.Compare(a.X, b.X))
		})
	}
	out := Value{Kind: c.Kind}
	var fewer [8]float64
	numbers := fewer[:0]
	for _, v := range values {
		x, ok := v.Spent()
		if !ok {
			return Value{} // as for texts that differ
		}
		numbers = append(numbers, x)
		out.AtLeast = out.AtLeast || v.AtLeast
	}
	out.X = stats.Mean(numbers)
	if c.Timed && c.Mean == "sgm" { // scores and gaps are means by definition
		out.X = stats.Median(numbers)
	}
	return out
}

// Spread is the difference between the largest and the smallest value of the seeds, over
// their mean. It needs several seeds, each with a value.
func (c Column) Spread(k *Case, algorithm int) (float64, bool) {
	var numbers []float64
	for _, r := range k.Runs[algorithm] {
		x, ok := c.At(k, r, &k.Names[0]).Exact()
		if !ok {
			return 0, false
		}
		numbers = append(numbers, x)
	}
	mean := stats.Mean(numbers)
	if len(numbers) < 2 || mean == 0 {
		return 0, false
	}
	return (slices.Max(numbers) - slices.Min(numbers)) / mean, true
}
