package tables

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// layout is what a table shows, and of which runs.
type layout struct {
	title, text string   // text ends the caption
	rows        []string // algorithm, or names of columns
	figures     []Figure
	over        string
	across      bool // algorithms stand side by side, where there are more groups than algorithms
	total       bool // all groups together come first
	readyMade   bool
}

// byAlgorithm among rows stands for the algorithms compared.
const byAlgorithm = "algorithm"

// tableEntry is the table that is made of its spec alone.
func tableEntry() spec.Entry[Builder] {
	d := spec.Descriptor{
		Name:     "table",
		Synopsis: "any table: rows × columns over a population of runs",
		Doc: "Rows are algorithm, or columns whose values put cases into groups: class, family, param.hosts, feature.locked …; columns are " +
			"figures: an aggregate of a column, such as sgm(expanded), or a column alone, which is summed up as suits it.",
		Params: []spec.Param{
			{Name: "rows", Type: spec.String, List: true, Default: "[algorithm]", Doc: "what a row is about, from the left"},
			{Name: "columns", Type: spec.Term, List: true, Required: true, Doc: "the figures"},
			{Name: "over", Type: spec.Choice, Choices: populations, Default: overAll, Doc: populationDoc},
			{Name: "across", Type: spec.Bool, Default: "no", Doc: "whether algorithms stand side by side where there are fewer of them than groups"},
			{Name: "total", Type: spec.Bool, Default: "no", Doc: "whether all groups together come first"},
			{Name: "title", Type: spec.String, Doc: "the heading; the heads of the figures unless given"},
			{Name: "caption", Type: spec.String, Doc: "what the caption says beside what figures are over"},
		},
		Citation:   "own work",
		Properties: []spec.Property{OnDemand},
	}
	return withAlgorithms(d, func(a spec.Args) (Builder, error) {
		l, err := layoutOf(a)
		return l.build, err
	})
}

// layoutOf reads the arguments of a spec, and finds what no records can have.
func layoutOf(a spec.Args) (layout, error) {
	l := layout{
		title: a.String("title"), text: a.String("caption"),
		rows: a.Strings("rows"), over: a.String("over"), across: a.Bool("across"), total: a.Bool("total"),
	}
	known := summary.Foreseen(a.Catalogue())
	var err error
	if l.figures, err = figures(a.Catalogue(), a.Specs("columns")); err != nil {
		return l, err
	}
	if len(l.figures) == 0 {
		return l, errors.New("columns: expected a figure, found none")
	}
	for _, f := range l.figures {
		if err := f.foreseen(known); err != nil {
			return l, err
		}
	}
	for _, row := range l.rows {
		if _, ok := known.Find(row); !ok && row != byAlgorithm && !summary.Brings(row) {
			return l, fmt.Errorf("no column %q%s", row, spec.DidYouMean(row, known.Names(), "there are"))
		}
	}
	return l, nil
}

// section is a part of the cases: those of a group, and of groups within it.
type section struct {
	keys  []Cell
	cases []*summary.Case
}

// build makes the table.
func (l layout) build(s *summary.Summary) (Table, error) {
	var t Table
	l.figures = slices.Clone(l.figures)
	for i, f := range l.figures {
		var err error
		if l.figures[i], err = f.bind(s); err != nil {
			return t, err
		}
		t.Timed = t.Timed || l.figures[i].column.Timed
	}
	m := measured{layout: l, of: s}
	sections := []section{{cases: s.Cases}}
	for _, key := range l.rows {
		if key == byAlgorithm {
			continue
		}
		g, err := s.GroupBy(key)
		if err != nil {
			return t, err
		}
		if len(g.List) == 0 {
			return t, fmt.Errorf("no case has a value of %s", key)
		}
		if err := settled(s, g.Column); err != nil {
			return t, err
		}
		m.by = append(m.by, g)
		t.Columns = append(t.Columns, groupColumn(g.Column))
		sections = l.divide(sections, g)
	}
	if err := l.tellApart(s, t.Columns); err != nil {
		return t, err
	}
	t.Title = cmp.Or(l.title, strings.Join(prose.Texts(l.figures, func(f Figure) string { return f.head().Name }), ", "))
	switch {
	case !slices.Contains(l.rows, byAlgorithm) && !l.across && len(s.Algorithms) > 1:
		return t, errors.New("rows without algorithm show one algorithm alone: choose it with algorithms=…, or set the algorithms side by side with across=yes")
	case l.across && len(m.by) > 0 && len(sections) > len(s.Algorithms):
		m.sideBySide(&t, sections)
	default:
		m.oneBelowTheOther(&t, sections)
	}
	m.explain(&t)
	return t, nil
}

// settled tells whether all runs of a case say the same of what it is grouped by.
func settled(s *summary.Summary, by summary.Column) error {
	told := map[*summary.Case]string{}
	for c, r := range s.All() {
		text := cmp.Or(by.At(c, r, &c.Names[0]).String(), told[c])
		if old := cmp.Or(told[c], text); text != old {
			return fmt.Errorf("runs on %s differ in %s (%s and %s), so that it puts no cases into groups", c.Instance, by.Name, old, text)
		}
		told[c] = text
	}
	return nil
}

// tellApart gives figures whose heads are the same their specs as heads. Titles of columns go
// before those of ready-made specs, unless figures of one column would look the same.
func (l layout) tellApart(s *summary.Summary, keys []Column) error {
	count := func(head func(Figure) string) map[string]int {
		n := map[string]int{byAlgorithm: 1}
		for _, k := range keys {
			n[k.Name]++
		}
		for _, f := range l.figures {
			n[head(f)]++
		}
		return n
	}
	head := func(f Figure) string { return f.head().Name }
	own := count(Figure.ownHead)
	for i, f := range l.figures {
		if l.readyMade && s.Titles[f.column.Name] != "" && own[f.ownHead()] == 1 {
			l.figures[i].title = ""
		}
	}
	heads := count(head)
	for i, f := range l.figures {
		if heads[head(f)] > 1 {
			l.figures[i].title = f.spec
		}
	}
	twice := count(head)
	for _, name := range slices.Sorted(maps.Keys(twice)) {
		if n := twice[name]; n > 1 {
			return fmt.Errorf("%d columns are called %q: give one a title", n, name)
		}
	}
	return nil
}

// divide divides sections into the groups of a column.
func (l layout) divide(sections []section, by summary.Groups) []section {
	var out []section
	for _, sec := range sections {
		if l.total {
			out = append(out, section{append(slices.Clone(sec.keys), Text("all")), sec.cases})
		}
		in := map[*summary.Case]bool{}
		for _, c := range sec.cases {
			in[c] = true
		}
		for _, g := range by.List {
			name := Cell{Text: g.Name, Value: g.Value}
			if cases := those(g.Cases, func(c *summary.Case) bool { return in[c] }); len(cases) > 0 {
				out = append(out, section{append(slices.Clone(sec.keys), name), cases})
			}
		}
	}
	return out
}

// those are the cases for which a condition holds.
func those(cases []*summary.Case, so func(*summary.Case) bool) []*summary.Case {
	return slices.DeleteFunc(slices.Clone(cases), func(c *summary.Case) bool { return !so(c) })
}

func groupColumn(col summary.Column) Column {
	c := Column{Name: col.Title(), Unit: col.Unit, Align: Left}
	if col.Name == "class" {
		c.Name = "instances"
	}
	if c.Unit == c.Name {
		c.Unit = ""
	}
	return c
}
