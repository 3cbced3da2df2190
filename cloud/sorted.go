package cloud

import (
	"math"
	"slices"
)

// Sorted groups the continuous rules of an instance by what they look at. So the abilities of
// rules are found out in one place.
type Sorted struct {
	// Limits is what a host may hold where a VM arrives, by host*R + resource: the least of what
	// rules say; MaxInt64 where none does.
	Limits []int64
	// Ceilings is what a host may ever hold: the same slice, unless the start breaks some limit.
	Ceilings []int64
	Limited  bool // whether any does
	Filters  Filters
	Others   []Rule      // rules that are not [Plain]
	Ways     []WayFilter // those of Others that need no state
	Joint    []Rule      // the rest of Others: their verdict may depend on where other VMs are

	numbers []int // of the rules in Ways
}

// SortPath is [Sort] for paths from one placement to another: of each [WayFilter] it makes a
// filter too, of the hosts by way of which a VM may get from one end to the other.
func SortPath(in *Instance, rules []Rule, start, goal Placement) *Sorted {
	s := Sort(in, rules)
	for i, w := range s.Ways {
		number := s.numbers[i]
		s.Filters.add(in, rules[number], newBetween(w, start, goal), number)
	}
	return s
}

// Sort sorts rules. O(rules × hosts × resources + VMs that they watch).
func Sort(in *Instance, rules []Rule) *Sorted {
	n := len(in.Resources)
	s := &Sorted{Limits: slices.Repeat([]int64{math.MaxInt64}, len(in.Hosts)*n)}
	s.Ceilings = s.Limits
	for number, rule := range rules {
		if !rule.Continuous() {
			continue
		}
		if l, ok := rule.(Limiter); ok {
			s.limit(l, n)
		}
		if f, ok := rule.(HostFilter); ok {
			s.Filters.add(in, rule, f, number)
		}
		if !Plain(rule) {
			s.Others = append(s.Others, rule)
			if w, ok := rule.(WayFilter); ok {
				s.Ways, s.numbers = append(s.Ways, w), append(s.numbers, number)
			} else {
				s.Joint = append(s.Joint, rule)
			}
		}
	}
	return s
}

// limit takes account of a rule that limits n resources.
func (s *Sorted) limit(l Limiter, n int) {
	s.Limited = true
	arrivals, mends := l.(ArrivalLimiter)
	if mends && !s.Mends() {
		s.Ceilings = slices.Clone(s.Limits)
	}
	for i := range s.Limits {
		limit := l.Limit(HostID(i/n), i%n)
		s.Ceilings[i] = min(s.Ceilings[i], limit)
		if mends {
			limit = arrivals.ArrivalLimit(HostID(i/n), i%n)
		}
		s.Limits[i] = min(s.Limits[i], limit)
	}
}

// Mends tells whether the start breaks some limit, so that a host may hold more than its limit
// and takes nothing then.
func (s *Sorted) Mends() bool {
	return len(s.Limits) > 0 && &s.Limits[0] != &s.Ceilings[0]
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
	_, onArrival := rule.(ArrivalLimiter)
	_, oneWay := rule.(OneWay)
	return (limits || filters) && (!oneWay || arrivals || onArrival)
}

// between is what a [WayFilter] says of where VMs may stand on their way from one placement to
// another: on hosts to which their first host leads, and which lead to their last one.
type between struct {
	ways        WayFilter
	start, goal Placement
	class       []int64
}

func newBetween(w WayFilter, start, goal Placement) *between {
	b := &between{w, start, goal, make([]int64, len(start))}
	index := map[[2]int64]int64{}
	for v := range start {
		ends := [2]int64{-1, -1}
		if vm := VMID(v); b.goes(vm) {
			ends = [2]int64{w.WayClass(vm, start[v]), w.WayClass(vm, goal[v])}
		}
		class, known := index[ends]
		if !known {
			class = int64(len(index))
			index[ends] = class
		}
		b.class[v] = class
	}
	return b
}

// goes tells whether a VM is present at both ends.
func (b *between) goes(vm VMID) bool { return b.start[vm] != Absent && b.goal[vm] != Absent }

// Admits implements [HostFilter].
func (b *between) Admits(vm VMID, h HostID) bool {
	return !b.goes(vm) || b.ways.Leads(vm, b.start[vm], h) && b.ways.Leads(vm, h, b.goal[vm])
}

// VMClass implements [VMClassifier].
func (b *between) VMClass(vm VMID) int64 { return b.class[vm] }
