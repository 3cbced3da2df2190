package plots

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// Builder makes a figure of a summary. It handles the summary of no records.
type Builder func(*summary.Summary) Figure

// Timed is the property of plots that show times unless told otherwise. All others
// are the same for all runs with the same seeds; see [Figure.Timed].
const Timed spec.Property = "timed"

// Kind is the kind of plots in a catalogue.
const Kind = "plot"

// Registry makes plots known to a catalogue.
func Registry(entries ...spec.Entry[Builder]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: Kind, Plural: "plots", Synopsis: "pictures of a report", Vocabulary: []spec.Property{Timed},
	}, entries...)
}

// Entries lists the plots of this package, in the order of a report.
func Entries() []spec.Entry[Builder] {
	return []spec.Entry[Builder]{
		entry(costBoundPlot(), costBound),
		entry(cactusPlot(), cactus),
		entry(survivalPlot(), survival),
		entry(profilePlot(), profile),
		entry(ecdfPlot(), ecdf, ecdfArgs),
		entry(qualityTimePlot(), qualityTime),
		entry(scatterPlot(), scatter),
		entry(boxPlot(), box),
		entry(criticalDifferencePlot(), criticalDifference),
		entry(growthPlot(), growth),
		entry(paretoPlot(), pareto),
		entry(heatMapPlot(), heatMap, heatMapArgs),
	}
}

// drawer draws one plot of a summary, in a size.
type drawer func(*summary.Summary, spec.Args, size) Figure

// entry adds to a plot what all have: a size, and a name. Checks are about parameters
// that do not go together.
func entry(d spec.Descriptor, draw drawer, checks ...func(spec.Args) error) spec.Entry[Builder] {
	d.Params = append(d.Params, sizeParams()...)
	restricted := slices.ContainsFunc(d.Params, func(p spec.Param) bool { return p.Name == algorithmsName }) // on demand
	return spec.Entry[Builder]{Descriptor: d, New: func(a spec.Args) (Builder, error) {
		for _, check := range checks {
			if err := check(a); err != nil {
				return nil, err
			}
		}
		return func(s *summary.Summary) Figure {
			if restricted && len(a.Strings(algorithmsName)) > 0 {
				only, err := s.Only(a.Strings(algorithmsName))
				if err != nil {
					return Figure{Name: d.Name, Caption: sentence(err.Error()), NotApplicable: true}
				}
				s = only
			}
			z := sizeNamed(a.String(SizeParam))
			f := draw(s, a, z)
			f.Name, f.size, f.bare = d.Name, z, !a.Bool(captionName)
			f.Timed = f.Timed || d.Has(Timed)
			return f
		}, nil
	}}
}
