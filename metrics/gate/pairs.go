package gate

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudrearrange/rearrange/results"
)

// Pair is the same run of baseline and candidate.
type Pair struct{ Base, Cand *results.Record }

// pairing is what the runs of two sides have to do with each other.
type pairing struct {
	pairs      []Pair // by algorithm, instance, cost function, rules and seed
	changed    []Pair // equal but for the content of the instance
	base, cand Side
}

// pairUp finds the counterpart of every run: one with the same key, or else one that is
// about the same, such as a run with other limits; of several of these, the last.
func pairUp(baseline, candidate []results.Record) pairing {
	var p pairing
	var base, cand []*results.Record // not paired yet
	p.base, base = runs(baseline)
	p.cand, cand = runs(candidate)
	match := func(key func(*results.Record) string) (pairs []Pair) {
		of := map[string]*results.Record{}
		for _, r := range base {
			of[key(r)] = r
		}
		paired := map[*results.Record]bool{}
		for _, c := range slices.Backward(cand) {
			if b := of[key(c)]; b != nil {
				delete(of, key(c))
				pairs = append(pairs, Pair{b, c})
				paired[b], paired[c] = true, true
			}
		}
		base = slices.DeleteFunc(base, func(r *results.Record) bool { return paired[r] })
		cand = slices.DeleteFunc(cand, func(r *results.Record) bool { return paired[r] })
		return pairs
	}
	p.pairs = append(match(run), match(func(r *results.Record) string { return identity(r) + "\x00" + r.InstanceSHA256 })...)
	p.changed = match(identity)
	for _, pairs := range [][]Pair{p.pairs, p.changed} {
		slices.SortFunc(pairs, func(a, b Pair) int { return order(a.Base, b.Base) })
	}
	p.base.Only, p.cand.Only = base, cand
	return p
}

// runs lists the runs of one side in an order that does not depend on that of the
// records.
func runs(records []results.Record) (Side, []*results.Record) {
	s := Side{Records: len(records)}
	out := make([]*results.Record, 0, len(records))
	for i := range records {
		r := &records[i]
		out = append(out, r)
		if !slices.Contains(s.Revisions, r.Provenance.Revision) {
			s.Revisions = append(s.Revisions, r.Provenance.Revision)
		}
	}
	slices.Sort(s.Revisions)
	slices.SortFunc(out, order)
	return s, out
}

// run tells runs apart: also those that differ in limits only.
func run(r *results.Record) string {
	return identity(r) + "\x00" + r.InstanceSHA256 + "\x00" + r.RunKey
}

// identity is what a run is about, by the names of things.
func identity(r *results.Record) string {
	return strings.Join([]string{r.Algorithm, r.Instance, r.CostFunction, strings.Join(r.Rules, "\x01"), strconv.FormatUint(r.Seed, 10)}, "\x00")
}

// question is what a run is about but for the seed: what repeated measurements have in common.
func question(r *results.Record) string {
	return strings.Join([]string{r.Instance, r.InstanceSHA256, r.CostFunction, strings.Join(r.Rules, "\x01")}, "\x00")
}

func order(a, b *results.Record) int {
	return cmp.Or(
		cmp.Compare(a.Algorithm, b.Algorithm), cmp.Compare(a.Instance, b.Instance), cmp.Compare(a.InstanceSHA256, b.InstanceSHA256),
		cmp.Compare(a.CostFunction, b.CostFunction), slices.Compare(a.Rules, b.Rules), cmp.Compare(a.Seed, b.Seed),
		cmp.Compare(a.RunKey, b.RunKey),
	)
}
