package experiments

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/features"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/results"
)

// Task is one run to be made.
type Task struct {
	Catalogue *spec.Catalogue // knows what the task names
	Key       string          // hash of everything that the outcome depends on
	Instance  *cloud.Instance
	SHA256    string
	Features  map[string]any
	Algorithm spec.Spec
	Cost      spec.Spec
	Rules     []spec.Spec // nil: the instance's own
	Seed      uint64
	Limits    results.Limits
}

// Expand multiplies the suite out into tasks: instances outermost, in their order,
// then algorithms, cost functions and seeds. It generates and reads every instance. An
// optional entry whose files are missing is left out, and skipped, unless it is nil, is
// told so. A suite of more than a million runs is refused: before anything is generated,
// where one instance per spec is enough for that. When ctx ends, its error is returned.
func (s *Suite) Expand(ctx context.Context, skipped func(note string)) ([]Task, error) {
	if n := s.size(); n > maxRuns {
		return nil, s.tooMany(n)
	}
	var out []Task
	keys := map[string]bool{}
	for _, set := range s.Instances {
		instances, missing, err := s.generated(ctx, set)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", set.Where, err)
		}
		if n := len(missing); n > 0 && skipped != nil {
			note := missing[0]
			if all := set.size(); all > 1 {
				note = fmt.Sprintf("%d of %d, the first: %s", n, all, note)
			}
			skipped(fmt.Sprintf("%s: skipped: %s", set.Where, note))
		}
		for _, in := range instances {
			tasks, err := s.tasks(ctx, in, s.limits(set))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", set.Where, err)
			}
			if n := float64(len(out) + len(tasks)); n > maxRuns {
				return nil, s.tooMany(n)
			}
			for _, t := range tasks {
				if !keys[t.Key] { // a family without seeds yields the same for each
					keys[t.Key] = true
					out = append(out, t)
				}
			}
		}
	}
	return out, nil
}

// maxRuns bounds the runs of a suite. All of them are held, with their records, and a
// million runs of ten seconds take four months.
const maxRuns = 1_000_000

func (s *Suite) tooMany(n float64) error {
	return fmt.Errorf("suite %s has at least %.0f runs, more than the limit of %d: give it fewer values, seeds or algorithms", s.Name, n, maxRuns)
}

// size is how many runs the suite has if every spec yields one instance. It is as large as
// the product of what people write, which an integer may not hold.
func (s *Suite) size() float64 {
	instances := 0.0
	for _, set := range s.Instances {
		instances += float64(set.size())
	}
	return instances * float64(len(s.Algorithms)) * float64(len(s.Costs)) * float64(len(s.Seeds))
}

// generated makes the instances of an entry, and tells what is missing of an optional
// one.
func (s *Suite) generated(ctx context.Context, set InstanceSet) (out []*cloud.Instance, missing []string, err error) {
	if set.Missing != "" {
		return nil, []string{set.Missing}, nil
	}
	for _, sp := range set.Specs() {
		for _, seed := range set.Seeds {
			if err := ctx.Err(); err != nil {
				return nil, nil, err
			}
			instances, err := generate(s.Catalogue, sp, seed, s.Dir)
			switch {
			case set.Optional && errors.Is(err, fs.ErrNotExist):
				missing = append(missing, err.Error())
			case err != nil:
				return nil, nil, err
			}
			out = append(out, instances...)
		}
	}
	return out, missing, nil
}

func (s *Suite) tasks(ctx context.Context, in *cloud.Instance, limits results.Limits) ([]Task, error) {
	ruled := s.Rules
	if s.Also != nil {
		ruled = append(slices.Clone(rules.Specs(in, ruled)), s.Also...)
	}
	base := Task{Catalogue: s.Catalogue, Instance: in, SHA256: in.SHA256(), Rules: ruled, Limits: limits}
	for _, cost := range s.Costs {
		// What no solver could begin with is a fault of the suite, and not of runs.
		p, err := paths.NewProblem(s.Catalogue, in, ruled, cost)
		if err != nil {
			return nil, fmt.Errorf("instance %s: %w", in.Name, err)
		}
		if base.Features == nil {
			base.Features = features.Map(features.Of(in, p.Rules))
		}
	}
	var out []Task
	for _, algorithm := range s.Algorithms {
		for _, cost := range s.Costs {
			for _, seed := range s.Seeds {
				if err := ctx.Err(); err != nil {
					return nil, err
				}
				t := base
				t.Algorithm, t.Cost, t.Seed = algorithm, cost, seed
				key, err := t.key()
				if err != nil {
					return nil, err
				}
				t.Key = key
				out = append(out, t)
			}
		}
	}
	return out, nil
}

// ruleTexts are the rules in force, as written.
func (t *Task) ruleTexts() []string {
	return prose.Texts(rules.Specs(t.Instance, t.Rules), spec.Spec.String)
}

// key is the key of the task. Specs count with every default written out, so that the
// key changes when a default does.
func (t *Task) key() (string, error) {
	algorithm, err := t.Catalogue.Resolve(paths.Kind, t.Algorithm)
	if err != nil {
		return "", err
	}
	cost, err := t.Catalogue.Resolve(costs.Kind, t.Cost)
	if err != nil {
		return "", err
	}
	i := ingredients{
		Instance: t.SHA256, Algorithm: algorithm.Full().String(), Cost: cost.Full().String(), Seed: t.Seed, Limits: t.Limits,
	}
	for _, r := range rules.Specs(t.Instance, t.Rules) {
		a, err := t.Catalogue.Resolve(rules.Kind, r)
		if err != nil {
			return "", err
		}
		i.Rules = append(i.Rules, a.Full().String())
	}
	return i.hash(), nil
}

// ingredients are what the outcome of a run depends on.
type ingredients struct {
	Instance  string // its SHA-256
	Algorithm string
	Cost      string
	Rules     []string
	Seed      uint64
	Limits    results.Limits
}

func (i ingredients) hash() string {
	data, err := json.Marshal(i)
	if err != nil {
		panic(err) // there is nothing in it that JSON cannot say
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}
