package bidirectional

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// reversed is the problem with start and goal exchanged. Migrate charges the edge that
// the path will take, so that a migration from x to y is charged as one from y to x. Where
// goOn says no, it is not complete.
func reversed(p *paths.Problem, l *space.Layout, goOn func() bool) *paths.Problem {
	in := *p.Instance
	in.Initial, in.Target = p.Goal, p.Start
	return &paths.Problem{Instance: &in, Rules: cloud.Reversed(p.Rules), Cost: reverseCost(p, l, goOn), Start: p.Goal, Goal: p.Start}
}

// relaxed is the reversed problem for a heuristic to look at, whose bounds hold for the
// real one as well.
//
// Without suspending it is the real one, because whatever may go may come back. A suspend
// cannot be reversed, though: a VM is suspended anywhere and resumes on its target only,
// so that backwards it leaves its target only, and comes back anywhere. To a heuristic
// this is shown as an ordinary suspend, from anywhere at the cost of the resume, and an
// ordinary resume, on the start at the cost of the cheapest suspend. Each real backward
// path has one here that costs no more: as soon as a VM is off its host it stays off,
// holding nothing, until it arrives on its start for the last time, and resumes there.
// That is sane under limits and host filters, and other rules are left out; one-way
// rules, too, under which who is suspended may not come back where the real path does.
func relaxed(p *paths.Problem, suspends bool) *paths.Problem {
	if !suspends {
		return p
	}
	out := *p
	out.Rules = slices.DeleteFunc(slices.Clone(p.Rules), func(r cloud.Rule) bool {
		return r.Continuous() && !(cloud.Plain(r) && cloud.Reversible([]cloud.Rule{r}))
	})
	return &out
}

// reverseCost is the cost function of the reversed problem.
func reverseCost(p *paths.Problem, l *space.Layout, goOn func() bool) cloud.CostFunction {
	c := backCost{CostFunction: p.Cost, goal: p.Goal, suspend: make([]int64, len(p.Goal))}
	for i := range l.Len() {
		least := int64(math.MaxInt64)
		if hosts := l.Hosts(i); hosts[0] == cloud.Absent && goOn() {
			for _, h := range hosts[1:] {
				least = min(least, p.Cost.Suspend(l.VM(i), h))
			}
		}
		c.suspend[l.VM(i)] = least
	}
	if u, ok := p.Cost.(cloud.HostIndependent); ok {
		return uniformBackCost{c, u}
	}
	return c
}

// backCost charges a step back for the step of the path that it stands for. Suspend and
// Resume are for the eyes of heuristics, see [relaxed].
type backCost struct {
	cloud.CostFunction
	goal    cloud.Placement
	suspend []int64 // by VM: the cheapest suspend
}

func (c backCost) Migrate(vm cloud.VMID, from, to cloud.HostID) int64 {
	return c.CostFunction.Migrate(vm, to, from)
}

func (c backCost) Suspend(vm cloud.VMID, _ cloud.HostID) int64 {
	return c.CostFunction.Resume(vm, c.goal[vm])
}

func (c backCost) Resume(vm cloud.VMID, _ cloud.HostID) int64 { return c.suspend[vm] }

// HostClasses implements [cloud.HostClassifier].
func (c backCost) HostClasses() []int32 { return cloud.HostClassesOf(c.CostFunction) }

type uniformBackCost struct {
	backCost
	anywhere cloud.HostIndependent
}

func (c uniformBackCost) MigrateAnywhere(vm cloud.VMID) int64 { return c.anywhere.MigrateAnywhere(vm) }

// stepsBack appends the steps of a path that lead into a state, as the moves that take
// them back; s is a state of the reversed problem, p the original one. That a step is sane
// where it starts is asked where it ends: whatever may go may come back, and of one-way
// rules the reversed problem has the reverse.
// The asker is as in [space.State.MovesWhile].
func stepsBack(p *paths.Problem, s *space.State, out []space.Move, ask *space.Asker) ([]space.Move, bool) {
	more := true
	for i, at := range s.Host {
		vm := s.Layout.VM(i)
		if out, more = ask.More(out, len(s.Layout.Hosts(i))); !more {
			return out, false
		}
		for _, h := range s.Layout.Hosts(i) {
			if h == cloud.Absent && at != p.Goal[vm] || !s.Allows(i, h) {
				continue // who was suspended comes back on its target
			}
			cost := cloud.CostOf(p.Cost, cloud.Change{VM: vm, From: h, To: at})
			out = append(out, space.Move{Pos: int32(i), To: h, Cost: cost})
		}
	}
	return out, true
}

// cheapest is the least that a step of any path costs. Without a look at the clock it may
// take long for cost functions that depend on hosts: O(VMs × hosts²), or, where classes of
// hosts are known, O(VMs × (hosts + classes²)). Zero is returned when goOn says no.
func cheapest(p *paths.Problem, l *space.Layout, goOn func() bool) int64 {
	least := int64(math.MaxInt64)
	uniform, isUniform := p.Cost.(cloud.HostIndependent)
	classes := cloud.HostClassesOf(p.Cost)
	for i := range l.Len() {
		vm := l.VM(i)
		if !goOn() {
			return 0
		}
		hosts := l.Hosts(i)
		if hosts[0] == cloud.Absent {
			hosts = hosts[1:]
			least = min(least, p.Cost.Resume(vm, p.Goal[vm]))
			for _, h := range hosts {
				least = min(least, p.Cost.Suspend(vm, h))
			}
		}
		if isUniform {
			least = min(least, uniform.MigrateAnywhere(vm))
			continue
		}
		hosts = twoOfEach(hosts, classes)
		for _, from := range hosts {
			if !goOn() {
				return 0
			}
			for _, to := range hosts {
				if from != to {
					least = min(least, p.Cost.Migrate(vm, from, to))
				}
			}
		}
	}
	return least
}

// twoOfEach leaves two hosts of each class, which are charged like all others of it.
func twoOfEach(hosts []cloud.HostID, classes []int32) []cloud.HostID {
	if classes == nil {
		return hosts
	}
	members := map[int32]int{}
	return slices.DeleteFunc(slices.Clone(hosts), func(h cloud.HostID) bool {
		members[classes[h]]++
		return members[classes[h]] > 2
	})
}
