package gate

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/results"
)

// Pair is the same run of baseline and candidate.
type Pair struct{ Base, Cand *results.Record }

// Side is one of the two sets of records.
type Side struct {
	Records   int               `json:"records"`
	Revisions []string          `json:"revisions"` // of the program that made the records, sorted
	Only      []*results.Record `json:"only"`      // runs without a counterpart on the other side
	// Waiting is the median of time over CPU time of runs that are long enough: 1 where they had a core to themselves.
	// Load is the median number of other processes that ran or waited. Both are NaN where records do not tell.
	Waiting Ratio `json:"time_per_cpu,omitzero"`
	Load    Ratio `json:"load,omitzero"`
}

// pairUp finds the counterpart of every run, by algorithm, content of the instance, target strategy and objective, schedule, execution, cost
// function, rules and seed: one with the same key, or else one with other limits, say; of
// several of these, the last. What is left goes to the comparison.
func (c *Comparison) pairUp(baseline, candidate []results.Record) []Pair {
	base, cand := c.Baseline.runs(baseline), c.Candidate.runs(candidate) // not paired yet
	match := func(key func(*results.Record) string) (pairs []Pair) {
		of := map[string]*results.Record{}
		for _, r := range base {
			of[key(r)] = r
		}
		paired := map[*results.Record]bool{}
		for _, r := range slices.Backward(cand) {
			if b := of[key(r)]; b != nil {
				delete(of, key(r))
				pairs = append(pairs, Pair{b, r})
				paired[b], paired[r] = true, true
			}
		}
		base = slices.DeleteFunc(base, func(r *results.Record) bool { return paired[r] })
		cand = slices.DeleteFunc(cand, func(r *results.Record) bool { return paired[r] })
		slices.SortFunc(pairs, func(a, b Pair) int { return order(a.Base, b.Base) })
		return pairs
	}
	content := func(r *results.Record) string { return run(r, r.InstanceSHA256) }
	pairs := append(match(func(r *results.Record) string { return content(r) + "\x00" + r.RunKey }), match(content)...)
	c.Changed = match(func(r *results.Record) string { return run(r, r.Instance) })
	c.Baseline.Only, c.Candidate.Only = base, cand
	return pairs
}

// runs lists the runs of the side in an order that does not depend on that of the records.
func (s *Side) runs(records []results.Record) []*results.Record {
	s.Records = len(records)
	out := make([]*results.Record, len(records))
	for i := range records {
		out[i] = &records[i]
		s.Revisions = append(s.Revisions, records[i].Provenance.Revision)
	}
	slices.Sort(s.Revisions)
	s.Revisions = slices.Compact(s.Revisions)
	slices.SortFunc(out, order)
	return out
}

// run is what a run is about, given what its instance is told apart by.
func run(r *results.Record, instance string) string {
	return fmt.Sprintf("%q %q %q %q %d %q %q %q", r.Algorithm, instance, r.CostFunction, r.Rules, r.Seed, target(r), r.Scheduling(), r.Executing())
}

// question is what runs of all algorithms and seeds on an instance have in common.
func question(r *results.Record) string {
	return fmt.Sprintf("%q %q %q %q %q %q", r.InstanceSHA256, r.CostFunction, r.Rules, target(r), r.Scheduling(), r.Executing())
}

// target is how a target was chosen, and what it is measured by; empty texts for that of the instance.
func target(r *results.Record) []string {
	t := cmp.Or(r.Target, &results.Target{})
	return []string{t.Strategy, t.Objective}
}

func order(a, b *results.Record) int {
	return cmp.Or(
		cmp.Compare(a.Algorithm, b.Algorithm), cmp.Compare(a.Instance, b.Instance), cmp.Compare(a.InstanceSHA256, b.InstanceSHA256),
		slices.Compare(target(a), target(b)), a.Scheduling().Compare(b.Scheduling()), a.Executing().Compare(b.Executing()), cmp.Compare(a.CostFunction, b.CostFunction), slices.Compare(a.Rules, b.Rules), cmp.Compare(a.Seed, b.Seed),
		cmp.Compare(a.RunKey, b.RunKey),
	)
}
