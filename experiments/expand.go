package experiments

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/features"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/results"
)

// Task is one run to be made.
type Task struct {
	Catalogue *spec.Catalogue // knows what the task names
	Key       string          // hash of everything that the outcome depends on
	Instance  *cloud.Instance
	Names     []results.Name // all that the suite has for the instance, the first one first
	SHA256    string         // of the instance's content under the rules in force
	Source    string         // of hosts and VMs
	Features  results.Values
	Target    *Target // nil: the instance's own
	Algorithm spec.Spec
	// AlgorithmParameters are all parameters of the algorithm, defaults included.
	AlgorithmParameters results.Values
	Cost                spec.Spec
	CostUnit            string
	Remarks             []Remarks   // what is assumed where the instance does not say
	Rules               []spec.Spec // nil: the instance's own
	RuleTexts           []string    // of the rules in force, as written
	Seed                uint64      // 0 for an algorithm that uses none
	Limits              results.Limits
	Packages            []string // sorted import paths: where algorithm, cost function, rules and what else the run takes are made

	schedule  *scheduling // nil: the plan is a path
	path      *shared     // of a task with a schedule
	execution *executing  // nil: the plan is not carried out
	planned   *shared     // the schedule of a task with an execution
	planSeed  uint64      // of target, path and schedule of a task with an execution, whose own seed is that of the cloud
}

// Remarks are what a part of a run assumes, such as its cost function.
type Remarks struct {
	Of    string
	Texts []string
}

// Record is what is known of the run before it is made: all but its outcome, and what makes
// it.
func (t *Task) Record() results.Record {
	r := results.Record{
		Format: results.RecordFormat, RunKey: t.Key,
		InstanceSHA256: t.SHA256, Source: t.Source, Features: t.Features,
		Algorithm: t.Algorithm.String(), AlgorithmParameters: t.AlgorithmParameters,
		CostFunction: t.Cost.String(), CostUnit: t.CostUnit, Rules: t.RuleTexts,
		Seed: t.Seed, Limits: t.Limits,
	}
	if t.Target != nil {
		asked := t.Target.asked
		r.Target = &asked
	}
	if t.schedule != nil {
		r.Schedule = t.schedule.asked()
	}
	if t.execution != nil {
		r.Execution = t.execution.asked(t.planSeed)
	}
	setNames(&r, t.Names)
	return r
}

// setNames gives a record the names of its instance.
func setNames(r *results.Record, names []results.Name) {
	r.Name, r.Aliases = names[0], nil
	if len(names) > 1 {
		r.Aliases = names[1:]
	}
}

// Expand multiplies the suite out into tasks: instances outermost, in their order,
// then target strategies, algorithms, cost functions, schedules, executions and seeds. It generates and reads every instance. Instances
// that are equal but for their names are one; of an algorithm that declares that it uses no seed
// there is one task, whatever the seeds, unless a target is searched for or plans are carried out. An optional entry whose files are missing is left out.
// Skipped, unless it is nil, is told in words what was left out. A suite of more than a million runs is refused: before anything is generated, where one
// instance per spec is enough for that. When ctx ends, its error is returned.
func (s *Suite) Expand(ctx context.Context, skipped func(string)) ([]Task, error) {
	if skipped == nil {
		skipped = func(string) {}
	}
	ways, err := s.ways()
	if err != nil {
		return nil, err
	}
	if n := s.size() * float64(len(ways)); n > maxRuns {
		return nil, s.tooMany(n)
	}
	instances, err := s.instances(ctx, maxRuns/float64(len(ways)), skipped)
	if err != nil {
		return nil, err
	}
	out := make([]Task, 0, len(instances)*len(ways))
	for _, in := range instances {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		tasks, err := s.tasks(in, ways)
		if err != nil {
			return nil, fmt.Errorf("%s: instance %s: %w", in.where, in.Name, err)
		}
		out = append(out, tasks...)
	}
	return out, nil
}

