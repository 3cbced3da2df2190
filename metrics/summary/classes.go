package summary

import (
	"cmp"
	"strings"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

// Classes is the effort of each algorithm on each group of cases, such as the classes of
// instances that have the same name but for the seed behind its last `#`.
type Classes struct {
	Names []string      // in the order of the groups
	Rows  [][]ClassCell // by algorithm, as in Summary.Algorithms, and group
}

// ClassCell is what one algorithm did on one group. Means are over all its runs: one
// without a proof of the optimum, or that there is no path, counts with what it had taken
// when it ended, so that with Proved < Runs they are lower bounds; and so is the mean of
// times of first plans with Found < Runs. NaN without runs.
type ClassCell struct {
	Runs, Proved, Found int     // Found: runs with a plan
	Expanded            float64 // shifted geometric mean
	WallS               float64 // shifted geometric mean
	FirstS              float64 // shifted geometric mean of when the first plan was found
}

// Classes tells the effort by group.
func (s *Summary) Classes(by Groups) Classes {
	var c Classes
	for _, g := range by.List {
		c.Names = append(c.Names, g.Name)
	}
	for a := range s.Algorithms {
		row := make([]ClassCell, len(by.List))
		for i, g := range by.List {
			row[i] = classCell(g.Cases, a)
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}

func classCell(cases []*Case, algorithm int) ClassCell {
	var cell ClassCell
	var expanded, wall, first []float64
	for _, c := range cases {
		r := c.Runs[algorithm]
		if r == nil || r.Outcome.Faulty() {
			continue
		}
		cell.Runs++
		if r.Outcome == results.Optimal || r.Outcome == results.Infeasible {
			cell.Proved++
		}
		if r.Outcome.HasPlan() {
			cell.Found++
		}
		expanded = append(expanded, float64(r.Counters["expanded"]))
		wall = append(wall, r.WallS)
		first = append(first, firstPlanS(r))
	}
	cell.Expanded = stats.ShiftedGeoMean(expanded, StatesShift)
	cell.WallS = stats.ShiftedGeoMean(wall, TimeShiftS)
	cell.FirstS = stats.ShiftedGeoMean(first, TimeShiftS)
	return cell
}

// firstPlanS is when a run found its first plan, or else ended.
func firstPlanS(r *results.Record) float64 {
	if r.Outcome.HasPlan() && len(r.Incumbents) > 0 {
		return r.Incumbents[0].ElapsedS
	}
	return r.WallS
}

// Class is the name of an instance but for the seed behind its last `#`.
func Class(instance string) string {
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
