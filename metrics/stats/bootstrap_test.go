package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/stat"
	"pgregory.net/rapid"
)

func source(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// single makes an instance with one seed of each value.
func single(values []float64) [][]float64 {
	out := make([][]float64, len(values))
	for i, v := range values {
		out[i] = []float64{v}
	}
	return out
}

// of applies a statistic of plain values to all runs together.
func of(statistic func([]float64) float64) func([][]float64) float64 {
	return func(sample [][]float64) float64 { return statistic(slices.Concat(sample...)) }
}

// Efron and Tibshirani 1993, table 14.1 and chapter 14: the variance (with divisor n) of
// the scores A of 26 children in the spatial test. They give the estimate 171.5, the
// acceleration 0.061, and, of 2,000 replicates at 90 %, the percentile interval 100.8 to
// 233.9 and the BCa interval 115.8 to 259.6. Our replicates are others, and more.
func TestBootstrapOfTheSpatialTest(t *testing.T) {
	scores := []float64{48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41}
	b := Resample(single(scores), of(func(x []float64) float64 { return stat.PopVariance(x, nil) }), 20000, source(1))
	percentile, bca := b.Percentile(0.9), b.BCa(0.9)
	for _, tc := range []struct {
		name              string
		got, want, within float64
	}{
		{"estimate", b.Estimate, 171.5, 0.05},
		{"acceleration", b.Acceleration, 0.061, 0.0005},
		{"percentile, lower end", percentile.Lo, 100.8, 4},
		{"percentile, upper end", percentile.Hi, 233.9, 4},
		{"BCa, lower end", bca.Lo, 115.8, 4},
		{"BCa, upper end", bca.Hi, 259.6, 6},
	} {
		if math.Abs(tc.got-tc.want) > tc.within {
			t.Errorf("%s %v, expected %v ± %v", tc.name, tc.got, tc.want, tc.within)
		}
	}
}

// With two instances whose seeds agree, a resample is one of four draws of instances:
// means 0, 5, 5 and 10. With seeds taken for instances, 40 of them, the mean would hardly
// leave 5.
func TestSeedsOfAnInstanceAreNotTakenForInstances(t *testing.T) {
	const seeds = 20
	instances := [][]float64{slices.Repeat([]float64{0}, seeds), slices.Repeat([]float64{10}, seeds)}
	b := Resample(instances, of(Mean), 4000, source(2))
	counts := map[float64]float64{}
	for _, r := range b.Replicates {
		counts[r]++
	}
	if len(counts) != 3 || math.Abs(counts[0]-1000) > 150 || math.Abs(counts[5]-2000) > 150 || math.Abs(counts[10]-1000) > 150 {
		t.Errorf("replicates %v, expected 0, 5 and 10 in proportions 1:2:1", counts)
	}
}

func TestSeedsAreDrawnAgainWithinAnInstance(t *testing.T) {
	b := Resample([][]float64{{0, 10}}, of(Mean), 4000, source(3))
	counts := map[float64]float64{}
	for _, r := range b.Replicates {
		counts[r]++
	}
	if len(counts) != 3 || math.Abs(counts[5]-2000) > 150 {
		t.Errorf("replicates %v, expected 0, 5 and 10 in proportions 1:2:1", counts)
	}
}

func TestBootstrapOfEdges(t *testing.T) {
	unknown := Interval{nan, nan}
	for _, tc := range []struct {
		name            string
		instances       [][]float64
		percentile, bca Interval
	}{
		{"no instances", nil, unknown, unknown},
		{"one value", [][]float64{{4}}, Interval{4, 4}, Interval{4, 4}},
		{"equal values", [][]float64{{4, 4}, {4}, {4}}, Interval{4, 4}, Interval{4, 4}},
		{"NaN", [][]float64{{4}, {nan}}, unknown, unknown},
	} {
		b := Resample(tc.instances, of(Mean), 100, source(4))
		for kind, pair := range map[string][2]Interval{"percentile": {b.Percentile(0.9), tc.percentile}, "BCa": {b.BCa(0.9), tc.bca}} {
			if got, want := pair[0], pair[1]; !near(got.Lo, want.Lo) || !near(got.Hi, want.Hi) {
				t.Errorf("%s: %s interval %v, expected %v", tc.name, kind, got, want)
			}
		}
	}
}

func TestAnInstanceWithoutValuesStaysAnInstance(t *testing.T) {
	empty := func(sample [][]float64) float64 {
		if len(sample) != 3 {
			return float64(len(sample))
		}
		n := 0.0
		for _, of := range sample {
			if len(of) == 0 {
				n++
			}
		}
		return n
	}
	b := Resample([][]float64{{4}, {}, {5, 6}}, empty, 2000, source(7))
	if mean := Mean(b.Replicates); math.Abs(mean-1) > 0.1 {
		t.Errorf("%v empty instances of 3 in a resample, expected 1", mean)
	}
}

func TestBootstrapLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		instances := rapid.SliceOfN(rapid.SliceOfN(rapid.Float64Range(0, 1000), 1, 4), 2, 10).Draw(t, "instances")
		seed := rapid.Uint64().Draw(t, "seed")
		b := Resample(instances, of(Mean), 200, source(seed))
		if again := Resample(instances, of(Mean), 200, source(seed)); !cmp.Equal(b, again) {
			t.Fatal("the same source gives other replicates")
		}
		all := slices.Concat(instances...)
		lo, hi := slices.Min(all)-1e-9, slices.Max(all)+1e-9
		for _, i := range []Interval{b.Percentile(0.95), b.BCa(0.95)} {
			if math.IsNaN(i.Lo) {
				continue // BCa, where the estimate lies beyond all replicates
			}
			if !(lo <= i.Lo && i.Lo <= i.Hi && i.Hi <= hi) {
				t.Fatalf("interval %v of values from %v to %v", i, lo, hi)
			}
		}
		if wide, narrow := b.Percentile(0.99), b.Percentile(0.8); wide.Lo > narrow.Lo || wide.Hi < narrow.Hi {
			t.Fatalf("interval %v at 99 %%, %v at 80 %%", wide, narrow)
		}
	})
}

