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
	title, text string   // text is what the caption says beside the rest
	rows        []string // algorithm, or names of columns
	figures     []Figure
	over        string
	across      bool // algorithms stand side by side, where there are more groups than algorithms
	total       bool // all groups together come first
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
			{Name: "title", Type: spec.String, Default: `"Table"`, Doc: "the heading"},
			{Name: "caption", Type: spec.String, Doc: "what the caption says beside what figures are over"},
		},
		Citation: "own work",
	}
	return withAlgorithms(d, func(a spec.Args) (Builder, error) {
		l := layout{
			title: a.String("title"), rows: a.Strings("rows"), over: a.String("over"), across: a.Bool("across"), total: a.Bool("total"),
		}
		if a.Has("caption") {
			l.text = a.String("caption")
		}
		var err error
		if l.figures, err = figures(a.Catalogue(), a.Specs("columns")); err != nil {
			return nil, err
		}
		if err := l.check(a.Catalogue()); err != nil {
			return nil, err
		}
		return l.build, nil
	})
}

// check finds what no records can have.
func (l layout) check(c *spec.Catalogue) error {
	known := summary.Foreseen(c)
	for _, f := range l.figures {
		if err := f.foreseen(known); err != nil {
			return err
		}
	}
	for _, row := range l.rows {
		if _, ok := known.Find(row); !ok && row != byAlgorithm {
			return fmt.Errorf("no column %q%s", row, spec.DidYouMean(row, known.Names(), "there are"))
		}
	}
	return nil
}

// section is a part of the cases: those of a group, and of groups within it.
type section struct {
	keys  []Cell
	cases []*summary.Case
	all   bool // all groups together
}

// build makes the table.
func (l layout) build(s *summary.Summary) (Table, error) {
	t := Table{Title: l.title}
	for i, f := range l.figures {
		bound, err := f.bind(s)
		if err != nil {
			return t, err
		}
		l.figures = slices.Clone(l.figures)
		l.figures[i] = bound
		t.Timed = t.Timed || bound.column.Timed
	}
	sections := []section{{cases: s.Cases}}
	var by []summary.Groups
	var columns []Column
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
		by = append(by, g)
		columns = append(columns, groupColumn(g.Column))
		sections = l.divide(sections, g)
	}
	m := measured{layout: l, of: s, by: by, bound: map[string]bool{}, heads: map[string][]string{}, about: map[string][]string{}}
	perAlgorithm := slices.Contains(l.rows, byAlgorithm)
	switch {
	case !perAlgorithm && !l.across && len(s.Algorithms) > 1:
		return t, errors.New("rows without algorithm show one algorithm alone: choose it with algorithms=…, or set the algorithms side by side with across=yes")
	case l.across && len(by) > 0 && len(sections) > len(s.Algorithms):
		m.sideBySide(&t, columns, sections)
	default:
		m.oneBelowTheOther(&t, columns, sections)
	}
	m.explain(&t)
	return t, nil
}

