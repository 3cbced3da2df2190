package pddl

import (
	"fmt"
	"maps"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/formats/internal/formulation"
)

// arithmetic is what STRIPS is told of numbers: which amounts there are and how they add
// up, in units of each counter.
type arithmetic struct {
	unit    []int64   // by counter: what one unit is
	levels  [][]int64 // by counter: amounts that can be in use in a place, ascending, in units
	amounts []int64   // every level and demand, ascending
	sums    []sum     // ascending
}

// sum says that x and s make y.
type sum struct{ x, s, y int64 }

// newArithmetic fails when a counter has more than so many levels.
func newArithmetic(counters []formulation.Counter, most int) (*arithmetic, error) {
	a := &arithmetic{}
	amounts, sums := map[int64]bool{}, map[sum]bool{}
	for i := range counters {
		c := &counters[i]
		unit := c.Unit()
		demands := make([]int64, len(c.Members))
		for j, m := range c.Members {
			demands[j] = m.Demand / unit
		}
		slices.Sort(demands)
		limit := int64(0)
		for p := range c.Places.Names {
			limit = max(limit, c.Limit(int32(p))/unit)
		}
		levels, ok := subsetSums(demands, limit, most)
		if !ok {
			return nil, fmt.Errorf("more than %d different amounts can be in use in one place of %s (levels=%d); "+
				"numeric=yes lets the planner calculate, and needs none of them listed", most, c.Rule, most)
		}
		a.unit, a.levels = append(a.unit, unit), append(a.levels, levels)
		for _, l := range levels {
			amounts[l] = true
		}
		demands = slices.Compact(demands)
		if n := len(levels) * len(demands); n > maxFacts {
			return nil, tooMany(fmt.Sprintf("adding %d different demands to %d amounts of %s takes", len(demands), len(levels), c.Rule), float64(n))
		}
		for _, s := range demands {
			amounts[s] = true
			for _, x := range levels {
				if _, ok := slices.BinarySearch(levels, x+s); ok {
					sums[sum{x, s, x + s}] = true
				}
			}
		}
	}
	a.amounts = slices.Sorted(maps.Keys(amounts))
	a.sums = slices.SortedFunc(maps.Keys(sums), func(p, q sum) int {
		return slices.Compare([]int64{p.s, p.x}, []int64{q.s, q.x})
	})
	return a, nil
}

// subsetSums lists the sums up to a limit that some of the ascending numbers have, in
// ascending order, unless there are more than so many. O(numbers × sums).
func subsetSums(numbers []int64, limit int64, most int) ([]int64, bool) {
	sums := []int64{0}
	for i := 0; i < len(numbers); i++ {
		n := numbers[i]
		next := withAdded(sums, n, limit)
		if len(next) > most {
			return nil, false
		}
		if len(next) == len(sums) { // another of the same size adds nothing either
			for i+1 < len(numbers) && numbers[i+1] == n {
				i++
			}
		}
		sums = next
	}
	return sums, true
}

// withAdded merges ascending sums with the same sums after n was added to each.
func withAdded(sums []int64, n, limit int64) []int64 {
	out := make([]int64, 0, 2*len(sums))
	i := 0
	for _, s := range sums {
		if s > limit-n {
			break
		}
		for ; i < len(sums) && sums[i] <= s+n; i++ {
			if sums[i] < s+n {
				out = append(out, sums[i])
			}
		}
		out = append(out, s+n)
	}
	return append(out, sums[i:]...)
}
