package summary

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/results"
	"github.com/cloudrearrange/rearrange/results/best"
)

// Summary is what a set of records says.
type Summary struct {
	Records    int
	Algorithms []string // sorted; rows of all parts are in this order
	Cases      []*Case  // sorted by instance, cost function, rules, seed
	Superseded int      // runs set aside, because a later one has the same algorithm and case

	Alarms   []Alarm
	Outcomes []OutcomeRow
	Quality  Quality
	Effort   Effort

	// Catalogue knows the families that made the instances.
	Catalogue *spec.Catalogue
}

// Case is one question put to all algorithms.
type Case struct {
	Instance       string
	InstanceSHA256 string
	CostFunction   string
	Rules          []string
	Seed           uint64

	// Bound is the best lower bound that any run proved for this question, with
	// whatever seed; nil if none did. An optimal cost counts as one. The runs of
	// best-known values count, see [WithBest].
	Bound *int64
	// Best is the cost of the cheapest plan that any run found for this question, with
	// whatever seed; nil if none did. The runs of best-known values count.
	Best *int64
	// Known is the best-known value of this question; nil without one.
	Known *best.Value
	// Runs holds one record per algorithm, in the order of Summary.Algorithms;
	// nil where an algorithm was not run.
	Runs []*results.Record
}

// Option adds to what records say.
type Option func(*options)

type options struct {
	known     *best.Set
	catalogue *spec.Catalogue
}

// WithCatalogue says in which catalogue the families stand that made the instances.
// Without it, the parameters of instances are unknown.
func WithCatalogue(c *spec.Catalogue) Option {
	return func(o *options) { o.catalogue = c }
}

// WithBest takes best-known values into account: a case's bound and cheapest plan are the
// best of these and of all runs, and a contradiction between a run and one of them is an
// alarm. Values of other questions than those of the records are left alone. A nil set
// adds nothing.
func WithBest(known *best.Set) Option {
	return func(o *options) { o.known = known }
}

// Of reduces records.
func Of(records []results.Record, with ...Option) *Summary {
	var o options
	for _, option := range with {
		option(&o)
	}
	s := &Summary{Records: len(records), Catalogue: o.catalogue}
	s.collect(records)
	for _, c := range s.Cases {
		c.learn(o.known)
	}
	s.Alarms = alarms(records, o.known)
	s.figures()
	return s
}

// Known counts the cases of which there is a best-known value.
func (s *Summary) Known() int {
	n := 0
	for _, c := range s.Cases {
		if c.Known != nil {
			n++
		}
	}
	return n
}

// learn improves the references of a case by what is known of its question.
func (c *Case) learn(known *best.Set) {
	v, ok := known.Find(c.InstanceSHA256, c.Rules, c.CostFunction)
	if !ok {
		return
	}
	c.Known = &v
	if v.Plan != nil && (c.Best == nil || v.Plan.Cost < *c.Best) {
		c.Best = &v.Plan.Cost
	}
	if v.Bound != nil && (c.Bound == nil || v.Bound.Value > *c.Bound) {
		c.Bound = &v.Bound.Value
	}
}

// figures computes what is said of algorithms.
func (s *Summary) figures() {
	s.Outcomes = s.outcomes()
	s.Quality = s.quality()
	s.Effort = s.effort()
}

// ruled identifies an instance under rules: what decides whether a plan exists.
func ruled(r *results.Record) string {
	return r.InstanceSHA256 + "\x00" + strings.Join(r.Rules, "\x00")
}

// question identifies an instance under rules and a cost function.
func question(r *results.Record) string { return ruled(r) + "\x00\x00" + r.CostFunction }

func (s *Summary) collect(records []results.Record) {
	index := map[string]int{}
	for i := range records {
		index[records[i].Algorithm] = 0
	}
	s.Algorithms = slices.Sorted(maps.Keys(index))
	for i, a := range s.Algorithms {
		index[a] = i
	}

	type caseKey struct {
		question string
		seed     uint64
	}
	cases := map[caseKey]*Case{}
	bounds, costs := map[string]int64{}, map[string]int64{}
	for i := range records {
		r := &records[i]
		key := caseKey{question(r), r.Seed}
		c := cases[key]
		if c == nil {
			c = &Case{
				Instance: r.Instance, InstanceSHA256: r.InstanceSHA256, CostFunction: r.CostFunction,
				Rules: r.Rules, Seed: r.Seed, Runs: make([]*results.Record, len(s.Algorithms)),
			}
			cases[key] = c
			s.Cases = append(s.Cases, c)
		}
		if c.Runs[index[r.Algorithm]] != nil {
			s.Superseded++
		}
		c.Runs[index[r.Algorithm]] = r
		if b, ok := r.ProvedBound(); ok {
			if old, seen := bounds[key.question]; !seen || b > old {
				bounds[key.question] = b
			}
		}
		if r.Outcome.HasPlan() {
			if old, seen := costs[key.question]; !seen || *r.Cost < old {
				costs[key.question] = *r.Cost
			}
		}
	}
	for key, c := range cases {
		if b, ok := bounds[key.question]; ok {
			c.Bound = &b
		}
		if b, ok := costs[key.question]; ok {
			c.Best = &b
		}
	}
	slices.SortFunc(s.Cases, func(a, b *Case) int {
		return cmp.Or(cmp.Compare(a.Instance, b.Instance), cmp.Compare(a.InstanceSHA256, b.InstanceSHA256),
			cmp.Compare(a.CostFunction, b.CostFunction), slices.Compare(a.Rules, b.Rules), cmp.Compare(a.Seed, b.Seed))
	})
}

// Comparison tells over what a relative figure was computed.
type Comparison struct {
	// Compared are the algorithms with at least one success, as indices into
	// Summary.Algorithms. One without any would leave nothing to compare.
	Compared []int
	LeftOut  []int
	Common   []*Case // the cases in which all compared algorithms succeeded
}

// ended makes a success of an outcome.
func ended(success func(results.Outcome) bool) func(*Case, int) bool {
	return func(c *Case, a int) bool { return c.Runs[a] != nil && success(c.Runs[a].Outcome) }
}

func (s *Summary) compare(success func(c *Case, algorithm int) bool) Comparison {
	var c Comparison
	for a := range s.Algorithms {
		if slices.ContainsFunc(s.Cases, func(c *Case) bool { return success(c, a) }) {
			c.Compared = append(c.Compared, a)
		} else {
			c.LeftOut = append(c.LeftOut, a)
		}
	}
	if len(c.Compared) == 0 {
		return c
	}
	for _, k := range s.Cases {
		if !slices.ContainsFunc(c.Compared, func(a int) bool { return !success(k, a) }) {
			c.Common = append(c.Common, k)
		}
	}
	return c
}

// Names returns the names of algorithms given by index.
func (s *Summary) Names(algorithms []int) []string {
	names := make([]string, len(algorithms))
	for i, a := range algorithms {
		names[i] = s.Algorithms[a]
	}
	return names
}
