package summary

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

// Column is one thing that a run tells. Filters, groups, tables, axes, the gate and exports
// all speak of columns.
type Column struct {
	Name   string // as specs and expressions say it
	Label  string // in heads of tables and on axes; the name if empty
	Doc    string // what it is, in a few words
	Kind   Kind
	Unit   string // empty for ratios and counts, and for costs, whose unit is that of their cost function
	Better Direction
	// Timed: it depends on the speed of the machine.
	Timed bool
	// Plan: only runs with a plan have it, and so no proof that there is none.
	Plan bool
	// Mean is how a figure sums the column up unless it says otherwise: one of the figures
	// of package tables, such as "mean".
	Mean string
	// Shift is that of shifted geometric means, in the column's unit.
	Shift float64
	// Input: it is known before the run.
	Input bool
	// Best: of several seeds the largest value counts, because each is a proof. It is an
	// integer.
	Best bool
	// Record is what a record of a case tells under one of the names of its instance. It is
	// only asked of runs that tell it: not of a plan's cost where there is no plan.
	Record func(c *Case, r *results.Record, n *results.Name) Value
}

// Direction tells which values of a column are better.
type Direction uint8

// The directions.
const (
	Neither Direction = iota
	Lower
	Higher
)

// String is "lower", "higher", or nothing.
func (d Direction) String() string { return [...]string{"", "lower", "higher"}[d] }

// The properties of columns: that their values depend on the speed of the machine, and that
// they are known before the run.
const (
	TimedColumn spec.Property = "timed"
	InputColumn spec.Property = "input"
)

// ColumnKind is the kind of columns in a catalogue.
const ColumnKind = "column"

// Registry makes columns known to a catalogue.
func Registry(entries ...spec.Entry[Column]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: ColumnKind, Plural: "columns", Synopsis: "what runs tell, to filter, group, tabulate and plot them by",
		Vocabulary: []spec.Property{TimedColumn, InputColumn},
	}, entries...)
}

// The beginnings of the names of columns that records bring along: parameters of the family
// that made the instance, parameters of the algorithm, features of the instance, counters of
// the search. A parameter, feature or counter may be named without its beginning.
const (
	paramPrefix     = "param."
	algorithmPrefix = "algorithm."
	featurePrefix   = "feature."
	counterPrefix   = "counter."
)

// Title is the column in heads and on axes.
func (c Column) Title() string {
	if c.Label != "" {
		return c.Label
	}
	return c.Name
}

// At is what a record tells under one name of its instance.
func (c Column) At(k *Case, r *results.Record, n *results.Name) Value {
	if c.Plan && !r.Outcome.HasPlan() {
		return Value{}
	}
	v := c.Record(k, r, n)
	if c.Timed {
		v.X = nonNegative(v.X)
	}
	if c.Kind == Text && v.Kind != Text && v.Kind != Missing { // of other kinds in other records
		return text(v.String())
	}
	return v
}

// nonNegative takes care of clocks that were set back.
func nonNegative(x float64) float64 {
	if x < 0 {
		return 0
	}
	return x
}

// Of is what the runs of an algorithm, given by index, tell of a case, all seeds together,
// under the first name of its instance.
// Numbers are the mean over the seeds if all have one, else there is none; a mean of which
// one is a lower bound is such a bound. Times are the median, bounds the best; the mean of a
// truth is a share. Texts have a value where all seeds agree.
func (c Column) Of(k *Case, algorithm int) Value {
	run := k.Runs[algorithm]
	switch len(run) {
	case 0:
		return Value{}
	case 1:
		return c.At(k, run[0], &k.Names[0])
	}
	var few [8]Value // on the stack
	values := few[:0]
	for _, r := range run {
		values = append(values, c.At(k, r, &k.Names[0]))
	}
	return c.overSeeds(values)
}

func (c Column) overSeeds(values []Value) Value {
	if !slices.ContainsFunc(values[1:], func(v Value) bool { return !v.equals(values[0]) }) {
		return values[0]
	}
	if c.Best {
		return slices.MaxFunc(values, func(a, b Value) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.N, b.N)) })
	}
	out := Value{Kind: c.Kind}
	var few [8]float64
	numbers := few[:0]
	for _, v := range values {
		if x, ok := v.Spent(); ok {
			numbers = append(numbers, x)
			out.AtLeast = out.AtLeast || v.AtLeast
		}
	}
	switch {
	case len(numbers) < len(values): // texts are none
		return Value{}
	case c.Timed:
		out.X = stats.Median(numbers)
	default:
		out.X = stats.Mean(numbers)
	}
	return out
}

// Spread is the difference between the largest and the smallest value of the seeds, over
// their mean; it has a value where all seeds have one and there are several.
func (c Column) Spread(k *Case, algorithm int) (float64, bool) {
	run := k.Runs[algorithm]
	var numbers []float64
	for _, r := range run {
		if x, ok := c.At(k, r, &k.Names[0]).Exact(); ok {
			numbers = append(numbers, x)
		}
	}
	mean := stats.Mean(numbers)
	if len(numbers) < 2 || len(numbers) < len(run) || mean == 0 {
		return 0, false
	}
	return (slices.Max(numbers) - slices.Min(numbers)) / mean, true
}
