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
		entry(costBoundPlot(), costBound, "x"),
		entry(cactusPlot(), cactus, "xy"),
		entry(survivalPlot(), survival, "xy"),
		entry(profilePlot(), profile, "xy", numbers(true, "metric")),
		entry(ecdfPlot(), ecdf, "xy", ecdfArgs),
		entry(qualityTimePlot(), qualityTime, "xy"),
		entry(scatterPlot(), scatter, "xy", numbers(false, "metric")),
		entry(boxPlot(), box, "x", numbers(false, "metric")),
		entry(criticalDifferencePlot(), criticalDifference, "", criticalDifferenceArgs),
		entry(growthPlot(), growth, "xy", numbers(false, "metric")),
		entry(paretoPlot(), pareto, "xy", numbers(true, "effort", "quality")),
		entry(heatMapPlot(), heatMap, "", heatMapArgs),
	}
}

// drawer draws one plot of a summary into a figure that has its name and size.
type drawer func(f *Figure, s *summary.Summary, a spec.Args)

// entry adds to a plot what all have: a size, a name, the choice of algorithms, and the
// parameters of its axes. Checks are about parameters that do not go together.
func entry(d spec.Descriptor, draw drawer, axes string, checks ...func(spec.Args) error) spec.Entry[Builder] {
	for _, x := range axes {
		d.Params = append(d.Params, axisParams(string(x))...)
		checks = append(checks, func(a spec.Args) error { return axisArgs(a, string(x)) })
	}
	const algorithms = "algorithms"
	one := slices.ContainsFunc(d.Params, func(p spec.Param) bool { return p.Name == "algorithm" })
	if !one {
		d.Params = append(d.Params, spec.Param{
			Name: algorithms, Type: spec.String, List: true,
			Doc: "the algorithms shown, as records name them; all unless given",
		})
	}
	d.Params = append(d.Params, sizeParams()...)
	return spec.Entry[Builder]{Descriptor: d, New: func(a spec.Args) (Builder, error) {
		for _, check := range checks {
			if err := check(a); err != nil {
				return nil, err
			}
		}
		z := sizeNamed(a.String(SizeParam))
		z.bare = !a.Bool(captionName)
		return func(s *summary.Summary) Figure {
			if !one && len(a.Strings(algorithms)) > 0 {
				only, err := s.Only(a.Strings(algorithms))
				if err != nil {
					f := Figure{Name: d.Name, size: z}
					f.notApplicable(err.Error())
					return f
				}
				s = only
			}
			f := fitted(d.Name, z, func(f *Figure) { draw(f, s, a) })
			for _, x := range axes {
				if n := string(x); f.body != nil && (a.Has(n+"-min") || a.Has(n+"-max")) {
					f.Caption += " What lies beyond the limits of the " + n + " axis is not drawn."
				}
			}
			f.Timed = f.Timed || d.Has(Timed)
			return f
		}, nil
	}}
}
