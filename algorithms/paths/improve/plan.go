package improve

import (
	"cmp"
	"errors"
	"math"
	"slices"

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
	s := newImprover(run, plan, o)
	for depth := 0; depth <= deepest && s.goOn(); {
		gain, err := s.sweep(depth)
		if err != nil {
			return s.plan, err
		}
		if gain == 0 {
			depth++
		}
	}
	return s.plan, nil
}

// deepest is how many levels of VMs are taken out of each other's way.
const deepest = 2

type improver struct {
	run   *paths.Run
	bound int64
	t     *timetable
	plan  []cloud.Change // the last that was announced
	told  int64          // what it costs
	cost  int64          // of the plan in the timetable
	chain chain
	hosts []cloud.HostID // scratch of candidates
}

func newImprover(run *paths.Run, plan []cloud.Change, o Options) *improver {
	p := run.Problem
	s := &improver{run: run, bound: o.Bound, plan: plan, t: newTimetable(p, newLaw(p), plan)}
	s.cost = paths.PathCost(p.Cost, plan)
	s.told = s.cost
	s.chain = chain{improver: s, placed: make([]bool, len(p.Start))}
	return s
}

// goOn tells whether there is something to gain, and time for it.
func (s *improver) goOn() bool { return s.cost > s.bound && s.run.Look() }

// sweep tries every VM that pays more than it would alone in the cloud, the dearest first.
func (s *improver) sweep(depth int) (gain int64, err error) {
	type payer struct {
		v      cloud.VMID
		excess int64
	}
	var payers []payer
	for v := range s.t.route {
		if x := s.excess(cloud.VMID(v)); x > 0 {
			payers = append(payers, payer{cloud.VMID(v), x})
		}
	}
	slices.SortFunc(payers, func(a, b payer) int { return cmp.Or(cmp.Compare(b.excess, a.excess), cmp.Compare(a.v, b.v)) })
	before := s.cost
	for _, p := range payers {
		if !s.goOn() {
			break
		}
		if s.excess(p.v) > 0 { // still
			s.straighten(p.v, depth)
		}
	}
	return before - s.cost, s.announce()
}

// excess is what a VM pays beyond what it would pay alone in the cloud.
func (s *improver) excess(v cloud.VMID) int64 {
	if len(s.t.route[v]) == 0 {
		return 0
	}
	from, to := s.t.p.Start[v], s.t.p.Goal[v]
	paid := s.t.price(v, s.t.route[v])
	if from == to {
		return paid
	}
	least := s.t.price(v, route{{to: to}})
	if s.t.p.Instance.VMs[v].Interruptible {
		least = min(least, s.t.price(v, route{{to: cloud.Absent}, {to: to}}))
	}
	return paid - least
}

// straighten looks for a cheaper route for a VM, with others taken out of its way.
func (s *improver) straighten(v cloud.VMID, depth int) {
	c := &s.chain
	c.log, c.havens = c.log[:0], c.havens[:0]
	old := s.t.price(v, s.t.route[v])
	c.take(v)
	cost, ok := c.place(v, old-1, depth)
	if ok && !s.t.cramped && s.t.law.allowsAll(s.t) {
		s.cost -= old - cost
	} else {
		c.undo(0)
	}
	if s.t.cramped {
		s.t.draw(s.t.plan())
	}
}

// announce tells the run of the plan by now, if it is better than the one before.
func (s *improver) announce() error {
	if s.cost >= s.told {
		return nil
	}
	plan := s.t.plan()
	if !carriedOut(s.run.Problem, plan) {
		return errors.New("improve: the timetable allowed a plan that breaks a rule")
	}
	s.plan, s.told = plan, s.cost
	s.run.Found(plan)
	return nil
}

// carriedOut tells whether a plan leads from the start to the goal by sane steps.
func carriedOut(p *paths.Problem, plan []cloud.Change) bool {
	s := p.NewState()
	for _, m := range plan {
		if s.HostOf(m.VM) != m.From || !s.Allows(m.VM, m.To) {
			return false
		}
		s.Jump(m.VM, m.To)
	}
	return s.Placement().Equal(p.Goal)
}

// plus adds up amounts that are not negative; what does not fit is cut down.
func plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
