package summary

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/results"
	"github.com/cloudrearrange/rearrange/results/best"
)

// Summary is a table of runs, by case and algorithm.
type Summary struct {
	Algorithms []string // in natural order; rows of all parts are in this order
	Cases      []*Case  // sorted by instance, cost function, rules, target and limits
	Alarms     []best.Alarm

	Records    int
	Superseded int // of Records, those that a later one of the same algorithm, seed and case replaces
	Duplicates int // names of instances beyond the first of each

	// Catalogue holds the columns, tables and plots.
	Catalogue *spec.Catalogue
	// Labels replace the specs of algorithms in tables and plots, Titles those of columns.
	Labels, Titles map[string]string

	known   *best.Set
	by      []string // the columns that are compared, see [Summary.By]; nil: algorithms
	columns *Columns // nil until needed
}

// Case is one question put to all algorithms: an instance, by its content, the target that a strategy chose for it, if any,
// rules, a cost function and limits. It is the unit of all figures and tests, regardless of the number of
// seeds. Cases that differ in limits alone share all but Limits and Runs.
type Case struct {
	Instance string
	// Names are the names of the instance in records, the one above first. A name may occur
	// with several sets of parameters, if programs with different defaults generated it.
	Names          []results.Name
	InstanceSHA256 string
	Source         string // shared by instances made out of one cloud; the hash of the instance if unknown
	CostFunction   string
	Rules          []string
	Limits         results.Limits
	// Strategy chose the target, and Goal is what tells targets apart (see [results.Record.Goal]); both are empty for
	// the target of the instance. Objective is the spec of what the target is measured by.
	Strategy, Objective, Goal string
	results.Scheduling        // how plans are run in parallel; zero if they are not
	results.Executing         // how they are carried out; likewise

	// Bound is the best lower bound, or optimal cost, that any run proved, those of best-known
	// values included (see [WithBest]); nil if none did.
	Bound *int64
	// Best is the cost of the cheapest plan of any of these runs; nil if none found one.
	Best *int64
	// Known is the best-known value of this question; nil without one.
	Known *best.Value
	// Targets is what is best known, in these runs and before, of targets by the objective.
	Targets best.Value
	merged  *best.Set // what is best known of targets and schedules
	// NoPlan: some run proved that there is no plan.
	NoPlan bool
	// Runs holds the records of each algorithm, sorted by seed, in the order of
	// Summary.Algorithms; it is empty for an algorithm that was not run.
	Runs [][]*results.Record
}

// Option is an option of [Of].
type Option func(*Summary)

// WithCatalogue gives the catalogue of columns, tables and plots.
func WithCatalogue(c *spec.Catalogue) Option { return func(s *Summary) { s.Catalogue = c } }

// WithBest takes best-known values into account: a case's bound and cheapest plan are the best of these and of all
// runs, and a contradiction between a run and one of them is an alarm. Values of other questions than those of the
// records are left alone. A nil set adds nothing.
func WithBest(known *best.Set) Option { return func(s *Summary) { s.known = known } }

// Of reduces records. O(n log n).
func Of(records []results.Record, with ...Option) *Summary {
	s := &Summary{Records: len(records)}
	for _, option := range with {
		option(s)
	}
	s.collect(records)
	if slices.ContainsFunc(s.Cases, func(c *Case) bool { return c.Objective+c.Scheduler != "" }) {
		known := best.Merge(s.known, best.Of(records))
		for _, c := range s.Cases {
			c.Targets, _ = known.FindTarget(c.InstanceSHA256, c.Rules, c.Objective)
			c.merged = known
		}
	}
	s.Alarms = best.Alarms(records, s.known)
	return s
}

// Known counts the cases with a best-known value.
func (s *Summary) Known() int {
	n := 0
	for _, c := range s.Cases {
		if c.Known != nil {
			n++
		}
	}
	return n
}

// question is an instance under rules and a cost function, and where its plans head for.
type question struct{ instance, rules, cost, goal string }

