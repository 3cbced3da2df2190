package summary

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
)

// Groups are the cases of a summary, grouped by a column.
type Groups struct {
	Column Column
	// Ranges: there are too many values for a group each; groups are ranges of values, with
	// about equal numbers of cases.
	Ranges  bool
	List    []Group // numbers by value, texts in natural order
	LeftOut int     // cases without a value
}

// Group is the cases of one group. A case whose instance has several names may belong to
// several groups.
type Group struct {
	Name  string
	Value float64 // NaN unless all cases have the same number
	Cases []*Case
}

// GroupParam is the parameter for the column of groups. Without a preset, cases are not
// grouped unless it is given.
func GroupParam(preset string) spec.Param {
	doc := "the column that cases are grouped by, such as class, family, or a parameter or feature of their instances; " +
		"more than ten numbers are put into ranges"
	if preset == "" {
		doc += "; no groups unless given"
	}
	return spec.Param{Name: "group", Type: spec.String, Default: preset, Doc: doc}
}

// Numbers have a group for each value up to mostGroups of them, and are put into ranges
// beyond.
const (
	mostGroups = 10
	ranges     = 5
)

// GroupBy puts cases into groups.
func (s *Summary) GroupBy(column string) (Groups, error) {
	col, err := s.Column(column)
	g := Groups{Column: col}
	if err != nil {
		return g, err
	}
	type member struct {
		of    *Case
		value Value
	}
	var members []member
	for _, c := range s.Cases {
		values := c.tells(col)
		if len(values) == 0 {
			g.LeftOut++
		}
		for _, v := range values {
			members = append(members, member{c, v})
		}
	}
	for _, x := range stats.GroupBy(members, func(m member) string { return m.value.String() }) {
		group := Group{Name: x.Key, Value: math.NaN()}
		if v := x.Items[0].value; v.Kind == Number {
			group.Value = v.X
		}
		for _, m := range x.Items {
			group.Cases = append(group.Cases, m.of)
		}
		g.List = append(g.List, group)
	}
	numbers := col.Kind == Number
	slices.SortFunc(g.List, func(a, b Group) int {
		if numbers {
			return cmp.Compare(a.Value, b.Value)
		}
		return natural(a.Name, b.Name)
	})
	if numbers && len(g.List) > mostGroups {
		g.Ranges, g.List = true, inRanges(g.List, len(members))
	}
	return g, nil
}

// tells lists the different values that a column has in a case: one, unless its instance has
// several names that differ in it, or its runs do. An empty text is no value.
func (c *Case) tells(col Column) []Value {
	var out []Value
	for _, run := range c.Runs {
		for _, r := range run {
			for _, n := range c.Names {
				v := col.At(c, r, &n)
				if v.String() != "" && !slices.ContainsFunc(out, v.equals) {
					out = append(out, v)
				}
			}
		}
	}
	return out
}

// Number is the value of a column for the instance of a case, if it is a number.
func (c *Case) Number(col Column) (float64, bool) {
	r := c.first()
	if r == nil {
		return 0, false
	}
	return col.At(c, r, &c.Names[0]).Spent()
}

// inRanges merges neighbours into groups of about equal numbers of members. Members with the
// same value stay together.
func inRanges(values []Group, members int) []Group {
	var out []Group
	before, from := 0, 0
	for i, v := range values {
		before += len(v.Cases)
		if i+1 < len(values) && before*ranges/members == (before-len(v.Cases))*ranges/members {
			continue // within the same share of all members
		}
		r := Group{Name: values[from].Name, Value: values[from].Value}
		if from < i {
			r.Name, r.Value = values[from].Name+"–"+v.Name, math.NaN()
		}
		for _, x := range values[from : i+1] {
			for _, c := range x.Cases {
				if !slices.Contains(r.Cases, c) {
					r.Cases = append(r.Cases, c)
				}
			}
		}
		out = append(out, r)
		from = i + 1
	}
	return out
}

// natural compares texts with the numbers in them by value: "a2" < "a10", "0.75" < "0.9".
func natural(a, b string) int {
	fraction := false // the texts so far are equal, and end with a number and a point
	for a != "" && b != "" {
		na, nb := digits(a), digits(b)
		if na > 0 && nb > 0 {
			x, y := a[:na], b[:nb]
			a, b = a[na:], b[nb:]
			c := 0
			if !fraction {
				x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
				c = cmp.Compare(len(x), len(y))
			}
			if c = cmp.Or(c, cmp.Compare(x, y), cmp.Compare(na, nb)); c != 0 {
				return c
			}
			fraction = !fraction && strings.HasPrefix(a, ".") && strings.HasPrefix(b, ".")
			if fraction {
				a, b = a[1:], b[1:]
			}
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b, fraction = a[1:], b[1:], false
	}
	return cmp.Compare(len(a), len(b))
}

// digits is the length of the number that a text begins with.
func digits(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }
