package tables

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// remarks are texts in the order in which they came up, with what each is about.
type remarks struct {
	texts []string
	about map[string][]string
}

func (r *remarks) add(text string, about ...string) {
	if !slices.Contains(r.texts, text) {
		r.texts = append(r.texts, text)
	}
	for _, a := range about {
		if a != "" && !slices.Contains(r.about[text], a) {
			if r.about == nil {
				r.about = map[string][]string{}
			}
			r.about[text] = append(r.about[text], a)
		}
	}
}

// sentences are the remarks, each behind what it is about.
func (r *remarks) sentences(sep string) []string {
	return prose.Texts(r.texts, func(text string) string {
		if about := r.about[text]; len(about) > 0 {
			return strings.Join(about, sep) + ": " + text
		}
		return text
	})
}

// tell says over which cases algorithms are compared, and which are left out.
func (m *measured) tell(sec section, c summary.Comparison, figures []Figure) {
	any := slices.ContainsFunc[[]Figure]
	that, not := "that %s solved", "solved nothing"
	switch {
	case any(figures, func(f Figure) bool { return f.lacking() == "a proof" }):
		that, not = "that %s solved with a proof", "proved nothing"
	case any(figures, func(f Figure) bool { return slices.Contains([]string{"bound-ratio", "gap", "at-bound"}, f.column.Name) }):
		that, not = "for which %s found a plan with a known gap", "found no such plan"
	case any(figures, func(f Figure) bool { return f.column.Plan || f.lacking() == "a plan" }):
		that, not = "for which %s found a plan", "found no plan"
	}
	n := len(c.Compared)
	who := []string{"any algorithm", "the one algorithm compared", "both algorithms compared", fmt.Sprintf("all %d algorithms compared", n)}[min(n, 3)]
	text := "There is no case " + fmt.Sprintf(that, who)
	if len(c.Common) > 0 {
		text = "Over the " + outOf(len(c.Common), len(sec.cases)) + " " + fmt.Sprintf(that, who)
	}
	group := strings.Join(prose.Texts(sec.keys, Cell.String), ", ")
	if len(sec.keys) > 0 {
		m.notes.add(text+".", group)
		text = "Over the common cases of each group, see the notes"
	}
	if figures[0].over == "" {
		m.common.add(text + ".")
	} else {
		m.common.add("o"+text[1:]+".", figures[0].head().Name)
	}
	leftOut := slices.DeleteFunc(slices.Clone(c.LeftOut), func(a int) bool { return !ran(sec.cases, a) })
	if len(leftOut) > 0 && len(c.Compared) > 0 {
		names := prose.Texts(m.of.Names(leftOut), m.of.Label)
		m.notes.add(fmt.Sprintf("Not compared, having %s: %s.", not, strings.Join(names, ", ")), group)
	}
}

// outOf is "3 of 12 cases", or "12 cases" where it is all of them.
func outOf(n, of int) string {
	if n == of {
		return prose.Count(of, "case")
	}
	return prose.Thousands(strconv.Itoa(n)) + " of " + prose.Count(of, "case")
}

