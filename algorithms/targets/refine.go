package targets

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
)

// mostTasks is how many refinements there are at once.
const mostTasks = 32

// refinements look for targets beside the points that there are: where these dominate the least of what is not proved to be
// out of reach, and around those to which no path was found, or only one with a detour.
func (f *frontier) refinements() (out []task) {
	points := f.front.thinned(f.sweep.Points * keep)
	type place struct {
		at   int
		area float64
	}
	var places []place
	for i, p := range points {
		width := 1.0
		if i+1 < len(points) {
			width = gap(p, points[i+1])
		}
		missing := float64(p.Cost - p.Bound)
		if _, counts := f.emptying(); !counts && i+1 < len(points) {
			missing = min(missing, float64(p.Cost-points[i+1].Cost))
		}
		if missing > 0 {
			places = append(places, place{i, missing * width})
		}
	}
	rnd := rand.New(rand.NewPCG(f.sweep.Seed, uint64(f.round)<<32|uint64(f.wave)))
	for i := range places { // not the same ones each time
		places[i].area *= rnd.ExpFloat64()
	}
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(b.area, a.area) })
	for _, c := range places[:min(mostTasks, len(places))] {
		p, worse := points[c.at], (*Point)(nil)
		if c.at+1 < len(points) {
			worse = points[c.at+1]
		}
		out = append(out, f.beside(p, worse, rnd.IntN(2) == 0))
	}
	far := slices.Clone(f.lost)
	for _, p := range points {
		if p.Cost > p.Direct {
			far = append(far, p)
		}
	}
	for n := range min(len(far), mostTasks/4) {
		out = append(out, f.around(far[len(far)-1-n], rnd))
	}
	return out
}

// beside looks for cheaper ways to what a point is worth, and for points between it and a worse one.
func (f *frontier) beside(p, worse *Point, weighed bool) task {
	tries := f.effort() / 2
	t := task{from: p.Target}
	switch _, counts := f.emptying(); {
	case counts:
		best := f.front[0] == p
		if weighed && !best {
			t.from = nil
		}
		t.move = func(l *leg) { // and if it does not come from elsewhere, the hosts that the bound empties are closed
			l.closeIdle(l.x)
			l.improve(tries)
			if best {
				l.tighten()
			} else {
				closing(p.Score[0])(l)
			}
		}
	case f.levelling() && (worse == nil || weighed):
		t.move = func(l *leg) {
			resources, _ := l.objective.(*objectives.Load).Peak()
			l.hold(l.x, resources, float64(p.Score[0])/millionths)
			l.improve(tries)
		}
	case f.levelling():
		t.from = worse.Target
		t.move = func(l *leg) {
			resources, _ := l.objective.(*objectives.Load).Peak()
			if l.level(l.x, resources, float64(p.Score[0]+worse.Score[0])/2/millionths, tries) {
				l.improve(tries)
			}
		}
	case weighed || worse == nil || p.Cost-worse.Cost < 2:
		factor := 0.0
		if worse != nil {
			factor = gap(p, worse) / float64(p.Cost-worse.Cost)
		}
		t.move = func(l *leg) {
			l.x.Weigh(factor)
			l.improve(tries)
		}
	default:
		t.from, t.most = worse.Target, worse.Cost+(p.Cost-worse.Cost)/2
		t.move = func(l *leg) { l.improve(tries) }
	}
	return t
}

// around looks for a target like one to which no path was found, in which one or more of the VMs that move there stay.
func (f *frontier) around(p *Point, rnd *rand.Rand) task {
	var moved []int
	for v, h := range p.Target {
		if from := f.Instance.Initial[v]; from != cloud.Absent && from != h && !slices.Contains(f.job.clear, from) {
			moved = append(moved, v)
		}
	}
	t := task{from: p.Target.Clone(), stay: slices.Clone(f.problem.Stay)}
	if t.stay == nil {
		t.stay = make([]bool, len(p.Target))
	}
	for range 1 + rnd.IntN(2) {
		if len(moved) > 0 {
			v := moved[rnd.IntN(len(moved))]
			t.stay[v], t.from[v] = true, f.Instance.Initial[v]
		}
	}
	beside := f.beside(p, nil, true)
	t.move = beside.move
	return t
}

// stages takes what the construction passes on its way: targets to which a path is known.
func (f *frontier) stages() error {
	if f.job.construct == nil || f.broken() || !f.job.fixed && f.t.any {
		return nil
	}
	brief := *f.search.Request
	brief.Search = &Search{GoOn: f.patience(0.35, f.effort()), Seed: f.sweep.Seed}
	c, err := f.job.construct(f.ctx, &brief)
	if err != nil {
		if _, none := err.(*NoTargetError); none {
			return nil
		}
		return err
	}
	f.merge([]*Point{f.point(c)})
	if c.Path == nil || f.t.place && slices.Contains(f.Instance.Initial, cloud.Absent) {
		return nil
	}
	state := cloud.NewState(f.Instance, nil, f.Instance.Initial)
	meter := cloud.Measure(f.objective, state)
	var found front
	var cost int64
	take := func(n int) {
		score := meter.Value()
		if found.covers(score, cost) || slices.ContainsFunc(f.job.clear, func(h cloud.HostID) bool { return len(state.On(h)) > 0 }) {
			return
		}
		p := f.point(Choice{Target: state.Placement(), Path: slices.Clone(c.Path[:n])})
		p.Cost = cost
		found.add(p)
	}
	take(0)
	for i, m := range c.Path {
		state.Move(m.VM, m.To)
		cost += f.Cost.Migrate(m.VM, m.From, m.To)
		take(i + 1)
	}
	f.merge(found)
	return nil
}
