package targets

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/targets/packing"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
)

// task is a search for candidates. Its effort and its chances are its own, so that tasks can run at the same time.
type task struct {
	stay []bool // VMs that do not move beside those that terms name; nil: none
	most int64  // what the migrations may cost; negative: what the terms say
	from cloud.Placement
	move func(*leg)
}

// leg is a task in progress.
type leg struct {
	*search
	x     *packing.Packing
	f     *frontier
	found front
}

// run runs tasks until a share of the time is over, and takes what they find in their order.
func (f *frontier) run(tasks []task, share float64) {
	found := make([]front, len(tasks))
	f.parallel(len(tasks), func(i int) {
		goOn := f.patience(share, 4*f.effort())
		if f.round == 0 || f.sweep.Timeout == 0 || goOn() {
			found[i] = f.do(tasks[i], goOn, f.sweep.Seed+uint64(1000*f.round+i))
		}
	})
	for _, list := range found {
		f.merge(list)
	}
}

// do runs a task.
func (f *frontier) do(t task, goOn func() bool, seed uint64) front {
	own := *f.search
	s := &own
	least := f.effort()
	s.goOn = goOn
	s.atLeast = func() bool { least--; return f.ctx.Err() == nil && (least >= 0 || goOn()) }
	if t.stay != nil {
		s.problem.Stay = t.stay
	}
	if t.most > 0 {
		s.problem.Cost = t.most
	}
	x, ok := s.packing(t.from, seed)
	if !ok || !s.spares(x) {
		return nil
	}
	l := &leg{search: s, x: x, f: f}
	if l.see(); s.before >= s.t.start {
		t.move(l)
	}
	return l.found
}

// see keeps the placement as it is if it is a candidate.
func (l *leg) see() {
	p := l.f.point(Choice{Target: l.x.Placement()})
	if !l.found.covers(p.Score, p.Cost) && l.spared(l.x) && l.f.wanted(p) && l.x.Sane() {
		l.found.add(p)
	}
}

// improve improves the packing for some tries and keeps what is good on the way.
func (l *leg) improve(tries int) {
	goOn := l.few(tries)
	if _, counts := l.emptying(); counts || l.levelling() {
		l.x.Improve(goOn) // lowers the cost, and the objective stays
	} else {
		l.x.Improve(func() bool {
			if score, cost := l.x.Value(); !l.found.covers(score, cost) {
				l.see()
			}
			return goOn()
		})
	}
	l.see()
}

// emptying tells whether the objective, its first rank, is the hosts in use, whatever each weighs.
func (s *search) emptying() (*objectives.Hosts, bool) {
	o := s.objective
	for ranked, ok := o.(*objectives.Lexicographic); ok; ranked, ok = o.(*objectives.Lexicographic) {
		o = ranked.First()
	}
	hosts, ok := o.(*objectives.Hosts)
	return hosts, ok
}

// courses lead from the cheapest targets to the best ones.
func (f *frontier) courses() (out []task) {
	if f.job.fixed {
		return nil
	}
	add := func(moves ...func(*leg)) {
		for _, move := range moves {
			out = append(out, task{move: move})
		}
	}
	if f.job.clear != nil || f.broken() {
		add((*leg).mend)
	}
	switch _, counts := f.emptying(); {
	case f.levelling():
		add((*leg).sink, (*leg).sink)
	case counts:
		least, now := f.floor[0], f.objective.Value(f.Instance.Initial)[0]
		for i := range int64(mostClosings) {
			add(closing(least + (now-least)*i*i/mostClosings/mostClosings))
		}
		add((*leg).tighten)
	default:
		add((*leg).weigh, (*leg).weigh, closing(0))
	}
	return out
}

// mend looks for the cheapest way to mend what the start breaks, and to empty what has to be empty.
func (l *leg) mend() {
	l.x.Weigh(1e12)
	l.improve(l.effort())
	l.x.Weigh(0)
}

// mostClosings is for how many values of the objective hosts are closed in the order of the bound.
const mostClosings = 8

// closing closes one host after another, those first that the bound on the cost empties for a value of the objective. Where
// the objective does not count hosts, those come first that are cheap to empty.
func closing(used int64) func(*leg) {
	return func(l *leg) {
		hosts := l.f.costs.Cheapest(used)
		if hosts == nil {
			hosts = slices.Clone(l.hosts)
			slices.SortStableFunc(hosts, func(a, b cloud.HostID) int { return cmp.Compare(l.x.Worth(a), l.x.Worth(b)) })
		}
		l.close(hosts)
	}
}

// tighten closes small hosts first, so that the most room is left for the others.
func (l *leg) tighten() {
	hosts, room := slices.Clone(l.hosts), l.rooms()
	slices.SortStableFunc(hosts, func(a, b cloud.HostID) int {
		return cmp.Or(cmp.Compare(room[a], room[b]), cmp.Compare(l.x.Worth(a), l.x.Worth(b)))
	})
	l.close(hosts)
}

// close closes hosts that are in use, in their order, and keeps what it passes. The more rounds, the harder it tries.
func (l *leg) close(hosts []cloud.HostID) {
	l.closeIdle(l.x)
	if l.problem.Objective != nil { // hosts come first, then the cost, and then other ranks
		l.x.Weigh(1 / max(1, l.worth()))
	}
	hosts = slices.DeleteFunc(hosts, func(h cloud.HostID) bool { return len(l.x.On(h)) == 0 })
	floor, every, closed := 0, max(1, len(hosts)/512), 0
	if o, counts := l.emptying(); counts && o.Uniform() {
		floor = int(l.floor[0])
	}
	l.closeEach(l.x, hosts, floor, 8<<min(l.f.round, 6), func() {
		if closed++; closed%every == 0 {
			l.see()
		}
	})
	l.see()
}

// sink lowers the highest load step by step.
func (l *leg) sink() {
	resources, _ := l.objective.(*objectives.Load).Peak()
	steps := l.f.sweep.Points * keep / 2
	high, low := l.highest(), max(0, float64(l.f.floor[0])-1)/millionths
	for i := 1; i <= steps && l.goOn(); i++ {
		most := high - (high-low)*float64(i)/float64(steps)
		if most >= l.highest() {
			continue
		}
		if !l.level(l.x, resources, most, l.effort()/8) {
			break
		}
		l.see()
		l.improve(l.effort() / steps)
	}
	// The last stretch is halved until it is short.
	for high = l.highest(); high-low > 1e-5 && l.goOn(); {
		if most := (low + high) / 2; l.level(l.x, resources, most, l.effort()/8) {
			l.improve(l.effort() / steps)
			high = l.highest()
		} else {
			low = most
		}
	}
}

// worth is about what it costs if all VMs migrate.
func (l *leg) worth() (total float64) {
	for _, h := range l.hosts {
		total += float64(l.x.Worth(h))
	}
	return total
}

func (l *leg) highest() float64 {
	return float64(l.objective.Value(l.x.Placement())[0]) / millionths
}

// weigh weighs the objective against the cost, from where hardly any migration is worth its cost to where the cost hardly
// counts.
func (l *leg) weigh() {
	score, _ := l.x.Value()
	const octaves = 10
	for tries := l.effort() / 8; ; tries *= 2 {
		for n := octaves; n >= -octaves; n-- {
			l.x.Weigh(max(1, float64(score[0])) / max(1, l.worth()) * math.Exp2(float64(n)))
			l.improve(tries)
		}
		if l.f.sweep.Timeout == 0 || !l.goOn() || len(l.found) < 2 {
			break
		}
		l.restore(l.x, l.found[len(l.found)-1].Target)
	}
}
