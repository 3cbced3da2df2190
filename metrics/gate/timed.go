package gate

import (
	"math"

	"github.com/cloudrearrange/rearrange/metrics/stats"
)

// leastS is from where on a time says something about a solver: what is shorter is ruled
// by the collection of garbage and by what else the machine does. A pair of which one run
// took as long counts.
const leastS = 0.01

// Test is what is known of a timed metric, beside counts of questions.
type Test struct {
	// Drift is the part of the ratios that was taken out of what follows: that by which all
	// other algorithms got slower, where this one did, or faster. It is 1 where they did
	// not, where there are none, and where drift counts.
	Drift float64
	// A12 is the share of questions that took longer than before, equal ones counting half:
	// Vargha and Delaney's measure of the ratios against 1.
	A12 float64
	// P is the probability of ratios so far beyond the tolerance, if they lie about it;
	// Corrected is P for all timed rows together.
	P, Corrected float64
	Slower       bool // the median is beyond the tolerance, and P significant
	Faster       bool

	questions []measured
}

// measured is the question of a pair, with the logarithms of the ratios of its seeds.
type measured struct {
	pair Pair
	logs []float64
}

// measure gathers the ratios of the pairs of a timed metric.
func (r *Row) measure(pairs []Pair) {
	r.Test = &Test{Drift: 1, A12: math.NaN(), P: math.NaN(), Corrected: math.NaN()}
	at := map[string]int{}
	for _, p := range pairs {
		why := r.Metric.leave(p.Base, p.Cand)
		before, after := r.Metric.seconds(p.Base), r.Metric.seconds(p.Cand)
		if why == "" && max(before, after) < leastS {
			why = TooShort
		}
		if why == "" && min(before, after) <= 0 {
			why = NoClock
		}
		if why != "" {
			r.Left[why]++
			continue
		}
		i, seen := at[question(p.Base)]
		if !seen {
			i = len(r.Test.questions)
			at[question(p.Base)] = i
			r.Test.questions = append(r.Test.questions, measured{pair: p})
		}
		r.Test.questions[i].logs = append(r.Test.questions[i].logs, math.Log(after/before))
	}
}

// logs are the logarithms of the ratios of an algorithm, one a question.
func (t *Test) logs() []float64 {
	out := make([]float64, len(t.questions))
	for i, question := range t.questions {
		out[i] = stats.Median(question.logs)
	}
	return out
}

// test compares what was measured, given the logarithm of the drift of the others.
//
// Note: drift explains a change away, at most all of it, and never makes one. Else, if of a
// few algorithms one got faster, the others would seem to have got slower.
func (r *Row) test(drift float64) {
	t := r.Test
	tolerance, _ := r.Threshold.Tolerance.Float64()
	slack := math.Log1p(tolerance)
	logs := t.logs()
	if len(logs) == 0 {
		return
	}
	change := stats.Median(logs)
	side := math.Copysign(1, change)
	drift = side * min(max(side*drift, 0), side*change)
	t.Drift = math.Exp(drift)
	for i := range logs {
		ratio := logs[i] - drift
		p := t.questions[i].pair
		c := Change{
			Pair: p, Before: r.Metric.seconds(p.Base), After: r.Metric.seconds(p.Cand),
			Ratio: math.Exp(logs[i]), Worse: ratio > 0,
		}
		logs[i] = ratio
		switch {
		case math.Abs(ratio) <= slack:
			r.Same++
			continue
		case ratio > 0:
			r.Worse++
		default:
			r.Better++
		}
		r.Changes = append(r.Changes, c)
	}
	r.sortChanges()
	median := stats.Median(logs)
	r.Ratio = math.Exp(median)
	t.A12 = stats.A12(logs, []float64{0})
	edge := make([]float64, len(logs))
	for i := range edge {
		edge[i] = side * slack
	}
	w := stats.WilcoxonSignedRank(logs, edge)
	t.P = 1 // on the near side of the edge
	if w.Z*side > 0 {
		t.P = w.P
	}
	t.Slower, t.Faster = median > slack, median < -slack
}

// takeOutDrift compares rows of one timed metric, one an algorithm, and tells how all of
// them together changed, if two or more were measured.
//
// Note: each row is set against the others without itself. Of few algorithms one that got
// much slower would otherwise pass half of that on to the drift, and so hide it.
func takeOutDrift(rows []Row, keep bool) (together float64, known bool) {
	medians := make([]float64, len(rows))
	for i := range rows {
		medians[i] = stats.Median(rows[i].Test.logs())
	}
	others := func(except int) (out []float64) {
		for i, m := range medians {
			if i != except && !math.IsNaN(m) {
				out = append(out, m)
			}
		}
		return out
	}
	for i := range rows {
		drift := 0.0
		if o := others(i); len(o) > 0 && !keep {
			drift = stats.Median(o)
		}
		rows[i].test(drift)
	}
	all := others(-1)
	return math.Exp(stats.Median(all)), len(all) >= 2
}

// correct makes significance hold for all timed rows together.
func (c *Comparison) correct() {
	var tests []*Row
	var p []float64
	for i := range c.Rows {
		if r := &c.Rows[i]; r.Test != nil {
			tests = append(tests, r)
			p = append(p, r.Test.P)
		}
	}
	for i, corrected := range stats.Holm(p) {
		t := tests[i].Test
		t.Corrected = corrected
		significant := corrected <= tests[i].Threshold.Significance
		t.Slower, t.Faster = t.Slower && significant, t.Faster && significant
	}
}
