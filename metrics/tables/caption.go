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
	if len(leftOut) > 0 && len(c.Compared) > 0 {
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
		if len(c.LeftOut) == 0 {
			who = "the algorithm"
		}
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
	var common []string // heads
	for _, f := range m.figures {
		of := cmp.Or(f.over, m.over)
		if over[of] = true; of == overCommon {
			common = append(common, f.head().Name)
		}
	}
	switch {
	case over[overCommon] && len(m.by) > 0:
		text := "Over the common cases of each group, see the notes."
		if len(over) > 1 {
			text = strings.Join(common, ", ") + ": o" + text[1:]
		}
		say("%s", text)
	case over[overRun] && len(m.of.Algorithms) > 1:
		n := 0
		for _, c := range m.of.Cases {
			if !c.NotRun() {
				n++
			}
		}
		say("Over the %s that all algorithms were run on.", outOf(n, len(m.of.Cases)))
	case len(over) == 1 && (over[overAll] || over[overRun]) && len(m.by) == 0:
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
		if n := withoutAny(m.of, f); f.column.Kind == summary.Number && !f.column.Plan {
			without[n] = append(without[n], f.head().Name)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(without)) {
		if n > 0 {
			t.Notes = append(t.Notes, fmt.Sprintf("No algorithm has a value of %s in %s.", strings.Join(without[n], ", "), prose.Count(n, "case")))
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

// withoutAny counts the cases in which no algorithm has a value.
func withoutAny(s *summary.Summary, f Figure) int {
	n := 0
	for _, c := range s.Cases {
		some := false
		for a := range s.Algorithms {
			some = some || f.value(c, a).Kind != summary.Missing
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
		return fmt.Sprintf("All instances are %s instances", cases[0].Names[0].Role)
	}
	var parts []string
	for _, role := range slices.Sorted(maps.Keys(count)) {
		parts = append(parts, fmt.Sprintf("%d %s", count[role], cmp.Or(role, "without a role")))
	}
	return "Instances: " + strings.Join(parts, ", ")
}
