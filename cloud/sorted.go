package cloud

import "math"

// Sorted are the continuous ones of some rules of an instance, by what they look at. So
// the abilities of rules are found out in one place.
type Sorted struct {
	Limits  []int64 // [host*R + resource]: the least limits that rules set; MaxInt64 where none does
	Limited bool    // whether any does
	Filters Filters
	Others  []Rule      // that are not [Plain]: they have to be asked in a state, but for those in Ways
	Ways    []WayFilter // of Others, those that need no state
	OneWay  bool        // whether one of Others is one-way
}

// Sort sorts rules. O(rules × hosts × resources + VMs that they watch).
func Sort(in *Instance, rules []Rule) *Sorted {
	n := len(in.Resources)
	s := &Sorted{Limits: make([]int64, len(in.Hosts)*n)}
	for i := range s.Limits {
		s.Limits[i] = math.MaxInt64
	}
	for number, rule := range rules {
		if !rule.Continuous() {
			continue
		}
		if l, ok := rule.(Limiter); ok {
			s.Limited = true
			for i := range s.Limits {
				s.Limits[i] = min(s.Limits[i], l.Limit(HostID(i/n), i%n))
			}
		}
		if f, ok := rule.(HostFilter); ok {
			s.Filters.add(in, rule, f, number)
		}
		if !Plain(rule) {
			s.Others = append(s.Others, rule)
			if w, ok := rule.(WayFilter); ok {
				s.Ways = append(s.Ways, w)
			}
		}
	}
	s.OneWay = !Reversible(s.Others)
	return s
}

// Joint are those of Others that are not in Ways: what they say of a VM's migration may
// depend on where other VMs are.
func (s *Sorted) Joint() []Rule {
	var out []Rule
	for _, rule := range s.Others {
		if _, ok := rule.(WayFilter); !ok {
			out = append(out, rule)
		}
	}
	return out
}

// Passes tells whether each of Ways lets the VM go from one host to another. O(Ways).
func (s *Sorted) Passes(vm VMID, from, to HostID) bool {
	for _, w := range s.Ways {
		if !w.Passes(vm, from, to) {
			return false
		}
	}
	return true
}

// Plain tells whether all that a continuous rule says of a migration follows from what
// [Sort] finds out of limits and filters.
func Plain(rule Rule) bool {
	_, limits := rule.(Limiter)
	_, filters := rule.(HostFilter)
	_, arrivals := rule.(ArrivalFilter)
	_, oneWay := rule.(OneWay)
	return (limits || filters) && (!oneWay || arrivals)
}
