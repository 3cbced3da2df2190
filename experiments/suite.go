package experiments

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/results"
)

// SuiteFormat is the version of the suite format that this program reads.
const SuiteFormat = "rearrange/suite/1"

// Suite is an experiment: instances × target strategies × algorithms × cost functions × schedules × executions × seeds, under
// limits.
type Suite struct {
	Catalogue   *spec.Catalogue // knows what the suite names
	Name        string
	Description string
	Instances   []InstanceSet
	// Targets are the strategies that choose a target for each instance, in place of that which it may have; nil:
	// the instance's own target.
	Targets    []spec.Spec
	Objective  *spec.Spec // what all targets are measured by; nil: each by what its strategy lowers
	Algorithms []spec.Spec
	Costs      []spec.Spec // default: ram
	// Schedules are made of every plan, each in a run of its own; nil: plans are paths.
	Schedules []Scheduling
	// Executions are made of every schedule, each in a run of its own; nil: nothing is carried out.
	Executions []Executing
	Rules      []spec.Spec // nil: each instance's own
	Also       []spec.Spec // on top of those; a suite's file has none
	Seeds      []uint64    // of the algorithms; default: 1
	Limits     results.Limits
	Report     Report // what reports on the suite show; default: all that applies
	Dir        string // folder of the suite's file: relative paths start there
	Source     []byte // the file as read
}

// InstanceSet is one entry of a suite's instances: a spec, multiplied out over a grid
// of parameters and over seeds.
type InstanceSet struct {
	Spec  spec.Spec
	Grid  []Axis
	Seeds []uint64 // of the generator; default: 1
	// Limits hold for the runs on these instances, each in place of the suite's own;
	// those that are 0 are the suite's.
	Limits results.Limits
	Role   string // what the instances are for, tuning or test; empty: the suite does not say
	Where  string // file, line and path, for errors
	// Optional entries are left out where files that they name are missing. Missing
	// says which, where that is known already.
	Optional bool
	Missing  string
}

// Axis is one dimension of a grid: a parameter and its values.
type Axis struct {
	Key    string
	Values []spec.Value
}

// size is how many times a generator is called for the set; a number that is too large
// to matter is cut.
func (s InstanceSet) size() int {
	n := len(s.Seeds)
	for _, axis := range s.Grid {
		n = min(n*len(axis.Values), math.MaxInt32)
	}
	return n
}

// limits are those that hold for the runs on the instances of a set.
func (s *Suite) limits(set InstanceSet) results.Limits {
	return results.Limits{
		TimeoutS:    cmp.Or(set.Limits.TimeoutS, s.Limits.TimeoutS),
		MemoryBytes: cmp.Or(set.Limits.MemoryBytes, s.Limits.MemoryBytes),
		Expansions:  cmp.Or(set.Limits.Expansions, s.Limits.Expansions),
		Cores:       cmp.Or(set.Limits.Cores, s.Limits.Cores),

		TargetTimeoutS: cmp.Or(set.Limits.TargetTimeoutS, s.Limits.TargetTimeoutS),
		TargetSteps:    cmp.Or(set.Limits.TargetSteps, s.Limits.TargetSteps),

		ScheduleTimeoutS: cmp.Or(set.Limits.ScheduleTimeoutS, s.Limits.ScheduleTimeoutS),
		ScheduleTables:   cmp.Or(set.Limits.ScheduleTables, s.Limits.ScheduleTables),
	}
}

// searchesTargets tells whether strategies look for better targets than those that they construct.
func (s *Suite) searchesTargets() bool {
	return s.limitsAny(func(l results.Limits) bool { return l.TargetTimeoutS > 0 || l.TargetSteps > 0 })
}

// limitsAny tells whether something is so of the limits of the suite, or of an entry.
func (s *Suite) limitsAny(so func(results.Limits) bool) bool {
	return so(s.Limits) || slices.ContainsFunc(s.Instances, func(set InstanceSet) bool { return so(set.Limits) })
}

// first is the spec with the first value of every axis.
func (s InstanceSet) first() spec.Spec {
	out := s.Spec
	for _, axis := range s.Grid {
		out = out.WithValue(axis.Key, axis.Values[0])
	}
	return out
}

// Specs multiplies the grid out, the last axis fastest.
func (s InstanceSet) Specs() []spec.Spec {
	out := []spec.Spec{s.Spec}
	for _, axis := range s.Grid {
		var next []spec.Spec
		for _, base := range out {
			for _, v := range axis.Values {
				next = append(next, base.WithValue(axis.Key, v))
			}
		}
		out = next
	}
	return out
}
