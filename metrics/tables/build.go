package tables

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
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
			{Name: "title", Type: spec.String, Doc: "the heading; the heads of the figures unless given"},
			{Name: "caption", Type: spec.String, Doc: "what the caption says beside what figures are over"},
		},
		Citation: "own work",
	}
	return withAlgorithms(d, layoutOf)
}

// layoutOf makes the builder of a table of the arguments of its spec.
func layoutOf(a spec.Args) (Builder, error) {
	l := layout{rows: a.Strings("rows"), over: a.String("over"), across: a.Bool("across"), total: a.Bool("total")}
	if a.Has("title") {
		l.title = a.String("title")
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
		if _, ok := known.Find(row); !ok && row != byAlgorithm && !summary.Brings(row) {
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
	var t Table
	l.figures = slices.Clone(l.figures)
	for i, f := range l.figures {
		var err error
		if l.figures[i], err = f.bind(s); err != nil {
			return t, err
		}
		t.Timed = t.Timed || l.figures[i].column.Timed
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
		if err := settled(s, g.Column); err != nil {
			return t, err
		}
		by = append(by, g)
		columns = append(columns, groupColumn(g.Column))
		sections = l.divide(sections, g)
	}
	if err := l.tellApart(columns); err != nil {
		return t, err
	}
	t.Title = cmp.Or(l.title, strings.Join(prose.Texts(l.figures, func(f Figure) string { return f.head().Name }), ", "))
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

// settled tells whether all runs of a case say the same of what it is grouped by.
func settled(s *summary.Summary, by summary.Column) error {
	told := map[*summary.Case]string{}
	for c, r := range s.All() {
		v := by.At(c, r, &c.Names[0])
		if text, seen := told[c]; seen && v.Kind != summary.Missing && v.String() != text {
			return fmt.Errorf("runs on %s differ in %s (%s and %s), so that it puts no cases into groups", c.Instance, by.Name, text, v)
		}
		if v.Kind != summary.Missing {
			told[c] = v.String()
		}
	}
	return nil
}

// tellApart gives figures whose heads are the same their specs as heads.
func (l layout) tellApart(keys []Column) error {
	heads := func() map[string]int {
		n := map[string]int{byAlgorithm: 1}
		for _, k := range keys {
			n[k.Name]++
		}
		for _, f := range l.figures {
			n[f.head().Name]++
		}
		return n
	}
	once := heads()
	for i, f := range l.figures {
		if once[f.head().Name] > 1 {
			l.figures[i].title = f.spec
		}
	}
	for name, n := range heads() {
		if n > 1 {
			return fmt.Errorf("%d columns are called %q: give one a title", n, name)
		}
	}
	return nil
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
	// they say, and why values are bounds.
	common []string
	heads  map[string][]string // of the figures that a sentence of common is about; none for all
	notes  []string
	about  map[string][]string
	bound  map[string]bool // by what runs lacked: a solution, a proof, a plan
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
		told := slices.DeleteFunc(slices.Clone(cases), func(c *summary.Case) bool {
			for a := range out {
				if f.tells(c, a, over) {
					return false
				}
			}
			return true
		})
		for a := range out {
			if !slices.ContainsFunc(part.Cases, func(c *summary.Case) bool { return len(c.Runs[a]) > 0 }) {
				continue
			}
			x := NoValue()
			x.Format = f.format()
			switch {
			case over == overSolved:
				x = f.cell(part, slices.DeleteFunc(slices.Clone(cases), func(c *summary.Case) bool { return !solved(c, a) }), a, over)
			case over != overCommon || slices.Contains(compared, a):
				x = f.cell(part, cases, a, over)
			}
			if x.Bound != "" {
				m.bound[f.lacking()] = true
			}
			x.partial = over != overCommon && slices.ContainsFunc(told, func(c *summary.Case) bool { return !f.tells(c, a, over) })
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
	var proof, plan, gap bool
	for _, i := range figures {
		f := m.figures[i]
		proof = proof || f.lacking() == "a proof"
		plan = plan || f.column.Plan || f.lacking() == "a plan"
		gap = gap || slices.Contains([]string{"bound-ratio", "gap", "at-bound"}, f.column.Name)
	}
	that, not := "that %s solved", "solved nothing"
	switch {
	case proof:
		that, not = "that %s solved with a proof", "proved nothing"
	case gap:
		that, not = "for which %s found a plan with a known gap", "found no such plan"
	case plan:
		that, not = "for which %s found a plan", "found no plan"
	}
	text := overCommonCases(c, sec.cases, that)
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
	var leftOut []string
	for _, a := range c.LeftOut {
		if slices.ContainsFunc(sec.cases, func(c *summary.Case) bool { return len(c.Runs[a]) > 0 }) {
			leftOut = append(leftOut, m.of.Label(m.of.Algorithms[a]))
		}
	}
	if len(leftOut) > 0 {
		m.note(sec, fmt.Sprintf("Not compared, having %s: %s.", not, strings.Join(leftOut, ", ")))
	}
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

// overCommonCases says which cases a relative figure was computed over; that says what
// algorithms did to them.
func overCommonCases(c summary.Comparison, of []*summary.Case, that string) string {
	who := fmt.Sprintf("all %d algorithms compared", len(c.Compared))
	switch len(c.Compared) {
	case 0:
		return fmt.Sprintf("There is no case %s.", fmt.Sprintf(that, "any algorithm"))
	case 1:
		who = "the one algorithm compared"
	case 2:
		who = "both algorithms compared"
	}
	if that = fmt.Sprintf(that, who); len(c.Common) == 0 {
		return fmt.Sprintf("There is no case %s, and so no comparison.", that)
	}
	return fmt.Sprintf("Over the %s %s.", outOf(len(c.Common), len(of)), that)
}

// outOf is "3 of 12 cases", or "12 cases" where it is all of them.
func outOf(n, of int) string {
	if n == of {
		return prose.Count(of, "case")
	}
	return thousands(strconv.Itoa(n)) + " of " + prose.Count(of, "case")
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
		say("%s.", roles)
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
		say("Each group is over the cases solved by all algorithms compared in it.")
	case over[overRun]:
		n := 0
		for _, c := range m.of.Cases {
			if !c.NotRun() {
				n++
			}
		}
		say("Over the %s that all algorithms were run on.", outOf(n, len(m.of.Cases)))
	case len(over) == 1 && over[overAll] && len(m.by) == 0:
		say("Over %s.", prose.Count(len(m.of.Cases), "case"))
	}
	docs := map[string][]string{} // heads, by what aggregates say
	for i, f := range m.figures {
		head := f.head().Name
		if f.name == "sgm" { // the last one of a shift names it
			if i+1 == len(m.figures) || m.figures[i+1].name != "sgm" || m.figures[i+1].column.Shift != f.column.Shift {
				head += strings.TrimRight(fmt.Sprintf(" (shift %g %s", f.column.Shift, f.column.Unit), " ") + ")"
			}
		}
		if f.Doc != "" {
			docs[f.Doc] = append(docs[f.Doc], head)
		}
	}
	for _, doc := range slices.Sorted(maps.Keys(docs)) {
		say("%s: %s.", strings.ToUpper(doc[:1])+doc[1:], strings.Join(docs[doc], ", "))
	}
	if len(m.bound) > 0 {
		say("≥: a lower bound; runs without %s count with what they took until they ended.", strings.Join(slices.Sorted(maps.Keys(m.bound)), " or "))
	}
	if slices.ContainsFunc(m.figures, func(f Figure) bool { return f.counts }) {
		say("In parentheses: cases with an exact value, of all cases.")
	}
	for _, versus := range m.versus() {
		say("Baseline: %s.", versus)
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
			t.Notes = append(t.Notes, fmt.Sprintf("There are so many values of %s that each row is a range of them, with about as many cases as the others.", g.Column.Title()))
		}
		if g.LeftOut > 0 {
			t.Notes = append(t.Notes, fmt.Sprintf("%s in no group, as %s of the instance is not known.", prose.Count(g.LeftOut, "case"), g.Column.Title()))
		}
	}
	without := map[int][]string{}
	for _, f := range m.figures {
		if n := withoutAny(m.of, f.column); f.column.Kind == summary.Number && !f.column.Plan {
			without[n] = append(without[n], f.head().Name)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(without)) {
		if n > 0 {
			t.Notes = append(t.Notes, fmt.Sprintf("No run has a value of %s in %s.", strings.Join(without[n], ", "), prose.Count(n, "case")))
		}
	}
}

// versus lists the algorithms that figures compare others with.
func (m *measured) versus() []string {
	var out []string
	for _, f := range m.figures {
		if a, err := m.of.Algorithm(f.versus); f.versus != "" && err == nil {
			out = append(out, m.of.Label(m.of.Algorithms[a]))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
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
		return fmt.Sprintf("All instances are for %s", cases[0].Names[0].Role)
	}
	var parts []string
	for _, role := range slices.Sorted(maps.Keys(count)) {
		parts = append(parts, fmt.Sprintf("%d for %s", count[role], cmp.Or(role, "no stated purpose")))
	}
	return "Instances: " + strings.Join(parts, ", ")
}
