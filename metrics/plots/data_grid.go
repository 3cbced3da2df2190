package summary

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/results"
)

// Grid is what one algorithm did on instances that are arranged by two quantities.
type Grid struct {
	X, Y      Axis
	Algorithm string
	Metrics   []Metric     // of which cells have the means
	Cells     [][]GridCell // by X.Bins and Y.Bins
	Instances int          // how many instances, under their rules, the cells are about
	LeftOut   int          // cases that do not belong to the grid
}

// Axis is one quantity of a grid and the values, or classes of values, that occur.
type Axis struct {
	Quantity
	Bins    []Bin // ascending
	Classes bool  // whether bins are classes of equal width, and not single values
}

// Bin is one value, or the class of values from Lo up to, but for the last one, below
// Hi.
type Bin struct{ Lo, Hi float64 }

// GridCell counts what came of the instances in it. Runs that failed, and those on
// instances that the algorithm does not support, do not count.
type GridCell struct {
	Runs       int
	Paths      int // runs with a validated plan
	Infeasible int // runs that proved that there is no path
	// Means are geometric means, by Grid.Metrics. Of an effort, over all runs: one that was
	// not settled counts with what it had taken when it ended, so that the mean is a lower
	// bound then. Of what only plans have, over the runs with a plan. NaN without any.
	//
	// Note: a mean of efforts over settled runs only would call the hardest cells easy, in
	// which nothing is settled but what a glance can settle.
	Means []float64
}

// Settled counts the runs that answered the question.
func (c GridCell) Settled() int { return c.Paths + c.Infeasible }

// mostBins is how many values an axis may have before they are put into so many
// classes as classBins says.
const (
	mostBins  = 40
	classBins = 20
)

// GridBy arranges the cases by two quantities. Without keys, they are those two
// parameters of a family that vary over its instances, when exactly two do and more
// than half of all combinations occur; of several such families, the one with the most
// cases is taken. Without an algorithm it is the one that settled most. What
// cannot be arranged so is an error that says why.
func (s *Summary) GridBy(x, y, algorithm string, metrics ...Metric) (*Grid, error) {
	cases, x, y, err := s.arranged(x, y)
	if err != nil {
		return nil, err
	}
	a, err := s.gridAlgorithm(cases, algorithm)
	if err != nil {
		return nil, err
	}
	g := &Grid{Algorithm: s.Algorithms[a], Metrics: metrics, LeftOut: len(s.Cases) - len(cases)}
	g.X, g.Y = axisOf(cases, x), axisOf(cases, y)
	instances := map[string]bool{}
	g.Cells = make([][]GridCell, len(g.X.Bins))
	runs := make([][][]*Case, len(g.X.Bins)) // of the cells
	for i := range g.Cells {
		g.Cells[i], runs[i] = make([]GridCell, len(g.Y.Bins)), make([][]*Case, len(g.Y.Bins))
	}
	for _, c := range cases {
		vx, _ := c.value(x)
		vy, _ := c.value(y)
		i, j := g.X.bin(vx), g.Y.bin(vy)
		r := c.of.Runs[a]
		if r == nil || r.Outcome.Faulty() || r.Outcome == results.Unsupported {
			continue
		}
		cell := &g.Cells[i][j]
		cell.Runs++
		instances[ruled(r)] = true
		switch {
		case r.Outcome.HasPlan():
			cell.Paths++
		case r.Outcome.Solved():
			cell.Infeasible++
		}
		runs[i][j] = append(runs[i][j], c.of)
	}
	g.Instances = len(instances)
	for i := range g.Cells {
		for j := range g.Cells[i] {
			for _, m := range metrics {
				g.Cells[i][j].Means = append(g.Cells[i][j].Means, m.cellMean(runs[i][j], a))
			}
		}
	}
	return g, nil
}

