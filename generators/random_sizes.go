package generators

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// sizes makes the distribution of demands, in MiB.
//
// Uniform sizes and flavours are drawn in whole numbers. Lognormal ones pass through
// math.Exp, whose last bit may differ from one processor architecture to another; a
// size that lies that close to the middle between two whole numbers is very rare. The
// same holds for zipf sizes.
func sizes(a spec.Args) (func(*rand.Rand) int64, error) {
	kind, flavours := a.String("sizes"), a.Ints("flavours")
	if a.Has("weights") && kind != "flavours" {
		return nil, fmt.Errorf("weights belong to sizes=flavours, not to sizes=%s", kind)
	}
	if kind == "flavours" || kind == "zipf" && a.String("zipf-over") == "flavours" {
		if len(flavours) == 0 {
			return nil, fmt.Errorf("sizes=%s needs at least one size in flavours", kind)
		}
		if kind == "zipf" {
			rank := zipf(int64(len(flavours)), a.Float("exponent"))
			return func(rng *rand.Rand) int64 { return flavours[rank(rng)-1] }, nil
		}
		if a.Has("weights") {
			return weighted(flavours, a.Floats("weights"))
		}
		return func(rng *rand.Rand) int64 { return flavours[rng.IntN(len(flavours))] }, nil
	}
	lo, hi := a.Int("min"), a.Int("max")
	if lo > hi {
		return nil, fmt.Errorf("the smallest demand, min=%d, is above the largest, max=%d", lo, hi)
	}
	switch kind {
	case "uniform":
		return func(rng *rand.Rand) int64 { return lo + rng.Int64N(hi-lo+1) }, nil
	case "zipf":
		rank := zipf(hi-lo+1, a.Float("exponent"))
		return func(rng *rand.Rand) int64 { return lo + rank(rng) - 1 }, nil
	}
	median := math.Sqrt(float64(lo) * float64(hi))
	if a.Has("median") {
		median = a.Float("median")
	}
	return lognormal(median, a.Float("sigma"), lo, hi), nil
}

// weighted draws each flavour with a chance in proportion to its weight.
func weighted(flavours []int64, weights []float64) (func(*rand.Rand) int64, error) {
	if len(weights) != len(flavours) {
		return nil, fmt.Errorf("expected a weight for each of %d flavours, found %d", len(flavours), len(weights))
	}
	upTo, sum, last := make([]float64, len(weights)), 0.0, -1
	for i, w := range weights {
		sum += w
		upTo[i] = sum
		if w > 0 {
			last = i
		}
	}
	if last < 0 {
		return nil, errors.New("all weights are 0: no flavour could be drawn")
	}
	return func(rng *rand.Rand) int64 {
		x := rng.Float64() * sum
		for i, bound := range upTo[:last] {
			if x < bound {
				return flavours[i]
			}
		}
		return flavours[last]
	}, nil
}

// lognormal cuts the distribution to its bounds by drawing again: what is outside is
// not heaped up on the bounds. Should a hundred draws all be outside (the median lies
// far off the bounds), the nearer bound is taken.
func lognormal(median, sigma float64, lo, hi int64) func(*rand.Rand) int64 {
	return func(rng *rand.Rand) int64 {
		var x float64
		for range 100 {
			x = math.Round(median * math.Exp(sigma*rng.NormFloat64()))
			if x >= float64(lo) && x <= float64(hi) {
				return int64(x)
			}
		}
		if x < float64(lo) {
			return lo
		}
		return hi
	}
}
