package tables

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

// Aggregate sums up the values that a column has in cases.
type Aggregate struct {
	// Title is what it adds to the column's title, such as "mean"; Doc what captions say of
	// the columns, if anything.
	Title, Doc string
	// Unit stands in place of the column's unless it is empty; Digits likewise those that fit
	// the unit.
	Unit   string
	Digits *int
	// Of sums up numbers, at least one; shift is that of the column.
	Of func(values []float64, shift float64) float64
	// Count: the figure is in how many cases something is so.
	Count bool
	// Against, in place of Of, compares with another algorithm: pairs of values, in cases in
	// which both have one.
	Against func(values, others []float64) float64
}

// FigureKind is the kind of aggregates in a catalogue.
const FigureKind = "figure"

// FigureRegistry makes aggregates known to a catalogue.
func FigureRegistry(entries ...spec.Entry[Figure]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: FigureKind, Plural: "figures", Synopsis: "how tables sum up a column over cases",
	}, entries...)
}

// Figure is what one column of a table shows: an aggregate of a column of runs.
type Figure struct {
	Aggregate
	name, spec                 string
	of                         spec.Spec // the column
	over                       string    // a population; empty for the table's
	until                      string
	versus                     string
	title                      string
	digits                     *int
	counts, fraction, optional bool

	column summary.Column
}

// The populations that a figure may be over.
const (
	overAll    = "all"
	overRun    = "run"
	overSolved = "solved"
	overCommon = "common"
)

var populations = []string{overAll, overRun, overSolved, overCommon}

const populationDoc = "which cases figures are over: all that the algorithm was run on, where an unsolved one counts with what its runs " +
	"took, as a lower bound; run: those that every algorithm was run on; solved: those that the algorithm solved; or common: those solved " +
	"by every algorithm that solved any"

// Figures lists the aggregates of this package.
func Figures() []spec.Entry[Figure] {
	zero, one := 0, 1
	mean := func(x []float64, _ float64) float64 { return stats.Mean(x) }
	ratio := func(of func([]float64) float64) func([]float64, []float64) float64 {
		return func(x, y []float64) float64 {
			ratios := make([]float64, len(x))
			for i := range x {
				ratios[i] = stats.Ratio(x[i], y[i])
			}
			return of(ratios)
		}
	}
	counting := func(yes func(x, y float64) bool) func([]float64, []float64) float64 {
		return func(x, y []float64) float64 {
			n := 0.0
			for i := range x {
				n += indicator(yes(x[i], y[i]))
			}
			return n
		}
	}
	saved := func(x, y []float64) float64 {
		a, b := 0.0, 0.0
		for i := range x {
			a, b = a+x[i], b+y[i]
		}
		if b == 0 {
			return math.NaN()
		}
		return 100 * (b - a) / b
	}
	return []spec.Entry[Figure]{
		figure("mean", "arithmetic mean", Aggregate{Title: "mean", Of: mean}),
		figure("gmean", "geometric mean, for ratios", Aggregate{
			Title: "mean", Doc: "geometric means", Of: func(x []float64, _ float64) float64 { return stats.GeoMean(x) },
		}),
		figure("sgm", "shifted geometric mean, for effort", Aggregate{Doc: "shifted geometric means", Of: stats.ShiftedGeoMean}),
		figure("median", "median", Aggregate{Title: "median", Of: func(x []float64, _ float64) float64 { return stats.Median(x) }}),
		figure("min", "least value", Aggregate{Title: "min", Of: func(x []float64, _ float64) float64 { return slices.Min(x) }}),
		figure("max", "largest value", Aggregate{Title: "max", Of: func(x []float64, _ float64) float64 { return slices.Max(x) }}),
		figure("sum", "sum", Aggregate{Title: "sum", Of: func(x []float64, _ float64) float64 { return stats.Mean(x) * float64(len(x)) }}),
		figure("share", "share of cases in which something is so, in percent", Aggregate{
			Unit: "%", Digits: &one, Count: true, Of: func(x []float64, _ float64) float64 { return 100 * stats.Mean(x) },
		}),
		figure("count", "number of cases in which something is so", Aggregate{
			Digits: &zero, Count: true, Of: func(x []float64, _ float64) float64 { return stats.Mean(x) * float64(len(x)) },
		}),
		figure("spread", "how much seeds of one case differ: largest less smallest value over their mean, in percent, mean of cases with several seeds",
			Aggregate{Title: "spread over seeds", Unit: "%", Digits: &one, Doc: "largest less smallest value of the seeds, over their mean", Of: func(x []float64, _ float64) float64 { return 100 * stats.Mean(x) }}),
		versusFigure("ratio", "geometric mean of the value over that of another algorithm", Aggregate{Title: "ratio mean", Unit: "ratio", Against: ratio(stats.GeoMean)}),
		versusFigure("ratio-min", "least ratio of the value to that of another algorithm", Aggregate{Title: "ratio min", Unit: "ratio", Against: ratio(slices.Min[[]float64])}),
		versusFigure("ratio-max", "largest ratio of the value to that of another algorithm", Aggregate{Title: "ratio max", Unit: "ratio", Against: ratio(slices.Max[[]float64])}),
		versusFigure("saved", "by how much the sum of the values is less than that of another algorithm, in percent", Aggregate{Title: "saved", Unit: "%", Digits: &one, Against: saved}),
		versusFigure("both", "number of cases in which another algorithm has a value, too", Aggregate{Title: "both", Digits: &zero, Count: true, Against: counting(func(_, _ float64) bool { return true })}),
		versusFigure("less", "number of cases in which the value is less than that of another algorithm", Aggregate{Title: "less", Digits: &zero, Count: true, Against: counting(func(x, y float64) bool { return x < y })}),
		versusFigure("same", "number of cases in which the value is that of another algorithm", Aggregate{Title: "equal", Digits: &zero, Count: true, Against: counting(func(x, y float64) bool { return x == y })}),
		versusFigure("more", "number of cases in which the value is more than that of another algorithm", Aggregate{Title: "more", Digits: &zero, Count: true, Against: counting(func(x, y float64) bool { return x > y })}),
	}
}

