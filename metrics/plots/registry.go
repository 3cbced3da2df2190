package plots

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// Builder makes a figure of a summary. It handles the summary of no records.
type Builder func(*summary.Summary) Figure

// Timed is the property of plots that show times unless told otherwise; see [Figure.Timed].
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
		entry(paretoTargetsPlot(), paretoTargets, "xy"),
		entry(makespanCostPlot(), pareto, "xy", numbers(true, "effort", "quality")),
		entry(heatMapPlot(), heatMap, "", heatMapArgs),
	}
}

// entry adds what all plots have: size, name, choice of algorithms and parameters of axes. Checks are of what goes together.
func entry(d spec.Descriptor, draw func(*Figure, *summary.Summary, spec.Args), axes string, checks ...func(spec.Args) error) spec.Entry[Builder] {
	for _, x := range axes {
		d.Params = append(d.Params, axisParams(string(x))...)
		checks = append(checks, func(a spec.Args) error { return axisArgs(a, string(x)) })
	}
	const algorithms = "algorithms"
	has := func(name string) bool {
		return slices.ContainsFunc(d.Params, func(p spec.Param) bool { return p.Name == name })
	}
	one := has("algorithm")
	if !has("compare") {
		d.Params = append(d.Params, summary.CompareParam(""))
	}
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
			s, err := s.By(a.Strings("compare"))
			if err == nil && !one && len(a.Strings(algorithms)) > 0 {
				s, err = s.Only(a.Strings(algorithms))
			}
			if err == nil {
				err = unlike(s, d, a)
			}
			f := fitted(d.Name, z, func(f *Figure) {
				if err != nil {
					f.notApplicable(err.Error())
				} else {
					draw(f, s, a)
				}
			})
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

// unlike is the error of a plot that would pool costs of several cost functions, or in several
// units. Ratios pool none, and a ranking has an error of its own.
func unlike(s *summary.Summary, d spec.Descriptor, a spec.Args) error {
	if d.Name == "performance-profile" || d.Name == "critical-difference" {
		return nil
	}
	for _, p := range d.Params {
		var names []string
		if p.Of == summary.ColumnKind {
			names = []string{spec.Built[summary.Column](a, p.Name).Name}
		} else if p.Name == "metric" && p.List {
			names = a.Strings(p.Name)
		}
		for _, name := range names {
			c, err := s.Column(name)
			if err != nil || c.Unit != "" || c.MeasuredBy() == "" {
				continue
			}
			measures := map[string]bool{}
			for _, r := range s.All() {
				by, unit := c.Measure(r)
				measures[strings.TrimSuffix(by+" in "+unit, " in ")] = true
			}
			if delete(measures, ""); len(measures) > 1 {
				return fmt.Errorf("the runs have values of %s by %s, which do not compare: choose one with --where",
					c.Name, strings.Join(slices.Sorted(maps.Keys(measures)), " and "))
			}
		}
	}
	return nil
}

func columnParam(name, preset, doc string) spec.Param {
	return spec.Param{Name: name, Type: spec.Ref, Of: summary.ColumnKind, Default: preset, Doc: doc}
}

// numbers checks that columns are numbers, of which less is better if that is what counts.
func numbers(lower bool, names ...string) func(spec.Args) error {
	return func(a spec.Args) error {
		for _, name := range names {
			switch c := spec.Built[summary.Column](a, name); {
			case c.Kind != summary.Number:
				return fmt.Errorf("%s=%s: the column is no number", name, c.Name)
			case lower && c.Better != summary.Lower:
				return fmt.Errorf("%s=%s: a column is wanted of which less is better", name, c.Name)
			}
		}
		return nil
	}
}

// columnOf is the column that a parameter names, with the unit and title that it has in s.
func columnOf(s *summary.Summary, a spec.Args, name string) summary.Column {
	built := spec.Built[summary.Column](a, name)
	if c, err := s.Column(built.Name); err == nil {
		return c
	}
	return built
}

func withUnit(title, unit string) string {
	if unit == "" || strings.EqualFold(title, unit) { // vms in VMs
		return cmp.Or(unit, title)
	}
	return fmt.Sprintf("%s (%s)", title, unit)
}

// label is a column in legends and on axes, where the numbers of times have their unit.
func label(c summary.Column) string {
	if c.Unit == "s" {
		return c.Title()
	}
	return withUnit(c.Title(), c.Unit)
}

func axisOf(c summary.Column) axis {
	return axis{label: label(c), column: withUnit(c.Title(), c.Unit), format: valueOf(c), log: true}
}

// axisFor is axisOf for some values: ratios to the best, never below 1, have a logarithmic one only where they are large.
func axisFor(c summary.Column, values ...[]float64) axis {
	x := axisOf(c)
	if strings.HasSuffix(c.Name, "-ratio") {
		x.floor = 1
		x.log = slices.ContainsFunc(slices.Concat(values...), func(v float64) bool { return v > 6 })
	}
	return x
}

func valueOf(c summary.Column) func(float64) string {
	return func(v float64) string {
		switch {
		case v == 0:
			return "0"
		case c.Unit == "s":
			return prose.Seconds(v)
		case v < 1000:
			return prose.Number(v)
		}
		return prose.Short(v)
	}
}

// what is a column in prose: what it is, if that is said in a few words.
func what(c summary.Column) string {
	if c.Doc != "" && len(c.Doc) < 25 {
		return c.Doc
	}
	return c.Title()
}

// mean is the mean that suits a column, and its name.
func mean(c summary.Column, shift float64, values []float64) (float64, string) {
	switch {
	case c.Mean != "sgm" && c.Mean != "gmean":
		return stats.Mean(values), "arithmetic"
	case shift == 0:
		return stats.GeoMean(values), "geometric"
	case c.Unit == "s":
		return stats.ShiftedGeoMean(values, shift), "geometric, shifted by " + prose.Seconds(shift)
	}
	return stats.ShiftedGeoMean(values, shift), fmt.Sprintf("geometric, shifted by %s %s", prose.Number(shift), c.Unit)
}

func coverage(s *summary.Summary, algorithm int) float64 {
	var of []float64
	if col, err := s.Column("coverage"); err == nil {
		for _, c := range s.Cases {
			if x, told := col.Of(c, algorithm).Spent(); told {
				of = append(of, x)
			}
		}
	}
	return stats.Mean(of)
}

func leftOut(s *summary.Summary, c summary.Comparison) string {
	if len(c.LeftOut) == 0 {
		return ""
	}
	return " In no case a value, so not compared: " + strings.Join(prose.Texts(s.Names(c.LeftOut), s.Label), ", ") + "."
}

func noCommon(s *summary.Summary, c summary.Comparison) string {
	if len(c.Compared) == 0 {
		return fmt.Sprintf("No run of the %s has a value.", cases(len(s.Cases)))
	}
	return fmt.Sprintf("There is no case in which all %d compared algorithms have a value.", len(c.Compared)) + leftOut(s, c)
}
