package schedules

import (
	"cmp"
	"math"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Reroute is the entry of the search for other paths with shorter schedules.
func Reroute() spec.Entry[Scheduler] {
	return spec.Entry[Scheduler]{
		Descriptor: spec.Descriptor{
			Name: "reroute", Synopsis: "looks for another path whose schedule is shorter", Citation: "own work",
			Doc: "Near capacity a schedule waits for room, and links are idle meanwhile. The first three tenths of its limits are for list. Then the search changes the path around the " +
				"moves on its longest chains: it sends VMs that stand in their way over a third host, or a waiting VM itself, takes bypasses back, and moves " +
				"steps to the front, several of these at a time. Each path is scheduled in the order that results; if the schedule is nearly as short as the best one, it is justified and nudged, as by list. Longer schedules " +
				"are accepted now and then, as in simulated annealing. The last fifth is for list again, on the best path. Where no chain waits for room there is nothing to gain. The lower bound is that of the steps " +
				"that were found, not of all paths. O(steps × (log steps + rules)) for each schedule.",
			Params: []spec.Param{
				{
					Name: "objective", Type: spec.Choice, Choices: []string{"makespan", "cost"}, Default: "makespan",
					Doc: "makespan: the shortest schedule, and of those the cheapest path; cost: the cheapest path, which never costs more than that of the plan, and of those the shortest schedule",
				},
				{Name: "extra", Type: spec.Float, Bounds: spec.Between(0, 1e6), Doc: "the most that the path costs on top of that of the plan, as a share of it; no limit unless given"},
				{
					Name: "patience", Type: spec.Int, Default: "100000", Bounds: spec.Between(0, math.MaxInt32), Unit: "schedules",
					Doc: "the search ends after this many schedules without a better one",
				},
			},
		},
		New: func(a spec.Args) (Scheduler, error) {
			r := reroute{a.String("objective") == "cost", math.Inf(1), a.Int("patience")}
			if a.Has("extra") {
				r.extra = a.Float("extra")
			}
			return r, nil
		},
	}
}

type reroute struct {
	cheapest bool // cost comes first
	extra    float64
	patience int64
}

// Schedule implements [Scheduler].
func (o reroute) Schedule(run *Run) error {
	run.share = 0.3
	err := (list{5000}).Schedule(run)
	if run.share = 0; err != nil {
		return err
	}
	if run.proof = ""; len(run.Moves) == 0 || run.best == nil {
		return nil
	}
	s := &rerouting{Run: run, reroute: o, state: run.NewTable().State(), most: math.MaxInt64}
	if most := float64(run.Plan.Cost) * (1 + o.extra); most < math.MaxInt64 {
		s.most = int64(most)
	}
	s.cur = s.newRoute(run.best)
	s.top = s.cur
	for left := o.patience; left > 0 && run.spent() < 0.8 && !run.over(); {
		before := run.tables
		if s.step() {
			left = o.patience
		} else {
			left -= max(run.tables-before, 1)
		}
	}
	last := run.beside(s.top.Table)
	last.Bounds = bounds.All(s.top.Problem)
	if err := (list{o.patience / 20}).Schedule(last); err != nil {
		return err
	}
	if run.tables = last.tables; last.best != s.top.Table {
		run.adopt(last.best, last.unmet)
	}
	return nil
}

// route is a path with its schedule.
type route struct {
	*timetable.Table
	order  []int32 // the moves in the order of their starts
	excess int64   // by how much it breaks SLAs
}

func (s *rerouting) newRoute(t *timetable.Table) *route { return &route{t, startOrder(t), s.excess(t)} }

func (r *route) cost() int64 { return r.Plan.Cost }

// compare puts the better route first.
func (s *rerouting) compare(a, b *route) int {
	over, time, cost := cmp.Compare(a.excess, b.excess), cmp.Compare(a.Makespan(), b.Makespan()), cmp.Compare(a.cost(), b.cost())
	if s.cheapest {
		return cmp.Or(over, cost, time)
	}
	return cmp.Or(over, time, cost)
}

// heat is by how much longer schedules may be to be accepted with a probability of 1/e, as a share of the makespan.
const heat = 0.0005

// accepts tells whether the search goes on from a route.
func (s *rerouting) accepts(r *route) bool {
	longer := float64(r.excess-s.cur.excess+r.Makespan()-s.cur.Makespan()) / float64(s.top.Makespan())
	return longer <= 0 || s.Rand.Float64() < math.Exp(-longer/heat)
}

// step tries another path, and tells whether it is better than all before.
func (s *rerouting) step() bool {
	hops := s.neighbour()
	if hops == nil {
		return false
	}
	r := s.evaluate(hops)
	if r == nil {
		return false
	}
	const near = 0.003 // of the makespan
	if float64(r.Makespan()) < float64(s.top.Makespan())*(1+near) {
		r = s.polish(r)
	}
	if s.accepts(r) {
		s.cur, s.slack = r, nil
	}
	if s.compare(r, s.top) >= 0 {
		return false
	}
	s.top = r
	s.adopt(r.Table, r.excess)
	if s.cheapest && r.excess == 0 {
		s.most = r.cost()
	}
	return true
}

// evaluate schedules a path in the order of its hops; nil if it costs too much or comes to a dead end.
func (s *rerouting) evaluate(hops []hop) *route {
	p, err := s.With(changes(hops))
	if err != nil || p.Plan.Cost > s.most {
		return nil
	}
	d, how := newDispatcher(p), priorities{bias: make([]float64, len(hops))}
	for i := range hops {
		how.bias[i] = -hops[i].at
	}
	for range 2 {
		s.tables++
		if t := d.fill(how); t.Done() {
			return s.newRoute(t)
		}
		how.safe = d.newWitness(planned(p))
	}
	return nil
}

// polish shortens the schedule of a route.
func (s *rerouting) polish(r *route) *route {
	run := s.beside(r.Table)
	l := &listSearch{Run: run, ahead: newDispatcher(r.Problem), back: newDispatcher(mirrored(r.Problem)), bias: make([]float64, len(r.Moves))}
	l.safeBack = l.back.newWitness(planned(r.Problem))
	l.justify(r.Table)
	for range 3 {
		l.nudge()
	}
	s.tables = run.tables
	return s.newRoute(run.best)
}
