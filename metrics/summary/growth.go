package summary

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/metrics/stats"
)

// Growth relates a column to a size of instances.
type Growth struct {
	Size    Column
	Cases   int // with the size
	LeftOut int // cases without it
	Rows    []GrowthRow
}

// GrowthRow is one algorithm's growth, over the cases that it solved, which are likely to be the easier ones.
type GrowthRow struct {
	Algorithm     int // index into Summary.Algorithms
	Cases         []*Case
	Sizes, Values []float64 // of Cases
	// Unsolved counts the cases that the algorithm was run on without a value. Some have a
	// lower bound: the cases, their sizes and bounds.
	Unsolved              int
	OpenCases             []*Case
	OpenSizes, OpenValues []float64
	Fit                   stats.Growth
}

// GrowthConfidence is the confidence of the intervals of exponents.
const GrowthConfidence = 0.95

// Growth relates a column to a size, given by the name of its column. It is an error if no instance has the size.
func (s *Summary) Growth(col Column, size string) (Growth, error) {
	by, err := s.Column(size)
	g := Growth{Size: by}
	if err != nil {
		return g, err
	}
	rows := make([]GrowthRow, len(s.Algorithms))
	for _, c := range s.Cases {
		x, ok := c.Number(by)
		if !ok {
			g.LeftOut++
			continue
		}
		g.Cases++
		for a := range s.Algorithms {
			v, row := col.Of(c, a), &rows[a]
			y, some := v.Spent()
			switch {
			case len(c.Runs[a]) == 0:
				continue
			case some && !v.AtLeast:
				row.Cases, row.Sizes, row.Values = append(row.Cases, c), append(row.Sizes, x), append(row.Values, y)
				continue
			case some:
				row.OpenCases = append(row.OpenCases, c)
				row.OpenSizes, row.OpenValues = append(row.OpenSizes, x), append(row.OpenValues, y)
			}
			row.Unsolved++
		}
	}
	if g.Cases == 0 {
		return g, fmt.Errorf("no instance has a number %q", size)
	}
	for a := range rows {
		if len(rows[a].Sizes)+rows[a].Unsolved == 0 {
			continue
		}
		rows[a].Algorithm = a
		rows[a].Fit = stats.GrowthExponent(rows[a].Sizes, rows[a].Values, GrowthConfidence)
		g.Rows = append(g.Rows, rows[a])
	}
	return g, nil
}
