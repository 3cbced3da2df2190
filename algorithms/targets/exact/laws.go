package exact

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// laws are the rules of a placement in the making, by what they can do.
type laws struct {
	state   *cloud.State
	demands []int64 // [vm*R + resource]
	limit   []int64 // [host*R + resource]; MaxInt64 where nothing limits
	filters []filter

	quotaOf [][]*quota // by VM
	spanOf  [][]*span  // by VM

	// Rules that can do nothing of this are judges: asked when the last VM that they watch has its place.
	rules   []cloud.Rule
	left    []int     // by rule: VMs that it waits for
	judges  [][]int32 // by VM: rules
	settled []int32   // rules that wait for no VM
}

type filter struct {
	cloud.HostFilter
	watched []bool // by VM; nil: all
}

// tally counts VMs by failure domain.
type tally struct {
	domain []int32 // by host
	count  []int64 // by domain
}

// quota is a rule about how many of its VMs stand in a domain.
type quota struct {
	cloud.Quota
	tally
}

// span is a rule about in how many domains its VMs stand.
type span struct {
	tally
	least, most int
	domains     int // in which some of its VMs stand
	left        int // of its VMs that have no place yet
}

// newLaws sorts the rules for those VMs that are to be placed. O(rules × (VMs + hosts × resources)).
func newLaws(state *cloud.State, rules []cloud.Rule, placed []cloud.VMID) *laws {
	in := state.Instance()
	n := len(in.Resources)
	l := &laws{
		state: state, demands: in.Demands(), limit: slices.Repeat([]int64{math.MaxInt64}, len(in.Hosts)*n),
		quotaOf: make([][]*quota, len(in.VMs)), spanOf: make([][]*span, len(in.VMs)), judges: make([][]int32, len(in.VMs)),
	}
	waits := make([]bool, len(in.VMs))
	for _, v := range placed {
		waits[v] = true
	}
	counted := func(by string) tally {
		of, names := in.Domains(by)
		return tally{of, make([]int64, len(names))}
	}
	for _, rule := range rules {
		watched := placed
		var watches []bool
		if vms := rule.Watches(); vms != nil {
			watched, watches = nil, make([]bool, len(in.VMs))
			for _, v := range vms {
				if waits[v] && !watches[v] {
					watched = append(watched, v)
				}
				watches[v] = true
			}
		}
		limiter, limits := rule.(cloud.Limiter)
		hosts, filters := rule.(cloud.HostFilter)
		_, ways := rule.(cloud.WayFilter)
		most, quotas := rule.(cloud.Quota)
		places, spans := rule.(cloud.Span)
		if limits {
			for i := range l.limit {
				l.limit[i] = min(l.limit[i], limiter.Limit(cloud.HostID(i/n), i%n))
			}
		}
		if filters {
			l.filters = append(l.filters, filter{hosts, watches})
		}
		if quotas {
			q := &quota{most, counted(most.Places())}
			for _, v := range watched {
				l.quotaOf[v] = append(l.quotaOf[v], q)
			}
		}
		if spans {
			s := &span{tally: counted(places.Places()), left: len(watched)}
			s.least, s.most = places.Span()
			for _, v := range watched {
				l.spanOf[v] = append(l.spanOf[v], s)
			}
		}
		if limits || filters || ways || quotas || spans {
			continue
		}
		number := int32(len(l.rules))
		l.rules, l.left = append(l.rules, rule), append(l.left, len(watched))
		if len(watched) == 0 {
			l.settled = append(l.settled, number)
		}
		for _, v := range watched {
			l.judges[v] = append(l.judges[v], number)
		}
	}
	return l
}

// admits tells whether a VM may stand on a host, whatever else stands there.
func (l *laws) admits(v cloud.VMID, h cloud.HostID) bool {
	return !slices.ContainsFunc(l.filters, func(f filter) bool {
		return (f.watched == nil || f.watched[v]) && !f.Admits(v, h)
	})
}

// allows tells whether a VM finds room on a host beside those that are placed; or whether it may stand nowhere.
func (l *laws) allows(v cloud.VMID, h cloud.HostID) bool {
	for _, s := range l.spanOf[v] {
		domains := s.domains
		if h != cloud.Absent && s.count[s.domain[h]] == 0 {
			domains++
		}
		if domains > s.most || domains > 0 && domains+s.left-1 < s.least {
			return false
		}
	}
	if h == cloud.Absent {
		return true
	}
	n := len(l.limit) / len(l.state.Instance().Hosts)
	for r, d := range l.demands[int(v)*n : int(v)*n+n] {
		if l.state.Used(h, r) > l.limit[int(h)*n+r]-d {
			return false
		}
	}
	for _, q := range l.quotaOf[v] {
		if q.count[q.domain[h]] >= q.Most(h) {
			return false
		}
	}
	return true
}

// enter places a VM where it is allowed. It tells how many of the rules that waited for it were asked, and
// whether those hold.
func (l *laws) enter(v cloud.VMID, h cloud.HostID) (asked int, hold bool) {
	l.state.Jump(v, h)
	l.count(v, h, 1)
	hold = true
	for _, i := range l.judges[v] {
		if l.left[i]--; hold && l.left[i] == 0 {
			asked++
			hold = len(l.rules[i].Violations(view{l.state}, nil)) == 0
		}
	}
	return asked, hold
}

// leave takes back what enter did.
func (l *laws) leave(v cloud.VMID, h cloud.HostID) {
	l.state.Jump(v, cloud.Absent)
	l.count(v, h, -1)
	for _, i := range l.judges[v] {
		l.left[i]++
	}
}

func (l *laws) count(v cloud.VMID, h cloud.HostID, sign int) {
	for _, s := range l.spanOf[v] {
		if s.left -= sign; h == cloud.Absent {
			continue
		}
		at := &s.count[s.domain[h]]
		before := *at
		*at += int64(sign)
		switch {
		case before == 0:
			s.domains++
		case *at == 0:
			s.domains--
		}
	}
	if h != cloud.Absent {
		for _, q := range l.quotaOf[v] {
			q.count[q.domain[h]] += int64(sign)
		}
	}
}

// hold tells whether some rules hold.
func (l *laws) hold(rules []int32) bool {
	return !slices.ContainsFunc(rules, func(i int32) bool { return len(l.rules[i].Violations(view{l.state}, nil)) > 0 })
}

// view shows the VMs that are placed.
type view struct{ *cloud.State }

// On implements [cloud.View]: in ascending order.
func (w view) On(h cloud.HostID) []cloud.VMID { return slices.Sorted(slices.Values(w.State.On(h))) }

// Destination implements [cloud.View]: nobody is under way.
func (w view) Destination(cloud.VMID) (cloud.HostID, bool) { return cloud.Absent, false }
