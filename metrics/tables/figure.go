package tables

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/floats"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

// aggregate sums up the values of a column.
type aggregate struct {
	name, synopsis string
	title          string // follows the column's title
	doc            string // what captions say of the figures, if anything
	unit           string // in place of the column's
	count          bool   // a number of cases
	// reduce sums up numbers, at least one; shift is that of the column.
	reduce func(values []float64, shift float64) float64
	// against, in place of reduce, compares with another algorithm: pairs of values. Counts of truths have neither.
	against func(values, others []float64) float64
}

var aggregates = []aggregate{
	{name: "mean", title: "mean", synopsis: "arithmetic mean", reduce: plainly(stats.Mean)},
	{name: "gmean", title: "mean", synopsis: "geometric mean, for ratios", doc: "Geometric means", reduce: plainly(stats.GeoMean)},
	{name: "sgm", synopsis: "shifted geometric mean, for effort", doc: "Shifted geometric means", reduce: stats.ShiftedGeoMean},
	{name: "median", title: "median", synopsis: "median", reduce: plainly(stats.Median)},
	{name: "min", title: "min", synopsis: "least value", reduce: plainly(slices.Min[[]float64])},
	{name: "max", title: "max", synopsis: "largest value", reduce: plainly(slices.Max[[]float64])},
	{name: "sum", title: "sum", synopsis: "sum", reduce: plainly(floats.Sum)},
	{name: "share", unit: "%", count: true, synopsis: "share of cases in which something is so, in percent"},
	{name: "count", count: true, synopsis: "number of cases in which something is so"},
	{
		name: "spread", title: "spread over seeds", unit: "%", doc: "Largest less smallest value of the seeds, over their mean",
		synopsis: "largest less smallest value of the seeds over their mean, in percent, mean of cases with several seeds", reduce: plainly(stats.Mean),
	},
	{name: "ratio", title: "ratio mean", unit: "ratio", synopsis: "geometric mean of the ratio to the value of another algorithm", against: ratios(stats.GeoMean)},
	{name: "ratio-min", title: "ratio min", unit: "ratio", synopsis: "least ratio to the value of another algorithm", against: ratios(slices.Min[[]float64])},
	{name: "ratio-max", title: "ratio max", unit: "ratio", synopsis: "largest ratio to the value of another algorithm", against: ratios(slices.Max[[]float64])},
	{
		name: "saved", title: "saved", unit: "%", synopsis: "by how much the sum is less than that of another algorithm, in percent",
		against: func(x, y []float64) float64 { return 100 * (floats.Sum(y) - floats.Sum(x)) / floats.Sum(y) },
	},
	{name: "both", title: "both", count: true, synopsis: "number of cases in which another algorithm has a value, too", against: counting(-1, 0, 1)},
	{name: "less", title: "less", count: true, synopsis: "number of cases in which the value is less than that of another algorithm", against: counting(-1)},
	{name: "same", title: "equal", count: true, synopsis: "number of cases in which the value is that of another algorithm", against: counting(0)},
	{name: "more", title: "more", count: true, synopsis: "number of cases in which the value is more than that of another algorithm", against: counting(1)},
}

func plainly(of func([]float64) float64) func([]float64, float64) float64 {
	return func(values []float64, _ float64) float64 { return of(values) }
}

func ratios(of func([]float64) float64) func(x, y []float64) float64 {
	return func(x, y []float64) float64 {
		r := make([]float64, len(x))
		for i := range x {
			r[i] = stats.Ratio(x[i], y[i])
		}
		return of(r)
	}
}

// counting counts the pairs of which the comparison is one of those.
func counting(those ...int) func(x, y []float64) float64 {
	return func(x, y []float64) float64 {
		n := 0.0
		for i := range x {
			if slices.Contains(those, cmp.Compare(x[i], y[i])) {
				n++
			}
		}
		return n
	}
}

// FigureKind is the kind of aggregates in a catalogue.
const FigureKind = "figure"

// FigureRegistry makes aggregates known to a catalogue.
func FigureRegistry(entries ...spec.Entry[Figure]) spec.Registry {
	return spec.NewRegistry(spec.Kind{Name: FigureKind, Plural: "figures", Synopsis: "how tables sum up a column over cases"}, entries...)
}

