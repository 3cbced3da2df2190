package summary

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud/features"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/stats"
)

// Groups are the cases of a summary, put together by something about them: a parameter of
// the family that their instances came from, a feature, or one of GroupKeys.
type Groups struct {
	Quantity
	// Ranges says that there are so many values that each group is a range of them, with
	// about as many cases as the others.
	Ranges  bool
	List    []Group // numbers by value, texts in natural order
	LeftOut int     // cases that do not tell
}

// Group is the cases of one group.
type Group struct {
	Name  string
	Value float64 // NaN where the group is not about a single number
	Cases []*Case
}

// The keys that every case can be grouped by, beside parameters and features.
const (
	ByClass        = "class" // the instance's name but for its seed
	ByFamily       = "family"
	ByCostFunction = "cost_function"
	BySeed         = "seed"
)

// GroupKeys lists the keys that every case can be grouped by.
func GroupKeys() []string { return []string{ByClass, ByFamily, ByCostFunction, BySeed} }

// Numbers have a group for each value up to mostGroups of them, and are put into ranges
// beyond.
const (
	mostGroups = 10
	ranges     = 5
)

// GroupBy puts cases into groups. A parameter hides a feature of the same name. What no
// case has is an error that says what there is.
func (s *Summary) GroupBy(key string) (Groups, error) {
	from := s.newOrigins()
	g := Groups{Quantity: Quantity{Key: key, Unit: features.UnitOf(key)}}
	values := map[*Case]string{}
	numbers := key != ByClass && key != ByFamily && key != ByCostFunction
	for _, c := range s.Cases {
		v, ok := ofCase(c, key)
		if !ok {
			p := from.of(c)
			if v, ok = p.text(key); !ok {
				g.LeftOut++
				continue
			}
			if p, ok := p.parameter(key); ok {
				g.Unit, g.Doc = p.Param.Unit, p.Param.Doc
			}
		}
		_, err := strconv.ParseFloat(v, 64)
		numbers = numbers && err == nil
		values[c] = v
	}
	if len(values) == 0 && len(s.Cases) > 0 {
		return g, fmt.Errorf("no case has %q, as a parameter or a feature of its instance%s", key, spec.DidYouMean(key, s.groupKeys(from), "there are"))
	}
	var cases []*Case
	for _, c := range s.Cases {
		if _, ok := values[c]; ok {
			cases = append(cases, c)
		}
	}
	for _, x := range stats.GroupBy(cases, func(c *Case) string { return values[c] }) {
		group := Group{Name: x.Key, Value: math.NaN(), Cases: x.Items}
		if numbers {
			group.Value, _ = strconv.ParseFloat(x.Key, 64)
		}
		g.List = append(g.List, group)
	}
	slices.SortFunc(g.List, func(a, b Group) int {
		if numbers {
			return cmp.Compare(a.Value, b.Value)
		}
		return natural(a.Name, b.Name)
	})
	if numbers && len(g.List) > mostGroups {
		g.Ranges, g.List = true, inRanges(g.List, len(cases))
	}
	return g, nil
}

// inRanges puts neighbours together, so that groups have about as many cases each, as far
// as values allow: those of one value stay together.
func inRanges(values []Group, cases int) []Group {
	var out []Group
	before, from := 0, 0
	for i, v := range values {
		before += len(v.Cases)
		if i+1 < len(values) && before*ranges/cases == (before-len(v.Cases))*ranges/cases {
			continue // within the same share of all cases
		}
		r := Group{Name: values[from].Name, Value: values[from].Value}
		if from < i {
			r.Name, r.Value = values[from].Name+"–"+v.Name, math.NaN()
		}
		for _, x := range values[from : i+1] {
			r.Cases = append(r.Cases, x.Cases...)
		}
		out = append(out, r)
		from = i + 1
	}
	return out
}

// ofCase is what a case tells itself.
func ofCase(c *Case, key string) (string, bool) {
	switch key {
	case ByClass:
		return Class(c.Instance), true
	case ByCostFunction:
		return c.CostFunction, true
	case BySeed:
		return strconv.FormatUint(c.Seed, 10), true
	}
	return "", false
}

// text is what an instance tells: its family, a parameter, or a feature.
func (p placed) text(key string) (string, bool) {
	if key == ByFamily {
		return p.family, p.family != ""
	}
	if param, ok := p.parameter(key); ok {
		if param.Value.Form == spec.Quoted {
			return param.Value.Text, true
		}
		return param.Value.String(), true
	}
	feature, ok := p.feature(key)
	if yes, isBool := feature.(bool); isBool {
		return map[bool]string{true: "yes", false: "no"}[yes], true
	}
	x, isNumber := number(feature)
	return strconv.FormatFloat(x, 'f', -1, 64), ok && isNumber
}

// groupKeys lists all that cases can be grouped by.
func (s *Summary) groupKeys(from *origins) []string {
	seen := map[string]bool{}
	for _, c := range s.Cases {
		p := from.of(c)
		for _, param := range p.all {
			seen[param.Key] = true
		}
		for _, r := range c.Runs {
			if r != nil {
				for name := range r.Features {
					seen[name] = true
				}
			}
		}
	}
	return append(GroupKeys(), slices.Sorted(maps.Keys(seen))...)
}

// Part is the summary of a group. All algorithms stay, whether they were run on its cases
// or not; bounds and cheapest plans stay those of all runs, and alarms are not repeated.
func (s *Summary) Part(g Group) *Summary {
	out := &Summary{Catalogue: s.Catalogue, Algorithms: s.Algorithms, Cases: g.Cases}
	for _, c := range g.Cases {
		for _, r := range c.Runs {
			if r != nil {
				out.Records++
			}
		}
	}
	out.figures()
	return out
}
