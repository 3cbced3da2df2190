package targets

import (
	"context"
	"math"

	"github.com/cloudrearrange/rearrange/algorithms/targets/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/targets/packing"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
)

// Search is how long a strategy looks for a better target than the one that it constructs.
type Search struct {
	GoOn func() bool // asked all the time
	Seed uint64
	// Found, if not nil, is told of targets that keep all rules and terms, of each one that is better than those before
	// by what the strategy is after. The one that is chosen in the end need not be among them.
	Found func(cloud.Placement)
	// Spent is which share of the search is over, from 0 to 1. Nil: not known. Searches that cool down go by it.
	Spent func() float64
	// Threads is how many searches may run side by side; 0 is 1. They wait for each other, and what they find depends on how many
	// they are.
	Threads int
}

// Briefly is a search of a fixed effort, which takes the same way each time: seconds for 10,000 hosts.
func (r *Request) Briefly(seed uint64) *Search {
	all := r.effort()
	left := all
	return &Search{
		GoOn: func() bool { left--; return left >= 0 }, Seed: seed,
		Spent: func() float64 { return 1 - float64(max(0, left))/float64(all) },
	}
}

// effort is how often a brief search asks whether to go on.
func (r *Request) effort() int {
	n := len(r.Instance.VMs) + len(r.Instance.Hosts)
	return min(4000, 400+40*n, 400+20_000_000/max(1, n))
}

// job is what a strategy is after.
type job struct {
	strategy Strategy
	clear    []cloud.HostID // hosts that hold nothing in the end
	// cheap: once the rules are kept and those hosts are empty, only the cost counts.
	cheap bool
	// tolerance is how far above the load of perfect balance the highest load may stay.
	tolerance float64
	// fixed: all targets are on the way to the one that is constructed.
	fixed bool
	// construct makes a target that knows nothing of the terms. Nil: there is no such way.
	construct func(context.Context, *Request) (Choice, error)
}

// employed is an optional ability of strategies: what they are after.
type employed interface {
	given() terms
	job(r *Request) (job, error)
}

// pursue chooses a target of a strategy.
func pursue(ctx context.Context, r *Request, s employed) (Choice, error) {
	j, err := s.job(r)
	if err != nil {
		return Choice{}, err
	}
	return s.given().choose(ctx, r, j)
}

// choose constructs a target, and searches for a better one if so asked, or if there is no other way.
func (t terms) choose(ctx context.Context, r *Request, j job) (Choice, error) {
	if len(r.Instance.VMs) == 0 || len(r.Instance.Hosts) == 0 && !t.place {
		return Choice{Target: append(cloud.Placement{}, r.Instance.Initial...), Path: []cloud.Change{}}, nil
	}
	c, err := Choice{}, noTarget("the search ended without one")
	if len(r.Instance.Hosts) == 0 {
		return c, err
	}
	if j.construct != nil && !t.any && !r.broken() {
		if c, err = j.construct(ctx, r); err == nil && r.Search == nil && !t.reachable {
			return c, nil
		}
		if _, none := err.(*NoTargetError); err != nil && !none {
			return c, err
		}
		if err == nil && !t.reachable {
			r.announce(c.Target)
		}
	}
	if t.weight != nil {
		return r.trade(ctx, t, j)
	}
	s, fault := newSearch(ctx, r, t, j)
	if fault != nil {
		return Choice{}, fault
	}
	if t.reachable {
		return s.reach(ctx, c, err)
	}
	found := s.run(c, r.seed())
	if found.Target == nil || c.Target != nil && s.order(s.straight(c), s.straight(found)) < 0 && r.keeps(c.Target) {
		return c, err
	}
	return found, nil
}

func (r *Request) seed() uint64 {
	if r.Search == nil {
		return 1
	}
	return r.Search.Seed
}

// search looks for a target.
type search struct {
	*Request
	t         terms
	job       job
	goOn      func() bool
	atLeast   func() bool // goOn, and a brief search at least, for what has to be mended
	limits    *limits
	objective cloud.Objective
	before    int64 // the objective of the placement as it is
	proofs    *bounds.Bounds
	floor     cloud.Score
	problem   packing.Problem
	reached   float64        // the highest load that has been reached; 0: not looked for yet
	hosts     []cloud.HostID // all of them
	start     *cloud.State
	announcer announcer
}

func newSearch(ctx context.Context, r *Request, t terms, j job) (*search, error) {
	if err := t.check(r); err != nil {
		return nil, err
	}
	s := &search{Request: r, t: t, job: j, limits: newLimits(r), start: cloud.NewState(r.Instance, nil, r.Instance.Initial)}
	s.goOn = r.Briefly(1).GoOn
	if r.Search != nil {
		s.goOn = func() bool { return ctx.Err() == nil && r.Search.GoOn() }
	}
	least := r.effort()
	s.atLeast = func() bool { least--; return ctx.Err() == nil && (least >= 0 || s.goOn()) }
	o, err := r.Objective(j.strategy)
	if err != nil {
		return nil, err
	}
	b, err := r.bounds(j.strategy)
	if err != nil {
		return nil, err
	}
	s.objective, s.before, s.proofs, s.floor = o, o.Value(r.Instance.Initial)[0], b, floor(b, o)
	for h := range r.Instance.Hosts {
		s.hosts = append(s.hosts, cloud.HostID(h))
	}
	s.problem = packing.Problem{
		Instance: r.Instance, Rules: cloud.Whole(r.Rules), Home: r.Instance.Initial.Clone(), Price: r.Cost.Migrate,
		Enter: t.place, Migrations: t.migrations, Cost: t.cost,
	}
	s.problem.Stay = t.stay(r.Instance)
	if s.problem.Shun, err = t.shun(r.Instance); err != nil {
		return nil, err
	}
	wish, err := t.wish(r)
	if err != nil {
		return nil, err
	}
	switch {
	case s.closing() || s.levelling() || j.cheap:
		s.problem.Objective = wish
	case wish != nil:
		s.problem.Objective = objectives.Ranked(o, wish)
	default:
		s.problem.Objective = o
	}
	return s, nil
}