// Figure is what one column of a table shows: an aggregate of a column of runs.
type Figure struct {
	aggregate                         // without a name: that of the column, once bound
	spec                       string // as it was written
	of                         spec.Spec
	over                       string // a population; empty for the table's
	until, versus, title       string
	digits                     int // negative unless given
	counts, fraction, optional bool

	column summary.Column                    // once bound
	told   map[*summary.Case][]summary.Value // by algorithm, once asked for
}

// The populations that a figure may be over.
const (
	overAll    = "all"
	overRun    = "run"
	overSolved = "solved"
	overCommon = "common"
)

var populations = []string{overAll, overRun, overSolved, overCommon}

const populationDoc = "which cases figures are over: all that the algorithm was run on, unsolved ones with what they took, as lower bounds; run: " +
	"those that every algorithm was run on; solved: those that it solved; or common: those solved by every algorithm that solved any"

// Figures lists the aggregates of this package.
func Figures() []spec.Entry[Figure] {
	var out []spec.Entry[Figure]
	for _, a := range aggregates {
		d := spec.Descriptor{
			Name: a.name, Synopsis: a.synopsis, Citation: "own work",
			Params: []spec.Param{
				{Name: "of", Type: spec.Term, Required: true, Doc: "the column that is summed up"},
				{Name: "over", Type: spec.Choice, Choices: populations, Doc: populationDoc + "; those of the table unless given"},
				{Name: "until", Type: spec.Choice, Choices: []string{"solved", "proved"}, Default: "solved", Doc: "what makes the effort of a run exact, no bound"},
				{Name: "counts", Type: spec.Bool, Default: "no", Doc: "whether to show, in parentheses, how many cases have an exact value, of how many"},
				{Name: "fraction", Type: spec.Bool, Default: "no", Doc: "whether to show a count as a fraction"},
				{Name: "optional", Type: spec.Bool, Default: "no", Doc: "whether the column may be left out if all is 0"},
				{Name: "title", Type: spec.String, Doc: "the head of the column"},
				{Name: "digits", Type: spec.Int, Bounds: spec.Between(0, 15), Doc: "digits after the point"},
			},
		}
		if a.name == "sgm" {
			d.Citation = shiftedMean
		}
		if a.against != nil {
			d.Params = slices.Insert(d.Params, 1, spec.Param{Name: "versus", Type: spec.String, Required: true, Doc: "the other algorithm, as records name it"})
		}
		out = append(out, spec.Entry[Figure]{Descriptor: d, New: func(args spec.Args) (Figure, error) {
			f := Figure{
				aggregate: a, spec: strings.Replace(args.Brief().String(), "(of=", "(", 1), of: args.Spec("of"),
				over: args.String("over"), until: args.String("until"), title: args.String("title"), digits: -1,
				counts: args.Bool("counts"), fraction: args.Bool("fraction"), optional: args.Bool("optional"),
			}
			if args.Has("digits") {
				f.digits = int(args.Int("digits"))
			}
			if a.against != nil {
				f.versus = args.String("versus")
			}
			return f, nil
		}})
	}
	return out
}

// figures reads the terms of a table: aggregates of columns, or columns alone.
func figures(c *spec.Catalogue, terms []spec.Spec) ([]Figure, error) {
	var out []Figure
	for _, term := range terms {
		f := Figure{of: term}
		if _, isFigure := c.Lookup(FigureKind, term.Name); isFigure {
			var err error
			if f, _, err = spec.Build[Figure](c, FigureKind, term); err != nil {
				return nil, err
			}
		}
		out = append(out, f)
	}
	return out, nil
}

// foreseen tells whether future runs may have the column of a figure.
func (f Figure) foreseen(known *summary.Columns) error {
	col, ok := known.Find(f.of.String())
	switch {
	case !ok && summary.Brings(f.of.Name):
		return nil
	case !ok && f.name == "":
		names := prose.Texts(aggregates, func(a aggregate) string { return a.name })
		return fmt.Errorf("no column or figure %q%s", f.of.Name, spec.DidYouMean(f.of.Name, append(names, known.Names()...), "there are"))
	case !ok:
		return fmt.Errorf("%s: no column %q%s", f.spec, f.of, spec.DidYouMean(f.of.String(), known.Names(), "there are"))
	case f.name == "" && col.Mean == "" && (col.Kind == summary.Number || col.Kind == summary.Truth):
		return nil // records say how it is summed up
	}
	return f.fits(col)
}

