package kernel

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
)

// strays is, by resource, a bound on what VMs demand together whose prices add up to less
// than the excess: that of the fractional knapsack (Dantzig 1957, doi
// 10.1287/opre.5.2.266), in which the last VM is cut to size.
func strays(s *space.State, price []int64, excess int64) []int64 {
	var some []int32
	for i, x := range price {
		if x < excess {
			some = append(some, int32(i))
		}
	}
	out := make([]int64, s.Resources())
	for j := range out {
		slices.SortFunc(some, func(a, b int32) int {
			return cmp.Or(
				compareProducts(s.Demand(int(b), j), price[a], s.Demand(int(a), j), price[b]),
				cmp.Compare(a, b),
			)
		})
		left := excess - 1
		for _, i := range some {
			d := s.Demand(int(i), j) // the sum of all fits, or the instance would not be one
			if price[i] > left {
				hi, lo := bits.Mul64(uint64(d), uint64(left))
				part, _ := bits.Div64(hi, lo, uint64(price[i]))
				out[j] += int64(part)
				break
			}
			left -= price[i]
			out[j] += d
		}
	}
	return out
}

// compareProducts compares a*b with c*d, of numbers that are not negative.
func compareProducts(a, b, c, d int64) int {
	hi1, lo1 := bits.Mul64(uint64(a), uint64(b))
	hi2, lo2 := bits.Mul64(uint64(c), uint64(d))
	return cmp.Or(cmp.Compare(hi1, hi2), cmp.Compare(lo1, lo2))
}
