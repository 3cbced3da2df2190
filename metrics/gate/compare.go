package gate

import (
	"cmp"
	"math"
	"math/big"
	"slices"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
	"github.com/cloudrearrange/rearrange/results/best"
)

// Comparison is what became of the solvers from baseline to candidate.
type Comparison struct {
	Pairs      int        `json:"pairs"` // runs that have a counterpart
	Baseline   Side       `json:"baseline"`
	Candidate  Side       `json:"candidate"`
	Thresholds Thresholds `json:"-"`
	// Alarms are faults and contradictions that the baseline alone does not show.
	Alarms []best.Alarm `json:"-"`
	// Problems are the faults in the files of the records; Compare leaves them to its caller.
	Problems []results.Problem `json:"-"`
	// Drift is the ratio of all algorithms together, by timed metric. It has no entry for a
	// metric without two algorithms that can be compared.
	Drift map[string]Ratio `json:"drift,omitempty"`
	// Rows are sorted by metric, then algorithm; algorithms without a pair have none.
	Rows    []Row  `json:"rows"`
	Changed []Pair `json:"changed_instances"` // equal but for the content of their instance
	// Idle are the patterns of thresholds that no algorithm of the pairs fits.
	Idle []string `json:"-"`

	severalCosts, severalSeeds bool // what it takes to name a pair beside its instance
}

// Row is what became of one algorithm in one metric.
type Row struct {
	Algorithm string `json:"algorithm"`
	Metric    `json:",inline"`
	Verdict   Verdict `json:"verdict"`
	Why       Reason  `json:"why,omitempty"` // a timed row with values has no verdict
	// Worse, Better and Same count the pairs that were compared, by whether they changed
	// beyond the tolerance; of a timed metric, instances with all their seeds, drift taken out.
	Worse   int            `json:"worse"`
	Better  int            `json:"better"`
	Same    int            `json:"same"`
	Left    map[Reason]int `json:"not_compared"`      // pairs that were not compared
	Answers *[2]int64      `json:"answers,omitempty"` // before and after, in the pairs compared
	// Ratio is that of the candidate's values to the baseline's: the geometric mean of an
	// exact metric, and of a timed one the median, drift taken out. It is NaN without pairs
	// and for metrics that count answers, and infinite where something came from nothing.
	Ratio     Ratio     `json:"ratio,omitzero"`
	Threshold Threshold `json:"threshold"`
	Test      *Test     `json:"test,omitempty"` // nil for exact metrics
	Changes   []Change  `json:"changes"`        // beyond the tolerance, worst first
}

// Change is a pair whose value changed beyond the tolerance; of a timed metric an instance,
// with medians over its seeds and one of its pairs.
type Change struct {
	Pair   `json:"run"`
	Worse  bool    `json:"worse"`
	Before float64 `json:"before"`
	After  float64 `json:"after"`
	Ratio  Ratio   `json:"ratio,omitzero"` // After / Before, drift included: 1 where both are 0
}

// Ratio is a number that JSON leaves out where it is not finite.
type Ratio float64

// IsZero tells that there is no number to write.
func (r Ratio) IsZero() bool { return math.IsNaN(float64(r)) || math.IsInf(float64(r), 0) }

// Compared is how many pairs, or instances, were compared.
func (r Row) Compared() int { return r.Better + r.Same + r.Worse }

// Verdict is the outcome of a row.
type Verdict string

// The verdicts. Worse is a regression; Tolerated stands for worse pairs that thresholds excuse, and that no pair makes up for.
const (
	Worse       Verdict = "worse"
	Tolerated   Verdict = "tolerated"
	Better      Verdict = "better"
	Same        Verdict = "same"
	NotCompared Verdict = "not compared"
)

