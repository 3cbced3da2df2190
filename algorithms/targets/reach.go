package targets

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

const (
	// mostTargets is how often a target is looked for to which a path may lead.
	mostTargets = 16
	// pathTime and pathStates bound what is spent on the path to one of them.
	pathTime   = 10 * time.Second
	pathStates = 100_000
)

// reach chooses, of several targets, the best one to which a path is found, and of equally good ones the
// one with the cheapest path. A path costs at least what it costs to go straight: no target is looked at that
// cannot be better. Where no path leads to a target, one of the VMs that move stays from then on.
func (s *search) reach(ctx context.Context, constructed Choice, failed error) (Choice, error) {
	var best *candidate
	var seen []cloud.Placement
	reason, all := "", s.goOn
	stay := s.problem.Stay
	rnd := rand.New(rand.NewPCG(s.seed(), 0x72656163))
	for n := range mostTargets {
		if (best != nil || n > 4) && !all() {
			break
		}
		left := s.effort()
		s.goOn = func() bool { left--; return left >= 0 && ctx.Err() == nil && (n > 0 && best == nil || all()) }
		s.reached = 0
		c := s.run(constructed, s.seed()+uint64(n))
		if c.Target == nil {
			s.problem.Stay = stay // too many of them stay
			continue
		}
		if slices.ContainsFunc(seen, c.Target.Equal) {
			continue
		}
		seen = append(seen, c.Target)
		t := s.weigh(c)
		if best != nil && cmp.Or(t.score.Compare(best.score), cmp.Compare(t.straight, best.path)) >= 0 {
			continue
		}
		why, ok, err := s.walk(ctx, &t)
		if err != nil {
			return Choice{}, err
		}
		if !ok {
			reason, constructed = why, Choice{}
			s.pin(t, rnd)
		} else if best == nil || cmp.Or(t.score.Compare(best.score), cmp.Compare(t.path, best.path)) < 0 {
			best = &t
			s.announce(t.Target)
		}
	}
	switch {
	case best != nil:
		return best.Choice, nil
	case seen == nil:
		return Choice{}, failed
	}
	return Choice{}, noTarget("no path was found to any of %d targets; to the last one: %s", len(seen), reason)
}

// pin has one VM stay that moves to a target and need not.
func (s *search) pin(t candidate, rnd *rand.Rand) {
	var moved []int
	for v, h := range t.Target {
		if from := s.Instance.Initial[v]; from != cloud.Absent && from != h && !slices.Contains(s.job.clear, from) {
			moved = append(moved, v)
		}
	}
	if s.problem.Stay = slices.Clone(s.problem.Stay); s.problem.Stay == nil {
		s.problem.Stay = make([]bool, len(t.Target))
	}
	if len(moved) > 0 {
		s.problem.Stay[moved[rnd.IntN(len(moved))]] = true
	}
}

// candidate is a target and what it costs to get there.
type candidate struct {
	Choice
	score    cloud.Score
	straight int64 // each VM going straight
	path     int64
}

func (s *search) weigh(c Choice) candidate {
	out := candidate{Choice: c}
	if !s.job.cheap {
		out.score = s.objective.Value(c.Target)
	}
	_, _, out.straight = s.moves(c.Target)
	return out
}

// walk looks for a path to a target.
func (s *search) walk(ctx context.Context, c *candidate) (reason string, ok bool, err error) {
	solver, _, err := paths.New(s.catalogue, spec.Named("auto"))
	if err != nil {
		return "", false, err
	}
	in := *s.Instance
	in.Target = c.Target
	p := &paths.Problem{Instance: &in, Rules: s.Rules, Cost: s.Cost, Start: in.Start(), Goal: in.Goal()}
	r, err := solver.Solve(ctx, p, paths.Options{Timeout: pathTime, Expansions: pathStates, Seed: s.seed()})
	if err != nil || !r.Status.HasPlan() {
		return r.Reason, false, err
	}
	c.Path, c.path = append([]cloud.Change{}, r.Migrations...), r.Cost
	return "", true, nil
}
