package validate_test

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Mending in the blunt judge: at every moment it compares where a rule is broken with where the
// initial placement breaks it.

// counterpart is a rule once more, in one of three forms.
type counterpart struct {
	broken   func(*scene, args) []place // of a rule about what stands in a place: where it is broken
	ofGroups func(*scene, args) []plight
	holds    func(*scene, args) bool // of a rule that no placement breaks before a migration does
}

// place is where a rule about what stands in a place may be broken.
type place struct {
	name  string // tells it from all other places of the rule
	hosts []cloud.HostID
	vms   []int // that the rule looks at
}

// plight is how a group stands, for a rule about where a group is.
type plight struct {
	whole     bool
	tolerable func(start plight) bool // if the start does not keep the rule
	places    int
	lacks     []string // of places that need it
	vms       []int    // that a better placement may move
}

func (c counterpart) whole(s *scene, a args) bool {
	switch {
	case c.broken != nil:
		return len(c.broken(s, a)) == 0
	case c.ofGroups != nil:
		return !slices.ContainsFunc(c.ofGroups(s, a), func(p plight) bool { return !p.whole })
	default:
		return c.holds(s, a)
	}
}

// onTheWay tells whether a continuous rule holds, in its mending form if the start breaks it.
func (c counterpart) onTheWay(s *scene, a args) bool {
	if c.whole(s, a) {
		return true
	}
	start := beginning(s.in)
	switch {
	case c.broken != nil:
		before := c.broken(start, a)
		return !slices.ContainsFunc(c.broken(s, a), func(p place) bool {
			same := func(q place) bool { return p.name == q.name }
			return !slices.ContainsFunc(before, same) || !s.leftIn(p)
		})
	case c.ofGroups != nil:
		before := c.ofGroups(start, a)
		for g, now := range c.ofGroups(s, a) {
			if !now.whole && (before[g].whole || !now.tolerable(before[g])) {
				return false
			}
		}
		return true
	default:
		return false
	}
}

// leftIn tells whether in a place stands only what stood there at the start and has not just come back.
func (s *scene) leftIn(p place) bool {
	has := func(h cloud.HostID) bool { return slices.Contains(p.hosts, h) } // never Absent
	for _, vm := range p.vms {
		if slices.ContainsFunc(s.charged(vm), has) && !has(s.in.Initial[vm]) {
			return false
		}
		if to, underWay := s.goes[vm]; underWay && has(to) && !has(s.stands[vm]) {
			return false
		}
	}
	return !slices.ContainsFunc(s.events, func(e cloud.Step) bool {
		return slices.Contains(p.vms, int(e.VM)) && has(e.To) && !has(e.From)
	})
}

// where lists the places in which VMs stand.
func (s *scene) where(vms []int, by string) []string {
	var hosts []cloud.HostID
	for _, vm := range vms {
		if h := s.stands[vm]; h != cloud.Absent {
			hosts = append(hosts, h)
		}
	}
	return s.places(hosts, by)
}

func bluntAffinity(s *scene, a args) []plight {
	var out []plight
	by := a.text("by", "host")
	for _, g := range s.groups(a.text("group", "")) {
		there := 0
		for _, vm := range g.vms {
			if len(s.charged(vm)) > 0 {
				there++
			}
		}
		now := plight{whole: there < 2 || len(s.held(g.vms, by)) < 2, places: len(s.where(g.vms, by)), vms: g.vms}
		now.tolerable = func(start plight) bool { return now.places <= start.places }
		out = append(out, now)
	}
	return out
}

func bluntSpread(s *scene, a args) []plight {
	var out []plight
	for _, g := range s.groups(a.text("group", "")) {
		n := len(s.where(g.vms, a.text("by", "host")))
		out = append(out, plight{
			whole: n == 0 || n >= a.number("min"), places: n, vms: g.vms,
			tolerable: func(start plight) bool { return n >= start.places },
		})
	}
	return out
}

// bluntDepends is about one group. That its VMs lack something under way counts only if the start
// keeps the rule.
func bluntDepends(s *scene, a args) []plight {
	by, now := a.text("by", "zone"), plight{whole: true}
	dependent := s.groups(a.text("group", ""))[0].vms
	now.vms = dependent
	for _, name := range a.texts("on") {
		serves := s.groups(name)[0].vms
		now.vms = slices.Concat(now.vms, serves)
		served := s.where(serves, by)
		for _, vm := range dependent {
			if slices.Contains(serves, vm) {
				continue // it serves itself
			}
			for _, place := range s.places(s.charged(vm), by) {
				now.whole = now.whole && slices.Contains(served, place)
			}
			for _, place := range s.where([]int{vm}, by) {
				if !slices.Contains(served, place) {
					now.lacks = append(now.lacks, name+" in "+place)
				}
			}
		}
	}
	now.tolerable = func(start plight) bool {
		return !slices.ContainsFunc(now.lacks, func(lack string) bool { return !slices.Contains(start.lacks, lack) })
	}
	return []plight{now}
}
