package bounds

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// hostsBudget bounds the evaluations of measures, by crowd and resource.
const hostsBudget = 1 << 20

// Hosts bounds the total weight of the hosts in use. Where no placement exists, it is any number.
//
// It looks at sets of hosts with the VMs that may stand nowhere else, the small sets first. Each needs
// as many hosts as it takes to have room for these VMs, by each resource and each measure: of equal
// weights the largest hosts, of others those of least weight by room, the last one in part. A set also needs what
// disjoint sets inside it need, and counts on the room of the hosts that these cannot do without. VMs
// that may not share a place need one host for each of them, and VMs that must be spread need a host in
// each of the places required.
//
// O(crowds² × hosts + crowds × resources × hosts × log hosts + rules × hosts).
func (b *Bounds) Hosts(o *objectives.Hosts) Bound {
	s := &hostsSearch{Bounds: b, o: o, even: true, needed: b.needed()}
	s.unit = -1
	for _, h := range b.open.list() {
		if w := o.Weight(h); s.unit < 0 {
			s.unit = w
		} else if w != s.unit {
			s.even = false
		}
	}
	s.groups = s.confined()
	for _, c := range b.crowds {
		s.done = append(s.done, s.need(c))
	}
	best := need{}
	for _, n := range s.done {
		if n.weight > best.weight {
			best = n
		}
	}
	s.places(&best)
	return Bound{Score: cloud.Score{best.weight}, Reason: strings.Join(best.reasons, "; ")}
}

// needed are the hosts that are the only ones for some VM.
func (b *Bounds) needed() hostset {
	out := newHostset(len(b.in.Hosts))
	for i := range b.blocks {
		if s := b.sets[b.blocks[i].set]; s.len() == 1 {
			out.join(s)
		}
	}
	return out
}

// hostsSearch is the search for one bound.
type hostsSearch struct {
	*Bounds
	o      *objectives.Hosts
	even   bool  // all hosts weigh the same: unit
	unit   int64 // -1 without open hosts
	needed hostset
	groups []apart
	done   []need // by crowd, as far as they have come
}

// need is what a crowd needs.
type need struct {
	crowd   *crowd
	weight  int64
	count   int // hosts, where all weigh the same
	reasons []string
}

// family chooses sets inside a set that have no host in common, the heaviest first. What they need
// adds up. Singles are hosts needed beside.
func (s *hostsSearch) family(c *crowd) (inside []*need, singles hostset) {
	for i := range s.done {
		if n := &s.done[i]; n.weight > 0 && n.crowd.set.within(c.set) {
			inside = append(inside, n)
		}
	}
	slices.SortStableFunc(inside, func(x, y *need) int {
		return cmp.Or(cmp.Compare(y.weight, x.weight), cmp.Compare(len(x.crowd.hosts), len(y.crowd.hosts)))
	})
	taken := newHostset(len(s.in.Hosts))
	inside = slices.DeleteFunc(inside, func(n *need) bool {
		if n.crowd.set.meets(taken) {
			return true
		}
		taken.join(n.crowd.set)
		return false
	})
	singles = slices.Clone(s.needed)
	singles.cut(c.set)
	for i := range singles {
		singles[i] &^= taken[i]
	}
	return inside, singles
}

// need bounds what the VMs of a crowd need.
func (s *hostsSearch) need(c *crowd) need {
	inside, singles := s.family(c)
	best := need{crowd: c}
	for _, n := range inside {
		best.weight = plus(best.weight, n.weight)
		best.count += n.count
		best.reasons = append(best.reasons, n.reasons...)
	}
	if list := singles.list(); len(list) > 0 {
		for _, h := range list {
			best.weight = plus(best.weight, s.o.Weight(h))
		}
		best.count += len(list)
		best.reasons = append(best.reasons, fmt.Sprintf("%s (%s) hold VMs that may stand nowhere else",
			prose.Count(len(list), "host"), s.hostNames(list)))
		if len(list) == 1 {
			best.reasons[len(best.reasons)-1] = fmt.Sprintf("host %s holds VMs that may stand nowhere else", s.hostNames(list))
		}
	}
	if len(c.blocks) > 0 && best.count == 0 {
		s.atLeastOne(c, &best)
	}
	for _, a := range s.groups {
		if a.weight > best.weight && a.union.within(c.set) {
			best.take(a)
		}
	}
	for r := range c.amounts {
		s.fill(c, r, inside, singles, &best)
	}
	return best
}

func (s *hostsSearch) hostNames(hosts []cloud.HostID) string {
	return enumerated(prose.Texts(hosts, func(h cloud.HostID) string { return s.in.Hosts[h].Name }))
}

// atLeastOne counts one host, where there are VMs at all.
func (s *hostsSearch) atLeastOne(c *crowd, best *need) {
	least := int64(-1)
	for _, h := range c.hosts {
		if w := s.o.Weight(h); least < 0 || w < least {
			least = w
		}
	}
	if least < 0 {
		return
	}
	best.weight, best.count = least, 1
	best.reasons = []string{s.crowdNamed(c, "need") + " at least one host"}
}

// offer is a host, or several alike: what it has, and what it weighs.
type offer struct {
	room, weight, count int64
}

// fill bounds what the demand of one resource needs.
func (s *hostsSearch) fill(c *crowd, r int, inside []*need, singles hostset, best *need) {
	rooms, total := s.rooms(c, r, s.room)
	if len(rooms) == 0 || rooms[0] == total {
		return // any host is enough
	}
	given, others, spent, used := s.split(c, r, inside, singles)
	ms := measures(c.amounts[r], rooms, hostsBudget)
	if !s.even && len(others) > 64 {
		ms = ms[:min(len(ms), 16)] // each sorts
	}
	for _, m := range ms {
		left := m.total(c.amounts[r])
		for _, x := range given {
			left -= min(left, times(m.at(x.room), x.count))
		}
		if left == 0 {
			continue
		}
		weight, count, enough := s.cheapest(m, others, left)
		if !enough {
			continue // there is no placement, which is for others to say
		}
		if weight = plus(weight, spent); weight > best.weight {
			best.weight, best.count = weight, count+used
			best.reasons = []string{s.filling(c, r, m, weight, given)}
		}
	}
}

