package targets

import (
	"context"
	"errors"
	"math"
	"runtime"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/targets/bounds"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Frontier is the targets of one placement of which none has both a better objective and a cheaper path.
type Frontier struct {
	Objective cloud.Objective
	Before    cloud.Score // of the initial placement
	Bound     cloud.Score // proved of every target
	Points    []*Point    // the best one first, the cheapest one last
	// Unreached are targets to which no path was found, none of them beaten by a point or by each other: the best
	// one first.
	Unreached []*Point
	// Complete tells that the points are proved to be the whole frontier.
	Complete bool

	costs *bounds.Costs
}

// Point is a target and what it takes to get there.
type Point struct {
	Choice
	Score cloud.Score
	// Status is that of the path: optimal if no path to this target is cheaper, infeasible if it is proved that none exists, and
	// unknown if none was found.
	Status     cloud.Status
	Cost       int64 // of the path; of going straight where none is known
	Direct     int64 // each VM going straight
	PathBound  int64 // no path to this target is cheaper
	Migrations int   // VMs that stand elsewhere in the target
	Provisions int   // VMs that stand nowhere now
	// Bound is proved of the path to every target that is at least as good.
	Bound int64
	// Proved tells that no target that is at least as good has a cheaper path.
	Proved bool
}

// Least is proved of the cost of every path to a target whose objective, its first rank, is at most the given value.
func (f *Frontier) Least(objective int64) int64 { return f.costs.Least(objective) }

// Sweep is how a frontier is looked for.
type Sweep struct {
	Points  int // how many are wanted; keep times as many are kept at most. 0: 20
	Seed    uint64
	Timeout time.Duration // 0: a fixed effort, which takes the same way each time
	Cores   int           // 0: as many as the program has
}

// keep is how many times more points are kept than are wanted.
const keep = 5

// Frontier looks for targets that trade the objective of a strategy against the cost of the path.
//
// It is a search in rounds. First, courses lead a packing from the cheapest targets to the best ones and keep what
// they pass: hosts are closed one after another, the highest load falls step by step, or the objective is weighed against the
// cost with one factor after another. Then the algorithm auto finds paths to the targets that dominate the most,
// and from these, further targets are looked for where the gaps are widest. Where all placements are few, the exact solver
// lists the targets by objective and cost, under a limit on the cost that falls with each path that is found.
// What was found before the time is over or the context ends is the result; only if it is no target at all, that is an error.
func (r *Request) Frontier(ctx context.Context, s Strategy, o Sweep) (*Frontier, error) {
	own, ok := s.(employed)
	if !ok {
		return nil, errors.New("a frontier is for strategies that search for targets, and this one does not")
	}
	j, err := own.job(r)
	if err != nil {
		return nil, err
	}
	f, err := newFrontier(ctx, r, own.given(), j, o)
	if err != nil {
		return nil, err
	}
	if err := f.exhaust(); err != nil {
		return nil, err
	}
	if !f.complete {
		if err := f.explore(); err != nil {
			return nil, err
		}
	}
	if len(f.reached) == 0 && len(f.lost) == 0 {
		c, err := r.decide(ctx, s, noTarget("the search ended without one"))
		if err != nil {
			return nil, err
		}
		f.merge([]*Point{f.point(c)})
		if err := f.walkAll(1); err != nil {
			return nil, err
		}
	}
	return f.result(), nil
}

// frontier is the search for one.
type frontier struct {
	*search
	ctx   context.Context
	sweep Sweep
	began time.Time
	most  int64 // that a path may cost
	costs *bounds.Costs

	front    front    // candidates, and points to which a path is known
	reached  front    // those to which a path is known
	lost     []*Point // those to which none was found
	complete bool
	round    int
	wave     int         // of refinements
	asked    func() bool // whether to go on, beside the effort; nil: nothing
}

func newFrontier(ctx context.Context, r *Request, t terms, j job, o Sweep) (*frontier, error) {
	j.cheap = false // the cost has no precedence
	f := &frontier{ctx: ctx, sweep: o, began: time.Now(), most: math.MaxInt64}
	if t.cost >= 0 {
		f.most = t.cost
	}
	t.cost = f.most
	if f.sweep.Points == 0 {
		f.sweep.Points = 20
	}
	if f.sweep.Cores == 0 {
		f.sweep.Cores = runtime.GOMAXPROCS(0)
	}
	calm := *r
	calm.Search = &Search{GoOn: func() bool { return ctx.Err() == nil }, Seed: o.Seed}
	var err error
	if f.search, err = newSearch(ctx, &calm, t, j); err != nil {
		return nil, err
	}
	f.costs = f.proofs.Costs(f.objective, r.leave())
	return f, nil
}

// patience tells whether to go on: until a share of the time is over, or for a number of times.
func (f *frontier) patience(share float64, times int) func() bool {
	if f.sweep.Timeout == 0 {
		return func() bool { times--; return times >= 0 && f.ctx.Err() == nil && (f.asked == nil || f.asked()) }
	}
	end := f.began.Add(time.Duration(share * float64(f.sweep.Timeout)))
	return func() bool { return f.ctx.Err() == nil && time.Now().Before(end) }
}

// spent is the share of the time that has passed.
func (f *frontier) spent() float64 {
	return float64(time.Since(f.began)) / float64(max(1, f.sweep.Timeout))
}

// explore looks for candidates, and for paths to them, round after round.
func (f *frontier) explore() error {
	f.run(f.courses(), 0.3)
	if err := f.stages(); err != nil {
		return err
	}
	for f.round = 1; ; f.round++ {
		// A third of what is left is for paths, and then a third of the rest for further candidates.
		spent := f.spent()
		if err := f.walkAll(spent + (1-spent)/3); err != nil {
			return err
		}
		if spent = f.spent(); f.over(spent) {
			return f.walkAll(1)
		}
		end := spent + (1-spent)/3
		for f.run(f.refinements(), end); f.sweep.Timeout > 0 && f.spent() < end && f.ctx.Err() == nil; {
			f.wave++
			f.run(f.refinements(), end)
		}
	}
}

// rounds is how many a search of a fixed effort has: more of them where each takes little.
func (f *frontier) rounds() int { return 3 + min(9, 100/max(1, len(f.Instance.VMs))) }

// over tells whether there is no time left for another round, or no need.
func (f *frontier) over(spent float64) bool {
	done := f.ctx.Err() != nil || f.job.fixed || len(f.front) == 0
	if f.sweep.Timeout == 0 {
		return done || f.round >= f.rounds()
	}
	return done || spent > 0.8
}

// result is what was found.
func (f *frontier) result() *Frontier {
	out := &Frontier{
		Objective: f.objective, Before: f.objective.Value(f.Instance.Initial), Bound: f.floor, Complete: f.complete, costs: f.costs,
	}
	for _, p := range f.reached.thinned(f.sweep.Points * keep) {
		if p.Proved = p.Proved || p.Cost <= p.Bound; p.Proved {
			p.Bound = max(p.Bound, p.Cost)
		}
		out.Points = append(out.Points, p)
	}
	var missing front
	for _, p := range f.lost {
		if !f.reached.covers(p.Score, p.Direct) {
			missing.add(p)
		}
	}
	out.Unreached = missing.thinned(f.sweep.Points)
	return out
}

// point is a target that has not been walked to.
func (f *frontier) point(c Choice) *Point {
	p := &Point{Choice: c, Score: f.objective.Value(c.Target)}
	p.Migrations, p.Provisions, p.Direct = f.moves(c.Target)
	p.Cost = p.Direct
	return p
}

// wanted tells whether a candidate keeps the terms.
func (f *frontier) wanted(p *Point) bool {
	if p.Migrations == 0 && p.Provisions == 0 {
		return true
	}
	gain := f.before - p.Score[0]
	return p.Direct <= f.most && (f.t.migrations < 0 || p.Migrations <= f.t.migrations) && f.t.enough(gain, p.Migrations, p.Direct)
}
