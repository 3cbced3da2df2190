package gate

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

// Comparison is what became of the solvers from baseline to candidate.
type Comparison struct {
	Baseline, Candidate Side
	Thresholds          Thresholds
	// Pairs are the runs that have a counterpart.
	Pairs int
	// SeveralCosts and SeveralSeeds tell what it takes to name a pair beside its instance.
	SeveralCosts, SeveralSeeds bool
	// Rows are sorted by metric, then algorithm; algorithms without a pair have none.
	Rows []Row
	// Alarms are about what cannot be true of runs of both sides: faults and contradictions
	// that the baseline alone does not show.
	Alarms []summary.Alarm
	// Changed are runs that are equal but for the content of their instance.
	Changed []Pair
	// Drift is how all algorithms together changed in timed metrics, by metric: 1 is not
	// at all. It has no entry for a metric without two algorithms that can be compared.
	Drift map[string]float64
	// Idle are the patterns of thresholds that no algorithm of the pairs fits.
	Idle []string
}

// Side is one of the two sets of records.
type Side struct {
	Records   int
	Only      []*results.Record // runs without a counterpart on the other side
	Revisions []string          // of the program that made the records, sorted
}

// Row is what became of one algorithm in one metric.
type Row struct {
	Algorithm string
	Metric    Metric
	Threshold Threshold
	Verdict   Verdict
	// Better, Same and Worse count the pairs that were compared, by whether they changed
	// beyond the tolerance. Those of a timed metric are questions: seeds of one are measurements
	// of the same.
	Better, Same, Worse int
	Left                map[Reason]int // pairs that were not compared
	// Before and After are the sums of metrics that count answers, over what was compared.
	Before, After int64
	// Ratio is that of the candidate's values to the baseline's: the geometric mean of an
	// exact metric, and of a timed one the median, drift taken out. It is NaN without pairs
	// and for metrics that count answers, and infinite where something came from nothing.
	Ratio float64
	// Test is nil for exact metrics.
	Test *Test
	// Changes are the pairs that changed beyond the tolerance, worst first.
	Changes []Change
}

// Compared is how many pairs were compared.
func (r Row) Compared() int { return r.Better + r.Same + r.Worse }

// LeftOut is how many pairs were not compared.
func (r Row) LeftOut() int {
	n := 0
	for _, left := range r.Left {
		n += left
	}
	return n
}

// Verdict is the outcome of a row.
type Verdict string

// The verdicts. Worse is a regression; Tolerated stands for worse pairs that thresholds
// excuse, and that no pair makes up for.
const (
	Worse       Verdict = "worse"
	Tolerated   Verdict = "tolerated"
	Better      Verdict = "better"
	Same        Verdict = "same"
	NotCompared Verdict = "not compared"
)

// Compare compares records, each of another run, as [results.Read] leaves them.
func Compare(baseline, candidate []results.Record, t Thresholds) *Comparison {
	p := pairUp(baseline, candidate)
	c := &Comparison{
		Baseline: p.base, Candidate: p.cand, Pairs: len(p.pairs), Changed: p.changed,
		Thresholds: t, Idle: t.idle(p.pairs), Alarms: newAlarms(baseline, candidate), Drift: map[string]float64{},
	}
	for _, q := range p.pairs {
		first := p.pairs[0].Base
		c.SeveralCosts = c.SeveralCosts || q.Base.CostFunction != first.CostFunction
		c.SeveralSeeds = c.SeveralSeeds || q.Base.Seed != first.Seed
	}
	byAlgorithm := stats.GroupBy(p.pairs, func(p Pair) string { return p.Base.Algorithm })
	for _, m := range Metrics() {
		if m.Timed && t.Untimed {
			continue
		}
		rows := make([]Row, len(byAlgorithm))
		for i, g := range byAlgorithm {
			rows[i] = Row{Algorithm: g.Key, Metric: m, Threshold: t.Of(g.Key, m), Left: map[Reason]int{}, Ratio: math.NaN()}
			if m.Timed {
				rows[i].measure(g.Items)
			} else {
				rows[i].compare(g.Items)
			}
		}
		if m.Timed {
			if drift, known := takeOutDrift(rows, t.KeepDrift); known {
				c.Drift[m.Name] = drift
			}
		}
		c.Rows = append(c.Rows, rows...)
	}
	c.correct()
	for i := range c.Rows {
		c.Rows[i].judge()
	}
	return c
}

// newAlarms are those of the records of both sides together that the baseline does not
// raise by itself.
func newAlarms(baseline, candidate []results.Record) []summary.Alarm {
	known := map[string]bool{}
	for _, a := range summary.Of(baseline).Alarms {
		known[a.String()] = true
	}
	var out []summary.Alarm
	for _, a := range summary.Of(slices.Concat(baseline, candidate)).Alarms {
		if !known[a.String()] {
			known[a.String()] = true // one run of both sides is the same alarm twice
			out = append(out, a)
		}
	}
	return out
}

// judge comes to the verdict, once everything is counted.
func (r *Row) judge() {
	worse := r.Worse > r.Threshold.Pairs
	better := r.Better > 0
	if r.Test != nil {
		worse, better = r.Test.Slower, r.Test.Faster
	}
	switch {
	case r.Compared() == 0:
		r.Verdict = NotCompared
	case worse && !r.Threshold.Ignore:
		r.Verdict = Worse
	case worse || (r.Test == nil && r.Worse > 0):
		r.Verdict = Tolerated
	case better:
		r.Verdict = Better
	default:
		r.Verdict = Same
	}
}

// Of are the rows with a verdict, in their order.
func (c *Comparison) Of(v Verdict) []Row {
	return slices.DeleteFunc(slices.Clone(c.Rows), func(r Row) bool { return r.Verdict != v })
}

// Missing counts the runs of the baseline that were not compared for want of a
// counterpart.
func (c *Comparison) Missing() int { return len(c.Baseline.Only) + len(c.Changed) }

// Regression tells whether the candidate is worse than the thresholds allow.
func (c *Comparison) Regression() bool {
	return len(c.Of(Worse)) > 0 || len(c.Alarms) > 0 || (c.Thresholds.RefuseUnpaired && c.Missing() > 0)
}
