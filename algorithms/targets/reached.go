package targets

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// merge takes new candidates. Those to which no path was found before are none.
func (f *frontier) merge(found []*Point) {
	for _, p := range found {
		known := func(q *Point) bool { return q.Score == p.Score && q.Direct == p.Direct && q.Target.Equal(p.Target) }
		if f.wanted(p) && !f.front.covers(p.Score, p.Cost) && !slices.ContainsFunc(f.lost, known) {
			p.Bound = f.costs.Least(p.Score[0])
			f.front.add(p)
		}
	}
	if most := f.sweep.Points * keep * keep; len(f.front) > 2*most {
		f.front = f.front.thinned(most)
	}
}

// walkAll looks for paths to the points that dominate the most, until all of these have one or a share of the time is over.
func (f *frontier) walkAll(share float64) error {
	for {
		var open []*Point
		for _, p := range f.front.thinned(f.sweep.Points * keep) {
			if p.Status == "" {
				open = append(open, p)
			}
		}
		if len(open) == 0 || f.ctx.Err() != nil {
			return nil
		}
		if f.sweep.Timeout > 0 && f.spent() >= share && len(f.reached) > 0 {
			return nil // but however late it is, some point is walked to
		}
		// The points that dominate the most come first: those that would be left last.
		wave := f.waveOf(open)
		if err := f.walkTo(wave, share); err != nil {
			return err
		}
		for _, p := range wave {
			f.settle(p)
		}
	}
}

// waveOf chooses the points to which paths are looked for at once: where paths were found so far, all of them, and else as
// many as there are cores, spread over the front.
func (f *frontier) waveOf(open []*Point) []*Point {
	if len(f.lost) == 0 && len(f.reached) > 0 {
		return open
	}
	return front(open).thinned(max(2, f.sweep.Cores))
}

// leastPathTime is what a path may take however late it is: 12,000 VMs take a tenth of it on an idle machine.
const leastPathTime = 300 * time.Millisecond

// walkTo looks for paths to several points at the same time.
func (f *frontier) walkTo(points []*Point, share float64) error {
	solver, _, err := paths.New(f.catalogue, spec.Named("auto"))
	if err != nil {
		return err
	}
	options := paths.Options{Timeout: pathTime, Expansions: pathStates, Seed: f.sweep.Seed, Cores: 1}
	if f.sweep.Timeout > 0 {
		left := share - f.spent()
		waves := (len(points) + f.sweep.Cores - 1) / f.sweep.Cores
		options.Timeout = max(time.Duration(left*float64(f.sweep.Timeout))/time.Duration(max(waves, 2)), leastPathTime)
		options.Expansions = 0
	}
	errs := make([]error, len(points))
	f.parallel(len(points), func(i int) { errs[i] = f.walkOne(solver, points[i], options) })
	return cmp.Or(errs...)
}

// walkOne looks for a path to a point.
func (f *frontier) walkOne(solver paths.Solver, p *Point, o paths.Options) error {
	in := *f.Instance
	in.Target = p.Target
	if len(validate.Placement(&in, f.Rules, p.Target, true)) > 0 {
		p.Status = cloud.Unsupported // no target at all
		return nil
	}
	problem := &paths.Problem{Instance: &in, Rules: f.Rules, Cost: f.Cost, Start: in.Start(), Goal: in.Goal()}
	o.Known = p.Path
	r, err := solver.Solve(f.ctx, problem, o)
	if err != nil {
		return err
	}
	p.PathBound = r.LowerBound
	if p.Status = r.Status; !r.Status.HasPlan() {
		if p.Status != cloud.Infeasible {
			p.Status = cloud.Unknown
		}
		return nil
	}
	p.Path, p.Cost = append([]cloud.Change{}, r.Migrations...), r.Cost
	_, err = judged(f.Request, p.Choice)
	return err
}

// settle puts a point where it belongs once a path was looked for.
func (f *frontier) settle(p *Point) {
	f.front.remove(p)
	switch {
	case p.Status == cloud.Unsupported:
	case p.Status.HasPlan():
		if p.Cost <= f.most {
			f.front.add(p)
			f.reached.add(p)
		}
	default:
		f.lost = append(f.lost, p)
	}
	if f.front == nil || p.Status.HasPlan() {
		return
	}
	for _, q := range f.reached { // those that it covered
		f.front.add(q)
	}
}

// parallel calls do for the first n numbers, for several at the same time.
func (f *frontier) parallel(n int, do func(i int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(n, f.sweep.Cores) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	all.Wait()
}