// truths tells whether the figure counts in how many cases something is so.
func (f Figure) truths() bool { return f.count && f.against == nil }

// fits tells whether the figure can be made of a column.
func (f Figure) fits(col summary.Column) error {
	is := fmt.Sprintf("%s is %s", col.Name, spec.WithArticle(col.Kind.String()))
	switch truth := col.Kind == summary.Truth; {
	case f.name == "" && col.Mean == "" && col.Kind == summary.Number:
		return fmt.Errorf("%s, and has no figure of its own: name one, as in max(%[2]s), or use %[2]s in rows", is, col.Name)
	case f.name == "" && col.Mean == "":
		return fmt.Errorf("%s, and has no figures: use it in rows", is)
	case f.name == "":
		return nil
	case f.truths() && !truth:
		return fmt.Errorf("%s: %s, and only a truth can be counted", f.spec, is)
	case truth && !f.truths():
		return fmt.Errorf("%s: %s, which share and count sum up", f.spec, is)
	case !truth && col.Kind != summary.Number:
		return fmt.Errorf("%s: %s, not a number: use it in rows", f.spec, is)
	}
	return nil
}

// bind finds the column.
func (f Figure) bind(s *summary.Summary) (Figure, error) {
	col, err := s.Column(f.of.String())
	if err != nil {
		return f, err
	}
	if err := f.fits(col); err != nil {
		return f, err
	}
	if f.name == "" {
		of := spec.Value{Form: spec.Call, Spec: &f.of}
		if f, _, err = spec.Build[Figure](s.Catalogue, FigureKind, spec.Named(col.Mean).WithValue("of", of)); err != nil {
			return f, err
		}
	}
	if f.versus != "" {
		_, err = s.Algorithm(f.versus)
	}
	f.column, f.told = col, map[*summary.Case][]summary.Value{}
	return f, err
}

// ownHead names the figure where its spec does not.
func (f Figure) ownHead() string {
	return strings.TrimSpace(f.column.Title() + " " + f.aggregate.title)
}

// head is the head of the figure's column.
func (f Figure) head() Column {
	c := Column{Name: cmp.Or(f.title, f.ownHead()), Unit: cmp.Or(f.unit, f.column.Unit), Better: f.column.Better, Optional: f.optional}
	if f.fraction || (f.count && f.unit == "") {
		c.Unit = ""
	}
	if f.against != nil || f.name == "spread" {
		c.Better = summary.Neither
	}
	return c
}

// format is how the figure is shown.
func (f Figure) format() Format {
	digits := -1 // significant ones
	unit := cmp.Or(f.unit, f.column.Unit)
	switch {
	case f.fraction:
		return Format{Style: Fraction, Counts: f.counts}
	case f.digits >= 0:
		digits = f.digits
	case f.unit == "%" || unit == "steps":
		digits = 1
	case f.count:
		digits = 0
	case unit == "%":
		digits = 2
	case unit == "ratio" || unit == "score" || (unit == "" && f.column.Plan && !strings.HasPrefix(f.column.Name, "cost")):
		digits = 3
	}
	if digits < 0 {
		return Format{Style: SignificantDigits, Digits: 3, Counts: f.counts}
	}
	return Format{Digits: int8(digits), Counts: f.counts}
}

// lacking is what runs lack where a value is a bound.
func (f Figure) lacking() string {
	switch {
	case f.column.Name == "first-plan":
		return "a plan"
	case f.until == "proved":
		return "a proof"
	}
	return "a solution"
}

// succeeded tells whether an algorithm has in a case what a comparison takes.
func (f Figure) succeeded(c *summary.Case, algorithm int) bool {
	if f.column.Plan {
		return f.value(c, algorithm).Kind != summary.Missing
	}
	return solved(c, algorithm) && !f.value(c, algorithm).AtLeast
}

