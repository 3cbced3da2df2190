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
// cannot be better. Where no path leads to a target, an explorer looks for what can be reached, and one of the VMs that
// are stuck on the way stays from then on.
func (s *search) reach(ctx context.Context, constructed Choice, failed error) (Choice, error) {
	r := reaching{search: s}
	reason, tried, aimed, all := "", 0, false, s.goOn
	given := s.problem
	rnd := rand.New(rand.NewPCG(s.seed(), 0x72656163))
	var seen []cloud.Placement
	for n := range mostTargets {
		if (aimed || n > 4) && !all() {
			break
		}
		left := s.effort()
		s.goOn = func() bool { left--; return left >= 0 && ctx.Err() == nil && (n > 0 && !aimed || all()) }
		s.reached = 0
		c := s.run(constructed, s.seed()+uint64(n))
		if c.Target == nil {
			s.problem.Stay = given.Stay // too many of them stay
			continue
		}
		if slices.ContainsFunc(seen, c.Target.Equal) {
			continue
		}
		seen = append(seen, c.Target)
		why, reachable, err := r.try(ctx, s.weigh(c))
		switch {
		case err != nil:
			return Choice{}, err
		case reachable:
			aimed = true
			continue
		}
		reason, constructed, tried = why, Choice{}, tried+1
		if r.explorer == nil {
			r.explorer = newExplorer(s, given)
		}
		stuck := r.explorer.follow(c.Target)
		exhausted := r.explorer.explore(mostMet/4, func() bool { return ctx.Err() == nil && all() })
		if err := r.take(ctx); err != nil {
			return Choice{}, err
		}
		if exhausted {
			break
		}
		s.pin(stuck, rnd)
	}
	switch {
	case r.best != nil:
		return r.best.Choice, nil
	case tried == 0:
		return Choice{}, failed
	}
	return Choice{}, noTarget("no path was found to any of %d targets; to the last one: %s", tried, reason)
}

// reaching is a search for a target to which a path leads.
type reaching struct {
	*search
	explorer *explorer // nil until a target cannot be reached
	best     *candidate
}

// take tries the best targets that the explorer met.
func (r *reaching) take(ctx context.Context) error {
	for _, met := range r.explorer.targets() {
		settled := r.weigh(Choice{Target: r.explorer.settle(met.Target)})
		for _, c := range []candidate{settled, met} {
			if _, reachable, err := r.try(ctx, c); reachable || err != nil {
				if err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}

// try looks for a path to a candidate, unless it cannot be better than the best one, and keeps it if it is. Reachable is false
// where no path was found.
func (r *reaching) try(ctx context.Context, c candidate) (reason string, reachable bool, err error) {
	if r.best != nil && cmp.Or(c.score.Compare(r.best.score), cmp.Compare(c.straight, r.best.path)) >= 0 {
		return "", true, nil
	}
	known, cost := c.Path, c.path
	reason, reachable, err = r.walk(ctx, &c)
	if known != nil && (!reachable || cost < c.path) {
		c.Path, c.path, reachable = known, cost, true
	}
	if err != nil || !reachable {
		return reason, false, err
	}
	if r.best == nil || cmp.Or(c.score.Compare(r.best.score), cmp.Compare(c.path, r.best.path)) < 0 {
		r.best = &c
		r.announce(c.Target)
	}
	return "", true, nil
}

// pin has one of some VMs stay that move to a target and need not.
func (s *search) pin(stuck []cloud.VMID, rnd *rand.Rand) {
	var pinned []cloud.VMID
	for _, v := range stuck {
		if !slices.Contains(s.job.clear, s.Instance.Initial[v]) {
			pinned = append(pinned, v)
		}
	}
	if s.problem.Stay = slices.Clone(s.problem.Stay); s.problem.Stay == nil {
		s.problem.Stay = make([]bool, len(s.Instance.VMs))
	}
	if len(pinned) > 0 {
		s.problem.Stay[pinned[rnd.IntN(len(pinned))]] = true
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
