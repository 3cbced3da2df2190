package summary

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/metrics/stats"
)

// Growth tells how a metric grows with a quantity of instances.
type Growth struct {
	Metric  Metric
	Size    Quantity
	Cases   int // with the quantity
	LeftOut int // cases without it
	Rows    []GrowthRow
}

// GrowthRow is one algorithm's growth. It is about what the algorithm solved; where it
// leaves out cases that others solved, they are the hard ones.
type GrowthRow struct {
	Algorithm     int // index into Summary.Algorithms
	Sizes, Values []float64
	// Cases that were not solved: their sizes, and what they had taken when they ended.
	OpenSizes, OpenValues []float64
	Fit                   stats.Growth
}

// GrowthConfidence is that of the intervals of exponents.
const GrowthConfidence = 0.95

// Growth relates a metric to a parameter of a family or a feature of instances. Where
// no instance has it, that is an error.
func (s *Summary) Growth(m Metric, size string) (Growth, error) {
	g := Growth{Metric: m}
	from := s.newOrigins()
	rows := make([]GrowthRow, len(s.Algorithms))
	for _, c := range s.Cases {
		p := from.of(c)
		x, ok := p.value(size)
		if !ok {
			g.LeftOut++
			continue
		}
		g.Cases++
		g.Size = p.quantity(size)
		for a := range s.Algorithms {
			if v, ok := m.Of(c, a); ok {
				rows[a].Sizes, rows[a].Values = append(rows[a].Sizes, x), append(rows[a].Values, v)
			} else if v, ok := m.Spent(c, a); ok {
				rows[a].OpenSizes, rows[a].OpenValues = append(rows[a].OpenSizes, x), append(rows[a].OpenValues, v)
			}
		}
	}
	if g.Cases == 0 {
		return g, fmt.Errorf("no instance has %q, as a parameter or a feature", size)
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
