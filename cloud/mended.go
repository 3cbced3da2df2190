package cloud

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// Breaches lists in what a placement breaks the rules that are being mended: those of [Mend] that
// are in their mending form. O(what these rules take to judge the placement).
func Breaches(in *Instance, rules []Rule, p Placement) []Violation {
	var out []Violation
	view := standing(in, p)
	for _, rule := range rules {
		if m, ok := rule.(Mending); ok {
			out = append(out, m.Whole().Violations(view, nil)...)
		}
	}
	return out
}

// Brief names the rule and the place, without saying what is wrong there.
func (v Violation) Brief() string {
	if place := v.Where.String(); place != "" {
		return v.Rule + ": " + place
	}
	return v.Rule
}

// Distinct leaves one of several violations of a rule at the same place: the first.
func Distinct(found []Violation) []Violation {
	type key struct {
		rule  string
		where Where
	}
	seen := map[key]bool{}
	var out []Violation
	for _, v := range found {
		if k := (key{v.Rule, v.Where}); !seen[k] {
			seen[k] = true
			out = append(out, v)
		}
	}
	return out
}

// Extent counts the rules that violations are of, and the places that they are at: "2 rules at
// 3 places". Where a group stands wrong as a whole, that is one place.
func Extent(found []Violation) string {
	type place struct {
		where Where
		group string // the rule about it
	}
	rules, places := map[string]bool{}, map[place]bool{}
	for _, v := range found {
		rules[v.Rule] = true
		p := place{where: v.Where}
		if v.Where == (Where{}) {
			p.group = v.Rule
		}
		places[p] = true
	}
	return prose.Count(len(rules), "rule") + " at " + prose.Count(len(places), "place")
}

// Mends finds out which step of a plan mends what. By position of the step, it lists the breaches
// of the initial placement that are gone for the first time when the step has ended, one for each
// rule and place. A breach that is gone as soon as a step starts counts for that step when it ends. The
// rules are those in force on the way ([Mend]). Where a step cannot be carried out ([Replay]), Mends
// returns what it has found so far and the error.
//
// O(instance + steps × resources), and a question to a rule for each step that leaves or enters a
// place where a breach is left, or moves a VM of a group that still stands wrong.
func Mends(in *Instance, rules []Rule, p *Plan) (map[int][]Violation, error) {
	left := newBreaches(in, rules)
	if left == nil {
		return nil, nil
	}
	out := map[int][]Violation{}
	s := NewState(in, nil, in.Initial)
	ended := -1 // the step that has just ended, and that was not yet looked at
	look := func() {
		if ended >= 0 {
			if gone := left.ended(s, &p.Steps[ended]); gone != nil {
				out[ended] = gone
			}
		}
		ended = -1
	}
	for e, err := range Replay(s, p) {
		look()
		if err != nil {
			return out, err
		}
		if e.Ends {
			ended = e.Step
		}
	}
	look()
	return out, nil
}

// breaches are those of the initial placement that are left, by what can end them.
type breaches struct {
	in     *Instance
	ofVM   map[VMID][]*breach   // of rules about single VMs
	onHost map[HostID][]*breach // by each host of the place
	groups []*breach            // of rules about where a group is
}

// breach is one of a rule at a place.
type breach struct {
	Violation
	order   int // among all
	rule    Rule
	hosts   []HostID      // of the place
	watches map[VMID]bool // nil: all
	gone    bool
}

