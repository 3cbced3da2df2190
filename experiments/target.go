package experiments

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/features"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/results"
)

// Target is the target that a strategy chooses for an instance, once in a process for all tasks that share it.
type Target struct {
	asked     results.Target // what records tell before it is chosen
	strategy  targets.Strategy
	yardstick targets.Strategy
	objective string   // with every default written out
	packages  []string // where strategy and objective are made

	mu     sync.Mutex
	done   bool
	chosen chosenTarget
}

// Strategy is the spec of the strategy, as the suite writes it.
func (g *Target) Strategy() string { return g.asked.Strategy }

// chosenTarget is what came of it.
type chosenTarget struct {
	instance *cloud.Instance // with the target; nil where there is none
	features results.Values  // of that
	record   results.Target
	err      error
}

// target makes the target of an instance, still to be chosen.
func (s *Suite) target(in *cloud.Instance, strategy part) (*Target, error) {
	built, _, err := spec.Build[targets.Strategy](s.Catalogue, targets.Kind, strategy.spec)
	if err != nil {
		return nil, err
	}
	by := built.Objective(in)
	if s.Objective != nil {
		by = *s.Objective
	}
	args, err := s.Catalogue.Resolve(objectives.Kind, by)
	if err != nil {
		return nil, err
	}
	return &Target{
		strategy: built, yardstick: yardstick{built, by}, objective: args.Full().String(),
		packages: slices.Concat(strategy.packages, args.Packages()),
		asked: results.Target{
			Strategy: strategy.spec.String(), StrategyParameters: strategy.values, Objective: args.Brief().String(),
		},
	}, nil
}

// yardstick is a strategy whose targets are measured by another objective than its own. It is no more than that: the
// bound is one of all targets of the instance, whatever the strategy leaves out, so that bounds of several strategies compare.
type yardstick struct {
	targets.Strategy
	objective spec.Spec
}

// Objective implements [targets.Strategy].
func (y yardstick) Objective(*cloud.Instance) spec.Spec { return y.objective }

// choose chooses the target, unless that has been done. What an end of the context cut short does not count.
func (g *Target) choose(ctx context.Context, t *Task) chosenTarget {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.done {
		chosen := g.chooseNow(ctx, t)
		if ctx.Err() != nil {
			return chosen
		}
		g.chosen, g.done = chosen, true
	}
	return g.chosen
}

func (g *Target) chooseNow(ctx context.Context, t *Task) (out chosenTarget) {
	out.record = g.asked
	cost, err := costs.Bind(t.Catalogue, t.Instance, t.Cost)
	if err != nil {
		out.err = err
		return out
	}
	request, err := targets.NewRequest(t.Catalogue, t.Instance, t.Rules, cost)
	if err != nil {
		out.err = err
		return out
	}
	began := time.Now()
	request.Search = search(ctx, t, began)
	objective, err := request.Objective(g.yardstick)
	if err != nil {
		out.err = err
		return out
	}
	request.Watch(objective, began, func(i targets.Incumbent) { note(&out.record, objective, i) })
	choice, err := targets.Choose(ctx, g.strategy, request)
	out.record.WallS = time.Since(began).Seconds()
	var impossible *targets.ImpossibleError
	var none *targets.NoTargetError
	switch {
	case errors.As(err, &impossible):
		out.record.Status = results.Infeasible
	case errors.As(err, &none):
		out.record.Status = results.Unknown
	}
	if err != nil {
		out.err, out.record.Incumbents = err, nil
		return out
	}
	worth, err := request.Weigh(g.yardstick, choice.Target)
	if err != nil {
		out.err = err
		return out
	}
	in := *t.Instance
	in.Target = choice.Target
	if out.err = in.Check(); out.err == nil { // which makes its hash be computed once
		out.instance, out.features = &in, features.Map(features.Of(&in, request.Rules))
		tell(&out.record, &in, &worth)
	}
	return out
}

// near tells how near in time incumbents are of which only the first and the last are kept.
const near = 0.05

// thinned keeps what was found on the way, unless what was found next came at about the same time.
func thinned[T any](list []T, next T, elapsedS func(T) float64) []T {
	if n := len(list); n > 1 && elapsedS(next) < (1+near)*elapsedS(list[n-2])+0.001 {
		list = list[:n-1]
	}
	return append(list, next)
}

// note keeps a target that was found on the way.
func note(r *results.Target, o cloud.Objective, i targets.Incumbent) {
	next := results.TargetIncumbent{
		ElapsedS: i.Elapsed.Seconds(), Steps: i.Steps, Objective: slices.Clone(i.Objective[:cloud.Components(o)]), Cost: i.Cost,
	}
	r.Incumbents = thinned(r.Incumbents, next, func(i results.TargetIncumbent) float64 { return i.ElapsedS })
}

// tell puts down what a target is worth.
func tell(r *results.Target, in *cloud.Instance, w *targets.Worth) {
	ranks := cloud.Components(w.Objective)
	r.ObjectiveUnit, r.Status = w.Objective.Unit(), results.Outcome(w.Status)
	r.Before, r.After = slices.Clone(w.Before[:ranks]), slices.Clone(w.After[:ranks])
	if w.Bound != (cloud.Score{}) || w.Status == cloud.Optimal {
		r.Bound = slices.Clone(w.Bound[:ranks])
	}
	r.Migrations, r.Provisions, r.Cost, r.SHA256 = w.Migrations, w.Provisions, w.Cost, placementSHA256(in)
}

// placementSHA256 is the hash of the target, VM by VM: two instances of one content have the same.
func placementSHA256(in *cloud.Instance) string {
	h := sha256.New()
	for _, host := range in.Target {
		_ = binary.Write(h, binary.LittleEndian, int32(host)) // a hash takes everything
	}
	return hex.EncodeToString(h.Sum(nil))
}

// search is how long the strategy of a task searches; nil for not at all.
func search(ctx context.Context, t *Task, began time.Time) *targets.Search {
	l, steps := t.Limits, int64(0)
	if l.TargetTimeoutS == 0 && l.TargetSteps == 0 {
		return nil
	}
	end := began.Add(time.Duration(l.TargetTimeoutS * float64(time.Second)))
	return &targets.Search{
		Seed: t.Seed, Threads: threads(l),
		GoOn: func() bool {
			steps++
			return ctx.Err() == nil && (l.TargetSteps == 0 || steps <= l.TargetSteps) && (l.TargetTimeoutS == 0 || time.Now().Before(end))
		},
		Spent: func() (share float64) {
			if l.TargetSteps > 0 {
				share = float64(steps) / float64(l.TargetSteps)
			}
			if l.TargetTimeoutS > 0 {
				share = max(share, time.Since(began).Seconds()/l.TargetTimeoutS)
			}
			return share
		},
	}
}

// threads is how many searches run side by side: one where steps end them, so that results do not depend on the machine.
func threads(l results.Limits) int {
	if l.TargetSteps > 0 {
		return 1
	}
	return cmp.Or(l.Cores, runtime.GOMAXPROCS(0))
}