// Compare compares records, each of another run, as [results.Read] leaves them.
func Compare(baseline, candidate []results.Record, t Thresholds) *Comparison {
	c := &Comparison{Thresholds: t, Alarms: best.NewAlarms(baseline, candidate), Drift: map[string]Ratio{}}
	pairs := c.pairUp(baseline, candidate)
	c.Pairs, c.Idle = len(pairs), t.idle(pairs)
	c.severalCosts = slices.ContainsFunc(pairs, func(p Pair) bool { return p.Base.CostFunction != pairs[0].Base.CostFunction })
	c.severalSeeds = slices.ContainsFunc(pairs, func(p Pair) bool { return p.Base.Seed != pairs[0].Base.Seed })
	c.Baseline.measure(pairs, func(p Pair) *results.Record { return p.Base })
	c.Candidate.measure(pairs, func(p Pair) *results.Record { return p.Cand })
	scheduled := slices.DeleteFunc(slices.Clone(pairs), func(p Pair) bool { return p.Base.Schedule == nil })
	for _, m := range Metrics() {
		if m.Timed && t.Untimed || m.target && !slices.ContainsFunc(pairs, func(p Pair) bool { return p.Base.Target != nil }) {
			continue
		}
		compared := stats.GroupBy(pairs, func(p Pair) string { return p.Base.Algorithm })
		if m.schedule {
			compared = stats.GroupBy(scheduled, func(p Pair) string { return p.Base.Schedule.Scheduler })
		}
		rows := make([]Row, len(compared))
		for i, g := range compared {
			rows[i] = Row{Algorithm: g.Key, Metric: m, Threshold: t.Of(g.Key, m), Left: map[Reason]int{}, Ratio: Ratio(math.NaN())}
			if m.Timed {
				rows[i].measure(g.Items)
			} else {
				rows[i].compare(g.Items)
			}
		}
		if m.Timed {
			if drift, known := takeOutDrift(rows, t.KeepDrift, c.Baseline.busy() || c.Candidate.busy()); known {
				c.Drift[m.Name] = drift
			}
		}
		c.Rows = append(c.Rows, rows...)
	}
	c.decide()
	for i := range c.Rows {
		c.Rows[i].judge()
	}
	return c
}

// compare compares the pairs of an exact metric.
func (r *Row) compare(pairs []Pair) {
	var ratios []float64
	var answers [2]int64
	for _, p := range pairs {
		before, after := r.of(p.Base), r.of(p.Cand)
		if why := r.leave(p, before, after); why != "" {
			r.Left[why]++
			continue
		}
		answers[0], answers[1] = answers[0]+max(before.N, 0), answers[1]+max(after.N, 0)
		ratio := stats.Ratio(after.X, before.X)
		ratios = append(ratios, ratio)
		if change := beyond(before, after, r.Threshold.Tolerance); change == 0 {
			r.Same++
		} else {
			worse := change < 0 == (r.Column.Better == summary.Higher)
			r.Changes = append(r.Changes, Change{Pair: p, Worse: worse, Before: before.X, After: after.X, Ratio: Ratio(ratio)})
		}
	}
	if r.Answer {
		r.Answers = &answers
	} else {
		r.Ratio = Ratio(stats.GeoMean(ratios))
	}
}

// beyond is the sign of the change from one value to another, or 0 if it is within the
// tolerance, relative to the first one. It is exact.
func beyond(before, after summary.Value, tolerance *big.Rat) int {
	exact := func(v summary.Value) *big.Rat {
		if v.Whole {
			return new(big.Rat).SetInt64(v.N)
		}
		return new(big.Rat).SetFloat64(v.X)
	}
	if before.N == after.N && before.X == after.X {
		return slices.Compare(after.Ranks, before.Ranks)
	}
	from := exact(before)
	change := new(big.Rat).Sub(exact(after), from)
	if new(big.Rat).Abs(change).Cmp(from.Mul(from, tolerance)) <= 0 {
		return 0
	}
	return change.Sign()
}

// judge counts and sorts the changes, and comes to the verdict.
func (r *Row) judge() {
	badness := func(c Change) float64 {
		switch {
		case r.Answer:
			return c.Before - c.After
		case r.Column.Better == summary.Higher:
			return 1 / float64(c.Ratio)
		}
		return float64(c.Ratio)
	}
	slices.SortStableFunc(r.Changes, func(a, b Change) int { return cmp.Compare(badness(b), badness(a)) })
	for _, c := range r.Changes {
		if c.Worse {
			r.Worse++
		} else {
			r.Better++
		}
	}
	worse, better := r.Worse > *r.Threshold.Pairs, r.Better > 0
	if r.Test != nil {
		worse, better = r.Test.sign > 0, r.Test.sign < 0
	}
	switch {
	case r.Compared() == 0 || r.Why != "":
		r.Verdict = NotCompared
	case worse && !*r.Threshold.Ignore:
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

// Missing counts the runs of the baseline that were not compared for want of a counterpart.
func (c *Comparison) Missing() int { return len(c.Baseline.Only) + len(c.Changed) }

// Regression tells whether the candidate is worse than the thresholds allow. Alarms are more than that.
func (c *Comparison) Regression() bool {
	return len(c.Of(Worse)) > 0 || (c.Thresholds.RefuseUnpaired && c.Missing() > 0)
}