func (s *Summary) collect(records []results.Record) {
	index := map[string]int{} // of algorithms
	for i := range records {
		index[records[i].Algorithm] = 0
	}
	s.Algorithms = slices.SortedFunc(maps.Keys(index), prose.Natural)
	for i, a := range s.Algorithms {
		index[a] = i
	}
	type limited struct {
		question
		results.Limits
		strategy, objective string
		results.Scheduling
		results.Executing
	}
	cases := map[limited]*Case{}
	asked := map[question]*Case{} // the first case of each question, which learns for all
	for i := range records {
		r := &records[i]
		key := limited{question: question{r.InstanceSHA256, strings.Join(r.Rules, "\x00"), r.CostFunction, r.Goal()}, Limits: r.Limits, Scheduling: r.Scheduling(), Executing: r.Executing()}
		if r.Target != nil {
			key.strategy, key.objective = r.Target.Strategy, r.Target.Objective
		}
		c := cases[key]
		if c == nil {
			c = &Case{
				InstanceSHA256: r.InstanceSHA256, CostFunction: r.CostFunction, Rules: r.Rules, Limits: r.Limits,
				Goal: key.goal, Runs: make([][]*results.Record, len(s.Algorithms)),
			}
			if asked[key.question] == nil {
				asked[key.question] = c
			}
			if v, ok := s.known.Find(c.InstanceSHA256, c.Rules, c.Goal, c.CostFunction); ok {
				c.Known, c.NoPlan = &v, v.Infeasible != nil
				if v.Plan != nil {
					c.learn(&v.Plan.Cost, nil)
				}
				if v.Bound != nil {
					c.learn(nil, &v.Bound.Value)
				}
			}
			cases[key] = c
			s.Cases = append(s.Cases, c)
		}
		first := asked[key.question]
		first.Source = max(first.Source, r.Source) // not known to records of version 1
		first.add(&r.Name)
		for i := range r.Aliases {
			first.add(&r.Aliases[i])
		}
		run := &c.Runs[index[r.Algorithm]]
		if i, seen := slices.BinarySearchFunc(*run, r.Seed, func(r *results.Record, seed uint64) int { return cmp.Compare(r.Seed, seed) }); seen {
			s.Superseded++
			(*run)[i] = r
		} else {
			*run = slices.Insert(*run, i, r)
		}
		if b, ok := r.ProvedBound(); ok {
			first.learn(nil, &b)
		}
		if r.Outcome.HasPlan() {
			first.learn(r.Cost, nil)
		}
		first.NoPlan = first.NoPlan || r.Outcome == results.Infeasible
	}
	for _, c := range asked {
		slices.SortFunc(c.Names, compareNames)
		c.Instance, c.Source = c.Names[0].Instance, cmp.Or(c.Source, c.InstanceSHA256)
	}
	for key, c := range cases {
		runs := c.Runs
		*c = *asked[key.question]
		c.Runs, c.Limits, c.Strategy, c.Objective = runs, key.Limits, key.strategy, key.objective
		c.Scheduling, c.Executing = key.Scheduling, key.Executing
	}
	s.Duplicates = duplicates(s.Cases)
	slices.SortFunc(s.Cases, compareCases)
}

func compareCases(a, b *Case) int {
	return cmp.Or(cmp.Compare(a.Instance, b.Instance), cmp.Compare(a.InstanceSHA256, b.InstanceSHA256),
		cmp.Compare(a.CostFunction, b.CostFunction), slices.Compare(a.Rules, b.Rules), prose.Natural(a.Strategy, b.Strategy), cmp.Compare(a.Goal, b.Goal), cmp.Compare(a.Objective, b.Objective), a.Scheduling.Compare(b.Scheduling), a.Executing.Compare(b.Executing),
		cmp.Compare(a.Limits.TimeoutS, b.Limits.TimeoutS), cmp.Compare(a.Limits.MemoryBytes, b.Limits.MemoryBytes),
		cmp.Compare(a.Limits.Expansions, b.Limits.Expansions), cmp.Compare(a.Limits.Cores, b.Limits.Cores),
		cmp.Compare(a.Limits.TargetTimeoutS, b.Limits.TargetTimeoutS), cmp.Compare(a.Limits.TargetSteps, b.Limits.TargetSteps),
		cmp.Compare(a.Limits.ScheduleTimeoutS, b.Limits.ScheduleTimeoutS), cmp.Compare(a.Limits.ScheduleTables, b.Limits.ScheduleTables))
}

