package targets

import (
	"cmp"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/targets/packing"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// Incumbent is a target that a search found on the way.
type Incumbent struct {
	Elapsed    time.Duration
	Steps      int64 // how often the search had asked by then whether to go on
	Objective  cloud.Score
	Migrations int
	Cost       int64 // of the migrations, each VM going straight
}

// Watch passes on what the search of the request, if there is one, finds, measured by an objective. The time counts from
// when the search began. A target that is worth the same as the one before is left out.
func (r *Request) Watch(o cloud.Objective, began time.Time, found func(Incumbent)) {
	if r.Search == nil {
		return
	}
	watched, steps, last := *r.Search, int64(0), Incumbent{Cost: -1}
	goOn := watched.GoOn
	watched.GoOn = func() bool { steps++; return goOn() }
	watched.Found = func(target cloud.Placement) {
		i := Incumbent{Elapsed: time.Since(began), Steps: steps, Objective: o.Value(target)}
		i.Migrations, _, i.Cost = r.moves(target)
		if i.Cost != last.Cost || i.Objective != last.Objective {
			last = i
			found(i)
		}
	}
	r.Search = &watched
}

// announce tells the owner of the search of a target, if it keeps every rule.
func (r *Request) announce(target cloud.Placement) {
	if r.Search != nil && r.Search.Found != nil && r.keeps(target) {
		r.Search.Found(target)
	}
}

// keeps tells whether a target keeps every rule.
func (r *Request) keeps(target cloud.Placement) bool {
	return len(validate.Placement(r.Instance, r.Rules, target, true)) == 0
}

// announcer has a search announce its packings. To measure and judge one takes as long as many steps do, so it happens
// seldom: an improvement is announced a few per cent of its steps late, or never if a better one follows at once.
type announcer struct {
	steps, next int
	looked      standing // the last one that was looked at
	best        standing // of those announced
	any         bool     // whether any was
}

// standing is what a packing is worth.
type standing struct {
	score, wish cloud.Score
	cost        int64
}

// Between two looks there is one step for every stepsTaken steps taken before, and one for every vmsJudged VMs.
const (
	stepsTaken = 25
	vmsJudged  = 64
)

// tell looks at a packing in which every VM stands where it may.
func (s *search) tell(x *packing.Packing) {
	if s.Search == nil || s.Search.Found == nil || s.t.reachable {
		return
	}
	a, now := &s.announcer, standing{}
	a.steps++
	now.wish, now.cost = x.Value()
	if a.steps < a.next || a.next > 0 && now.wish == a.looked.wish && now.cost == a.looked.cost {
		return
	}
	p := x.Placement()
	now.score = s.objective.Value(p)
	a.next, a.looked = a.steps+1+a.steps/stepsTaken+len(p)/vmsJudged, now
	if a.any && cmp.Or(s.order(now, a.best), now.score.Compare(a.best.score)) >= 0 || !s.allowed(x, now) {
		return
	}
	a.any, a.best = true, now
	s.announce(p)
}

// order compares what two packings are worth; the better one comes first.
func (s *search) order(a, b standing) int {
	if n := a.score.Compare(b.score); n != 0 && !s.job.cheap {
		return n
	}
	return cmp.Or(a.wish.Compare(b.wish), cmp.Compare(a.cost, b.cost))
}

// allowed tells whether the terms allow a packing as a target.
func (s *search) allowed(x *packing.Packing, now standing) bool {
	return s.spared(x) && (x.Within() || s.broken()) && s.t.enough(s.before-now.score[0], len(x.Away()), now.cost)
}

// telling is goOn for a search that tells of the packing whenever it asks.
func (s *search) telling(x *packing.Packing, goOn func() bool) func() bool {
	return func() bool { s.tell(x); return goOn() }
}
