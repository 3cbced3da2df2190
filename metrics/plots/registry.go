package plots

import (
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// Builder makes a figure of a summary. It handles the summary of no records.
type Builder func(*summary.Summary) Figure

// Timed is the property of plots that show times. All others are the same for all
// runs with the same seeds.
const Timed spec.Property = "timed"

// Registry lists the plots, in the order of a report.
func Registry() *spec.Registry[Builder] {
	return spec.NewRegistry("plot", []spec.Property{Timed},
		entry(costBoundPlot(), costBound),
		entry(cactusPlot(), cactus),
		heatMapEntry(),
	)
}

func entry(d spec.Descriptor, build Builder) spec.Entry[Builder] {
	return spec.Entry[Builder]{Descriptor: d, New: func(spec.Args) (Builder, error) { return named(d, build), nil }}
}

// named gives the figures of a builder their name.
func named(d spec.Descriptor, build Builder) Builder {
	return func(s *summary.Summary) Figure {
		f := build(s)
		f.Name = d.Name
		return f
	}
}
