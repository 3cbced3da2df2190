package gate

import (
	"cmp"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

const (
	// leastS is from where on a time says something about a solver: what is shorter is ruled
	// by the collection of garbage and by what else the machine does.
	leastS = 0.01
	// fewest independent instances for a verdict: of five, all would have to agree.
	fewest = 6
	// unevenWaiting is by how much more the runs of one side may wait for a core, and
	// unevenLoad how many more processes there may be beside them.
	unevenWaiting, unevenLoad = 1.5, 1.0
	// quietWaiting and quietLoad are at most what a machine without other work tells.
	quietWaiting, quietLoad = 1.2, 0.5
)

// Test is what is known of a timed metric, beside counts of instances.
type Test struct {
	// Drift is the median of what other algorithms changed by on the same instances: 1 where
	// there are none, and where drift counts.
	Drift Ratio `json:"drift"`
	// Tolerance is what the ratio is held against: that of the thresholds, and what is added
	// for a machine that treats algorithms or runs unequally.
	Tolerance Ratio `json:"tolerance"`
	// Independent counts instances, those made out of one cloud as one.
	Independent int `json:"independent"`
	// P is the probability of as many ratios beyond the tolerance on the side of the change if
	// each lies there with a probability of a half. Corrected is P for all timed rows together.
	P         Ratio `json:"p,omitzero"`
	Corrected Ratio `json:"p_corrected,omitzero"`

	instances      []Change
	slower, faster bool
	confirmed      *Test // of CPU time, without which a change of time is none
}

// measure gathers the instances of a timed metric.
//
// Note: an instance counts if both sides took long enough. A choice by one side, or by the
// longer one, would pick the hiccups of that side out of many short runs.
func (r *Row) measure(pairs []Pair) {
	r.Test = &Test{Drift: 1, P: Ratio(math.NaN()), Corrected: Ratio(math.NaN())}
	for _, g := range stats.GroupBy(pairs, func(p Pair) string { return question(p.Base) }) {
		var x Change
		var before, after, logs, baseLeast, candLeast []float64
		for _, p := range g.Items {
			if why := r.leave(p.Base, p.Cand); why != "" {
				r.Left[why]++
				continue
			}
			b, c := r.seconds(p.Base), r.seconds(p.Cand)
			x.Pair = p
			before, after, logs = append(before, b), append(after, c), append(logs, math.Log(c/b))
			baseLeast, candLeast = append(baseLeast, worked(p.Base)), append(candLeast, worked(p.Cand))
		}
		switch {
		case len(logs) == 0:
		case min(stats.Median(baseLeast), stats.Median(candLeast)) < leastS:
			r.Left[TooShort] += len(logs)
		default:
			x.Before, x.After, x.Ratio = stats.Median(before), stats.Median(after), Ratio(math.Exp(stats.Median(logs)))
			r.Test.instances = append(r.Test.instances, x)
		}
	}
}

// worked is how long a run took, the time that it waited for a core left out if that is
// known.
func worked(r *results.Record) float64 {
	if r.CPUS > 0 {
		return min(r.WallS, r.CPUS)
	}
	return r.WallS
}

// measure tells how busy the machine was with other work.
func (s *Side) measure(pairs []Pair, of func(Pair) *results.Record) {
	var waiting, load []float64
	for _, p := range pairs {
		r := of(p)
		if r.CPUS > 0 && worked(r) >= leastS {
			waiting = append(waiting, r.WallS/r.CPUS)
		}
		if l := r.Provenance.Load; l > 0 {
			load = append(load, max(0, l-float64(max(r.Provenance.Jobs, 1))))
		}
	}
	s.Waiting, s.Load = Ratio(stats.Median(waiting)), Ratio(stats.Median(load))
}

// busy tells that the machine had other work, as far as is known.
func (s Side) busy() bool { return s.Load > quietLoad || s.Waiting > quietWaiting }

func (c *Comparison) busy() bool { return c.Baseline.busy() || c.Candidate.busy() }

// uneven tells that the machine had more other work on one side, as far as is known.
func uneven(a, b Side) bool {
	return max(a.Waiting/b.Waiting, b.Waiting/a.Waiting) > unevenWaiting || math.Abs(float64(a.Load-b.Load)) > unevenLoad
}

// logs are the logarithms of the ratios, one an instance.
func (t *Test) logs() []float64 {
	out := make([]float64, len(t.instances))
	for i, x := range t.instances {
		out[i] = math.Log(float64(x.Ratio))
	}
	return out
}

// takeOutDrift compares the rows of one timed metric, one an algorithm, and tells how all of
// them together changed, if two or more were measured.
//
// Note: a row is set against the others without itself. Of few algorithms one that got much
// slower would otherwise pass half of that on to the drift, and so hide it. What the others
// changed by on the same instance tells of a machine that was slow for a while; where that
// is noisier than it helps, what they changed by in general is taken.
func takeOutDrift(rows []Row, keep, busy bool) (together Ratio, known bool) {
	medians := make([]float64, len(rows))
	on := map[string]map[int]float64{} // the logarithms of ratios by question and row
	for i := range rows {
		logs := rows[i].Test.logs()
		medians[i] = stats.Median(logs)
		for k, x := range rows[i].Test.instances {
			q := question(x.Base)
			if on[q] == nil {
				on[q] = map[int]float64{}
			}
			on[q][i] = logs[k]
		}
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
		r := &rows[i]
		if keep {
			r.test(make([]float64, len(r.Test.instances)), 0)
			continue
		}
		all, logs := others(i), r.Test.logs()
		if len(all) == 0 {
			all = []float64{0}
			if len(logs) > 0 {
				r.Why = Alone
			}
		}
		general := stats.Median(all)
		drift, rest := make([]float64, len(logs)), make([]float64, len(logs))
		for k, x := range r.Test.instances {
			var here []float64
			for other, log := range on[question(x.Base)] {
				if other != i {
					here = append(here, log)
				}
			}
			if drift[k] = general; len(here) > 0 {
				drift[k] = stats.Median(here)
			}
			rest[k] = logs[k] - drift[k]
		}
		if spread(logs) <= spread(rest) {
			for k := range drift {
				drift[k] = general
			}
		}
		unequal := 0.0 // how differently the machine treats algorithms, if there are enough to tell
		if len(all) > 2 {
			unequal = spread(all)
		}
		if busy && len(logs) > 0 {
			unequal += min(spread(logs), spread(rest))
		}
		r.test(drift, unequal)
	}
	all := others(-1)
	return Ratio(math.Exp(stats.Median(all))), len(all) >= 2
}

// spread is the standard deviation of normal values with the same quartiles.
func spread(values []float64) float64 {
	f := stats.Summarise(values)
	return (f.Q3 - f.Q1) / 1.349
}

// test compares what was measured, given the logarithms of the drift of the others on each
// instance, and how unequally the machine treats algorithms and runs. A sign test decides:
// hiccups on one side make ratios that are neither normal nor symmetric, which a signed-rank
// test takes for a change.
//
// Note: drift explains a change away, at most all of it, and never makes one. Else, if of a
// few algorithms one got faster, the others would seem to have got slower.
func (r *Row) test(drift []float64, unequal float64) {
	t := r.Test
	if len(drift) == 0 {
		return
	}
	tolerance, _ := r.Threshold.Tolerance.Float64()
	slack := math.Log1p(tolerance) + unequal
	t.Tolerance = Ratio(math.Expm1(slack))
	logs, rest := t.logs(), make([]float64, len(drift))
	bySource := map[string][]float64{}
	for i, x := range t.instances {
		rest[i] = logs[i] - drift[i]
		source := cmp.Or(x.Base.Source, question(x.Base))
		bySource[source] = append(bySource[source], rest[i])
		change := nearer(logs[i], rest[i])
		if x.Worse = change > 0; math.Abs(change) <= slack {
			r.Same++
		} else {
			r.change(x)
		}
	}
	r.sortChanges()
	slower, faster := 0, 0
	for _, those := range bySource {
		if middle := stats.Median(those); middle > slack {
			slower++
		} else if middle < -slack {
			faster++
		}
	}
	change := nearer(stats.Median(logs), stats.Median(rest))
	r.Ratio, t.Drift, t.Independent = Ratio(math.Exp(change)), Ratio(math.Exp(stats.Median(drift))), len(bySource)
	t.P = Ratio(distuv.Binomial{N: float64(t.Independent), P: 0.5}.CDF(float64(t.Independent - max(slower, faster))))
	t.slower, t.faster = change > slack && slower > faster, change < -slack && faster > slower
}

// nearer is the one of two changes that is nearer to none, which lies between those of
// different signs.
func nearer(a, b float64) float64 {
	if a*b <= 0 {
		return 0
	}
	return math.Copysign(min(math.Abs(a), math.Abs(b)), a)
}

// decide makes significance hold for all timed rows together, and takes back what the
// machine may have done.
func (c *Comparison) decide() {
	var tests []*Row
	cpu := map[string]*Test{} // by algorithm
	for i := range c.Rows {
		r := &c.Rows[i]
		switch {
		case r.Test == nil || len(r.Test.instances) == 0:
			continue
		case r.Test.Independent < fewest:
			r.Why = TooFew
		case r.Name == "time" && uneven(c.Baseline, c.Candidate):
			r.Why = UnevenLoad
		}
		if r.Why == "" {
			tests = append(tests, r)
		} else {
			r.Test.slower, r.Test.faster = false, false
		}
		if r.Name == "cpu" {
			cpu[r.Algorithm] = r.Test
		}
	}
	quiet := !c.busy() && c.Baseline.Load >= 0 && c.Candidate.Load >= 0 // which it is not if not known
	p, family := make([]float64, len(tests)), 0
	for i, r := range tests {
		if work := cpu[r.Algorithm]; r.Name == "time" && work != nil && !quiet {
			r.Test.confirmed = work
			p[i] = math.NaN() // it raises no alarm by itself, and needs no correction
			continue
		}
		p[i], family = float64(r.Test.P), family+1
	}
	for i, corrected := range stats.Holm(p) {
		tests[i].Test.Corrected = Ratio(corrected)
	}
	for _, r := range tests {
		t := r.Test
		if least := math.Ldexp(float64(family), -t.Independent); least > *r.Threshold.Significance {
			r.Why, t.slower, t.faster = TooFew, false, false
			continue
		}
		changed := (t.slower || t.faster) && float64(t.P) <= *r.Threshold.Significance
		if work := t.confirmed; work != nil {
			t.Corrected = max(t.P, work.Corrected)
			t.slower, t.faster = t.slower && work.slower, t.faster && work.faster
		}
		significant := float64(t.Corrected) <= *r.Threshold.Significance
		t.slower, t.faster = t.slower && significant, t.faster && significant
		if t.confirmed != nil && changed && !t.slower && !t.faster {
			r.Why = Unconfirmed
		}
	}
}
