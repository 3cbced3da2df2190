package plots

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

// heat is what one algorithm did on instances that are arranged by two columns.
type heat struct {
	x, y      bins
	algorithm int
	cells     [][]heatCell // by the bins of x and y
	cases     int          // that the cells are about
	leftOut   int          // cases that do not belong to the grid
}

// bins are the values of a column that occur, ascending, or the least values of classes of
// equal width.
type bins struct {
	summary.Column
	bins  []float64
	width float64 // 0 where each is one value
}

// heatCell is what came of the cases in it. Runs at fault, and those on instances that the
// algorithm does not support, do not count.
type heatCell struct {
	cases          []*summary.Case
	settled, paths float64 // shares of the runs of a case, summed up
}

// open tells whether some run was not settled.
func (c heatCell) open() bool { return c.settled < float64(len(c.cases)) }

// spot is where a case stands, under one of the names of its instance.
type spot struct {
	of   *summary.Case
	run  *results.Record // any of the case
	name *results.Name
}

// mostBins is how many values an axis may have before they are put into so many
// classes as classBins says.
const (
	mostBins  = 40
	classBins = 20
)

// gridOf arranges the cases by two columns. Without them, they are those two parameters of a
// family that vary over its instances, when exactly two do and more than half of all
// combinations occur; of several such families, the one with the most cases is taken.
// Without an algorithm it is the one that settled most. What cannot be arranged so is an
// error that says why.
func gridOf(s *summary.Summary, x, y, algorithm string) (*heat, error) {
	var spots []spot
	for _, c := range s.Cases {
		run := slices.Concat(c.Runs...)[0]
		for i := range c.Names {
			spots = append(spots, spot{c, run, &c.Names[i]})
		}
	}
	if x == "" {
		var err error
		if spots, x, y, err = automatic(spots); err != nil {
			return nil, err
		}
	}
	g := &heat{}
	for of, name := range map[*bins]string{&g.x: x, &g.y: y} {
		col, err := s.Column(name)
		if err == nil && (!col.Input || col.Kind != summary.Number && col.Kind != summary.Truth) {
			err = fmt.Errorf("%s is no number that instances have before they are run", name)
		}
		if err != nil {
			return nil, err
		}
		of.Column = col
	}
	spots = slices.DeleteFunc(spots, func(p spot) bool { return !g.x.has(p) || !g.y.has(p) })
	if len(spots) == 0 {
		return nil, fmt.Errorf("no instance has both of %s and %s", g.x.Name, g.y.Name)
	}
	g.x.fill(spots)
	g.y.fill(spots)
	belong := map[*summary.Case]bool{}
	for _, p := range spots {
		belong[p.of] = true
	}
	g.leftOut = len(s.Cases) - len(belong)
	var err error
	if g.algorithm, err = mostSettled(s, belong); algorithm != "" {
		g.algorithm, err = s.Algorithm(algorithm)
	}
	g.count(spots)
	return g, err
}

// count puts the cases into the cells.
func (g *heat) count(spots []spot) {
	g.cells = make([][]heatCell, len(g.x.bins))
	for i := range g.cells {
		g.cells[i] = make([]heatCell, len(g.y.bins))
	}
	counted := map[*summary.Case]bool{}
	for _, p := range spots {
		runs, settled, paths := 0.0, 0.0, 0.0
		for _, r := range p.of.Runs[g.algorithm] {
			if r.Outcome.Faulty() || r.Outcome == results.Unsupported {
				continue
			}
			if runs++; r.Outcome.Solved() {
				settled++
			}
			if r.Outcome.HasPlan() {
				paths++
			}
		}
		cell := &g.cells[g.x.bin(p)][g.y.bin(p)]
		if runs == 0 || slices.Contains(cell.cases, p.of) { // under another name
			continue
		}
		counted[p.of] = true
		cell.cases = append(cell.cases, p.of)
		cell.settled += settled / runs
		cell.paths += paths / runs
	}
	g.cases = len(counted)
}

// mostSettled is the algorithm that settled most of some cases, the first of several such.
func mostSettled(s *summary.Summary, of map[*summary.Case]bool) (int, error) {
	best, most := 0, -1
	for a := range s.Algorithms {
		n := 0
		for c := range of {
			if slices.ContainsFunc(c.Runs[a], func(r *results.Record) bool { return r.Outcome.Solved() }) {
				n++
			}
		}
		if n > most {
			best, most = a, n
		}
	}
	return best, nil
}

// automatic finds a family with two parameters that vary.
func automatic(spots []spot) (best []spot, x, y string, err error) {
	for _, g := range stats.GroupBy(spots, func(p spot) string { return shape(p.name) }) {
		varying := varying(g.Items)
		if len(varying) != 2 || len(g.Items) <= len(best) {
			continue
		}
		pairs, xs, ys := map[[2]any]bool{}, map[any]bool{}, map[any]bool{}
		for _, p := range g.Items {
			at := [2]any{p.name.Parameters[varying[0]], p.name.Parameters[varying[1]]}
			pairs[at], xs[at[0]], ys[at[1]] = true, true, true
		}
		if 2*len(pairs) > len(xs)*len(ys) {
			best, x, y = g.Items, "param."+varying[0], "param."+varying[1]
		}
	}
	if best == nil {
		err = errors.New("no two parameters of a family vary so that they make a grid")
	}
	return best, x, y, err
}

// shape is what instances must share to make a grid: the family, and all parameters but for
// the values of numbers.
func shape(n *results.Name) string {
	text := n.Family
	for _, key := range slices.Sorted(maps.Keys(n.Parameters)) {
		text += "\x00" + key
		if v := n.Parameters[key]; !isNumber(v) {
			text += fmt.Sprint("\x00", v)
		}
	}
	return text
}

func isNumber(v any) bool {
	switch v.(type) {
	case float64, int, int64:
		return true
	}
	return false
}

// varying lists the parameters with several values, in the order of their names. The
// spots have the same shape, and so the same parameters.
func varying(spots []spot) []string {
	first := spots[0].name.Parameters
	return slices.DeleteFunc(slices.Sorted(maps.Keys(first)), func(key string) bool {
		return !isNumber(first[key]) || !slices.ContainsFunc(spots, func(p spot) bool { return p.name.Parameters[key] != first[key] })
	})
}

func (b *bins) value(p spot) (float64, bool) { return b.At(p.of, p.run, p.name).Spent() }

func (b *bins) has(p spot) bool {
	_, ok := b.value(p)
	return ok
}

// fill collects the values that occur.
func (b *bins) fill(spots []spot) {
	seen := map[float64]bool{}
	for _, p := range spots {
		v, _ := b.value(p)
		seen[v] = true
	}
	b.bins = slices.Sorted(maps.Keys(seen))
	if n := len(b.bins); n > mostBins {
		lo := b.bins[0]
		b.width = (b.bins[n-1] - lo) / classBins
		b.bins = nil
		for i := range classBins {
			b.bins = append(b.bins, lo+float64(i)*b.width)
		}
	}
}

// bin is the number of the bin that a case belongs to.
func (b *bins) bin(p spot) int {
	v, _ := b.value(p)
	i, exact := slices.BinarySearchFunc(b.bins, v, func(b, v float64) int { return cmp.Compare(b, v) })
	if !exact {
		i--
	}
	return max(i, 0)
}

// middle is the middle of a bin.
func (b *bins) middle(i int) float64 { return b.bins[i] + b.width/2 }
