package bounds

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
)

// withFreeRoom is a problem with one more limit for each resource that is scarce on all hosts together. A VM under way counts on both of its
// hosts, so what all of those under way demand has to fit in what is free in the whole cloud. What is free where nothing arrives, or where
// nothing that has arrived leaves again and room is left in the end, is of no use to them and does not count. VMs that are
// suspended on the way do not count while they are down; the limit is as if they were down all the time.
func withFreeRoom(p *timetable.Problem) *timetable.Problem {
	n := len(p.Instance.Resources)
	demands := p.Instance.Demands()
	out := *p
	for r := range n {
		free, name := freeRoom(p, demands, r), p.Instance.Resources[r].Name
		total := int64(0)
		for m := range p.Moves {
			if isMigration(&p.Moves[m]) {
				total += demands[int(p.Moves[m].VM)*n+r]
			}
		}
		if free <= 0 || free >= total { // with none at all nothing can move, and the plan is no path
			continue
		}
		if len(out.Limits) == len(p.Limits) {
			out.Moves = slices.Clone(p.Moves)
		}
		limit := int32(len(out.Limits))
		out.Limits = append(slices.Clip(out.Limits), concurrency.Limit{
			Name: "room for " + name + " in the whole cloud", Unit: p.Instance.Resources[r].Unit, Capacity: free, Host: cloud.Absent,
		})
		for m := range out.Moves {
			move := &out.Moves[m]
			if d := demands[int(move.VM)*n+r]; d > 0 && isMigration(move) {
				move.Uses = append(slices.Clip(move.Uses), concurrency.Use{Limit: limit, Least: d, Full: d})
			}
		}
	}
	return &out
}

func isMigration(m *timetable.Move) bool { return m.From != cloud.Absent && m.To != cloud.Absent }

// freeRoom is how much VMs under way may demand of a resource, or -1 where no rule limits it.
func freeRoom(p *timetable.Problem, demands []int64, resource int) int64 {
	n := len(p.Instance.Resources)
	hosts := len(p.Instance.Hosts)
	before, after := make([]int64, hosts), make([]int64, hosts)
	leave, arrive := make([]bool, hosts), make([]bool, hosts)
	goal, down := p.Start.Clone(), map[cloud.VMID]bool{}
	for i := range p.Moves {
		m := &p.Moves[i]
		if m.From != cloud.Absent {
			leave[m.From] = true
		}
		if m.To == cloud.Absent || m.From == cloud.Absent {
			down[m.VM] = true
		}
		if m.To != cloud.Absent {
			arrive[m.To] = true
		}
		if m.After < 0 {
			goal[m.VM] = m.To
		}
	}
	free := int64(0)
	for v, h := range p.Start {
		d := demands[v*n+resource]
		if h != cloud.Absent {
			before[h] += d
			if !down[cloud.VMID(v)] {
				free -= d
			}
		}
		if h := goal[v]; h != cloud.Absent {
			after[h] += d
		}
	}
	for h := range hosts {
		most := int64(math.MaxInt64)
		for _, rule := range p.Rules {
			if limit, ok := ceilingOf(rule, cloud.HostID(h), resource); ok {
				most = min(most, limit)
			}
		}
		if !arrive[h] {
			most = min(most, before[h])
		}
		if !leave[h] {
			most = min(most, after[h])
		}
		if most == math.MaxInt64 {
			return -1
		}
		free += most
	}
	return free
}

// ceilingOf is what a rule ever lets a host hold of a resource, VMs under way from it and to it included.
func ceilingOf(rule cloud.Rule, h cloud.HostID, resource int) (limit int64, ok bool) {
	l, ok := rule.(cloud.Limiter)
	if !ok || !rule.Continuous() {
		return 0, false
	}
	if e, ok := rule.(cloud.EarlyLimiter); ok && e.FreesEarly(resource) {
		return 0, false
	}
	return l.Limit(h, resource), true
}
