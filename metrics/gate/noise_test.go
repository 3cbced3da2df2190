package gate_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/metrics/gate"
	"github.com/cloudrearrange/rearrange/results"
)

// A machine disturbs times: it makes a factor of each run, one call for each side of a
// comparison. Runs come in the order in which suites make them, algorithms innermost.
type machine func(random *rand.Rand, runs int) []float64

func each(of func(random *rand.Rand, i int) float64) machine {
	return func(random *rand.Rand, runs int) []float64 {
		out := make([]float64, runs)
		for i := range out {
			out[i] = of(random, i)
		}
		return out
	}
}

// both disturbs by one machine and by another.
func both(m, n machine) machine {
	return func(random *rand.Rand, runs int) []float64 {
		a, b := m(random, runs), n(random, runs)
		for i := range a {
			a[i] *= b[i]
		}
		return a
	}
}

// lognormal is the noise of every run, by its deviation as a ratio.
func lognormal(sigma float64) machine {
	return each(func(random *rand.Rand, _ int) float64 { return math.Exp(sigma * random.NormFloat64()) })
}

// heavy makes a share of the runs slower by a factor without a mean: Pareto's, of shape 1.
func heavy(share float64) machine {
	return each(func(random *rand.Rand, _ int) float64 {
		if random.Float64() >= share {
			return 1
		}
		return 1 / (1 - random.Float64())
	})
}

// drift makes all runs of a side slower by the same factor, of up to most.
func drift(most float64) machine {
	return func(random *rand.Rand, runs int) []float64 {
		out := make([]float64, runs)
		f := math.Pow(most, random.Float64())
		for i := range out {
			out[i] = f
		}
		return out
	}
}

// burst makes a stretch of the runs slower, by a factor of up to most.
func burst(most float64) machine {
	return func(random *rand.Rand, runs int) []float64 {
		out := make([]float64, runs)
		f, from, to := math.Pow(most, random.Float64()), random.IntN(runs), random.IntN(runs)
		for i := range out {
			out[i] = 1
			if min(from, to) <= i && i <= max(from, to) {
				out[i] = f
			}
		}
		return out
	}
}

// timedSuite makes records of one side: algorithms × instances × seeds, whose times span
// three orders of magnitude, and are what the machine makes of them.
func timedSuite(algorithms, instances, seeds int, factors []float64) []results.Record {
	var out []results.Record
	for i := range instances {
		for a := range algorithms {
			for s := range seeds {
				cost := int64(1000)
				wall := 0.02 * math.Pow(1000, float64(i)/float64(instances)) * float64(a+1) * factors[len(out)]
				out = append(out, results.Record{
					RunKey: fmt.Sprint(i, a, s), Name: results.Name{Instance: fmt.Sprint("instance", i)}, InstanceSHA256: fmt.Sprint(i),
					Algorithm: fmt.Sprint("algorithm", a), CostFunction: "ram", Seed: uint64(s),
					Outcome: results.Optimal, Cost: &cost, LowerBound: &cost, WallS: wall, CPUS: wall * 0.98,
					Counters: map[string]int64{"expanded": 1, "generated": 1},
				})
			}
		}
	}
	return out
}

// Must show: of 100 repeats of an unchanged solver at most 5 raise an alarm in timed
// metrics, whatever the machine does, and none in others.
func TestNoiseRaisesNoAlarms(t *testing.T) {
	for name, m := range map[string]machine{
		"noise of 5 %":                        lognormal(0.05),
		"noise of 30 %":                       lognormal(0.3),
		"one run in five much slower":         both(lognormal(0.1), heavy(0.2)),
		"a machine up to three times as slow": both(lognormal(0.1), drift(3)),
		"a stretch four times as slow":        both(lognormal(0.1), burst(4)),
		"all of it":                           both(both(lognormal(0.2), heavy(0.1)), both(drift(3), burst(4))),
	} {
		for _, size := range [][3]int{{11, 30, 1}, {4, 12, 3}, {2, 60, 1}, {2, 12, 1}} {
			t.Run(fmt.Sprint(name, size), func(t *testing.T) {
				random := rand.New(rand.NewPCG(6, 3))
				runs := size[0] * size[1] * size[2]
				side := func() []results.Record { return timedSuite(size[0], size[1], size[2], m(random, runs)) }
				base := side()
				alarms, improvements := 0, 0
				for range 100 {
					c := gate.Compare(base, side(), gate.Thresholds{})
					if c.Regression() {
						alarms++
					}
					if len(c.Of(gate.Better)) > 0 {
						improvements++
					}
					for _, r := range c.Of(gate.Worse) {
						if !r.Metric.Timed {
							t.Errorf("%s of %s got worse, which did not change", r.Metric.Name, r.Algorithm)
						}
					}
				}
				if alarms > 5 || improvements > 5 {
					t.Errorf("%d false alarms and %d improvements out of nothing in 100 repeats", alarms, improvements)
				}
			})
		}
	}
}