// learn improves the references of a case by the cost of a plan or a bound; nil for none.
func (c *Case) learn(cost, bound *int64) {
	if cost != nil && (c.Best == nil || *cost < *c.Best) {
		c.Best = cost
	}
	if bound != nil && (c.Bound == nil || *bound > *c.Bound) {
		c.Bound = bound
	}
}

// add adds a name of the instance.
func (c *Case) add(n *results.Name) {
	same := func(m results.Name) bool {
		return m.Instance == n.Instance && m.Class == n.Class && m.Family == n.Family && m.Role == n.Role &&
			maps.EqualFunc(m.Parameters, n.Parameters, func(a, b any) bool { return plain(a).equals(plain(b)) })
	}
	if !slices.ContainsFunc(c.Names, same) {
		c.Names = append(c.Names, *n)
	}
}

// compareNames puts a name with more parameters before the same name with fewer.
func compareNames(a, b results.Name) int {
	return cmp.Or(prose.Natural(a.Instance, b.Instance), len(b.Parameters)-len(a.Parameters), cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)))
}

// duplicates counts the names of instances beyond the first of each.
func duplicates(cases []*Case) int {
	instances, names := map[string]bool{}, map[[2]string]bool{}
	for _, c := range cases {
		instances[c.InstanceSHA256] = true
		for _, n := range c.Names {
			names[[2]string{c.InstanceSHA256, n.Instance}] = true
		}
	}
	return len(names) - len(instances)
}