// Found by the law above: powers of tiny differences were zero, and their quotient no number.
func TestAccelerationDoesNotDependOnTheUnit(t *testing.T) {
	values := []float64{1, 2, 4, 8}
	want := acceleration(single(values), of(Mean))
	for _, unit := range []float64{1e-108, 1e-9, 1e9, 1e108} {
		scaled := slices.Clone(values)
		for i := range scaled {
			scaled[i] *= unit
		}
		if got := acceleration(single(scaled), of(Mean)); math.Abs(got-want) > 1e-9 {
			t.Errorf("acceleration %v in units of %v, expected %v", got, unit, want)
		}
	}
}

func TestJackknifeInBlocksAgreesWithThatOfSingleInstances(t *testing.T) {
	random := source(5)
	values := make([]float64, 4*jackknifeBlocks)
	for i := range values {
		values[i] = random.ExpFloat64()
	}
	// The acceleration of a mean is a sixth of the skewness over √n; of exponential values
	// the skewness is about 2.
	want := stat.Skew(values, nil) / 6 / math.Sqrt(float64(len(values)))
	if got := acceleration(single(values), of(Mean)); math.Abs(got-want) > want/2 {
		t.Errorf("acceleration %v in blocks, expected about %v", got, want)
	}
	few := values[:jackknifeBlocks]
	want = stat.Skew(few, nil) / 6 / math.Sqrt(float64(len(few)))
	if got := acceleration(single(few), of(Mean)); math.Abs(got-want) > want/50 {
		t.Errorf("acceleration %v of single instances, expected %v", got, want)
	}
}
