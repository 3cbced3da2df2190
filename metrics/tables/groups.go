package tables

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// grouped puts the tables of groups one below the other, with what they are grouped by in
// a column before the others. What is best is so within its group. What captions say
// differently of groups becomes notes.
func grouped(s *summary.Summary, by summary.Groups, build func(*summary.Summary) Table) Table {
	if len(by.List) == 0 {
		return build(s)
	}
	var parts []Table
	for _, g := range by.List {
		parts = append(parts, build(s.Part(g)))
	}
	common, own := captions(parts)
	if len(parts) > 1 && strings.ContainsFunc(common, unicode.IsDigit) { // or it reads as of all groups together
		common = "Each group by itself. " + common
	}
	out := Table{
		Title: parts[0].Title + ", " + byText(by), Caption: common, Grouped: true, NotApplicable: true,
		Columns: append([]Column{groupColumn(by)}, parts[0].Columns...),
	}
	var said []string              // about groups
	about := map[string][]string{} // names of groups, by what is said
	for i, g := range by.List {
		t := parts[i]
		t.MarkBest()
		for _, row := range t.Rows {
			out.Rows = append(out.Rows, append([]Cell{groupCell(g)}, row...))
		}
		out.NotApplicable = out.NotApplicable && t.NotApplicable
		for _, n := range append(own[i], t.Notes...) {
			if about[n] == nil {
				said = append(said, n)
			}
			about[n] = append(about[n], g.Name)
		}
	}
	for _, n := range said {
		out.Notes = append(out.Notes, fmt.Sprintf("%s %s: %s", by.Key, strings.Join(about[n], ", "), n))
	}
	out.Notes = append(out.Notes, aboutGroups(by)...)
	return out
}

// captions splits the captions of tables into the sentences that all have, and the others
// of each.
func captions(parts []Table) (common string, own [][]string) {
	var all [][]string
	for _, t := range parts {
		all = append(all, strings.SplitAfter(t.Caption, ". "))
	}
	own = make([][]string, len(parts))
	for i, sentences := range all {
		for _, text := range sentences {
			text = strings.TrimSpace(text)
			shared := !slices.ContainsFunc(all, func(other []string) bool {
				return !slices.ContainsFunc(other, func(s string) bool { return strings.TrimSpace(s) == text })
			})
			switch {
			case text == "":
			case !shared:
				own[i] = append(own[i], text)
			case i == 0:
				common += text + " "
			}
		}
	}
	return strings.TrimSpace(common), own
}

func groupColumn(by summary.Groups) Column {
	if by.Key == summary.ByClass {
		return Column{Name: "instances", Align: Left}
	}
	c := Column{Name: by.Key, Unit: by.Unit, Align: Left}
	if c.Unit == c.Name {
		c.Unit = ""
	}
	return c
}

func groupCell(g summary.Group) Cell { return Cell{Text: g.Name, Value: g.Value} }

// aboutGroups says what groups do not.
func aboutGroups(by summary.Groups) []string {
	var out []string
	if by.Ranges {
		out = append(out, fmt.Sprintf("There are so many values of %s that each row is about a range of them, with about as many cases as the others.", by.Key))
	}
	if by.LeftOut > 0 {
		out = append(out, fmt.Sprintf("%s in no group, as %s of the instance is not known.", prose.Count(by.LeftOut, "case"), by.Key))
	}
	return out
}

// byText ends a title with what cases are grouped by.
func byText(by summary.Groups) string {
	if by.Key == "" || by.Key == summary.ByClass {
		return "by class of instances"
	}
	return "by " + by.Key
}

// sentence makes one of an error.
func sentence(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	s = string(unicode.ToUpper(r)) + s[n:]
	if strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}
