package paths

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// obstacle names a reason why no path can exist that needs no search: an end of the
// path that breaks a rule, a start out of which or a goal into which no single step is
// sane. Empty when there is none, and when the run's time is up. It takes a judgement of three
// placements, and what it takes to find one sane step at either end.
func (r *Run) obstacle() string {
	p := r.Problem
	why := r.firstOf(
		func() string { return p.insane("the target breaks ", p.Instance.Target, true) },
		func() string { return p.insane("the placement after the shutdowns breaks ", p.Start, false) },
		func() string { return p.insane("the placement before the provisions breaks ", p.Goal, false) },
	)
	if why != "" || p.Start.Equal(p.Goal) || !r.inTime() {
		return why
	}
	return r.firstOf(
		func() string {
			if jammed(p.NewState(), p.Rules, r.inTime) {
				return "no VM can leave the initial placement: every migration out of it breaks a rule"
			}
			return ""
		},
		func() string {
			// Backwards, a step into the goal is a step out of it.
			if back := cloud.Reversed(p.Rules); jammed(cloud.NewState(p.Instance, back, p.Goal), back, r.inTime) {
				return "no VM can be the last to arrive: every migration into the target breaks a rule"
			}
			return ""
		},
	)
}

// firstOf makes independent checks and returns the first result that is not empty, in the
// order of the checks.
func (r *Run) firstOf(checks ...func() string) string {
	found := make([]string, len(checks))
	r.inParallel(len(checks), func(i int) { found[i] = checks[i]() })
	return first(found...)
}

// insane names the first rule that a placement breaks; empty if it breaks none.
func (p *Problem) insane(breaks string, at cloud.Placement, final bool) string {
	if f := validate.Placement(p.Instance, p.Rules, at, final); len(f) > 0 {
		return breaks + f[0].String()
	}
	return ""
}

// jammed tells whether no step out of a sane placement is sane. Of the hosts it tries those
// for a VM that have room by the resource of which the fewest have, so that a cloud that is
// full takes O((VMs + hosts) × resources × log hosts); where other rules are in the way, a
// test of each VM on each host with room. False also once goOn says no.
func jammed(s *cloud.State, rules []cloud.Rule, goOn func() bool) bool {
	in := s.Instance()
	roomy, tried := newRoomy(s, rules), 0
	for v := range in.VMs {
		vm := cloud.VMID(v)
		if s.HostOf(vm) == cloud.Absent {
			continue
		}
		if in.VMs[v].Interruptible && s.Allows(vm, cloud.Absent) {
			return false
		}
		for _, h := range roomy.hosts(in.VMs[v].Demand) {
			if tried++; tried%pairsBetweenLooks == 0 && !goOn() {
				return false
			}
			if s.Allows(vm, h) {
				return false
			}
		}
	}
	return true
}

// pairsBetweenLooks is how many steps are tried before the clock is looked at again.
const pairsBetweenLooks = 4096

// roomy lists hosts by what the limits leave of each resource.
type roomy struct {
	free   [][]int64        // by resource and host
	byFree [][]cloud.HostID // by resource: all hosts, the fullest first
}

func newRoomy(s *cloud.State, rules []cloud.Rule) *roomy {
	in := s.Instance()
	limits := cloud.Sort(in, rules).Limits
	out := &roomy{}
	for r := range in.Resources {
		free, hosts := make([]int64, len(in.Hosts)), make([]cloud.HostID, len(in.Hosts))
		for h := range hosts {
			hosts[h] = cloud.HostID(h)
			free[h] = limits[h*len(in.Resources)+r] - s.Used(cloud.HostID(h), r)
		}
		slices.SortFunc(hosts, func(a, b cloud.HostID) int { return cmp.Or(cmp.Compare(free[a], free[b]), cmp.Compare(a, b)) })
		out.free, out.byFree = append(out.free, free), append(out.byFree, hosts)
	}
	return out
}

// hosts are all that have room for a demand, and others: those with room by the resource of
// which the fewest have.
func (m *roomy) hosts(demand []int64) []cloud.HostID {
	best := m.byFree[0]
	for r, hosts := range m.byFree {
		first, _ := slices.BinarySearchFunc(hosts, demand[r], func(h cloud.HostID, d int64) int { return cmp.Compare(m.free[r][h], d) })
		if with := hosts[first:]; len(with) < len(best) {
			best = with
		}
	}
	return best
}
