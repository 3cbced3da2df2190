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
// size that lies that close to the middle between two whole numbers is very rare.
func sizes(a spec.Args) (func(*rand.Rand) int64, error) {
	if a.String("sizes") == "flavours" {
		flavours := a.Ints("flavours")
		if len(flavours) == 0 {
			return nil, errors.New("sizes=flavours needs at least one size in flavours")
		}
		return func(rng *rand.Rand) int64 { return flavours[rng.IntN(len(flavours))] }, nil
	}
	lo, hi := a.Int("min"), a.Int("max")
	if lo > hi {
		return nil, fmt.Errorf("the smallest demand, min=%d, is above the largest, max=%d", lo, hi)
	}
	if a.String("sizes") == "uniform" {
		return func(rng *rand.Rand) int64 { return lo + rng.Int64N(hi-lo+1) }, nil
	}
	median := math.Sqrt(float64(lo) * float64(hi))
	if a.Has("median") {
		median = a.Float("median")
	}
	return lognormal(median, a.Float("sigma"), lo, hi), nil
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
