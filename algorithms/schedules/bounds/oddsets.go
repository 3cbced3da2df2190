package bounds

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
)

// oddSets are bounds of sets of hosts. A move within a set takes part of a limit at both of its ends. Where the limits of the set bear n such parts at
// the same time, and n is odd, one is always left over: (n-1)/2 moves run at the same time, which counts as a
// limit of its own. Edmonds' odd sets, known from the edge colouring of multigraphs, are the case of unit times. Sets are
// grown from busy hosts, one host at a time. O(uses × size of sets), apart from sorting.
func oddSets(p *timetable.Problem, l *loads, heads, tails []int64) []Bound {
	g := newPairs(p, l)
	if g == nil {
		return nil
	}
	seen := map[string]bool{}
	var out []Bound
	for _, first := range g.busiest() {
		for _, set := range g.grow(first) {
			key := fmt.Sprint(set.hosts)
			if seen[key] {
				continue
			}
			seen[key] = true
			jobs := make([]job, len(set.moves))
			for i, m := range set.moves {
				jobs[i] = job{set.bears * heads[m], p.Moves[m].Time, set.bears * tails[m]}
			}
			out = append(out, Bound{"odd set", "moves between " + hostNames(p, set.hosts), up(preemptive(jobs), set.bears)})
		}
	}
	return out
}

const (
	mostSeeds   = 128 // hosts from which sets are grown
	mostInSet   = 9   // hosts
	mostParts   = 63  // of a limit: with more, one left over makes no difference
	mostInNames = 5
)

// pairs is the multigraph of hosts and moves between them, of a model that limits both ends of moves together.
type pairs struct {
	p     *timetable.Problem
	limit []int32   // by host
	parts []int64   // by host: moves from and to it that may run at the same time
	moves [][]int32 // by host: those to and from other hosts
}

// newPairs is nil where no host has a limit for both ends of moves, or none bears an odd number of them.
func newPairs(p *timetable.Problem, l *loads) *pairs {
	g := &pairs{p, make([]int32, len(p.Instance.Hosts)), make([]int64, len(p.Instance.Hosts)), make([][]int32, len(p.Instance.Hosts))}
	odd := false
	for i, users := range l.users {
		h := p.Limits[i].Host
		if h == cloud.Absent {
			continue
		}
		least, from, to := int64(math.MaxInt64), false, false
		for _, m := range users {
			least = min(least, useOf(&p.Moves[m], int32(i)).Least)
			from, to = from || p.Moves[m].From == h, to || p.Moves[m].To == h
		}
		if !from || !to || least == 0 {
			continue
		}
		if n := p.Limits[i].Capacity / least; n <= mostParts && (g.parts[h] == 0 || n < g.parts[h]) {
			g.limit[h], g.parts[h], g.moves[h] = int32(i), n, users
			odd = odd || n%2 == 1
		}
	}
	if !odd {
		return nil
	}
	return g
}

// busiest lists the hosts whose limits are the busiest.
func (g *pairs) busiest() []cloud.HostID {
	var out []cloud.HostID
	busy := make([]int64, len(g.parts))
	for h, n := range g.parts {
		if n == 0 {
			continue
		}
		for _, m := range g.moves[h] {
			busy[h] += g.p.Moves[m].Time
		}
		busy[h] = up(busy[h], n)
		out = append(out, cloud.HostID(h))
	}
	slices.SortStableFunc(out, func(a, b cloud.HostID) int { return cmp.Compare(busy[b], busy[a]) })
	return out[:min(len(out), mostSeeds)]
}

// set is a set of hosts that bear an odd number of parts, and the moves within it.
type set struct {
	hosts []cloud.HostID
	moves []int32
	bears int64 // moves at the same time
}

// grow adds the host with the most work to and from the set so far, again and again, and returns the odd ones of these sets.
func (g *pairs) grow(first cloud.HostID) []set {
	var out []set
	now := set{hosts: []cloud.HostID{first}}
	parts := g.parts[first]
	toSet := map[cloud.HostID]int64{}
	inner := map[cloud.HostID]bool{first: true}
	g.reach(first, inner, toSet)
	for len(now.hosts) < mostInSet {
		next, most := cloud.Absent, int64(0)
		for h, work := range toSet {
			if !inner[h] && (work > most || work == most && work > 0 && h < next) {
				next, most = h, work
			}
		}
		if next == cloud.Absent {
			break
		}
		for _, m := range g.moves[next] {
			if other := g.other(m, next); other != cloud.Absent && inner[other] {
				now.moves = append(now.moves, m)
			}
		}
		inner[next] = true
		now.hosts = append(now.hosts, next)
		parts += g.parts[next]
		g.reach(next, inner, toSet)
		if now.bears = parts / 2; parts%2 == 1 && now.bears > 0 {
			s := set{slices.Clone(now.hosts), slices.Clone(now.moves), now.bears}
			slices.Sort(s.hosts)
			out = append(out, s)
		}
	}
	return out
}

// reach adds the work of moves between a host and others to what is known of these.
func (g *pairs) reach(h cloud.HostID, inner map[cloud.HostID]bool, toSet map[cloud.HostID]int64) {
	for _, m := range g.moves[h] {
		if other := g.other(m, h); other != cloud.Absent && !inner[other] {
			toSet[other] += g.p.Moves[m].Time
		}
	}
}

// other is the other end of a move, as far as its limit counts the move too.
func (g *pairs) other(m int32, h cloud.HostID) cloud.HostID {
	move := &g.p.Moves[m]
	other := move.From
	if other == h {
		other = move.To
	}
	if other == cloud.Absent || g.parts[other] == 0 || useOf(move, g.limit[other]).Least == 0 {
		return cloud.Absent
	}
	return other
}

func hostNames(p *timetable.Problem, hosts []cloud.HostID) string {
	text := ""
	for i, h := range hosts[:min(len(hosts), mostInNames)] {
		if i > 0 {
			text += ", "
		}
		text += p.Instance.Hosts[h].Name
	}
	if n := len(hosts) - mostInNames; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}
