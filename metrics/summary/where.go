package summary

import (
	"slices"

	"github.com/cloudrearrange/rearrange/results"
)

// Where is the summary of the runs that keep says yes to, with the algorithms and cases
// that still have one. Bounds and cheapest plans stay those of all, because what is known
// of a case does not depend on what is shown of it, and so do alarms.
func (s *Summary) Where(keep func(*results.Record) bool) *Summary {
	out := &Summary{Superseded: s.Superseded, Alarms: s.Alarms, Catalogue: s.Catalogue}
	var cases []*Case
	kept := make([]bool, len(s.Algorithms))
	for _, c := range s.Cases {
		k := *c
		k.Runs = make([]*results.Record, len(c.Runs))
		some := false
		for a, r := range c.Runs {
			if r != nil && keep(r) {
				k.Runs[a], kept[a], some = r, true, true
				out.Records++
			}
		}
		if some {
			cases = append(cases, &k)
		}
	}
	for a, name := range s.Algorithms {
		if kept[a] {
			out.Algorithms = append(out.Algorithms, name)
		}
	}
	for _, c := range cases {
		at := 0
		c.Runs = slices.DeleteFunc(c.Runs, func(*results.Record) bool { at++; return !kept[at-1] })
	}
	out.Cases = cases
	out.figures()
	return out
}