// solved tells whether an algorithm solved a case, with each seed.
func solved(c *summary.Case, algorithm int) bool {
	run := c.Runs[algorithm]
	return len(run) > 0 && !slices.ContainsFunc(run, func(r *results.Record) bool { return !r.Outcome.Solved() })
}

// tells reports whether the figure of an algorithm depends on a case.
func (f Figure) tells(c *summary.Case, algorithm int, over string) bool {
	if len(c.Runs[algorithm]) == 0 || (over == overSolved && !solved(c, algorithm)) {
		return false
	}
	v := f.value(c, algorithm)
	if f.name == "share" {
		return v.Kind != summary.Missing
	}
	return f.count || (v.Kind == summary.Number && !(v.AtLeast && over == overSolved))
}

// cell sums up an algorithm in cases. Where all are common to the algorithms compared, a mean
// over some of them would compare with nothing.
func (f Figure) cell(s *summary.Summary, cases []*summary.Case, algorithm int, over string) Cell {
	out := Cell{Value: math.NaN(), Format: f.format()}
	other := algorithm
	if f.against != nil {
		other, _ = s.Algorithm(f.versus)
	}
	var values, others []float64
	bound := false
	for _, c := range cases {
		if len(c.Runs[algorithm]) == 0 || len(c.Runs[other]) == 0 {
			continue
		}
		v := f.value(c, algorithm)
		x, ok := v.Spent()
		if !ok && f.truths() {
			continue // of what is about plans, only these count
		}
		out.Of++
		if !ok || (v.AtLeast && (over == overSolved || f.against != nil)) {
			continue
		}
		if f.against != nil {
			y, ok := f.value(c, other).Exact()
			if !ok || other == algorithm {
				continue
			}
			others = append(others, y)
		}
		values = append(values, x)
		switch {
		case f.truths():
			out.N += x
		case v.AtLeast:
			bound = true
		default:
			out.N++
		}
	}
	switch {
	case f.unlike(s, cases), out.Of == 0:
	case f.name == "count":
		out.Value = out.N
	case f.name == "share":
		out.Value = 100 * out.N / out.Of
	case f.against != nil:
		if len(values) > 0 || (f.count && other != algorithm) {
			out.Value = f.against(values, others)
		}
	case len(values) > 0 && (over != overCommon || float64(len(values)) == out.Of):
		out.Value, out.AtLeast = f.reduce(values, f.column.Shift), bound
	}
	return out
}

// unlike tells whether the figure would add up or compare costs, or objectives, in different units.
func (f Figure) unlike(s *summary.Summary, cases []*summary.Case) bool {
	differ := func(of func(*summary.Case) string) bool {
		return slices.ContainsFunc(cases, func(c *summary.Case) bool { return of(c) != of(cases[0]) })
	}
	return f.name != "spread" && (f.against == nil || f.name == "saved") &&
		(f.column.MeasuredBy() == "cost-function" && differ(func(c *summary.Case) string { return c.CostFunction }) && f.column.Unit == "" ||
			f.column.MeasuredBy() == "duration" && differ(func(c *summary.Case) string { return c.Duration }) && f.column.Unit == "" ||
			f.column.MeasuredBy() == "objective" && differ(func(c *summary.Case) string { return c.Objective }))
}

// value is what the runs of an algorithm tell of a case.
func (f Figure) value(c *summary.Case, algorithm int) summary.Value {
	if f.told[c] == nil {
		f.told[c] = make([]summary.Value, len(c.Runs))
		for a := range c.Runs {
			f.told[c][a] = f.read(c, a)
		}
	}
	return f.told[c][algorithm]
}

func (f Figure) read(c *summary.Case, algorithm int) summary.Value {
	if f.name == "spread" {
		if x, ok := f.column.Spread(c, algorithm); ok {
			return summary.Value{Kind: summary.Number, X: 100 * x}
		}
		return summary.Value{}
	}
	v := f.column.Of(c, algorithm)
	if f.until == "proved" && v.Kind == summary.Number && slices.ContainsFunc(c.Runs[algorithm], func(r *results.Record) bool { return !r.Outcome.Proved() }) {
		v.AtLeast = true
	}
	return v
}