// packing is a placement as it is, in which every VM stands where it may, if one is found.
func (s *search) packing(from cloud.Placement, seed uint64) (x *packing.Packing, ok bool) {
	x = s.atHome(&s.problem, seed)
	for _, h := range s.job.clear {
		x.Shut(h)
	}
	if from != nil {
		x.Place(from)
	}
	return x, x.Repair(s.atLeast)
}

// atHome is the placement as it is, with the headroom that hosts have to leave.
func (s *search) atHome(p *packing.Problem, seed uint64) *packing.Packing {
	x := packing.New(p, seed)
	if s.t.headroom > 0 {
		for _, h := range s.hosts {
			for i := range s.limits.host(h) {
				s.limit(x, h, i, 1)
			}
		}
	}
	return x
}

// limit bounds the share of what its VMs may use of a resource that a host holds, and leaves the headroom.
func (s *search) limit(x *packing.Packing, h cloud.HostID, resource int, most float64) {
	n := s.limits.host(h)[resource]
	if n == math.MaxInt64 {
		return
	}
	share := func(f float64) int64 { return int64(f*float64(n) + 1e-9) }
	limit := share(most)
	if s.t.headroom > 0 {
		limit = min(limit, max(s.start.Used(h, resource), share(1-s.t.headroom)))
	}
	x.Limit(h, resource, limit)
}

// run searches from the target that was constructed, if there is one, and from the placement as it is.
func (s *search) run(c Choice, seed uint64) Choice {
	starts := []cloud.Placement{nil}
	if c.Target != nil {
		starts = []cloud.Placement{c.Target, nil}
	}
	var best *packing.Packing
	worthIt := s.before >= s.t.start
	for _, from := range starts {
		x, ok := s.packing(from, seed)
		if !ok || !s.spares(x) {
			continue
		}
		if worthIt {
			s.tell(x)
			s.lower(x)
		}
		if best == nil || s.better(x, best) {
			best = x
		}
	}
	if best == nil {
		return Choice{}
	}
	if worthIt {
		best = s.refine(best)
		s.trim(best)
	}
	if !best.Sane() || s.job.cheap && !s.broken() && !best.Within() {
		return Choice{}
	}
	found := best.Placement()
	if worthIt {
		found = s.exactly(found)
	}
	if !found.Equal(c.Target) {
		return Choice{Target: found}
	}
	return c
}

// few is goOn, for a number of times at most.
func (s *search) few(n int) func() bool {
	return func() bool { n--; return n >= 0 && s.goOn() }
}

// better compares two packings.
func (s *search) better(x, y *packing.Packing) bool {
	return s.order(s.worth(x), s.worth(y)) < 0
}

func (s *search) worth(x *packing.Packing) standing {
	wish, cost := x.Value()
	return standing{s.objective.Value(x.Placement()), wish, cost}
}

// straight is what a target is worth that is to be compared with another one that no soft rule tells apart.
func (s *search) straight(c Choice) (out standing) {
	out.score = s.objective.Value(c.Target)
	_, _, out.cost = s.moves(c.Target)
	return out
}

// restore has the VMs stand where they stood. Since then hosts may have been opened in place of others.
func (s *search) restore(x *packing.Packing, p cloud.Placement) {
	if x.Place(p); s.t.spare > 0 {
		s.closeIdle(x)
	}
}

// lower brings the objective down.
func (s *search) lower(x *packing.Packing) {
	switch {
	case s.job.cheap:
	case s.reassigning():
		s.reassign(x)
	case s.closing():
		s.closeIdle(x)
		s.closeMore(x, int(s.floor[0]), 8)
	case s.levelling():
		s.flatten(x)
	case s.t.migrations >= 0 || s.t.cost >= 0:
		s.save(x)
	}
}

// refine goes on with the best until the time is over.
func (s *search) refine(x *packing.Packing) *packing.Packing {
	best := x
	for round := 1; s.goOn(); round *= 2 {
		wishes, before := x.Value()
		switch {
		case s.closing():
			if before == 0 && wishes == (cloud.Score{}) && x.Open() <= int(s.floor[0]) {
				return x
			}
			s.closeMore(x, int(s.floor[0]), 16*round)
			x.Improve(s.telling(x, s.few(2000*round)))
		case s.job.cheap:
			x.Improve(s.telling(x, s.few(200*round)))
			if y := s.even(x, 200*round); s.evener(y, best) || cheaper(y, best) {
				best = y
				s.tell(best)
			}
		default:
			x.Improve(s.telling(x, s.goOn))
			return x
		}
	}
	return best
}
