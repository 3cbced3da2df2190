package summary

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/results"
)

// comparables are the columns whose values can be compared.
var comparables = []string{"algorithm", "strategy", "objective", "model", "duration", "scheduler", "executor", "on"}

// CompareParam is the parameter for what is compared: algorithms unless there is a preset.
func CompareParam(preset string) spec.Param {
	return spec.Param{
		Name: "compare", Type: spec.Choice, Choices: comparables, List: true, Default: cmp.Or(preset, "[algorithm]"),
		Doc: "the columns whose values are compared, and stand in the place of algorithms; runs that differ in others are different cases",
	}
}

// Compared names what is compared.
func (s *Summary) Compared() string { return cmp.Or(strings.Join(s.by, ", "), "algorithm") }

// By is the summary in which the values of columns are compared, in place of algorithms. Plans of several strategies have no
// goal in common, so that no best cost is known of a case of which they are compared. An error says that no run has a value.
func (s *Summary) By(columns []string) (*Summary, error) {
	out := *s
	out.by = columns
	if out.Compared() == s.Compared() {
		return s, nil
	}
	out.Algorithms, out.Cases = nil, nil
	var of []Column
	for _, name := range comparables {
		of = append(of, Listed(name))
	}
	cases, runs, names := map[string]*Case{}, map[*Case]map[string][]*results.Record{}, map[string]bool{}
	for c, r := range s.All() {
		parts, rest := make([]string, len(columns)), []string{c.Goal}
		for _, col := range of {
			v := col.At(c, r, &c.Names[0]).String()
			if i := slices.Index(columns, col.Name); i >= 0 {
				parts[i] = v
			} else {
				rest = append(rest, v)
			}
		}
		if slices.Contains(parts, "") {
			continue
		}
		if slices.Contains(columns, "strategy") {
			rest[0] = ""
		}
		key := fmt.Sprintf("%q %q %q %v %q", c.InstanceSHA256, c.Rules, c.CostFunction, c.Limits, rest)
		k := cases[key]
		if k == nil {
			copied := *c
			k = &copied
			cases[key], runs[k] = k, map[string][]*results.Record{}
			out.Cases = append(out.Cases, k)
		}
		if k.Goal != c.Goal {
			k.Best, k.Bound, k.Known, k.NoPlan = nil, nil, nil, false
		}
		name := strings.Join(parts, " / ")
		names[name], runs[k][name] = true, append(runs[k][name], r)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no run tells its %s", out.Compared())
	}
	out.Algorithms = slices.SortedFunc(maps.Keys(names), prose.Natural)
	for _, k := range out.Cases {
		k.Runs = nil
		for _, name := range out.Algorithms {
			k.Runs = append(k.Runs, runs[k][name])
		}
	}
	return &out, nil
}