// Duplicates counts the names of instances beyond the first of each, as reports do.
func Duplicates(tasks []Task) int {
	instances, names := map[string]bool{}, map[[2]string]bool{}
	for _, t := range tasks {
		instances[t.SHA256] = true
		for _, n := range t.Names {
			names[[2]string{t.SHA256, n.Instance}] = true
		}
	}
	return len(names) - len(instances)
}

// maxRuns bounds the runs of a suite. All of them are held, with their records, and a
// million runs of ten seconds take four months.
const maxRuns = 1_000_000

func (s *Suite) tooMany(n float64) error {
	return fmt.Errorf("suite %s has at least %.0f runs, more than the limit of %d: give it fewer values, seeds or algorithms", s.Name, n, maxRuns)
}

// size is how many instances the suite has if every spec yields one. It is as large as the
// product of what people write, which an integer may not hold.
func (s *Suite) size() float64 {
	n := 0.0
	for _, set := range s.Instances {
		n += float64(set.size())
	}
	return n
}

// tasks are those of one instance.
func (s *Suite) tasks(in *instance, ways []way) ([]Task, error) {
	base := Task{
		Catalogue: s.Catalogue, Instance: in.Instance, Names: in.names, SHA256: in.sha256, Source: in.SourceSHA256(),
		Rules: in.given, RuleTexts: in.rules.texts, Limits: in.limits,
	}
	type charge struct {
		unit    string
		remarks Remarks
	}
	charges := map[string]charge{} // by cost function
	for _, cost := range s.Costs {
		// What no solver could begin with is a fault of the suite, and not of runs.
		begin := *in.Instance
		if begin.Target == nil { // still to be chosen
			begin.Target = begin.Initial
		}
		p, err := paths.NewProblem(s.Catalogue, &begin, in.given, cost)
		if err != nil {
			return nil, err
		}
		charges[cost.String()] = charge{p.Cost.Unit(), Remarks{"cost " + cost.String(), p.Remarks()}}
		if base.Features == nil {
			base.Features = features.Map(features.Of(in.Instance, p.Rules))
		}
	}
	common := &common{chosen: map[aim]*Target{}, found: map[pathOf]*shared{}, planned: map[scheduleOf]*shared{}, assumed: map[*scheduling]Remarks{}}
	var out []Task
	for i, w := range ways {
		t := base
		t.Algorithm, t.AlgorithmParameters, t.Cost, t.Seed = w.algorithm.spec, w.algorithm.values, w.cost.spec, w.seed
		c := charges[t.Cost.String()]
		t.CostUnit, t.Remarks = c.unit, []Remarks{c.remarks}
		made := ingredients{
			Instance: t.SHA256, Algorithm: w.algorithm.full, Cost: w.cost.full, Rules: in.rules.full, Seed: t.Seed, Limits: t.Limits,
		}
		packages, err := s.partake(common, &t, w, &made)
		if err != nil {
			return nil, err
		}
		t.Key = made.hash()
		if i > 0 && w.sameBut(ways[i-1]) {
			t.Packages = out[i-1].Packages
		} else {
			t.Packages = slices.Concat(w.algorithm.packages, w.cost.packages, in.rules.packages, packages)
			slices.Sort(t.Packages)
			t.Packages = slices.Compact(t.Packages)
		}
		out = append(out, t)
	}
	return out, nil
}

// ingredients are what the outcome of a run depends on.
type ingredients struct {
	Instance  string // its SHA-256
	Algorithm string
	Cost      string
	Rules     []string
	Seed      uint64
	Limits    results.Limits
	// Of the choice of a target; empty where the instance's own holds.
	Strategy  string `json:",omitzero"`
	Objective string `json:",omitzero"`
	// Of the schedule; empty where the plan is a path.
	Model     string `json:",omitzero"`
	Duration  string `json:",omitzero"`
	Scheduler string `json:",omitzero"`
	// Of the execution; empty where the plan is not carried out.
	Executor string `json:",omitzero"`
	On       string `json:",omitzero"`
	PlanSeed uint64 `json:",omitzero"`
}

func (i ingredients) hash() string {
	data, err := json.Marshal(i)
	if err != nil {
		panic(err) // there is nothing in it that JSON cannot say
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}
