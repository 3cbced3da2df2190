package cloud

import (
	"errors"
	"fmt"
)

// Mender is an optional ability of a continuous [Rule] that may be broken where a path begins:
// an overfull host, a group that stands together and must not. A start that breaks the rule is
// tolerated as far as it does, the breach never grows, and the final placement keeps the
// whole rule. FORMAT.md says what exactly holds on the way.
//
// Of the mending form no more is known than the abilities that it has. It lets nothing take
// back what it allows unless it is not [OneWay], and it does not bound at all what a place
// holds that the start breaks unless it is a [Limiter].
type Mender interface {
	Rule
	// Mend is the rule in its mending form, for paths that begin at a placement that breaks it.
	Mend(start View) Mending
}

// Mending is a rule in its mending form.
type Mending interface {
	Rule
	// Whole is the rule that holds in the end.
	Whole() Rule
}

// Mend lists the rules in force on the way from a placement: those that it breaks are in their
// mending form, all others are as they are. It also lists in what the placement breaks them.
// It is an error to break a rule that is no [Mender]. O(what the rules take to judge the placement).
func Mend(in *Instance, rules []Rule, start Placement) (inForce []Rule, breaches []Violation, err error) {
	view := standing(in, start)
	inForce = rules
	var faults []error
	for i, rule := range rules {
		if !rule.Continuous() {
			continue
		}
		found := rule.Violations(view, nil)
		if len(found) == 0 {
			continue
		}
		m, ok := rule.(Mender)
		if !ok {
			for _, f := range found {
				faults = append(faults, &PathError{Pointer: "/initial", Msg: "the initial placement breaks a rule that no path can mend: " + f.String()})
			}
			continue
		}
		if len(breaches) == 0 {
			inForce = append([]Rule{}, rules...)
		}
		inForce[i] = m.Mend(view)
		breaches = append(breaches, found...)
	}
	if n := len(faults); n > maxBreaches {
		faults = append(faults[:maxBreaches], fmt.Errorf("(%d violations in all)", n))
	}
	return inForce, breaches, errors.Join(faults...)
}

// maxBreaches bounds how many violations one error lists.
const maxBreaches = 10

// Whole lists the rules that hold in the end: of those in their mending form, the whole.
func Whole(rules []Rule) []Rule {
	out := rules
	for i, rule := range rules {
		m, ok := rule.(Mending)
		if !ok {
			continue
		}
		if &out[0] == &rules[0] {
			out = append([]Rule{}, rules...)
		}
		out[i] = m.Whole()
	}
	return out
}

// still shows a placement in which no VM is under way.
type still struct {
	place Placement
	on    [][]VMID // by host, ascending
}

func standing(in *Instance, p Placement) *still {
	w := &still{p, emptyLists(len(in.Hosts), p)}
	for v, h := range p {
		if h != Absent {
			w.on[h] = append(w.on[h], VMID(v))
		}
	}
	return w
}

func (w *still) On(h HostID) []VMID { return w.on[h] }

func (w *still) HostOf(v VMID) HostID { return w.place[v] }

func (w *still) Destination(VMID) (HostID, bool) { return Absent, false }