// divide divides sections into the groups of a column.
func (l layout) divide(sections []section, by summary.Groups) []section {
	var out []section
	for _, sec := range sections {
		in := map[*summary.Case]bool{}
		for _, c := range sec.cases {
			in[c] = true
		}
		if l.total {
			out = append(out, section{append(slices.Clone(sec.keys), Text("all")), sec.cases, true})
		}
		for _, g := range by.List {
			cases := slices.DeleteFunc(slices.Clone(g.Cases), func(c *summary.Case) bool { return !in[c] })
			if len(cases) > 0 {
				out = append(out, section{append(slices.Clone(sec.keys), groupCell(g)), cases, false})
			}
		}
	}
	return out
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

// groupCell is the name of a group; a number where the group is about one.
func groupCell(g summary.Group) Cell {
	c := Text(g.Name)
	c.Value = g.Value
	return c
}

// measured makes cells, and remembers what they are over.
type measured struct {
	layout
	of *summary.Summary
	by []summary.Groups
	// Of the cells so far: sentences about what figures are over, notes about groups by what
	// they say, and the populations in which a bound was met.
	common []string
	heads  map[string][]string // of the figures that a sentence of common is about; none for all
	notes  []string
	about  map[string][]string
	bound  map[string]bool
}

// cells are those of a section, by algorithm and figure; nil where an algorithm was not run.
func (m *measured) cells(sec section) [][]Cell {
	out := make([][]Cell, len(m.of.Algorithms))
	part := m.of.Part(sec.cases)
	comparisons := map[string]summary.Comparison{}
	for i, f := range m.figures {
		over := cmp.Or(f.over, m.over)
		cases := part.Cases
		var compared []int
		switch over {
		case overRun:
			cases = slices.DeleteFunc(slices.Clone(cases), (*summary.Case).NotRun)
		case overCommon:
			together := m.comparedWith(i)
			key := fmt.Sprint(together)
			c, made := comparisons[key]
			if !made {
				c = part.Compare(func(c *summary.Case, a int) bool {
					return !slices.ContainsFunc(together, func(j int) bool { return !m.figures[j].succeeded(c, a) })
				})
				comparisons[key] = c
				m.tell(sec, c, together)
			}
			cases, compared = c.Common, c.Compared
		}
		for a := range out {
			if !slices.ContainsFunc(part.Cases, func(c *summary.Case) bool { return len(c.Runs[a]) > 0 }) {
				continue
			}
			x := NoValue()
			x.Format = f.format()
			if over != overCommon || slices.Contains(compared, a) {
				x = f.cell(part, cases, a, over)
			}
			m.bound[f.until] = m.bound[f.until] || x.Bound != ""
			out[a] = append(out[a], x)
		}
	}
	return out
}

// comparedWith are the figures over the same common cases as a figure: those of the table's
// population together, and each other one by itself.
func (m *measured) comparedWith(figure int) []int {
	if m.figures[figure].over != "" {
		return []int{figure}
	}
	var out []int
	for i, f := range m.figures {
		if f.over == "" {
			out = append(out, i)
		}
	}
	return out
}

// tell says over which cases algorithms are compared, and which are left out.
func (m *measured) tell(sec section, c summary.Comparison, figures []int) {
	did, not := "solved", "solved nothing"
	for _, i := range figures {
		if f := m.figures[i]; f.column.Plan {
			did, not = "found a plan for", "found no plan"
			if slices.Contains([]string{"bound-ratio", "gap", "at-bound"}, f.column.Name) {
				did, not = "found a plan for and of which a bound above 0 is proved", "found no such plan"
				break
			}
		}
	}
	text := overCommonCases(c, sec.cases, did)
	heads := prose.Texts(figures, func(i int) string { return m.figures[i].head().Name })
	if m.figures[figures[0]].over == "" {
		heads = nil
	}
	switch {
	case len(sec.keys) > 0:
		m.note(sec, text)
	case m.heads[text] == nil:
		m.common = append(m.common, text)
		fallthrough
	default:
		m.heads[text] = append(m.heads[text], heads...)
	}
	if len(c.LeftOut) > 0 {
		m.note(sec, fmt.Sprintf("Left out of the comparison, as they %s: %s.", not, strings.Join(m.labels(c.LeftOut), ", ")))
	}
}

func (m *measured) labels(algorithms []int) []string {
	return prose.Texts(m.of.Names(algorithms), m.of.Label)
}

// note keeps a note about a section; groups that call for the same one share it.
func (m *measured) note(sec section, text string) {
	if m.about[text] == nil {
		m.notes = append(m.notes, text)
	}
	name := strings.Join(prose.Texts(sec.keys, Cell.String), ", ")
	if !slices.Contains(m.about[text], name) {
		m.about[text] = append(m.about[text], name)
	}
}

// overCommonCases says which cases a relative figure was computed over; did is what the
// algorithms did to a case.
func overCommonCases(c summary.Comparison, of []*summary.Case, did string) string {
	who := fmt.Sprintf("all %d compared algorithms", len(c.Compared))
	switch {
	case len(c.Compared) == 0:
		return fmt.Sprintf("No algorithm %s any case.", did)
	case len(c.Common) == 0:
		return fmt.Sprintf("There is no case that %s %s, so there is nothing to compare.", who, did)
	case len(c.Compared) == 1:
		who = "the one compared algorithm"
	case len(c.Compared) == 2:
		who = "both compared algorithms"
	}
	return fmt.Sprintf("Over the %s of %s that %s %s.", thousands(fmt.Sprint(len(c.Common))), prose.Count(len(of), "case"), who, did)
}

// oneBelowTheOther has a row for each section and algorithm.
func (m *measured) oneBelowTheOther(t *Table, keys []Column, sections []section) {
	t.Keys = len(keys)
	perAlgorithm := slices.Contains(m.rows, byAlgorithm) || m.across
	if perAlgorithm {
		keys = append(keys, Column{Name: byAlgorithm, Align: Left})
		t.Keys++
	}
	t.Columns = keys
	for _, f := range m.figures {
		t.Columns = append(t.Columns, f.head())
	}
	for _, sec := range sections {
		for a, cells := range m.cells(sec) {
			if cells == nil {
				continue
			}
			row := slices.Clone(sec.keys)
			if perAlgorithm {
				row = append(row, Text(m.of.Label(m.of.Algorithms[a])))
			}
			t.Rows = append(t.Rows, append(row, cells...))
		}
	}
	t.MarkBest()
}

// sideBySide has a row for each section, and a column for each figure and algorithm.
func (m *measured) sideBySide(t *Table, keys []Column, sections []section) {
	t.Keys = len(keys)
	t.Columns = keys
	for _, f := range m.figures {
		for _, name := range m.of.Algorithms {
			head := f.head()
			head.Name, head.Better = m.of.Label(name), summary.Neither
			if len(m.figures) > 1 {
				head.Name += " " + f.head().Name
			}
			t.Columns = append(t.Columns, head)
		}
	}
	for _, sec := range sections {
		row := slices.Clone(sec.keys)
		byAlgorithm := m.cells(sec)
		for i, f := range m.figures {
			from := len(row)
			for _, cells := range byAlgorithm {
				if cells == nil {
					row = append(row, NoValue())
				} else {
					row = append(row, cells[i])
				}
			}
			var cells []*Cell
			for c := from; c < len(row); c++ {
				cells = append(cells, &row[c])
			}
			markBest(cells, f.head().Better)
		}
		t.Rows = append(t.Rows, row)
	}
}

// explain writes the caption and the notes.
func (m *measured) explain(t *Table) {
	if len(m.by) > 0 {
		names := prose.Texts(m.by, func(g summary.Groups) string {
			if g.Column.Name == "class" {
				return "class of instances"
			}
			return g.Column.Title()
		})
		t.Title += ", by " + strings.Join(names, " and ")
	}
	var caption []string
	say := func(format string, args ...any) { caption = append(caption, fmt.Sprintf(format, args...)) }
	if roles := roles(m.of.Cases); roles != "" {
		say("Over %s.", roles)
	}
	for _, text := range m.common {
		if heads := m.heads[text]; len(heads) > 0 {
			text = strings.Join(heads, ", ") + ": " + strings.ToLower(text[:1]) + text[1:]
		}
		caption = append(caption, text)
	}
	over := map[string]bool{}
	for _, f := range m.figures {
		over[cmp.Or(f.over, m.over)] = true
	}
	switch {
	case over[overCommon] && len(m.by) > 0:
		say("Each group is over the cases that all algorithms solved that are compared in it.")
	case over[overRun]:
		n := 0
		for _, c := range m.of.Cases {
			if !c.NotRun() {
				n++
			}
		}
		say("Over the %s of %s that all algorithms were run on.", thousands(fmt.Sprint(n)), prose.Count(len(m.of.Cases), "case"))
	case len(over) == 1 && over[overAll] && len(m.by) == 0:
		say("Over %s.", prose.Count(len(m.of.Cases), "case"))
	}
	docs := map[string][]string{} // heads, by what aggregates say
	for _, f := range m.figures {
		doc := f.Doc
		if f.name == "sgm" {
			doc += fmt.Sprintf(" (shift %g %s)", f.column.Shift, f.column.Unit)
		}
		if doc != "" {
			docs[doc] = append(docs[doc], f.head().Name)
		}
	}
	for _, doc := range slices.Sorted(maps.Keys(docs)) {
		say("%s: %s.", strings.ToUpper(doc[:1])+doc[1:], strings.Join(docs[doc], ", "))
	}
	for _, until := range []string{"solved", "proved"} {
		if m.bound[until] {
			say("≥: some runs %s nothing, and count with what they took until they ended.", until)
		}
	}
	if slices.ContainsFunc(m.figures, func(f Figure) bool { return f.counts }) {
		say("In parentheses: cases with an exact value, of all.")
	}
	if m.text != "" {
		say("%s", m.text)
	}
	t.Caption = strings.Join(caption, " ")
	for _, text := range m.notes {
		if name := strings.Join(m.about[text], "; "); name != "" {
			text = name + ": " + text
		}
		t.Notes = append(t.Notes, text)
	}
	for _, g := range m.by {
		if g.Ranges {
			t.Notes = append(t.Notes, fmt.Sprintf("There are so many values of %s that each row is about a range of them, with about as many cases as the others.", g.Column.Title()))
		}
		if g.LeftOut > 0 {
			t.Notes = append(t.Notes, fmt.Sprintf("%s in no group, as %s of the instance is not known.", prose.Count(g.LeftOut, "case"), g.Column.Title()))
		}
	}
	for _, f := range m.figures {
		if n := withoutAny(m.of, f.column); n > 0 && (f.column.Kind == summary.Number) && !f.column.Plan {
			t.Notes = append(t.Notes, fmt.Sprintf("%s without a value of %s.", prose.Count(n, "case"), f.head().Name))
		}
	}
}

// withoutAny counts the cases in which no run has a value.
func withoutAny(s *summary.Summary, col summary.Column) int {
	n := 0
	for _, c := range s.Cases {
		some := false
		for a := range s.Algorithms {
			some = some || col.Of(c, a).Kind != summary.Missing
		}
		if !some {
			n++
		}
	}
	return n
}

// roles says which instances cases are about, where their suite does.
func roles(cases []*summary.Case) string {
	count := map[string]int{}
	for _, c := range cases {
		count[c.Names[0].Role]++
	}
	switch {
	case count[""] == len(cases):
		return ""
	case len(count) == 1:
		return fmt.Sprintf("instances for %s alone", slices.Sorted(maps.Keys(count))[0])
	}
	var parts []string
	for _, role := range slices.Sorted(maps.Keys(count)) {
		parts = append(parts, fmt.Sprintf("%d for %s", count[role], cmp.Or(role, "no stated purpose")))
	}
	return "instances of several roles: " + strings.Join(parts, ", ")
}