// explain writes the caption and the notes.
func (m *measured) explain(t *Table) {
	if len(m.by) > 0 {
		t.Title += ", by " + strings.Join(prose.Texts(m.by, func(g summary.Groups) string {
			if g.Column.Name == "class" {
				return "class of instances"
			}
			return g.Column.Title()
		}), " and ")
	}
	caption := append([]string{roles(m.of.Cases)}, m.common.sentences(", ")...)
	say := func(format string, args ...any) { caption = append(caption, fmt.Sprintf(format, args...)) }
	over, units, measures := map[string]bool{}, map[string]bool{}, map[string]bool{}
	var docs, baselines, without remarks
	plans := false // figures are about plans, of which algorithms may have found others
	for i, f := range m.figures {
		over[cmp.Or(f.over, m.over)] = true
		head := f.head().Name
		if by := f.column.MeasuredBy(); by != "" && f.head().Unit == "" {
			for _, r := range m.of.All() {
				measure, unit := f.column.Measure(r)
				measures[by], units[measure+": "+unit] = true, unit != ""
			}
		}
		n := m.withoutAny(f)
		if f.column.Name == "cpu" && n == len(m.of.Cases) && !slices.ContainsFunc(m.of.Cases, func(c *summary.Case) bool { return c.Limits.Cores > 0 }) {
			t.Notes = append(t.Notes, "CPU time is recorded only with the limit cores: 1.")
		}
		plans = plans || (f.column.Plan && cmp.Or(f.over, m.over) != overCommon)
		if n > 0 && f.column.Kind == summary.Number && !f.column.Plan {
			without.add(prose.Count(n, "case"), head)
		}
		// The last mean with a shift names it.
		if f.name == "sgm" && (i+1 == len(m.figures) || m.figures[i+1].name != "sgm" || m.figures[i+1].column.Shift != f.column.Shift) {
			head += strings.TrimRight(fmt.Sprintf(" (shift %g %s", f.column.Shift, f.column.Unit), " ") + ")"
		}
		if f.doc != "" {
			docs.add(f.doc, head)
		}
		if f.versus != "" {
			other, _ := m.of.Algorithm(f.versus)
			baselines.add(m.of.Label(m.of.Algorithms[other]))
		}
	}
	switch {
	case over[overRun] && len(m.of.Algorithms) > 1:
		run := those(m.of.Cases, func(c *summary.Case) bool { return !c.NotRun() })
		say("Over the %s that all algorithms were run on.", outOf(len(run), len(m.of.Cases)))
	case len(m.by) == 0 && !over[overSolved] && !over[overCommon]:
		say("Over %s.", prose.Count(len(m.of.Cases), "case"))
	}
	if over[overSolved] && !m.readyMade {
		say("Figures over solved cases are over those that the algorithm solved, and differ in these.")
	}
	if plans && !m.readyMade {
		say("Figures about plans are over the plans that the algorithm found.")
	}
	maps.DeleteFunc(units, func(_ string, known bool) bool { return !known })
	if len(units) > 0 {
		by := strings.ReplaceAll(strings.Join(slices.Sorted(maps.Keys(measures)), " and "), "-", " ")
		say("Units of %s, by %s: %s.", map[bool]string{true: "times", false: "costs"}[measures["duration"]], by, strings.Join(slices.Sorted(maps.Keys(units)), ", "))
	}
	slices.Sort(docs.texts)
	for _, doc := range docs.texts {
		say("%s: %s.", doc, strings.Join(docs.about[doc], ", "))
	}
	if slices.Sort(m.bounds.texts); len(m.bounds.texts) > 0 {
		say("≥: a lower bound; runs without %s count with what they took until they ended.", strings.Join(m.bounds.texts, " or "))
	}
	if slices.ContainsFunc(m.figures, func(f Figure) bool { return f.counts }) {
		say("In parentheses: cases with an exact value, of all cases.")
	}
	for _, name := range baselines.texts {
		say("Baseline: %s.", name)
	}
	caption = append(caption, m.text)
	t.Caption = strings.Join(slices.DeleteFunc(caption, func(s string) bool { return s == "" }), " ")
	t.Notes = slices.Concat(m.notes.sentences("; "), m.unlike.sentences(", "), t.Notes)
	for _, g := range m.by {
		if g.Ranges {
			t.Notes = append(t.Notes, fmt.Sprintf("Each row is a range of values of %s, with about as many cases as the others.", g.Column.Title()))
		}
		if g.LeftOut > 0 {
			t.Notes = append(t.Notes, fmt.Sprintf("%s left out of the groups: %s unknown.", prose.Count(g.LeftOut, "case"), g.Column.Title()))
		}
	}
	for _, n := range without.texts {
		t.Notes = append(t.Notes, fmt.Sprintf("No algorithm has a value of %s in %s.", strings.Join(without.about[n], ", "), n))
	}
}

// withoutAny counts the cases in which no algorithm has a value.
func (m *measured) withoutAny(f Figure) int {
	return len(those(m.of.Cases, func(c *summary.Case) bool {
		f.value(c, 0)
		return !slices.ContainsFunc(f.told[c], func(v summary.Value) bool { return v.Kind != summary.Missing })
	}))
}

// roles says which instances cases are about, where their suite does.
func roles(cases []*summary.Case) string {
	count := map[string]int{}
	for _, c := range cases {
		count[c.Names[0].Role]++
	}
	if count[""] == len(cases) {
		return ""
	}
	return "Instances: " + strings.Join(prose.Texts(slices.Sorted(maps.Keys(count)), func(role string) string {
		return fmt.Sprintf("%d %s", count[role], cmp.Or(role, "without a role"))
	}), ", ") + "."
}
