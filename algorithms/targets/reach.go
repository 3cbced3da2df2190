package targets

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

const (
	// mostTargets is how many targets a search looks for to which a path may lead.
	mostTargets = 8
	// pathTime and pathStates bound what is spent on the path to one of them.
	pathTime   = 10 * time.Second
	pathStates = 100_000
)

// reach chooses, of several targets, the best one to which a path is found, and of equally good ones the
// one with the cheapest path. A path costs at least what it costs to go straight, so that the search is over
// once a path costs no more than going straight to any other target.
func (s *search) reach(ctx context.Context, constructed Choice, failed error) (Choice, error) {
	var found []candidate
	add := func(c Choice) {
		if c.Target != nil && !slices.ContainsFunc(found, func(o candidate) bool { return o.Target.Equal(c.Target) }) {
			found = append(found, s.weigh(c))
		}
	}
	add(constructed)
	all := s.goOn
	for seed := range uint64(mostTargets) {
		left := s.effort()
		s.goOn = func() bool { left--; return left >= 0 && all() }
		if seed > 0 && !all() {
			break
		}
		add(s.run(constructed, s.seed()+seed))
	}
	if found == nil {
		return constructed, failed
	}
	slices.SortStableFunc(found, candidate.compare)
	var best *candidate
	reason := ""
	for _, c := range found {
		if best != nil && (c.score != best.score || c.straight >= best.path) {
			break
		}
		why, ok, err := s.walk(ctx, &c)
		switch {
		case err != nil:
			return Choice{}, err
		case !ok:
			reason = why
		case best == nil || c.path < best.path:
			best = &c
		}
	}
	if best == nil {
		return Choice{}, noTarget("to none of the %d targets found a path was found; to the last one: %s", len(found), reason)
	}
	return best.Choice, nil
}

// candidate is a target and what it costs to get there.
type candidate struct {
	Choice
	score    cloud.Score
	straight int64 // each VM going straight
	path     int64
}

func (c candidate) compare(d candidate) int {
	return cmp.Or(c.score.Compare(d.score), cmp.Compare(c.straight, d.straight))
}

func (s *search) weigh(c Choice) candidate {
	out := candidate{Choice: c}
	if !s.job.cheap {
		out.score = s.objective.Value(c.Target)
	}
	for v, to := range c.Target {
		if from := s.Instance.Initial[v]; from != to && from != cloud.Absent && to != cloud.Absent {
			out.straight += s.Cost.Migrate(cloud.VMID(v), from, to)
		}
	}
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
