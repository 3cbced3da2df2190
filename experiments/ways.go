package experiments

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/results"
)

// way is one of the ways in which each instance is run: target strategy, algorithm, cost function, schedule, execution and seed.
type way struct {
	strategy        *part // nil: the instance's own target
	algorithm, cost part
	schedule        *scheduling // nil: none
	execution       *executing  // nil: none
	seed            uint64
	pathSeed        uint64 // of target and path; 0 where the path is the same whatever the seed
	planSeed        uint64 // of the schedule, too
}

// part is a spec of the suite and what it says with its defaults.
type part struct {
	spec     spec.Spec
	full     string
	values   results.Values
	packages []string
	seedless bool
}

// ways lists them in their order, each once.
func (s *Suite) ways() ([]way, error) {
	algorithms, err := s.parts(paths.Kind, s.Algorithms)
	if err != nil {
		return nil, err
	}
	charges, err := s.parts(costs.Kind, s.Costs)
	if err != nil {
		return nil, err
	}
	strategies := []*part{nil}
	if s.Targets != nil {
		chosen, err := s.parts(targets.Kind, s.Targets)
		if err != nil {
			return nil, err
		}
		strategies = nil
		for i := range chosen {
			strategies = append(strategies, &chosen[i])
		}
	}
	planned, err := s.schedulings()
	if err != nil {
		return nil, err
	}
	carried, err := s.executings()
	if err != nil {
		return nil, err
	}
	var out []way
	for _, t := range strategies {
		for _, a := range algorithms {
			for _, c := range charges {
				for _, p := range planned {
					for _, e := range carried {
						out = append(out, s.seeded(way{strategy: t, algorithm: a, cost: c, schedule: p, execution: e})...)
					}
				}
			}
		}
	}
	return out, nil
}

// seeded is a way with every seed that makes a difference. Where plans are carried out, the seeds are those of clouds, and all else has the first one:
// they are several days of the same plan.
func (s *Suite) seeded(w way) []way {
	onePath := w.algorithm.seedless && !s.searchesTargets()
	onePlan := onePath && (w.schedule == nil || w.schedule.scheduler.seedless)
	seeds := s.Seeds
	if onePlan && w.execution == nil {
		seeds = []uint64{0}
	}
	var out []way
	for _, seed := range seeds {
		w.seed, w.planSeed = seed, seed
		if w.execution != nil {
			w.planSeed = seeds[0]
		}
		w.pathSeed = w.planSeed
		if onePath {
			w.pathSeed = 0
		}
		if onePlan {
			w.planSeed = 0
		}
		out = append(out, w)
	}
	return out
}

// parts resolves specs of a kind. Of those that mean the same, the first one counts.
func (s *Suite) parts(kind string, specs []spec.Spec) ([]part, error) {
	var out []part
	for _, sp := range specs {
		a, err := s.Catalogue.Resolve(kind, sp)
		if err != nil {
			return nil, err
		}
		d, _ := s.Catalogue.Lookup(kind, sp.Name)
		p := part{sp, a.Full().String(), values(a), a.Packages(), d.Has(paths.Seedless)}
		if !slices.ContainsFunc(out, func(q part) bool { return p.full == q.full }) {
			out = append(out, p)
		}
	}
	return out, nil
}

// sameBut tells whether two ways are the same but for their seeds.
func (w way) sameBut(v way) bool {
	return w.strategy == v.strategy && w.algorithm.full == v.algorithm.full && w.cost.full == v.cost.full && w.schedule == v.schedule && w.execution == v.execution
}

// common is what tasks of one instance have in common.
type common struct {
	chosen  map[aim]*Target
	found   map[pathOf]*shared     // paths
	planned map[scheduleOf]*shared // schedules
	assumed map[*scheduling]Remarks
}

// aim is what a target depends on, beside the instance.
type aim struct {
	strategy *part
	cost     string
	seed     uint64
}

// pathOf is what a path depends on.
type pathOf struct {
	strategy  *part
	algorithm string
	cost      string
	seed      uint64
}

// scheduleOf is what a schedule depends on.
type scheduleOf struct {
	pathOf
	schedule *scheduling
	seed     uint64
}

// partake gives a task its target, its schedule and its execution, if it has them, and what it shares with others. It adds to what its key is
// made of, and tells where all of that is made.
func (s *Suite) partake(c *common, t *Task, w way, made *ingredients) (packages []string, err error) {
	if w.strategy != nil {
		same := aim{w.strategy, w.cost.full, w.planSeed}
		if c.chosen[same] == nil {
			if c.chosen[same], err = s.target(t.Instance, *w.strategy); err != nil {
				return nil, err
			}
		}
		t.Target = c.chosen[same]
		packages, made.Strategy, made.Objective = t.Target.packages, w.strategy.full, t.Target.objective
	}
	if w.schedule == nil {
		return packages, nil
	}
	if _, bound := c.assumed[w.schedule]; !bound {
		if c.assumed[w.schedule], err = w.schedule.bind(s.Catalogue, t.Instance, w.execution != nil); err != nil {
			return nil, err
		}
	}
	path := pathOf{w.strategy, w.algorithm.full, w.cost.full, w.pathSeed}
	t.schedule, t.path, t.Remarks = w.schedule, once(c.found, path), append(t.Remarks, c.assumed[w.schedule])
	made.Model, made.Duration, made.Scheduler = w.schedule.model.full, w.schedule.duration.full, w.schedule.scheduler.full
	packages = slices.Concat(packages, w.schedule.model.packages, w.schedule.duration.packages, w.schedule.scheduler.packages)
	if w.execution == nil {
		return packages, nil
	}
	t.execution, t.planned, t.planSeed = w.execution, once(c.planned, scheduleOf{path, w.schedule, w.planSeed}), w.planSeed
	made.Executor, made.On, made.PlanSeed = w.execution.executor.full, w.execution.on.full, w.planSeed
	return slices.Concat(packages, w.execution.executor.packages, w.execution.on.packages), nil
}

// once is what all tasks with a key share.
func once[K comparable](all map[K]*shared, key K) *shared {
	if all[key] == nil {
		all[key] = &shared{}
	}
	return all[key]
}