// all iterates over the records of the case, by algorithm and seed.
func (c *Case) all() iter.Seq[*results.Record] {
	return func(yield func(*results.Record) bool) {
		for _, run := range c.Runs {
			for _, r := range run {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// longest is the time of the longest run, in seconds.
func (c *Case) longest() float64 {
	out := 0.0
	for r := range c.all() {
		out = max(out, r.WallS)
	}
	return out
}

// cheapest reports whether no run of the case has a plan that costs less.
func (c *Case) cheapest(cost int64) bool {
	for r := range c.all() {
		if r.Outcome.HasPlan() && *r.Cost < cost {
			return false
		}
	}
	return true
}

// NotRun reports whether some algorithm was not run on the case.
func (c *Case) NotRun() bool {
	return slices.ContainsFunc(c.Runs, func(run []*results.Record) bool { return len(run) == 0 })
}

// All iterates over the records that count, by case, algorithm and seed.
func (s *Summary) All() iter.Seq2[*Case, *results.Record] {
	return func(yield func(*Case, *results.Record) bool) {
		for _, c := range s.Cases {
			for r := range c.all() {
				if !yield(c, r) {
					return
				}
			}
		}
	}
}

// view is a part of the summary: the cases with a run of the algorithms given by index. Bounds, cheapest plans and
// alarms stay those of all runs, because they do not depend on which runs are shown.
func (s *Summary) view(cases []*Case, algorithms []int) *Summary {
	out := *s
	out.Algorithms, out.Cases, out.Records, out.Superseded, out.columns = s.Names(algorithms), nil, 0, 0, nil
	for _, c := range cases {
		k := *c
		k.Runs = make([][]*results.Record, len(algorithms))
		some := 0
		for i, a := range algorithms {
			k.Runs[i] = c.Runs[a]
			some += len(k.Runs[i])
		}
		if some > 0 {
			out.Cases = append(out.Cases, &k)
			out.Records += some
		}
	}
	out.Duplicates = duplicates(out.Cases)
	return &out
}

func (s *Summary) everyAlgorithm() []int {
	out := make([]int, len(s.Algorithms))
	for i := range out {
		out[i] = i
	}
	return out
}

// Where is the summary of the runs that keep accepts under at least one name of their
// instances. Names, algorithms and cases without an accepted run are dropped.
func (s *Summary) Where(keep func(*Case, *results.Record, *results.Name) bool) *Summary {
	var cases []*Case
	some := make([]bool, len(s.Algorithms))
	for _, c := range s.Cases {
		k := *c
		k.Names, k.Runs = nil, make([][]*results.Record, len(c.Runs))
		under := make([]bool, len(c.Names))
		for a, run := range c.Runs {
			for _, r := range run {
				kept := false
				for i := range c.Names {
					if keep(c, r, &c.Names[i]) {
						under[i], kept = true, true
					}
				}
				if kept {
					k.Runs[a], some[a] = append(k.Runs[a], r), true
				}
			}
		}
		for i, n := range c.Names {
			if under[i] {
				k.Names = append(k.Names, n)
			}
		}
		if len(k.Names) > 0 {
			k.Instance = k.Names[0].Instance
			cases = append(cases, &k)
		}
	}
	slices.SortFunc(cases, compareCases) // by the names that are left
	return s.view(cases, slices.DeleteFunc(s.everyAlgorithm(), func(a int) bool { return !some[a] }))
}

// Only is the summary of some algorithms, in the order of s. An algorithm without records is an error.
func (s *Summary) Only(algorithms []string) (*Summary, error) {
	var keep []int
	for _, name := range algorithms {
		a, err := s.Algorithm(name)
		if err != nil {
			return nil, err
		}
		keep = append(keep, a)
	}
	slices.Sort(keep)
	return s.view(s.Cases, slices.Compact(keep)), nil
}

// Part is the summary of some cases. All algorithms stay, even those that were not run on them.
func (s *Summary) Part(cases []*Case) *Summary { return s.view(cases, s.everyAlgorithm()) }

// Algorithm finds an algorithm, by its name or label, as an index.
func (s *Summary) Algorithm(name string) (int, error) {
	a := slices.Index(s.Algorithms, name)
	if a < 0 {
		a = slices.IndexFunc(s.Algorithms, func(a string) bool { return s.Labels[a] == name })
	}
	if a < 0 {
		return 0, fmt.Errorf("no record of the algorithm %s%s", name, spec.DidYouMean(name, s.Algorithms, "there are records of"))
	}
	return a, nil
}

// Names returns the names of algorithms given by index.
func (s *Summary) Names(algorithms []int) []string {
	return prose.Texts(algorithms, func(a int) string { return s.Algorithms[a] })
}

// Label is the label of an algorithm, or its name.
func (s *Summary) Label(algorithm string) string { return cmp.Or(s.Labels[algorithm], algorithm) }

// OneCase is an error if an instance has several cases, or if there are several cost
// functions. Tests are over instances, and would count some of them more than once.
func (s *Summary) OneCase() error {
	names := append([]string{"cost-function", "rules", "time-limit", "memory-limit", "expansion-limit", "core-limit"}, comparables...)
	for _, name := range names {
		if slices.Contains(append(s.by, s.Compared()), name) {
			continue
		}
		col, told := Listed(name), map[string]string{}
		for c, r := range s.All() {
			of := c.InstanceSHA256
			if name == "cost-function" {
				of = ""
			}
			v := cmp.Or(col.At(c, r, &c.Names[0]).String(), "none")
			if old := cmp.Or(told[of], v); old != v {
				return fmt.Errorf("the runs differ in %s (%s and %s), and a test counts each instance once: choose one with --where, by %s",
					name, old, v, strings.ReplaceAll(name, "-", "_"))
			}
			told[of] = v
		}
	}
	return nil
}

// Unit is the unit of a column's values, or else what they are measured by, if it is that of all runs. It is empty if there are several.
func (s *Summary) Unit(c Column) string {
	unit := c.Unit
	for _, r := range s.All() {
		by, own := c.Measure(r)
		u := cmp.Or(own, by, unit)
		if unit != "" && u != unit {
			return ""
		}
		unit = u
	}
	return unit
}
