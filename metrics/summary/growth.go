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

// GrowthRow is one algorithm's growth, over the cases that it solved, which are likely to be
// the easier ones.
type GrowthRow struct {
	Algorithm     int // index into Summary.Algorithms
	Cases         []*Case
	Sizes, Values []float64 // of Cases
	// Cases that were not solved, their sizes, and lower bounds of their values.
	OpenCases             []*Case
	OpenSizes, OpenValues []float64
	Fit                   stats.Growth
}

// GrowthConfidence is the confidence of the intervals of exponents.
const GrowthConfidence = 0.95

// Growth relates a column to a size, given by the name of its column. It is an error if no
// instance has the size.
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
			v := col.Of(c, a)
			if y, ok := v.Exact(); ok {
				rows[a].Cases, rows[a].Sizes, rows[a].Values = append(rows[a].Cases, c), append(rows[a].Sizes, x), append(rows[a].Values, y)
			} else if y, ok := v.Spent(); ok {
				rows[a].OpenCases = append(rows[a].OpenCases, c)
				rows[a].OpenSizes, rows[a].OpenValues = append(rows[a].OpenSizes, x), append(rows[a].OpenValues, y)
			}
		}
	}
	if g.Cases == 0 {
		return g, fmt.Errorf("no instance has a number %q", size)
	}
	for a := range rows {
		if len(rows[a].Sizes)+len(rows[a].OpenSizes) == 0 {
			continue
		}
		rows[a].Algorithm = a
		rows[a].Fit = stats.GrowthExponent(rows[a].Sizes, rows[a].Values, GrowthConfidence)
		g.Rows = append(g.Rows, rows[a])
	}
	return g, nil
}
