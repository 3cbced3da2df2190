package plots

import (
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

// bins are the values that occur in a column, ascending, or the least values of classes.
type bins struct {
	summary.Column
	bins  []float64
	width float64 // 0 where each is one value
}

// heatCell is what came of its cases. Runs at fault, and those that the algorithm does not support, do not count.
type heatCell struct {
	cases          []*summary.Case
	settled, paths float64 // shares of the runs of a case, summed up
}

func (c heatCell) open() bool { return c.settled < float64(len(c.cases)) }

// spot is where a case stands, under one of the names of its instance.
type spot struct {
	of   *summary.Case
	name *results.Name
	at   [2]float64
}

// gridOf arranges the cases by two columns. Without them, they are those two parameters of a family that vary over its
// instances, when exactly two do and more than half of all combinations occur; of several such families, the one with the most
// cases is taken. Without an algorithm it is the one that settled most. An error says why there is no grid.
func gridOf(s *summary.Summary, x, y, algorithm string) (*heat, error) {
	var spots []spot
	for _, c := range s.Cases {
		for i := range c.Names {
			spots = append(spots, spot{of: c, name: &c.Names[i]})
		}
	}
	var err error
	if x == "" {
		if spots, x, y, err = automatic(spots); err != nil {
			return nil, err
		}
	}
	var columns [2]summary.Column
	for i, name := range []string{x, y} {
		col, err := s.Column(name)
		if err != nil {
			return nil, err
		}
		if !col.Input || col.Kind != summary.Number && col.Kind != summary.Truth {
			return nil, fmt.Errorf("%s is no number that instances have before they are run", name)
		}
		var told []spot
		for _, p := range spots {
			v, ok := col.At(p.of, slices.Concat(p.of.Runs...)[0], p.name).Spent()
			if p.at[i] = v; ok {
				told = append(told, p)
			}
		}
		columns[i], spots = col, told
	}
	if len(spots) == 0 {
		return nil, fmt.Errorf("no instance has both of %s and %s", columns[0].Name, columns[1].Name)
	}
	g := &heat{x: binsOf(columns[0], spots, 0), y: binsOf(columns[1], spots, 1)}
	belong, settled := map[*summary.Case]bool{}, make([]int, len(s.Algorithms))
	for _, p := range spots {
		if belong[p.of] { // under another name
			continue
		}
		belong[p.of] = true
		for a, run := range p.of.Runs {
			if slices.ContainsFunc(run, func(r *results.Record) bool { return r.Outcome.Solved() }) {
				settled[a]++
			}
		}
	}
	g.leftOut = len(s.Cases) - len(belong)
	g.algorithm = slices.Index(settled, slices.Max(settled))
	if algorithm != "" {
		g.algorithm, err = s.Algorithm(algorithm)
	}
	g.count(spots)
	return g, err
}

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
		cell := &g.cells[g.x.bin(p.at[0])][g.y.bin(p.at[1])]
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

// automatic finds a family with two parameters that vary.
func automatic(spots []spot) (best []spot, x, y string, err error) {
	for _, g := range stats.GroupBy(spots, shape) {
		var varying []string
		combinations := 1
		for _, key := range slices.Sorted(maps.Keys(g.Items[0].name.Parameters)) {
			seen := map[float64]bool{}
			for _, p := range g.Items {
				if v, number := p.name.Parameters[key].(float64); number {
					seen[v] = true
				}
			}
			if len(seen) > 1 {
				varying, combinations = append(varying, key), combinations*len(seen)
			}
		}
		if len(varying) != 2 || len(g.Items) <= len(best) {
			continue
		}
		pairs := map[[2]any]bool{}
		for _, p := range g.Items {
			pairs[[2]any{p.name.Parameters[varying[0]], p.name.Parameters[varying[1]]}] = true
		}
		if 2*len(pairs) > combinations {
			best, x, y = g.Items, "param."+varying[0], "param."+varying[1]
		}
	}
	if best == nil {
		err = errors.New("no two parameters of a family vary so that they make a grid")
	}
	return best, x, y, err
}

// shape is what instances share in a grid: the family, and all parameters but for the values of numbers.
func shape(p spot) string {
	text := p.name.Family
	for _, key := range slices.Sorted(maps.Keys(p.name.Parameters)) {
		text += "\x00" + key
		if _, number := p.name.Parameters[key].(float64); !number {
			text += fmt.Sprint("\x00", p.name.Parameters[key])
		}
	}
	return text
}

// More values than mostBins are put into classBins classes.
const (
	mostBins  = 40
	classBins = 20
)

func binsOf(c summary.Column, spots []spot, axis int) bins {
	b := bins{Column: c}
	for _, p := range spots {
		b.bins = append(b.bins, p.at[axis])
	}
	slices.Sort(b.bins)
	b.bins = slices.Compact(b.bins)
	if n := len(b.bins); n > mostBins {
		lo := b.bins[0]
		b.width = (b.bins[n-1] - lo) / classBins
		b.bins = b.bins[:classBins]
		for i := range b.bins {
			b.bins[i] = lo + float64(i)*b.width
		}
	}
	return b
}

// bin is the number of the bin that a value belongs to.
func (b *bins) bin(v float64) int {
	i, exact := slices.BinarySearch(b.bins, v)
	if !exact {
		i--
	}
	return max(i, 0)
}

func (b *bins) middle(i int) float64 { return b.bins[i] + b.width/2 }
