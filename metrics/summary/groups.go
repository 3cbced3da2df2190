package summary

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Groups are the cases of a summary, grouped by a column.
type Groups struct {
	Column  Column
	Ranges  bool    // groups are ranges of values, with about equal numbers of cases
	List    []Group // numbers by value, texts in natural order
	LeftOut int     // cases without a value
}

// Group is the cases of one group. A case belongs to several groups if the names of its instance differ in the column.
type Group struct {
	Name  string
	Value float64 // NaN unless all cases have the same number
	Cases []*Case
}

// GroupParam is the parameter for the column of groups. Without a preset, cases are not grouped unless it is given.
func GroupParam(preset string) spec.Param {
	doc := "the column that cases are grouped by, such as class, family, or a parameter or feature of their instances; " +
		"more than ten numbers are put into ranges"
	if preset == "" {
		doc += "; no groups unless given"
	}
	return spec.Param{Name: "group", Type: spec.String, Default: preset, Doc: doc}
}

// Up to mostGroups numbers have a group each; more are put into ranges.
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
	groups, members := map[string]*Group{}, 0
	for _, c := range s.Cases {
		values := c.values(col)
		if len(values) == 0 {
			g.LeftOut++
		}
		members += len(values)
		for _, v := range values {
			name := v.String()
			if groups[name] == nil {
				groups[name] = &Group{Name: name, Value: math.NaN()}
				if v.Kind == Number {
					groups[name].Value = v.X
				}
			}
			groups[name].Cases = append(groups[name].Cases, c)
		}
	}
	for _, group := range groups {
		g.List = append(g.List, *group)
	}
	slices.SortFunc(g.List, func(a, b Group) int { return cmp.Or(cmp.Compare(a.Value, b.Value), prose.Natural(a.Name, b.Name)) })
	if col.Kind == Number && len(g.List) > mostGroups {
		g.Ranges, g.List = true, inRanges(g.List, members)
	}
	return g, nil
}

// values lists the different values of a column in a case, except empty texts. There are
// several if the names of the instance, or its runs, differ in them.
func (c *Case) values(col Column) []Value {
	var out []Value
	for r := range c.all() {
		for i := range c.Names {
			if v := col.At(c, r, &c.Names[i]); v.String() != "" && !slices.ContainsFunc(out, v.equals) {
				out = append(out, v)
			}
		}
	}
	return out
}

// Number is the value of a column for the instance of a case, if it is a number.
func (c *Case) Number(col Column) (float64, bool) {
	for _, run := range c.Runs {
		if n := len(run); n > 0 { // all runs have the same value
			return col.At(c, run[n-1], &c.Names[0]).Spent()
		}
	}
	return 0, false
}

// inRanges merges neighbours into groups of about equal numbers of members. Members with the same value stay together.
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
