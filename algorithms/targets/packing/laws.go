package packing

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// laws are the rules that a placement has to keep, by what they look at.
type laws struct {
	// R is the number of resources, and one more where rules limit how many VMs a host holds.
	limit   []int64 // [host*R + resource]; MaxInt64 where nothing limits
	demand  []int64 // [vm*R + resource]
	filters []cloud.HostFilter
	ofVM    [][]int32 // by VM: the filters that look at it; nil where none looks at any
	joint   []cloud.Rule
	watched [][]int32 // by VM: positions in joint of rules that look at some VMs
	all     []int32   // positions in joint of rules that look at all
	ways    []cloud.WayFilter

	broken []int // by position in joint: in how many ways the placement breaks the rule
	total  int
}

func newLaws(p *Problem) *laws {
	in := p.Instance
	n := len(in.Resources)
	l := &laws{demand: in.Demands()}
	if slices.ContainsFunc(p.Rules, counts) {
		n++
		l.demand = make([]int64, 0, len(in.VMs)*n)
		for v := range in.VMs {
			l.demand = append(append(l.demand, in.VMs[v].Demand...), 1)
		}
	}
	l.limit = slices.Repeat([]int64{math.MaxInt64}, len(in.Hosts)*n)
	for _, rule := range p.Rules {
		if counts(rule) {
			for h := range in.Hosts {
				at := &l.limit[h*n+n-1]
				*at = min(*at, rule.(cloud.Quota).Most(cloud.HostID(h)))
			}
			continue
		}
		limiter, limits := rule.(cloud.Limiter)
		f, filters := rule.(cloud.HostFilter)
		w, ways := rule.(cloud.WayFilter)
		if limits {
			for h := range in.Hosts {
				for i := range in.Resources {
					l.limit[h*n+i] = min(l.limit[h*n+i], limiter.Limit(cloud.HostID(h), i))
				}
			}
		}
		if ways {
			l.ways = append(l.ways, w)
		}
		if filters {
			l.ofVM = look(l.ofVM, len(in.VMs), rule, int32(len(l.filters)))
			l.filters = append(l.filters, f)
		}
		if !limits && !filters && !ways {
			if rule.Watches() == nil {
				l.all = append(l.all, int32(len(l.joint)))
			} else {
				l.watched = look(l.watched, len(in.VMs), rule, int32(len(l.joint)))
			}
			l.joint = append(l.joint, rule)
		}
	}
	return l
}

// counts tells whether a rule limits how many VMs each host holds, and nothing else.
func counts(rule cloud.Rule) bool {
	q, ok := rule.(cloud.Quota)
	return ok && q.Places() == "host" && rule.Watches() == nil
}

// look notes by VM that a rule with a number looks at it.
func look(of [][]int32, vms int, rule cloud.Rule, number int32) [][]int32 {
	if of == nil {
		of = make([][]int32, vms)
	}
	if watched := rule.Watches(); watched != nil {
		for _, v := range watched {
			of[v] = append(of[v], number)
		}
		return of
	}
	for v := range vms {
		of[v] = append(of[v], number)
	}
	return of
}

// admits tells whether a VM may stand on a host in the end, whatever else stands there, and get there
// from its home.
func (x *Packing) admits(v cloud.VMID, h cloud.HostID) bool {
	l, home := x.laws, x.p.Home[v]
	if x.p.Stay != nil && x.p.Stay[v] && h != home {
		return false
	}
	if l.ofVM != nil {
		for _, n := range l.ofVM[v] {
			if !l.filters[n].Admits(v, h) {
				return false
			}
		}
	}
	if home != cloud.Absent {
		for _, w := range l.ways {
			if !w.Leads(v, home, h) {
				return false
			}
		}
	}
	return true
}

// hurt counts in how many ways a VM breaks, where it stands, the rules that look at more than one VM. Lawful is
// false where it breaks one that was kept.
func (x *Packing) hurt(v cloud.VMID) (n int, lawful bool) {
	l := x.laws
	if l.joint == nil {
		return 0, true
	}
	change := &cloud.Change{VM: v, From: cloud.Absent, To: x.state.HostOf(v)}
	if l.watched != nil {
		for _, i := range l.watched[v] {
			found := len(l.joint[i].Violations(x.view, change))
			if found > 0 && l.broken[i] == 0 {
				return found, false
			}
			n += found
		}
	}
	for _, i := range l.all {
		if found := len(l.joint[i].Violations(x.view, change)); found > 0 {
			return found, false
		}
	}
	return n, true
}

// count judges the rules that look at more than one VM.
func (l *laws) count(v cloud.View) {
	l.broken, l.total = make([]int, len(l.joint)), 0
	for i, rule := range l.joint {
		l.broken[i] = len(rule.Violations(v, nil))
		l.total += l.broken[i]
	}
}

// recount judges again those rules that VMs look at which have moved since a mark, and tells how many
// more violations there are.
func (x *Packing) recount(mark int) (counts map[int32]int, more int) {
	l := x.laws
	if l.joint == nil {
		return nil, 0
	}
	counts = map[int32]int{}
	ask := func(i int32, change *cloud.Change) {
		n := len(l.joint[i].Violations(x.view, change))
		more += n - l.broken[i]
		counts[i] = n
	}
	for _, s := range x.trail[mark:] {
		if l.watched != nil {
			for _, i := range l.watched[s.vm] {
				if _, asked := counts[i]; !asked {
					ask(i, nil)
				}
			}
		}
		for _, i := range l.all {
			_, asked := counts[i]
			switch {
			case l.broken[i] == 0 && (!asked || counts[i] == 0): // the ends of the move tell
				ask(i, &cloud.Change{VM: s.vm, From: s.from, To: x.state.HostOf(s.vm)})
			case !asked:
				ask(i, nil)
			}
		}
	}
	return counts, more
}

func (l *laws) apply(counts map[int32]int) {
	for i, n := range counts {
		l.total += n - l.broken[i]
		l.broken[i] = n
	}
}

// restore has the rules broken as they were.
func (l *laws) restore(broken []int) {
	l.broken, l.total = broken, 0
	for _, n := range broken {
		l.total += n
	}
}

// culprits are the VMs that break one of the rules in one way, or take part in that, drawn at random.
func (x *Packing) culprits() []cloud.VMID {
	l := x.laws
	var broken []int
	for i, n := range l.broken {
		if n > 0 {
			broken = append(broken, i)
		}
	}
	if len(broken) == 0 {
		return nil
	}
	rule := l.joint[broken[x.rnd.IntN(len(broken))]]
	found := rule.Violations(x.view, nil)
	if len(found) == 0 {
		return nil
	}
	where := found[x.rnd.IntN(len(found))].Where
	if v, ok := x.p.Instance.VM(where.VM); ok && where.VM != "" {
		return []cloud.VMID{v}
	}
	watched := rule.Watches()
	hosts := x.p.Instance.HostsAt(where)
	var out []cloud.VMID
	if watched != nil && (hosts == nil || x.rnd.IntN(2) == 0) {
		hosts, out = nil, slices.Clone(watched)
	}
	for _, h := range hosts {
		for _, v := range x.state.On(h) {
			if watched == nil || slices.Contains(watched, v) {
				out = append(out, v)
			}
		}
	}
	x.rnd.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out[:min(len(out), mostCulprits)]
}

// mostCulprits bounds how many VMs are taken out because they break a rule.
const mostCulprits = 64