// split parts the hosts of a crowd: those that are in use for sure, with what these weigh at least and
// how many they are, and the others, the roomiest first and among equal ones the heaviest last. Of a set
// inside, the roomiest hosts count as in use, as many as it needs: where all hosts weigh the same, no
// other choice leaves more room for the same weight.
func (s *hostsSearch) split(c *crowd, r int, inside []*need, singles hostset) (given, others []offer, spent int64, used int) {
	n := s.resources + 1
	sure := slices.Clone(singles)
	if s.even {
		for _, x := range inside {
			hosts := slices.Clone(x.crowd.hosts)
			slices.SortStableFunc(hosts, func(g, h cloud.HostID) int {
				return cmp.Compare(s.room[int(h)*n+r], s.room[int(g)*n+r])
			})
			for _, h := range hosts[:min(x.count, len(hosts))] {
				sure.add(h)
			}
		}
	} else {
		all := slices.Clone(s.needed)
		all.cut(c.set)
		sure = all
	}
	total := plain.total(c.amounts[r])
	for _, h := range c.hosts {
		x := offer{min(total, s.room[int(h)*n+r]), s.o.Weight(h), 1}
		if sure.has(h) {
			given = append(given, x)
			spent = plus(spent, x.weight)
			used++
		} else {
			others = append(others, x)
		}
	}
	return alike(given), alike(others), spent, used
}

// alike joins equal offers, the roomiest first and then the lightest.
func alike(list []offer) []offer {
	slices.SortFunc(list, func(x, y offer) int {
		return cmp.Or(cmp.Compare(y.room, x.room), cmp.Compare(x.weight, y.weight))
	})
	out := list[:0]
	for _, x := range list {
		if k := len(out) - 1; k >= 0 && out[k].room == x.room && out[k].weight == x.weight {
			out[k].count += x.count
		} else {
			out = append(out, x)
		}
	}
	return out
}

// cheapest is the least weight of offers that are enough, or a bound below it, and how many they are
// where all weigh the same.
func (s *hostsSearch) cheapest(m measure, offers []offer, left int64) (weight int64, count int, enough bool) {
	// As many as the roomiest: no fewer are enough.
	need := left
	for _, x := range offers {
		each := m.at(x.room)
		if each == 0 {
			break
		}
		k := min(x.count, (need-1)/each+1)
		count += int(k)
		if need -= min(need, times(k, each)); need == 0 {
			break
		}
	}
	if need > 0 {
		return 0, 0, false
	}
	if s.even {
		return times(s.unit, int64(count)), count, true
	}
	byWeight := slices.Clone(offers)
	slices.SortFunc(byWeight, func(x, y offer) int { return cmp.Compare(x.weight, y.weight) })
	few := int64(count)
	for _, x := range byWeight {
		k := min(few, x.count)
		weight = plus(weight, times(k, x.weight))
		if few -= k; few == 0 {
			break
		}
	}
	return max(weight, knapsack(m, offers, left)), count, true
}

// knapsack is the least weight where offers may be taken in part, rounded up. The offers are enough.
func knapsack(m measure, offers []offer, left int64) int64 {
	type rated struct{ room, weight, count int64 }
	list := make([]rated, 0, len(offers))
	for _, x := range offers {
		if room := m.at(x.room); room > 0 {
			list = append(list, rated{room, x.weight, x.count})
		}
	}
	slices.SortFunc(list, func(x, y rated) int { // weight by room
		h1, l1 := bits.Mul64(uint64(x.weight), uint64(y.room))
		h2, l2 := bits.Mul64(uint64(y.weight), uint64(x.room))
		return cmp.Or(cmp.Compare(h1, h2), cmp.Compare(l1, l2))
	})
	var weight int64
	for _, x := range list {
		k := min(x.count, left/x.room)
		weight = plus(weight, times(k, x.weight))
		left -= k * x.room
		if left == 0 {
			break
		}
		if k < x.count { // a part of one
			high, low := bits.Mul64(uint64(x.weight), uint64(left))
			part, rest := bits.Div64(high, low, uint64(x.room))
			if rest > 0 {
				part++
			}
			return plus(weight, int64(part))
		}
	}
	return weight
}

// filling says what fills the hosts.
func (s *hostsSearch) filling(c *crowd, r int, m measure, weight int64, given []offer) string {
	amount := "hosts of a weight of at least " + humanize.Comma(weight)
	if s.even && s.unit == 1 {
		amount = "at least " + prose.Count(weight, "host")
	}
	if len(given) > 0 {
		amount += ", with those that are in use anyway"
	}
	switch {
	case m == plain && r == s.resources:
		return fmt.Sprintf("%s %s by how many VMs a host may hold%s", s.crowdNamed(c, "need"), amount, by(s.limiting(r)))
	case m == plain:
		return fmt.Sprintf("the %s of %s fills %s", s.resourceName(r), s.crowdNamed(c, ""), amount)
	case m.counts():
		return fmt.Sprintf("counting each full %s, %s %s", s.of(m.size(), r), s.crowdNamed(c, "need"), amount)
	default:
		return fmt.Sprintf("large demands of %s leave gaps that are too small for the others: %s %s", s.resourceName(r), s.crowdNamed(c, "need"), amount)
	}
}
