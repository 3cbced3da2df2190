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
	v, out := newVisits(p), *p
	for r := range p.Instance.Resources {
		free, name, total := v.freeRoom(r), p.Instance.Resources[r].Name, int64(0)
		for m := range p.Moves {
			if isMigration(&p.Moves[m]) {
				total += v.demand(int32(m), r)
			}
		}
		if free <= 0 || free >= total { // where nothing is free nothing moves, and the plan is no path
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
			if d := v.demand(int32(m), r); d > 0 && isMigration(move) {
				move.Uses = append(slices.Clip(move.Uses), concurrency.Use{Limit: limit, Least: d, Full: d})
			}
		}
	}
	return &out
}

func isMigration(m *timetable.Move) bool { return m.From != cloud.Absent && m.To != cloud.Absent }

// freeRoom is how much VMs under way may demand of a resource, or -1 where no rule limits it.
func (v *visits) freeRoom(resource int) int64 {
	n := len(v.p.Instance.Resources)
	goal, down := v.p.Start.Clone(), map[cloud.VMID]bool{}
	for i := range v.p.Moves {
		m := &v.p.Moves[i]
		if !isMigration(m) {
			down[m.VM] = true
		}
		if m.After < 0 {
			goal[m.VM] = m.To
		}
	}
	free := int64(0)
	after := make([]int64, len(v.p.Instance.Hosts))
	for vm, h := range v.p.Start {
		d := v.demands[vm*n+resource]
		if h != cloud.Absent && !down[cloud.VMID(vm)] {
			free -= d
		}
		if h := goal[vm]; h != cloud.Absent {
			after[h] += d
		}
	}
	for i := range v.p.Instance.Hosts {
		h, most := cloud.HostID(i), int64(math.MaxInt64)
		for _, rule := range v.p.Rules {
			if limit, ok := ceilingOf(rule, h, resource); ok {
				most = min(most, limit)
			}
		}
		switch {
		case len(v.arrivals[h]) == 0:
			most = min(most, v.usedAtStart(h, resource))
		case len(v.departures[h]) == 0:
			most = min(most, after[h])
		case most == math.MaxInt64:
			return -1
		default:
			most = v.fill(h, resource, most)
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