// cellMean is the mean of a metric over the runs of a cell. The shift of counts is 1: the
// runs of a cell are alike, and what makes the means of a suite robust would make all
// easy cells equal.
func (m Metric) cellMean(cases []*Case, algorithm int) float64 {
	of, shift := m.Spent, m.Shift
	if m.Plan {
		of = m.Of
	}
	if m.Unit == "states" {
		shift = 1
	}
	var values []float64
	for _, c := range cases {
		if v, ok := of(c, algorithm); ok {
			values = append(values, v)
		}
	}
	return stats.ShiftedGeoMean(values, shift)
}

// arranged chooses cases and quantities.
func (s *Summary) arranged(x, y string) ([]placed, string, string, error) {
	from := s.newOrigins()
	var cases []placed
	for _, c := range s.Cases {
		cases = append(cases, from.of(c))
	}
	if x == "" {
		return automatic(cases)
	}
	var out []placed
	for _, c := range cases {
		_, okX := c.value(x)
		_, okY := c.value(y)
		if okX && okY {
			out = append(out, c)
		}
	}
	if out == nil {
		return nil, "", "", fmt.Errorf("no instance has both of %q and %q, as a parameter or a feature", x, y)
	}
	return out, x, y, nil
}

// automatic finds a family with two parameters that vary.
func automatic(cases []placed) ([]placed, string, string, error) {
	var best []placed
	var x, y string
	for _, g := range stats.GroupBy(cases, func(c placed) string { return c.shape }) {
		varying := varying(g.Items)
		if len(varying) != 2 || len(g.Items) <= len(best) {
			continue
		}
		pairs := map[[2]float64]bool{}
		xs, ys := map[float64]bool{}, map[float64]bool{}
		for _, c := range g.Items {
			p := [2]float64{c.params[varying[0]], c.params[varying[1]]}
			pairs[p], xs[p[0]], ys[p[1]] = true, true, true
		}
		if 2*len(pairs) > len(xs)*len(ys) {
			best, x, y = g.Items, varying[0], varying[1]
		}
	}
	if best == nil {
		return nil, "", "", fmt.Errorf("no two parameters of a family vary so that they make a grid")
	}
	return best, x, y, nil
}

// varying lists the parameters with several values, in the order of their names. The
// cases have the same shape, and so the same parameters.
func varying(cases []placed) []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(cases[0].params)) {
		if slices.ContainsFunc(cases, func(c placed) bool { return c.params[key] != cases[0].params[key] }) {
			out = append(out, key)
		}
	}
	return out
}

// gridAlgorithm chooses the algorithm: the one named, or else the one that settled
// most cases, the first of several such.
func (s *Summary) gridAlgorithm(cases []placed, name string) (int, error) {
	if name != "" {
		if a := slices.Index(s.Algorithms, name); a >= 0 {
			return a, nil
		}
		return 0, s.noRecord(name)
	}
	best, most := 0, -1
	for a := range s.Algorithms {
		n := 0
		for _, c := range cases {
			if r := c.of.Runs[a]; r != nil && r.Outcome.Solved() {
				n++
			}
		}
		if n > most {
			best, most = a, n
		}
	}
	return best, nil
}

// axisOf collects the values of a quantity.
func axisOf(cases []placed, key string) Axis {
	a := Axis{Quantity: cases[0].quantity(key)}
	seen := map[float64]bool{}
	for _, c := range cases {
		v, _ := c.value(key)
		seen[v] = true
	}
	values := slices.Sorted(maps.Keys(seen))
	if len(values) <= mostBins {
		for _, v := range values {
			a.Bins = append(a.Bins, Bin{v, v})
		}
		return a
	}
	a.Classes = true
	lo, hi := values[0], values[len(values)-1]
	for i := range classBins {
		width := (hi - lo) / classBins
		a.Bins = append(a.Bins, Bin{lo + float64(i)*width, lo + float64(i+1)*width})
	}
	return a
}

// bin is the number of the bin that a value of the axis belongs to.
func (a Axis) bin(v float64) int {
	i, exact := slices.BinarySearchFunc(a.Bins, v, func(b Bin, v float64) int { return cmp.Compare(b.Lo, v) })
	if !exact {
		i--
	}
	return max(i, 0)
}