func versusFigure(name, synopsis string, a Aggregate) spec.Entry[Figure] {
	e := figure(name, synopsis, a)
	e.Params = slices.Insert(e.Params, 1, spec.Param{Name: "versus", Type: spec.String, Required: true, Doc: "the other algorithm, as records name it"})
	return e
}

// figure is the entry of an aggregate.
func figure(name, synopsis string, a Aggregate) spec.Entry[Figure] {
	d := spec.Descriptor{
		Name: name, Synopsis: synopsis, Citation: "own work",
		Params: []spec.Param{
			{Name: "of", Type: spec.Term, Required: true, Doc: "the column that is summed up"},
			{Name: "over", Type: spec.Choice, Choices: populations, Doc: populationDoc + "; those of the table unless given"},
			{Name: "until", Type: spec.Choice, Choices: []string{"solved", "proved"}, Default: "solved", Doc: "what a run must have come to for its effort not to count as a lower bound"},
			{Name: "counts", Type: spec.Bool, Default: "no", Doc: "whether to show, in parentheses, how many cases have an exact value, of how many"},
			{Name: "fraction", Type: spec.Bool, Default: "no", Doc: "whether to show a count as a fraction"},
			{Name: "optional", Type: spec.Bool, Default: "no", Doc: "whether the column may be left out if all is 0"},
			{Name: "title", Type: spec.String, Doc: "the head of the column"},
			{Name: "digits", Type: spec.Int, Bounds: spec.Between(0, 15), Doc: "digits after the point"},
		},
	}
	if name == "sgm" {
		d.Citation = "Achterberg 2007, doi 10.14279/depositonce-1634 (shifted geometric mean)"
	}
	return spec.Entry[Figure]{Descriptor: d, New: func(args spec.Args) (Figure, error) {
		f := Figure{
			Aggregate: a, name: name, spec: strings.Replace(args.Brief().String(), "(of=", "(", 1), of: args.Spec("of"), until: args.String("until"),
			counts: args.Bool("counts"), fraction: args.Bool("fraction"), optional: args.Bool("optional"),
		}
		if args.Has("over") {
			f.over = args.String("over")
		}
		if args.Has("title") {
			f.title = args.String("title")
		}
		if args.Has("digits") {
			n := int(args.Int("digits"))
			f.digits = &n
		}
		if a.Against != nil {
			f.versus = args.String("versus")
		}
		return f, nil
	}}
}