// newBreaches judges the initial placement; nil where it breaks no rule that is being mended.
func newBreaches(in *Instance, rules []Rule) *breaches {
	b := &breaches{in, map[VMID][]*breach{}, map[HostID][]*breach{}, nil}
	view, n := standing(in, in.Initial), 0
	hosts := map[string]map[string][]HostID{} // by kind and name of a place
	for _, rule := range rules {
		m, ok := rule.(Mending)
		if !ok {
			continue
		}
		whole, watches := m.Whole(), watchedBy(m.Whole())
		for _, v := range Distinct(whole.Violations(view, nil)) {
			w := v.Where
			if hosts[w.By] == nil {
				hosts[w.By] = in.hostsBy(w.By)
			}
			b.add(&breach{Violation: v, order: n, rule: whole, hosts: hosts[w.By][w.Place], watches: watches})
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return b
}

// add files a breach under what can end it.
func (b *breaches) add(one *breach) {
	w := one.Where
	vm, known := b.in.VM(w.VM)
	switch {
	case w.VM != "" && known:
		b.ofVM[vm] = append(b.ofVM[vm], one)
	case w == Where{} || len(one.hosts) == 0:
		b.groups = append(b.groups, one)
	default:
		for _, h := range one.hosts {
			b.onHost[h] = append(b.onHost[h], one)
		}
	}
}

// hostsBy lists the hosts of every place of a kind.
func (in *Instance) hostsBy(by string) map[string][]HostID {
	out := map[string][]HostID{}
	for h := range in.Hosts {
		place := in.Hosts[h].Domain(by)
		out[place] = append(out[place], HostID(h))
	}
	return out
}

// watchedBy are the VMs that a rule looks at; nil: all.
func watchedBy(rule Rule) map[VMID]bool {
	vms := rule.Watches()
	if vms == nil {
		return nil
	}
	out := make(map[VMID]bool, len(vms))
	for _, v := range vms {
		out[v] = true
	}
	return out
}

// ended removes the breaches that are gone when a step has ended, and returns them.
func (b *breaches) ended(s *State, step *Step) []Violation {
	var found []*breach
	look := func(among []*breach, change *Change) []*breach {
		return slices.DeleteFunc(among, func(one *breach) bool {
			if !one.gone && (one.watches == nil || one.watches[step.VM]) && !b.persists(s, one, change) {
				one.gone = true
				found = append(found, one)
			}
			return one.gone
		})
	}
	// A rule looks where the VM has left as though the VM had just come back, and where it has
	// arrived as it is.
	back, forth := &Change{VM: step.VM, From: step.To, To: step.From}, &Change{VM: step.VM, From: step.From, To: step.To}
	b.onHost[step.From] = look(b.onHost[step.From], back)
	b.onHost[step.To] = look(b.onHost[step.To], forth)
	b.ofVM[step.VM] = look(b.ofVM[step.VM], nil)
	b.groups = look(b.groups, nil)
	slices.SortFunc(found, func(x, y *breach) int { return x.order - y.order })
	var out []Violation
	for _, one := range found {
		out = append(out, one.Violation)
	}
	return Distinct(out) // a rule may be in force twice
}

// persists tells whether a rule is still broken where it was, if only a change can have mended it.
func (b *breaches) persists(s *State, one *breach, change *Change) bool {
	if vm, known := b.in.VM(one.Where.VM); one.Where.VM != "" && known {
		h := s.HostOf(vm)
		return h != Absent && b.in.Hosts[h].Domain(one.Where.By) == one.Where.Place
	}
	if q, ok := one.rule.(Quota); ok && len(one.hosts) > 0 {
		return one.held(s) > q.Most(one.hosts[0]) // the rule itself may look at the whole group
	}
	if one.Where.Group != "" { // with a change, a rule may look at some of the groups only
		change = nil
	}
	return slices.ContainsFunc(one.rule.Violations(s.View(), change), func(v Violation) bool { return v.Where == one.Where })
}

// held counts the VMs that the rule looks at in the place, each once.
func (one *breach) held(s *State) (n int64) {
	seen := map[VMID]bool{}
	for _, h := range one.hosts {
		for _, v := range s.On(h) {
			if !seen[v] && (one.watches == nil || one.watches[v]) {
				seen[v] = true
				n++
			}
		}
	}
	return n
}

// View is the state as the judge's form of rules sees it; it follows later changes of the state.
func (s *State) View() View { return stateView{s} }

type stateView struct{ s *State }

func (w stateView) On(h HostID) []VMID { return slices.Sorted(slices.Values(w.s.On(h))) }

func (w stateView) HostOf(v VMID) HostID { return w.s.HostOf(v) }

func (w stateView) Destination(v VMID) (HostID, bool) {
	if i := w.s.way(v); i >= 0 {
		return w.s.underWay[i].To, true
	}
	return Absent, false
}
