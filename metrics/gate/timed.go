package gate

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

const (
	leastS = 0.01 // s; the collection of garbage and other work of the machine rule shorter times
	fewest = 6    // independent instances for a verdict: of five, all would have to agree

	// By how much more the runs of one side may wait for a core, and how many more processes there may be beside them.
	unevenWaiting, unevenLoad = 1.5, 1.0
	// What a machine without other work tells at most.
	quietWaiting, quietLoad = 1.2, 0.5

	inGeneral = "" // in place of a question: over all of them
)

// Test is what is known of a timed metric, beside counts of instances.
type Test struct {
	Drift       Ratio `json:"drift"`       // of the others: 1 where there are none, and where drift counts
	Tolerance   Ratio `json:"tolerance"`   // that of the thresholds, widened for a machine that is unequal
	Independent int   `json:"independent"` // instances, those made out of one cloud as one
	// P is the probability of as many ratios beyond the tolerance on the side of the change if
	// each lies there with a probability of a half. Corrected is P for all timed rows together.
	P         Ratio `json:"p,omitzero"`
	Corrected Ratio `json:"p_corrected,omitzero"`

	instances []Change
	logs      []float64          // of the ratios of the instances
	on        map[string]float64 // the same by question, and their median inGeneral
	sign      int                // of the change: 1 is slower, -1 faster, 0 neither
	cpu       *Test              // of CPU time, without which a change of time is none
}

// measure gathers the instances of a timed metric.
//
// Note: an instance counts if both sides took long enough. A choice by one side, or by the
// longer one, would pick the hiccups of that side out of many short runs.
func (r *Row) measure(pairs []Pair) {
	r.Test = &Test{Drift: 1, P: Ratio(math.NaN()), Corrected: Ratio(math.NaN()), on: map[string]float64{}}
	for _, g := range stats.GroupBy(pairs, func(p Pair) string { return question(p.Base) }) {
		var x Change
		var before, after, logs, baseWorked, candWorked []float64
		for _, p := range g.Items {
			b, c := r.of(p.Base), r.of(p.Cand)
			if why := r.leave(p, b, c); why != "" {
				r.Left[why]++
				continue
			}
			x.Pair = p
			before, after, logs = append(before, b.X), append(after, c.X), append(logs, math.Log(c.X/b.X))
			baseWorked, candWorked = append(baseWorked, p.Base.WorkedS()), append(candWorked, p.Cand.WorkedS())
		}
		switch {
		case len(logs) == 0:
		case min(stats.Median(baseWorked), stats.Median(candWorked)) < leastS:
			r.Left[TooShort] += len(logs)
		default:
			log := stats.Median(logs)
			x.Before, x.After, x.Ratio = stats.Median(before), stats.Median(after), Ratio(math.Exp(log))
			r.Test.instances, r.Test.logs = append(r.Test.instances, x), append(r.Test.logs, log)
			r.Test.on[g.Key] = log
		}
	}
	if len(r.Test.logs) > 0 {
		r.Test.on[inGeneral] = stats.Median(r.Test.logs)
	}
}

