package auto

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/part"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// pocket is where the way from the start and the way to the goal, as far as greedy found
// them, do not meet: a few VMs of a large cloud that are in each other's way. It is cut
// out with the hosts that it takes and ever more others, and searched by itself, so that
// exact search has to do with the pocket alone. What that finds is a path of the whole; what
// it does not find proves nothing.
type pocket struct {
	head, tail []cloud.Change
	gap        *paths.Problem // from where the head ends to where the tail begins
	core       []bool         // by host: where a VM stands that is not where it is to be
	cuts       []*cut
	whole      bool // the last cut holds all there is
}

// cut is one part that holds the pocket.
type cut struct {
	part *part.Part
	job  *job
}

// newPocket is the pocket that a search got stuck at; nil if there is none, or somebody is
// suspended at one of its ends.
func newPocket(p *paths.Problem, head, tail []cloud.Change) *pocket {
	if head == nil && tail == nil {
		return nil
	}
	gap := *p
	gap.Start, gap.Goal = p.Start.Clone(), p.Goal.Clone()
	for _, m := range head {
		gap.Start[m.VM] = m.To
	}
	for _, m := range slices.Backward(tail) {
		gap.Goal[m.VM] = m.From
	}
	x := &pocket{head: head, tail: tail, gap: &gap, core: make([]bool, len(p.Instance.Hosts))}
	for v, at := range gap.Start {
		goal := gap.Goal[v]
		switch {
		case at == goal:
		case at == cloud.Absent || goal == cloud.Absent:
			return nil
		default:
			x.core[at], x.core[goal] = true, true
		}
	}
	return x
}

// mostCuts bounds how many cuts are searched in turns.
const mostCuts = 12

// bridge looks for a way through the pocket, in all cuts made so far and one more.
func (j *job) bridge(run *paths.Run, work int64) error {
	x := j.pocket
	if x == nil || j.found {
		return nil
	}
	if x.widens() {
		x.widen(j)
	}
	for _, c := range x.cuts {
		if c.job.done() || !run.Look() {
			continue
		}
		t := turn{c.job, work, c.job.layout == nil}
		if _, err := run.Nested(paths.Subtask{Searcher: t, Problem: c.job.p, Options: paths.Options{Seed: run.Rand.Uint64()}}); err != nil {
			return err
		}
		if c.job.found {
			if moves := slices.Concat(x.head, c.part.Lift(c.job.best), x.tail); j.p.CarriesOut(moves) {
				j.incumbent(run, moves)
			}
			j.pocket = nil
			return nil
		}
	}
	return nil
}

// widens tells whether there is a next cut.
func (x *pocket) widens() bool { return len(x.cuts) < mostCuts && !x.whole }

// helpless tells whether no amount of work would make progress.
func (x *pocket) helpless() bool {
	return !x.widens() && !slices.ContainsFunc(x.cuts, func(c *cut) bool { return !c.job.done() && !c.job.helpless() })
}

// widen makes the next cut: with twice as many havens for each kind of VMs as the one before
// the last, where the VMs on them stand still and then may move as well.
func (x *pocket) widen(j *job) {
	n := len(x.cuts)
	hosts, residents := slices.Clone(x.core), n%2 == 1
	x.addHavens(j.layout, hosts, 1<<(n/2))
	var vms []cloud.VMID
	var goal, listed []cloud.HostID
	for i := range j.layout.Len() {
		v := j.layout.VM(i)
		if at := x.gap.Start[v]; at != cloud.Absent && (x.core[at] || residents && hosts[at]) {
			vms, goal = append(vms, v), append(goal, x.gap.Goal[v])
		}
	}
	for h, in := range hosts {
		if in {
			listed = append(listed, cloud.HostID(h))
		}
	}
	x.whole = len(listed) == len(hosts) && residents
	t := part.NewCutter(x.gap, x.gap.Start).Cut(vms, goal, listed)
	c := &cut{t, newJob(t.Problem, j.tools)}
	c.job.inPocket = true
	x.cuts = append(x.cuts, c)
}

// addHavens adds the hosts with the most room where each kind of the pocket's VMs may arrive.
func (x *pocket) addHavens(l *space.Layout, hosts []bool, each int) {
	free := x.room(l)
	met := map[int32]bool{}
	for i := range l.Len() {
		at := x.gap.Start[l.VM(i)]
		if at == cloud.Absent || !x.core[at] || met[l.Kind(i)] {
			continue
		}
		met[l.Kind(i)] = true
		var best []cloud.HostID
		for _, h := range l.Enter(i) {
			if h == cloud.Absent || x.core[h] {
				continue
			}
			n, _ := slices.BinarySearchFunc(best, h, func(a, b cloud.HostID) int {
				return cmp.Or(cmp.Compare(free[b], free[a]), cmp.Compare(a, b))
			})
			if n < each {
				best = slices.Insert(best[:min(len(best), each-1)], n, h)
			}
		}
		for _, h := range best {
			hosts[h] = true
		}
	}
}

// room is, by host, how much of what the largest VM demands there is room for, in
// thousandths, of the resource of which there is least.
func (x *pocket) room(l *space.Layout) []int64 {
	in := x.gap.Instance
	s := space.NewState(x.gap, l)
	out := make([]int64, len(in.Hosts))
	for h := range out {
		out[h] = math.MaxInt64
	}
	n := len(in.Resources)
	for j := range n {
		largest := int64(1)
		for i := range l.Len() {
			largest = max(largest, s.Demand(i, j))
		}
		for h := range out {
			out[h] = min(out[h], int64(1000*float64(s.Free[h*n+j])/float64(largest)))
		}
	}
	return out
}