// figures reads the terms of a table: aggregates of columns, or columns by themselves, which
// are summed up as suits them.
func figures(c *spec.Catalogue, terms []spec.Spec) ([]Figure, error) {
	var out []Figure
	for _, term := range terms {
		if _, isFigure := c.Lookup(FigureKind, term.Name); !isFigure {
			out = append(out, Figure{of: term})
			continue
		}
		f, _, err := spec.Build[Figure](c, FigureKind, term)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// foreseen tells whether the column of a figure may be one of runs that are yet to be made.
func (f Figure) foreseen(known *summary.Columns) error {
	col, ok := known.Find(f.of.String())
	switch {
	case !ok && summary.Brings(f.of.Name):
		return nil
	case !ok && f.name == "":
		return fmt.Errorf("no column or figure %q%s", f.of.Name, spec.DidYouMean(f.of.Name, append(prose.Texts(Figures(), func(e spec.Entry[Figure]) string { return e.Name }), known.Names()...), "there are"))
	case !ok:
		return fmt.Errorf("%s: no column %q%s", f.spec, f.of, spec.DidYouMean(f.of.String(), known.Names(), "there are"))
	case f.name == "" && col.Mean == "" && col.Kind == summary.Number:
		return nil // records say how it is summed up
	}
	return f.fits(col)
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

// fits tells whether the figure can be made of a column.
func (f Figure) fits(col summary.Column) error {
	is := fmt.Sprintf("%s is %s", col.Name, spec.WithArticle(col.Kind.String()))
	switch truth := col.Kind == summary.Truth; {
	case f.name == "" && col.Mean == "":
		return fmt.Errorf("%s, and has no figure of its own: name one, as in max(%[2]s), or use %[2]s in rows", is, col.Name)
	case f.name == "":
		return nil
	case f.Count && f.Against == nil && !truth:
		return fmt.Errorf("%s: %s, and only a truth can be counted", f.spec, is)
	case truth && (!f.Count || f.Against != nil):
		return fmt.Errorf("%s: %s, which share and count sum up", f.spec, is)
	case !truth && col.Kind != summary.Number:
		return fmt.Errorf("%s: %s, not a number", f.spec, is)
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
		bound, err := figures(s.Catalogue, []spec.Spec{spec.Named(col.Mean).WithValue("of", spec.Value{Form: spec.Call, Spec: &f.of})})
		if err != nil {
			return f, err
		}
		f = bound[0]
	}
	f.column = col
	if f.versus != "" {
		if _, err := s.Algorithm(f.versus); err != nil {
			return f, err
		}
	}
	return f, nil
}

// head is the head of the figure's column.
func (f Figure) head() Column {
	title := f.column.Title()
	if f.Title != "" {
		title = strings.TrimSpace(title + " " + f.Title)
	}
	unit := cmp.Or(f.Unit, f.column.Unit)
	if f.fraction || (f.Count && f.Unit == "") {
		unit = ""
	}
	c := Column{Name: cmp.Or(f.title, title), Unit: unit, Better: f.column.Better, Optional: f.optional}
	if f.Against != nil || f.name == "spread" {
		c.Better = summary.Neither
	}
	return c
}

// format is how the figure is shown.
func (f Figure) format() Format {
	out := Format{Style: SignificantDigits, Digits: 3, Counts: f.counts}
	unit := cmp.Or(f.Unit, f.column.Unit)
	decimals := func(n int) { out.Style, out.Digits = Decimals, n }
	switch {
	case f.fraction:
		out.Style = Fraction
	case f.digits != nil:
		decimals(*f.digits)
	case f.Digits != nil:
		decimals(*f.Digits)
	case unit == "%":
		decimals(2)
	case unit == "ratio" || unit == "score" || (unit == "" && f.column.Plan && f.column.Name != "cost"):
		decimals(3)
	case unit == "steps":
		decimals(1)
	}
	return out
}

// succeeded tells whether an algorithm has in a case what a comparison takes.
func (f Figure) succeeded(c *summary.Case, algorithm int) bool {
	if f.column.Plan {
		return f.column.Of(c, algorithm).Kind != summary.Missing
	}
	return solved(c, algorithm) && !f.value(c, algorithm).AtLeast
}

// solved tells whether an algorithm solved a case, with each seed.
func solved(c *summary.Case, algorithm int) bool {
	run := c.Runs[algorithm]
	return len(run) > 0 && !slices.ContainsFunc(run, func(r *results.Record) bool { return !r.Outcome.Solved() })
}

// cell sums up an algorithm in cases. Where all are common to the algorithms compared, a mean
// over some of them would compare with nothing.
func (f Figure) cell(s *summary.Summary, cases []*summary.Case, algorithm int, over string) Cell {
	out := NoValue()
	out.Format = f.format()
	other := -1
	if f.versus != "" {
		other, _ = s.Algorithm(f.versus)
	}
	var values, others []float64
	for _, c := range cases {
		if len(c.Runs[algorithm]) == 0 {
			continue
		}
		if f.Against == nil || len(c.Runs[other]) > 0 {
			out.Of++
		}
		v := f.value(c, algorithm)
		x, ok := v.Spent()
		switch {
		case !ok, v.AtLeast && over == overSolved:
			continue
		case f.Against != nil:
			y, ok := f.column.Of(c, other).Exact()
			if other == algorithm || !ok || v.AtLeast {
				continue
			}
			others = append(others, y)
			out.N++
		case f.Count:
			out.N += x
		case v.AtLeast:
			out.Bound = AtLeast
		default:
			out.N++
		}
		values = append(values, x)
	}
	switch {
	case f.unlike(s, cases):
		out.Bound = ""
	case f.Against != nil && (len(values) > 0 || (f.Count && out.Of > 0 && other != algorithm)):
		out.Value = f.Against(values, others)
	case f.Count && f.Against == nil && out.Of > 0:
		for range int(out.Of) - len(values) { // what has no value is not so
			values = append(values, 0)
		}
		out.Value = f.Of(values, 0)
	case len(values) > 0 && (over != overCommon || float64(len(values)) == out.Of):
		out.Value = f.Of(values, f.column.Shift)
	default:
		out.Bound = ""
	}
	return out
}

// unlike tells whether the figure would add up or compare costs in different units.
func (f Figure) unlike(s *summary.Summary, cases []*summary.Case) bool {
	return slices.Contains([]string{"cost", "lower-bound", "best-cost", "best-bound"}, f.column.Name) && (f.Against == nil || f.name == "saved") &&
		slices.ContainsFunc(cases, func(c *summary.Case) bool { return c.CostFunction != cases[0].CostFunction }) && s.CostUnit() == ""
}

// tells tells whether a case has a say in the figure of an algorithm.
func (f Figure) tells(c *summary.Case, algorithm int, over string) bool {
	if len(c.Runs[algorithm]) == 0 || (over == overSolved && !solved(c, algorithm)) {
		return false
	}
	v := f.value(c, algorithm)
	return f.Count || (v.Kind == summary.Number && !(v.AtLeast && over == overSolved))
}

// value is what the runs of an algorithm tell of a case.
func (f Figure) value(c *summary.Case, algorithm int) summary.Value {
	if f.name == "spread" {
		x, ok := f.column.Spread(c, algorithm)
		if !ok {
			return summary.Value{}
		}
		return summary.Value{Kind: summary.Number, X: x}
	}
	v := f.column.Of(c, algorithm)
	if f.until == "proved" && v.Kind == summary.Number && slices.ContainsFunc(c.Runs[algorithm], func(r *results.Record) bool { return !r.Outcome.Proved() }) {
		v.AtLeast = true
	}
	return v
}

func indicator(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
