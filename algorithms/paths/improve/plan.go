package improve

import (
	"errors"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Options say how hard to try. The zero value is for defaults.
type Options struct {
	Bound int64 // proved: a plan that costs no more is not improved any further
}

// Plan improves a plan of the run's problem until the run has to end, or the plan meets
// the proved bound, or no neighbourhood holds a cheaper one, and returns it. Every better
// plan is announced to the run, once it was replayed under all rules. What it is given
// must be a plan.
func Plan(run *paths.Run, plan []cloud.Change, o Options) ([]cloud.Change, error) {
	defer run.Release(run.Kept())
	if !run.KeepEach(timetablePerVM, timetablePerHost, timetablePerAmount) || !run.Keep(int64(len(plan))*timetablePerMove) {
		return plan, nil
	}
	s := newImprover(run, plan, o)
	for depth := 0; depth <= deepest && s.goOn(); depth++ {
		if err := s.sweep(depth); err != nil {
			return s.plan, err
		}
	}
	for gain := int64(1); gain > 0 && s.goOn(); {
		if err := s.stir(); err != nil {
			return s.plan, err
		}
		before := s.cost
		if err := s.look(); err != nil {
			return s.plan, err
		}
		gain = before - s.cost
	}
	return s.plan, s.announce()
}

// What timetables and the bookkeeping of both lanes take, in bytes: of each VM, of each host,
// of each of them for each resource, and of each migration.
const (
	timetablePerVM     = 160
	timetablePerHost   = 240
	timetablePerAmount = 48
	timetablePerMove   = 128
)

// deepest is how many levels of VMs are taken out of each other's way.
const deepest = 1

type improver struct {
	run   *paths.Run
	bound int64
	t     *timetable
	plan  []cloud.Change // the last that was announced
	told  int64          // what it costs
	tried int            // VMs put in, or tried to, since it was announced
	cost  int64          // of the plan in the timetable
	payers
	windows   windows
	chain     chain
	changes   []change       // what was kept since the lanes were of one mind last
	beside    bool           // it works beside another lane now
	second    *improver      // the other lane; nil where there is one
	hosts     []cloud.HostID // scratch of candidates
	vacancies *vacancies     // what both lanes read
}

func newImprover(run *paths.Run, plan []cloud.Change, o Options) *improver {
	s := newLane(run, plan, o, newLaw(run.Problem))
	s.windows.vain = map[uint64]bool{}
	s.vacancies = newVacancies(s.t.law)
	s.vacancies.note(s.t)
	if n := len(plan); n >= leastForTwo && n <= mostForTwo && s.t.law.whole == nil {
		s.second = newLane(run, plan, o, newLaw(run.Problem))
		s.second.vacancies = s.vacancies
	}
	return s
}

func newLane(run *paths.Run, plan []cloud.Change, o Options, w *law) *improver {
	p := run.Problem
	s := &improver{run: run, bound: o.Bound, plan: plan, t: newTimetable(p, w, plan)}
	s.cost = paths.PathCost(p.Cost, plan)
	s.told = s.cost
	s.chain = chain{improver: s, placed: make([]bool, len(p.Start))}
	s.payers = newPayers(s.t)
	return s
}

// goOn tells whether there is something to gain, and time for it.
func (s *improver) goOn() bool { return s.cost > s.bound && !(s.beside && s.t.cramped) && s.run.Look() }

// sweep tries every VM that pays more than it would alone in the cloud, the costliest first.
func (s *improver) sweep(depth int) error {
	list := s.payers.costliest()
	for len(list) > 0 && s.goOn() {
		n := min(len(list), perBatch)
		err := s.both(n, func(l *improver, first, stride int) {
			for i := first; i < n && l.goOn(); i += stride {
				if l.excess[list[i]] > 0 { // still
					l.straighten(list[i], depth)
				}
			}
		})
		if err == nil {
			err = s.announceInTime()
		}
		if err != nil {
			return err
		}
		list = list[n:]
	}
	return s.announce()
}

// straighten looks for a cheaper route for a VM, with others taken out of its way.
func (s *improver) straighten(v cloud.VMID, depth int) {
	c := &s.chain
	c.begin()
	old := s.t.price(v, s.t.route[v])
	c.take(v)
	cost, ok := c.place(v, old-1, depth)
	s.settle(ok, cost-old)
}

// settle keeps what the chain did to the timetable, if it succeeded and the rules that look
// at everything allow it, and undoes it otherwise.
func (s *improver) settle(ok bool, delta int64) bool {
	if ok = ok && !s.t.cramped && s.t.law.allowsAll(s.t); ok {
		s.cost += delta
		for _, e := range s.chain.log {
			s.payers.update(e.v)
		}
		if s.second != nil || s.beside {
			s.changes = append(s.changes, s.chain.change(delta))
		}
	} else {
		s.chain.undo(0)
	}
	if s.t.cramped && !s.beside {
		s.redraw()
	}
	return ok
}

// perMigration is how many VMs are put in, for each migration of the plan, until it is
// worth it to replay and announce the plan: that takes a fraction of the time.
const perMigration = 4

// announceInTime announces the plan by now if it was not announced for long.
func (s *improver) announceInTime() error {
	if s.tried < perMigration*len(s.plan) {
		s.run.Underway(s.cost)
		return nil
	}
	return s.announce()
}

// announce tells the run of the plan by now, if it is better than the one before.
func (s *improver) announce() error {
	s.tried = 0
	if s.cost >= s.told {
		return nil
	}
	plan := s.t.plan()
	if !s.run.Problem.CarriesOut(plan) {
		return errors.New("improve: the timetable allowed a plan that breaks a rule")
	}
	s.plan, s.told = plan, s.cost
	s.vacancies.note(s.t)
	s.run.Found(plan)
	return nil
}