// Must show: of 1,000 pairs of equal algorithms, on a machine that disturbs single runs without
// measure and is up to four times as slow for a part of the records, the share of false alarms
// is at most the significance.
func TestEqualAlgorithmsAreToldApart(t *testing.T) {
	random := rand.New(rand.NewPCG(14, 7))
	m := both(both(lognormal(0.2), heavy(0.1)), burst(4))
	alarms := 0
	for i := range 1000 {
		side := func() []results.Record {
			records := timedSuite(2, 20, 1, m(random, 40))
			for k := range records {
				if i%2 == 0 {
					records[k].CPUS = 0 // not known
				}
			}
			random.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
			return records
		}
		if gate.Compare(side(), side(), gate.Thresholds{}).Regression() {
			alarms++
		}
	}
	t.Logf("%d false alarms in 1,000 pairs", alarms)
	if alarms > 50 {
		t.Errorf("%d false alarms in 1,000 pairs, at a significance of 5 %%", alarms)
	}
}

// A gate that never closes would pass the tests above.
func TestSlowdownsAreSeenThroughNoise(t *testing.T) {
	for _, tc := range []struct {
		name    string
		machine machine
		size    [3]int
		factor  float64
		least   int // of 100
	}{
		{"twice as slow, noise of 30 %", lognormal(0.3), [3]int{4, 30, 1}, 2, 95},
		{"twice as slow, one run in five much slower", both(lognormal(0.1), heavy(0.2)), [3]int{4, 30, 1}, 2, 75},
		{"twice as slow, on a machine that drifts", both(lognormal(0.1), drift(1.5)), [3]int{4, 30, 1}, 2, 90},
		{"a third as slow again, two algorithms, noise of 5 %", lognormal(0.05), [3]int{2, 15, 1}, 1.3, 90},
		{"a third as slow again, noise of 10 %", lognormal(0.1), [3]int{4, 30, 1}, 1.3, 80},
		{"a third as slow again, a stretch four times as slow", both(lognormal(0.05), burst(4)), [3]int{4, 30, 1}, 1.3, 70},
		{"half as slow again, noise of 5 %", lognormal(0.05), [3]int{11, 30, 1}, 1.5, 95},
		{"half as slow again, three seeds, noise of 10 %", lognormal(0.1), [3]int{4, 15, 3}, 1.5, 95},
	} {
		t.Run(tc.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(6, 3))
			runs := tc.size[0] * tc.size[1] * tc.size[2]
			seen := 0
			for range 100 {
				base := timedSuite(tc.size[0], tc.size[1], tc.size[2], tc.machine(random, runs))
				cand := timedSuite(tc.size[0], tc.size[1], tc.size[2], tc.machine(random, runs))
				for i := range cand {
					if cand[i].Algorithm == "algorithm1" {
						cand[i].WallS *= tc.factor
						cand[i].CPUS *= tc.factor
					}
				}
				c := gate.Compare(base, cand, gate.Thresholds{})
				if row(t, c, "algorithm1", "time").Verdict == gate.Worse {
					seen++
				}
			}
			if seen < tc.least {
				t.Errorf("seen in %d of 100 comparisons, expected %d", seen, tc.least)
			}
		})
	}
}

// Four busy processes on two cores make runs wait, be it on one side or on both. CPU times tell
// that from a slowdown.
func TestWaitingForACoreIsASlowdown(t *testing.T) {
	random := rand.New(rand.NewPCG(14, 5))
	for _, busy := range [][2]bool{{false, false}, {false, true}, {true, false}, {true, true}} {
		side := func(busy bool, factor float64) []results.Record {
			records := timedSuite(2, 15, 1, lognormal(0.05)(random, 30))
			for i := range records {
				r := &records[i]
				if r.Algorithm == "algorithm1" {
					r.WallS, r.CPUS = r.WallS*factor, r.CPUS*factor
				}
				if busy {
					r.WallS *= 3 * math.Exp(0.4*random.NormFloat64())
				}
			}
			return records
		}
		alarms, seen := 0, 0
		for range 100 {
			base := side(busy[0], 1)
			if gate.Compare(base, side(busy[1], 1), gate.Thresholds{}).Regression() {
				alarms++
			}
			if gate.Compare(base, side(busy[1], 1.3), gate.Thresholds{}).Regression() {
				seen++
			}
		}
		if alarms > 0 || seen < 80 {
			t.Errorf("busy %v: %d false alarms in 100, a slowdown of 1.3 seen in %d of 100", busy, alarms, seen)
		}
	}
}
