package bounds

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
)

// side is a problem, or its reverse, with the heads of its moves.
type side struct {
	*visits
	loads    *loads
	heads    []int64
	rooms    [][]room  // by host: where it has too little for all arrivals at once
	most     int       // states of a frontier
	sharedBy [][]int32 // by host, as far as known

	items []item // for reuse
	uses  []concurrency.Use
}

// room is what a host has left of something when moves begin; negative where it has too little for what it holds.
type room struct {
	kind  int // a resource, or after all resources a quota
	free  int64
	early bool // a VM that migrates away leaves room from its start on
}

// The heads of the departures of a host are looked at again when they have risen, up to a number of times per host. Chains of waits are seldom
// long; where they are, the first rounds find most.
const mostRounds = 30

// States of all frontiers together: a compromise of time and accuracy, which only matters where hosts are left by many VMs.
const statesInAll = 1 << 20

func newSide(p *timetable.Problem, l *loads) *side {
	s := &side{visits: newVisits(p), loads: l, heads: make([]int64, len(p.Moves)), sharedBy: make([][]int32, len(p.Instance.Hosts))}
	s.most = min(max(statesInAll/max(len(p.Moves), 1), 16), 512)
	s.findRooms()
	s.findQuotas()
	return s
}

// findRooms asks the rules that limit what hosts hold of resources.
func (s *side) findRooms() {
	s.rooms = make([][]room, len(s.p.Instance.Hosts))
	for h := range s.rooms {
		if len(s.arrivals[h]) == 0 || len(s.departures[h]) == 0 {
			continue
		}
		for r := range s.p.Instance.Resources {
			total := int64(0)
			for _, m := range s.arrivals[h] {
				total += s.demand(m, r)
			}
			for _, rule := range s.p.Rules {
				limit, early, ok := limitOf(rule, cloud.HostID(h), r)
				if !ok || limit-s.usedAtStart(cloud.HostID(h), r) >= total {
					continue
				}
				free := s.fill(cloud.HostID(h), r, limit) - s.usedAtStart(cloud.HostID(h), r)
				s.rooms[h] = append(s.rooms[h], room{r, free, early})
			}
		}
	}
}

// limitOf is what a rule lets a host hold of a resource while a VM is under way to it.
func limitOf(rule cloud.Rule, h cloud.HostID, resource int) (limit int64, early, ok bool) {
	l, ok := rule.(cloud.Limiter)
	if !ok || !rule.Continuous() {
		return 0, false, false
	}
	limit = l.Limit(h, resource)
	if a, ok := rule.(cloud.ArrivalLimiter); ok {
		limit = a.ArrivalLimit(h, resource)
	}
	if e, ok := rule.(cloud.EarlyLimiter); ok {
		early = e.FreesEarly(resource)
	}
	return limit, early, true
}

// raise raises heads until nothing changes, or nearly so.
func (s *side) raise() {
	most := s.p.Total()
	var queue []cloud.HostID
	queued, rounds := make([]bool, len(s.rooms)), make([]int, len(s.rooms))
	ask := func(h cloud.HostID) {
		if h != cloud.Absent && len(s.rooms[h]) > 0 && !queued[h] && rounds[h] < mostRounds {
			queued[h] = true
			queue = append(queue, h)
		}
	}
	// lift raises the head of a move and of those of the same VM after it.
	lift := func(m int32, head int64) {
		for m >= 0 && min(head, most) > s.heads[m] {
			s.heads[m] = min(head, most)
			ask(s.p.Moves[m].From)
			head = s.heads[m] + s.p.Moves[m].Time
			m = s.p.Moves[m].After
		}
	}
	for m := range s.p.Moves {
		if s.p.Moves[m].Before < 0 && s.p.Moves[m].After >= 0 {
			lift(s.p.Moves[m].After, s.p.Moves[m].Time)
		}
	}
	for h := range s.rooms {
		ask(cloud.HostID(h))
	}
	for len(queue) > 0 {
		h := queue[0]
		queue = queue[1:]
		queued[h] = false
		rounds[h]++
		s.waits(h, lift)
	}
}

// waits lifts the heads of the moves to a host that has no room for them yet.
func (s *side) waits(h cloud.HostID, lift func(m int32, head int64)) {
	for _, room := range s.rooms[h] {
		need := int64(0)
		for _, m := range s.arrivals[h] {
			if d := s.demand(m, room.kind); d > 0 {
				need = max(need, d-room.free)
			}
		}
		if need <= 0 {
			continue
		}
		// Backwards, where VMs leave early they come late: the room has to be there at the end of their moves.
		late := room.early && s.p.Backwards
		freed := s.freeing(h, room.kind, need, room.early && !s.p.Backwards)
		for _, m := range s.arrivals[h] {
			d := s.demand(m, room.kind)
			if d == 0 || d <= room.free {
				continue
			}
			head := freed.when(d - room.free)
			if late {
				head -= s.p.Moves[m].Time
			}
			lift(m, head)
		}
	}
}

// freeing tells how much room of a kind can have been freed on a host by each instant, up to an amount.
func (s *side) freeing(h cloud.HostID, kind int, most int64, early bool) freed {
	out := freed{ends: s.loads.ends}
	s.items = s.items[:0]
	for _, m := range s.departures[h] {
		if d := s.demand(m, kind); d > 0 {
			move := &s.p.Moves[m]
			at := s.heads[m] + move.Time
			if early {
				at = s.heads[m]
			}
			s.items = append(s.items, item{move: m, head: s.heads[m], amount: min(d, most), end: at})
		}
	}
	// One by one, as if all were done at the same time.
	slices.SortFunc(s.items, byEnd)
	alone := frontier{1, nil}
	total := int64(0)
	for _, i := range s.items {
		total += i.amount
		alone.add(state{i.end, total})
	}
	out.frontiers = append(out.frontiers, alone)
	if early {
		return out
	}
	slices.SortFunc(s.items, byHead)
	for _, limit := range s.shared(h) {
		for i := range s.items {
			s.items[i].work = s.loads.of(s.p, s.items[i].move, limit)
		}
		out.frontiers = append(out.frontiers, work(s.items, s.loads.capacity[limit], most, s.most))
	}
	return out
}

// shared lists the limits that at least half of the departures of a host use, and that do not bear all of these at once.
func (s *side) shared(h cloud.HostID) []int32 {
	if s.sharedBy[h] != nil {
		return s.sharedBy[h]
	}
	s.uses = s.uses[:0]
	for _, m := range s.departures[h] {
		for _, u := range s.p.Moves[m].Uses {
			if !s.loads.idle[u.Limit] {
				s.uses = append(s.uses, u)
			}
		}
	}
	slices.SortFunc(s.uses, func(a, b concurrency.Use) int { return cmp.Compare(a.Limit, b.Limit) })
	out := []int32{}
	for i := 0; i < len(s.uses); {
		limit, n, total := s.uses[i].Limit, 0, int64(0)
		for ; i < len(s.uses) && s.uses[i].Limit == limit; i++ {
			n++
			total += s.uses[i].Full
		}
		if 2*n >= len(s.departures[h]) && total > s.p.Limits[limit].Capacity {
			out = append(out, limit)
		}
	}
	s.sharedBy[h] = out
	return out
}
