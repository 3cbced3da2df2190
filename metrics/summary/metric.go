package summary

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

// Metric is something that runs are measured by and compared in, of which less is
// better.
type Metric struct {
	Name string // as parameters of tables and plots say it
	Text string // what it is, for labels and captions
	Unit string // empty for ratios, and for costs, whose unit is that of their cost function
	// Timed: it depends on the speed of the machine.
	Timed bool
	// Plan: only runs with a plan have it, and so no proof that there is none.
	Plan bool
	// Shift of its geometric means, in its unit.
	Shift float64

	of func(*Case, *results.Record) (float64, bool)
}

// Metrics lists the metrics.
func Metrics() []Metric {
	counter := func(name string) func(*Case, *results.Record) (float64, bool) {
		return func(_ *Case, r *results.Record) (float64, bool) {
			n, ok := r.Counters[name]
			return float64(n), ok
		}
	}
	return []Metric{
		{
			Name: "cost", Text: "cost of the plan", Plan: true,
			of: func(_ *Case, r *results.Record) (float64, bool) { return float64(*r.Cost), true },
		},
		{
			Name: "bound-ratio", Text: "cost / best proved lower bound", Plan: true,
			of: func(c *Case, r *results.Record) (float64, bool) { return over(*r.Cost, c.Bound) },
		},
		{
			Name: "best-ratio", Text: "cost / cost of the cheapest plan of any run", Plan: true,
			of: func(c *Case, r *results.Record) (float64, bool) { return over(*r.Cost, c.Best) },
		},
		{
			Name: "steps", Text: "length of the plan", Unit: "steps", Plan: true,
			of: func(_ *Case, r *results.Record) (float64, bool) { return float64(r.Steps), true },
		},
		{Name: "expanded", Text: "states expanded", Unit: "states", Shift: StatesShift, of: counter("expanded")},
		{Name: "generated", Text: "states generated", Unit: "states", Shift: StatesShift, of: counter("generated")},
		{
			Name: "time", Text: "wall-clock time", Unit: "s", Timed: true, Shift: TimeShiftS,
			of: func(_ *Case, r *results.Record) (float64, bool) { return r.WallS, true },
		},
		{
			Name: "cpu", Text: "CPU time", Unit: "s", Timed: true, Shift: TimeShiftS,
			of: func(_ *Case, r *results.Record) (float64, bool) { return r.CPUS, true },
		},
		{
			Name: "memory", Text: "peak memory", Unit: "MiB", Shift: MemoryShift / (1 << 20),
			of: func(_ *Case, r *results.Record) (float64, bool) { return float64(r.PeakBytes) / (1 << 20), true },
		},
	}
}

// over is a ratio of costs: 1 where both are 0. It has no value where only the reference
// is 0, where there is none, and where it is contradicted.
func over(cost int64, reference *int64) (float64, bool) {
	if reference == nil || cost < *reference || (*reference == 0 && cost > 0) {
		return 0, false
	}
	return stats.Ratio(cost, *reference), true
}

// MetricNames lists the names of the metrics that keep says yes to; of all if it is nil.
func MetricNames(keep func(Metric) bool) []string {
	return prose.Texts(kept(keep), func(m Metric) string { return m.Name })
}

func kept(keep func(Metric) bool) []Metric {
	return slices.DeleteFunc(Metrics(), func(m Metric) bool { return keep != nil && !keep(m) })
}

// MetricParam is a parameter that chooses one of the metrics that keep says yes to, of all
// if it is nil.
func MetricParam(name, preset, doc string, keep func(Metric) bool) spec.Param {
	list := prose.Texts(kept(keep), func(m Metric) string { return m.Name + ": " + m.Text })
	return spec.Param{
		Name: name, Type: spec.Choice, Choices: MetricNames(keep), Default: preset,
		Doc: doc + "; " + strings.Join(list, ", "),
	}
}

// MetricNamed finds a metric. It panics where there is none of the name, which is a
// fault of the program: parameters allow no other names.
func MetricNamed(name string) Metric {
	all := Metrics()
	i := slices.IndexFunc(all, func(m Metric) bool { return m.Name == name })
	if i < 0 {
		panic(fmt.Sprintf("summary: no metric %q", name))
	}
	return all[i]
}

// Of is the value that the metric has in the run of an algorithm, given by index, on a
// case. There is none without a run, of a run that was not solved, or has no plan where
// the metric is about plans, or does not tell it.
func (m Metric) Of(c *Case, algorithm int) (float64, bool) {
	r := c.Runs[algorithm]
	if r == nil || !r.Outcome.Solved() || (m.Plan && !r.Outcome.HasPlan()) {
		return 0, false
	}
	v, ok := m.of(c, r)
	return max(v, 0), ok // a clock may have been set back
}

// Spent is what a run had taken of the metric when it ended, solved or not: at least so
// much a solution takes. Only efforts have it.
func (m Metric) Spent(c *Case, algorithm int) (float64, bool) {
	r := c.Runs[algorithm]
	if r == nil || m.Plan || r.Outcome.Faulty() || r.Outcome == results.Unsupported {
		return 0, false
	}
	v, ok := m.of(c, r)
	return max(v, 0), ok
}

// Sample holds a metric's values over the cases in which all compared algorithms have
// one.
type Sample struct {
	Metric Metric
	Comparison
	Values [][]float64 // by Compared, then Common
}

// Sample reads a metric off the runs.
func (s *Summary) Sample(m Metric) Sample {
	out := Sample{Metric: m, Comparison: s.compare(func(c *Case, a int) bool {
		_, ok := m.Of(c, a)
		return ok
	})}
	for _, a := range out.Compared {
		values := make([]float64, len(out.Common))
		for i, c := range out.Common {
			values[i], _ = m.Of(c, a)
		}
		out.Values = append(out.Values, values)
	}
	return out
}

// CostUnit is what costs are costs by: the cost function of all cases. It is empty where
// there are several.
func (s *Summary) CostUnit() string {
	unit := ""
	for i, c := range s.Cases {
		if i > 0 && c.CostFunction != unit {
			return ""
		}
		unit = c.CostFunction
	}
	return unit
}

// Only is the summary of some algorithms, in the order of s. Bounds and cheapest plans
// stay those of all, and so do alarms. An algorithm without records is an error.
func (s *Summary) Only(algorithms []string) (*Summary, error) {
	var keep []int
	for _, name := range algorithms {
		a := slices.Index(s.Algorithms, name)
		if a < 0 {
			return nil, s.noRecord(name)
		}
		if !slices.Contains(keep, a) {
			keep = append(keep, a)
		}
	}
	slices.Sort(keep)
	out := &Summary{Catalogue: s.Catalogue, Records: s.Records, Superseded: s.Superseded, Alarms: s.Alarms, Algorithms: s.Names(keep)}
	for _, c := range s.Cases {
		k := *c
		k.Runs = make([]*results.Record, len(keep))
		for i, a := range keep {
			k.Runs[i] = c.Runs[a]
		}
		if slices.ContainsFunc(k.Runs, func(r *results.Record) bool { return r != nil }) {
			out.Cases = append(out.Cases, &k)
		}
	}
	out.figures()
	return out, nil
}

func (s *Summary) noRecord(algorithm string) error {
	return fmt.Errorf("no record of the algorithm %s%s", algorithm, spec.DidYouMean(algorithm, s.Algorithms, "there are records of"))
}
