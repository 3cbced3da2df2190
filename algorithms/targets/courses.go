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
	if l.see(); s.objective.Value(s.Instance.Initial)[0] >= s.t.start {
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

// emptying tells whether the objective is the hosts in use, whatever each weighs.
func (s *search) emptying() (*objectives.Hosts, bool) {
	o, ok := s.objective.(*objectives.Hosts)
	return o, ok
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
	room := f.rooms()
	switch _, counts := f.emptying(); {
	case f.levelling():
		add((*leg).sink, (*leg).sink)
	case counts && slices.Min(room) == slices.Max(room):
		add(closing(0), closing(0))
	case counts:
		add(closing(0), closing(0.5), closing(2), closing(8))
	default:
		add((*leg).weigh, (*leg).weigh, closing(0))
	}
	return out
}

// closing closes one host after another, those first that are cheap to empty for what they weigh. A price of room has
// large hosts stay.
func closing(price float64) func(*leg) {
	return func(l *leg) {
		l.closeIdle(l.x)
		hosts, keys := l.inUse(l.x), l.keys(price)
		slices.SortStableFunc(hosts, func(a, b cloud.HostID) int { return cmp.Compare(keys[a], keys[b]) })
		floor, every, closed := 0, max(1, len(hosts)/512), 0
		if l.closing() {
			floor = int(l.floor[0])
		}
		l.closeEach(l.x, hosts, floor, 8, func() {
			if closed++; closed%every == 0 {
				l.see()
			}
		})
		l.see()
	}
}

// keys order hosts for being closed.
func (l *leg) keys(price float64) []float64 {
	room, total, rooms := l.rooms(), 0.0, 0.0
	for _, h := range l.hosts {
		total += float64(l.x.Worth(h))
		rooms += room[h]
	}
	out := make([]float64, len(l.hosts))
	for _, h := range l.hosts {
		out[h] = float64(l.x.Worth(h))/max(1, total) + price*room[h]/max(1e-9, rooms)
		if o, ok := l.emptying(); ok {
			out[h] /= max(1e-9, float64(o.Weight(h)))
		}
	}
	return out
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

func (l *leg) highest() float64 {
	return float64(l.objective.Value(l.x.Placement())[0]) / millionths
}

// weigh weighs the objective against the cost, from where hardly any migration is worth its cost to where the cost hardly
// counts.
func (l *leg) weigh() {
	total := 0.0
	for _, h := range l.hosts {
		total += float64(l.x.Worth(h))
	}
	score, _ := l.x.Value()
	const octaves = 10
	for tries := l.effort() / 8; ; tries *= 2 {
		for n := octaves; n >= -octaves; n-- {
			l.x.Weigh(max(1, float64(score[0])) / max(1, total) * math.Exp2(float64(n)))
			l.improve(tries)
		}
		if l.f.sweep.Timeout == 0 || !l.goOn() || len(l.found) < 2 {
			break
		}
		l.restore(l.x, l.found[len(l.found)-1].Target)
	}
}