// measure tells how busy the machine was with other work during the runs of pairs.
func (s *Side) measure(pairs []Pair, of func(Pair) *results.Record) {
	var waiting, load []float64
	for _, p := range pairs {
		r := of(p)
		if r.CPUS > 0 && r.WorkedS() >= leastS {
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

// uneven tells that the machine had more other work on one side, as far as is known.
func uneven(a, b Side) bool {
	return max(a.Waiting/b.Waiting, b.Waiting/a.Waiting) > unevenWaiting || math.Abs(float64(a.Load-b.Load)) > unevenLoad
}

// takeOutDrift compares the rows of one timed metric, one an algorithm. It returns how all of
// them together changed, and whether two or more were measured.
//
// Note: a row is set against the others without itself, or one that got much slower would pass part of that on to the
// drift. What the others changed by on the same instance tells of a machine that was slow for a while; where that is
// noisier than it helps, what they changed by in general is taken.
func takeOutDrift(rows []Row, keep, busy bool) (together Ratio, known bool) {
	others := func(i int, question string) (out []float64) {
		for k, r := range rows {
			if log, ok := r.Test.on[question]; ok && k != i {
				out = append(out, log)
			}
		}
		return out
	}
	for i := range rows {
		r, logs, all := &rows[i], rows[i].Test.logs, others(i, inGeneral)
		if len(logs) == 0 {
			continue
		}
		drift, unequal := make([]float64, len(logs)), 0.0
		if !keep {
			if len(all) == 0 {
				r.Why = Alone
			} else {
				floats.AddConst(stats.Median(all), drift)
			}
			here := slices.Clone(drift)
			for k, x := range r.Test.instances {
				if those := others(i, question(x.Base)); len(those) > 0 {
					here[k] = stats.Median(those)
				}
			}
			noise := spread(logs)
			if left := spread(floats.SubTo(make([]float64, len(logs)), logs, here)); left < noise {
				drift, noise = here, left
			}
			if len(all) > 2 { // enough to tell how differently the machine treats algorithms
				unequal = spread(all)
			}
			if busy {
				unequal += noise
			}
		}
		r.test(drift, unequal)
	}
	all := others(-1, inGeneral)
	return Ratio(math.Exp(stats.Median(all))), len(all) >= 2
}

// spread is the standard deviation of normal values with the same quartiles.
func spread(values []float64) float64 {
	f := stats.Summarise(values)
	return (f.Q3 - f.Q1) / 1.349
}

// test makes the sign test, given the logarithms of the drift of the others on each instance,
// and how unequally the machine treats algorithms and runs.
//
// Note: drift reduces a change to nothing at most, and never reverses it. Otherwise, if one of
// few algorithms got faster, the others would seem to have got slower.
func (r *Row) test(drift []float64, unequal float64) {
	t := r.Test
	tolerance, _ := r.Threshold.Tolerance.Float64()
	slack := math.Log1p(tolerance) + unequal
	t.Tolerance = Ratio(math.Expm1(slack))
	rest := floats.SubTo(make([]float64, len(drift)), t.logs, drift)
	bySource := map[string][]float64{}
	for i, x := range t.instances {
		source := cmp.Or(x.Base.Source, question(x.Base))
		bySource[source] = append(bySource[source], rest[i])
		change := nearer(t.logs[i], rest[i])
		if x.Worse = change > 0; math.Abs(change) <= slack {
			r.Same++
		} else {
			r.Changes = append(r.Changes, x)
		}
	}
	slower, faster := 0, 0
	for _, those := range bySource {
		if middle := stats.Median(those); middle > slack {
			slower++
		} else if middle < -slack {
			faster++
		}
	}
	change := nearer(stats.Median(t.logs), stats.Median(rest))
	r.Ratio, t.Drift, t.Independent = Ratio(math.Exp(change)), Ratio(math.Exp(stats.Median(drift))), len(bySource)
	t.P = Ratio(distuv.Binomial{N: float64(t.Independent), P: 0.5}.CDF(float64(t.Independent - max(slower, faster))))
	if sign := cmp.Compare(slower, faster); change*float64(sign) > slack {
		t.sign = sign
	}
}

// nearer is the one of two changes that is nearer to none: none if their signs differ.
func nearer(a, b float64) float64 {
	if a*b <= 0 {
		return 0
	}
	return math.Copysign(min(math.Abs(a), math.Abs(b)), a)
}

// decide makes significance hold for all timed rows together, and takes back what the machine may have done. A time
// that CPU time has to confirm raises no alarm without it, and takes no part in the correction.
func (c *Comparison) decide() {
	quiet := !c.Baseline.busy() && !c.Candidate.busy() && c.Baseline.Load >= 0 && c.Candidate.Load >= 0 // which it is not if not known
	var tests []*Row
	var p []float64
	cpu, family := map[string]*Test{}, 0
	for i := range slices.Backward(c.Rows) { // CPU times before times
		r, t := &c.Rows[i], c.Rows[i].Test
		switch {
		case t == nil || len(t.instances) == 0:
			continue
		case t.Independent < fewest:
			r.Why = TooFew
		case r.Name == "time" && uneven(c.Baseline, c.Candidate):
			r.Why = UnevenLoad
		}
		if r.Name == "cpu" {
			cpu[r.Algorithm] = t
		} else if !quiet {
			t.cpu = cpu[r.Algorithm]
		}
		if r.Why != "" {
			t.sign = 0
			continue
		}
		tests, p = append(tests, r), append(p, math.NaN())
		if t.cpu == nil {
			p[len(p)-1] = float64(t.P)
			family++
		}
	}
	for i, corrected := range stats.Holm(p) {
		r, t, significance := tests[i], tests[i].Test, *tests[i].Threshold.Significance
		t.Corrected = Ratio(corrected)
		if math.Ldexp(float64(family), -t.Independent) > significance {
			r.Why, t.sign = TooFew, 0
			continue
		}
		if t.cpu != nil {
			t.Corrected = max(t.P, t.cpu.Corrected)
			if t.sign != t.cpu.sign && t.sign != 0 && float64(t.P) <= significance {
				r.Why = Unconfirmed
			}
		}
		if !(float64(t.Corrected) <= significance) || r.Why != "" {
			t.sign = 0
		}
	}
}
