package summary

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

// Classes is the effort of each algorithm on each class of instances: those that have
// the same name but for the seed behind its last `#`.
type Classes struct {
	Names []string      // in natural order, numbers by value
	Rows  [][]ClassCell // by algorithm, as in Summary.Algorithms, and class
}

// ClassCell is what one algorithm did on one class. Means are over all its runs: one
// without a proof of the optimum, or that there is no path, counts with what it had taken
// when it ended, so that with Proved < Runs they are lower bounds; and so is the mean of
// times of first plans with Found < Runs. NaN without runs.
type ClassCell struct {
	Runs, Proved, Found int     // Found: runs with a plan
	Expanded            float64 // shifted geometric mean
	WallS               float64 // shifted geometric mean
	FirstS              float64 // shifted geometric mean of when the first plan was found
}

// Classes groups the summary by class.
func (s *Summary) Classes() Classes {
	var c Classes
	seen := map[string]int{}
	for _, cs := range s.Cases {
		seen[class(cs.Instance)] = 0
	}
	for name := range seen {
		c.Names = append(c.Names, name)
	}
	slices.SortFunc(c.Names, natural)
	for i, name := range c.Names {
		seen[name] = i
	}
	for a := range s.Algorithms {
		expanded, wall, first := make([][]float64, len(c.Names)), make([][]float64, len(c.Names)), make([][]float64, len(c.Names))
		row := make([]ClassCell, len(c.Names))
		for _, cs := range s.Cases {
			r := cs.Runs[a]
			if r == nil || r.Outcome.Faulty() {
				continue
			}
			i := seen[class(cs.Instance)]
			row[i].Runs++
			if r.Outcome == results.Optimal || r.Outcome == results.Infeasible {
				row[i].Proved++
			}
			if r.Outcome.HasPlan() {
				row[i].Found++
			}
			expanded[i] = append(expanded[i], float64(r.Counters["expanded"]))
			wall[i] = append(wall[i], r.WallS)
			first[i] = append(first[i], firstPlanS(r))
		}
		for i := range row {
			row[i].Expanded = stats.ShiftedGeoMean(expanded[i], StatesShift)
			row[i].WallS = stats.ShiftedGeoMean(wall[i], TimeShiftS)
			row[i].FirstS = stats.ShiftedGeoMean(first[i], TimeShiftS)
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}

// firstPlanS is when a run found its first plan, or else ended.
func firstPlanS(r *results.Record) float64 {
	if r.Outcome.HasPlan() && len(r.Incumbents) > 0 {
		return r.Incumbents[0].ElapsedS
	}
	return r.WallS
}

// class is an instance's name without its seed.
func class(instance string) string {
	if i := strings.LastIndexByte(instance, '#'); i > 0 {
		return instance[:i]
	}
	return instance
}

// natural compares texts with the numbers in them by value.
func natural(a, b string) int {
	for a != "" && b != "" {
		na, nb := digits(a), digits(b)
		if na > 0 && nb > 0 {
			x, y := strings.TrimLeft(a[:na], "0"), strings.TrimLeft(b[:nb], "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y), cmp.Compare(na, nb)); c != 0 {
				return c
			}
			a, b = a[na:], b[nb:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

// digits is the length of the number that a text begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
