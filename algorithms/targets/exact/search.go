package exact

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// patience is how many steps go by between two questions whether to go on.
const patience = 1024

// explore places the VMs from a depth on in all ways that may be better than the best one so far.
func (s *search) explore(depth int) {
	if depth == len(s.order) {
		s.take()
		return
	}
	s.best.Steps += len(s.order) - depth
	at, possible := s.next(depth)
	if !possible {
		return
	}
	v := s.order[at] // those before it keep their order
	copy(s.order[depth+1:at+1], s.order[depth:at])
	s.order[depth] = v
	for _, o := range s.promising(depth, v) {
		if s.spent() {
			break
		}
		cost := s.cost
		s.cost = s.with(v, o)
		if !s.beyond(o.score, s.cost) { // a better one may have been found since
			asked, holds := s.laws.enter(v, o.host)
			if s.best.Steps += 1 + asked*len(s.in.Hosts); holds {
				s.explore(depth + 1)
			}
			s.laws.leave(v, o.host)
		}
		s.cost = cost
	}
	copy(s.order[depth:at], s.order[depth+1:at+1])
	s.order[at] = v
}

// next chooses the VM to place: one that has a single host left, else the first in order. False if one has none.
func (s *search) next(depth int) (at int, possible bool) {
	at = depth
	forced := false
	for i, v := range s.order[depth:] {
		n := 0
		for _, o := range s.options[v] {
			if s.laws.allows(v, o.host) {
				if n++; n == 2 {
					break
				}
			}
		}
		switch {
		case n == 0:
			return 0, false
		case n == 1 && !forced:
			at, forced = depth+i, true
		}
	}
	return at, true
}

// promising lists where a VM may go, the best by the objective first and then the cheapest. The list is
// valid until the next call for the depth.
func (s *search) promising(depth int, v cloud.VMID) []option {
	list := s.scratch[depth][:0]
	for _, o := range s.options[v] {
		if !s.laws.allows(v, o.host) {
			continue
		}
		o.score = s.scoreWith(v, o.host)
		if !s.beyond(o.score, s.with(v, o)) {
			list = append(list, o)
		}
	}
	slices.SortStableFunc(list, func(a, b option) int { return a.score.Compare(b.score) })
	s.scratch[depth] = list
	return list
}

// scoreWith is what the objective is at least, with a VM on a host and those that are placed already.
func (s *search) scoreWith(v cloud.VMID, h cloud.HostID) cloud.Score {
	if s.grows == 0 {
		return s.p.Enough
	}
	score := s.meter.After(v, h)
	clear(score[s.grows:])
	return s.atLeast(score)
}

// with is what a placement costs at least if a VM that is not placed goes where it may.
func (s *search) with(v cloud.VMID, o option) int64 {
	return s.cost - s.options[v][0].cost + o.cost // the first one was added up
}

// beyond tells whether no placement with such a score and cost, or more, is wanted.
func (s *search) beyond(score cloud.Score, cost int64) bool {
	order := score.Compare(s.score)
	return s.p.Below > 0 && cost >= s.p.Below || s.limited && (order > 0 || order == 0 && cost >= s.least)
}

// take keeps a placement of all VMs if it is the best one so far and every rule says so.
func (s *search) take() {
	var score cloud.Score
	if s.meter != nil {
		score = s.meter.Value()
	}
	enough := s.atLeast(score)
	if s.beyond(enough, s.cost) {
		return
	}
	if slices.ContainsFunc(s.p.Except, s.state.Placement().Equal) {
		return
	}
	for _, rule := range s.rules {
		if len(rule.Violations(view{s.state}, nil)) > 0 {
			return
		}
	}
	s.best.Placement, s.best.Score, s.best.Cost = s.state.Placement(), score, s.cost
	s.limited, s.score, s.least = true, enough, s.cost
}

// spent tells whether the search has to end.
func (s *search) spent() bool {
	if s.p.Steps > 0 && s.best.Steps >= s.p.Steps {
		s.stopped = true
	}
	if s.p.GoOn != nil && s.best.Steps >= s.ask {
		s.ask = s.best.Steps + patience
		s.stopped = s.stopped || !s.p.GoOn()
	}
	return s.stopped
}
