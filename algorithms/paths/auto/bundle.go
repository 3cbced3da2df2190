package auto

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/kernel"
	"github.com/cloudrearrange/rearrange/algorithms/paths/part"
	"github.com/cloudrearrange/rearrange/cloud"
)

// bundle are the pieces into which a problem falls, between what comes first and what comes
// last.
type bundle struct {
	p           *paths.Problem
	first, last []cloud.Change
	parts       []*part.Part // by piece
	jobs        []*job       // by piece
	begun       bool
}

// lanes is how many pieces may be worked on at the same time, on however many cores.
const lanes = 8

// newBundle cuts the pieces out of the problem of a job, each lane's by a cutter of its own,
// and gives each what it has of the job's plan, if it may.
func newBundle(of *job, pieces []kernel.Piece, first, last []cloud.Change) *bundle {
	b := &bundle{p: of.p, first: first, last: last, parts: make([]*part.Part, len(pieces)), jobs: make([]*job, len(pieces))}
	for lane := range min(lanes, len(pieces)) {
		c := part.NewCutter(of.p, of.p.Start)
		for _, m := range first {
			c.Move(m.VM, m.To)
		}
		for n := lane; n < len(pieces); n += lanes {
			b.parts[n] = pieces[n].Cut(c, of.p)
			b.jobs[n] = newJob(b.parts[n].Problem, of.tools)
			b.jobs[n].inPocket = of.inPocket
		}
	}
	return b
}

// round takes all jobs that are not done a round further.
func (b *bundle) round(run *paths.Run, work int64) error {
	var tasks []paths.Subtask
	for first := range min(lanes, len(b.jobs)) {
		o := paths.Options{Seed: run.Rand.Uint64()}
		tasks = append(tasks, paths.Subtask{Searcher: lane{b, first, work}, Problem: b.p, Options: o})
	}
	_, err := run.Parallel(tasks)
	b.begun = true
	return err
}

// lane takes every so many-th piece of a bundle further.
type lane struct {
	*bundle
	first int
	work  int64
}

// Search implements [paths.Searcher]. What it finds is found in the jobs.
func (l lane) Search(run *paths.Run) error {
	for n := l.first; n < len(l.jobs); n += lanes {
		if j := l.jobs[n]; !j.done() && run.Look() {
			o := paths.Options{Seed: run.Rand.Uint64()}
			if _, err := run.Nested(paths.Subtask{Searcher: turn{j, l.work, !l.begun}, Problem: j.p, Options: o}); err != nil {
				return err
			}
		}
	}
	return nil
}

// turn is one round of one job.
type turn struct {
	*job
	work  int64
	fresh bool
}

// Search implements [paths.Searcher].
func (t turn) Search(run *paths.Run) error {
	if t.fresh {
		if err := t.begin(run); err != nil || t.done() {
			return err
		}
	}
	return t.round(run, t.work)
}

// helpless tells whether a round would do nothing, for however much work.
func (b *bundle) helpless() bool {
	for _, j := range b.jobs {
		if !j.done() && !j.helpless() {
			return false
		}
	}
	return true
}

// done tells whether every piece is.
func (b *bundle) done() bool {
	for _, j := range b.jobs {
		if !j.done() {
			return false
		}
	}
	return true
}

// infeasible tells whether a piece is proved to have no path, and why.
func (b *bundle) infeasible() (why string, yes bool) {
	for _, j := range b.jobs {
		if j.infeasible {
			return j.why, true
		}
	}
	return "", false
}

// why is why a piece has no plan.
func (b *bundle) why() string {
	for _, j := range b.jobs {
		if !j.found {
			return j.why
		}
	}
	return ""
}

// low is what all paths of the pieces cost at least, with what comes first and last.
func (b *bundle) low() int64 {
	sum := paths.Plus(paths.PathCost(b.p.Cost, b.first), paths.PathCost(b.p.Cost, b.last))
	for _, j := range b.jobs {
		sum = paths.Plus(sum, j.low)
	}
	return sum
}

// plan is the plan that those of all pieces make up; false if one has none.
func (b *bundle) plan() ([]cloud.Change, bool) {
	moves := append([]cloud.Change(nil), b.first...)
	for n, j := range b.jobs {
		if !j.found {
			return nil, false
		}
		moves = append(moves, b.parts[n].Lift(j.best)...)
	}
	return append(moves, b.last...), true
}
