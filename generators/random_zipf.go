package generators

import (
	"math"
	"math/rand/v2"
)

const hoermann1996 = "W. Hörmann and G. Derflinger, Rejection-inversion to generate variates from monotone discrete " +
	"distributions, ACM Transactions on Modeling and Computer Simulation 6(3), 1996, https://doi.org/10.1145/235025.235029"

// zipf draws ranks from 1 to n, rank k with a chance in proportion to k^-exponent, in
// O(1) whatever n: by inversion of the integral over the continuous density, which is
// rejected where it exceeds the discrete one (Hörmann and Derflinger 1996).
//
// Note: [rand.Zipf] does the same for exponents above 1 only.
func zipf(n int64, exponent float64) func(*rand.Rand) int64 {
	z := zipfian(exponent)
	first, last := z.integral(1.5)-1, z.integral(float64(n)+0.5)
	always := 2 - z.inverse(z.integral(2.5)-z.density(2)) // how close below a rank nothing is rejected
	return func(rng *rand.Rand) int64 {
		for {
			u := last + float64(rng.Float64()*(first-last)) // not fused, whatever the processor
			x := z.inverse(u)
			k := min(max(math.Round(x), 1), float64(n))
			if k-x <= always || u >= z.integral(k+0.5)-z.density(k) {
				return int64(k)
			}
		}
	}
}

// zipfian is the exponent of the continuous density x^-exponent.
type zipfian float64

func (z zipfian) density(x float64) float64 { return math.Exp(-float64(z) * math.Log(x)) }

// integral is that of the density from 1 to x: (x^(1-z) - 1) / (1-z), and log x for
// the exponent 1, near which the quotient is not to be computed as it stands.
func (z zipfian) integral(x float64) float64 {
	log := math.Log(x)
	if t := (1 - float64(z)) * log; math.Abs(t) > 1e-8 {
		return math.Expm1(t) / t * log
	}
	return log
}

// inverse is the inverse function of the integral.
func (z zipfian) inverse(y float64) float64 {
	t := max(y*(1-float64(z)), -1) // below -1 by rounding only
	if math.Abs(t) > 1e-8 {
		return math.Exp(math.Log1p(t) / t * y)
	}
	return math.Exp(y)
}
