package execution

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Some rules look at where VMs stand initially: pin, quarantine and at-once on the way, others in the end. For them the execution has one
// beginning, although its world is rebuilt with every change.

// origin is the rules bound to the placement before the execution, in which foreign VMs stand nowhere. O(instance).
func (w *world) origin() ([]cloud.Rule, error) {
	in := *w.in
	in.Initial = slices.Clip(w.task.Instance.Initial.Clone())
	for len(in.Initial) < len(in.VMs) {
		in.Initial = append(in.Initial, cloud.Absent)
	}
	if err := in.Check(); err != nil {
		return nil, err
	}
	return rules.Bind(w.task.Catalogue, &in, rules.Specs(w.task.Instance, w.task.Rules))
}

// bindOrigin binds the rules that hold only in the end, and those on the way that depend on the beginning. A VM that stands nowhere has lost its
// initial host, so it is banned from all hosts that the rules did not let it use from there.
func (w *world) bindOrigin(now cloud.Placement) error {
	bound, err := w.origin()
	if err != nil {
		return err
	}
	for _, r := range bound {
		if !r.Continuous() {
			w.final = append(w.final, r)
		} else if isGuestLimit(r) {
			w.guests = append(w.guests, r)
		}
	}
	filters := cloud.Sort(w.in, bound).Filters
	if filters.Empty() {
		return nil
	}
	for v, home := range w.task.Instance.Initial {
		if home == cloud.Absent || now[v] != cloud.Absent || w.in.Initial[v] != cloud.Absent {
			continue
		}
		var banned []string
		for h := range w.in.Hosts {
			if !filters.Admits(cloud.VMID(v), cloud.HostID(h)) {
				banned = append(banned, w.in.Hosts[h].Name)
			}
		}
		if len(banned) > 0 {
			w.specs = append(w.specs, spec.Named("ban").WithValue("vms", spec.Words(w.in.VMs[v].Name)).WithValue("hosts", spec.Words(banned...)))
		}
	}
	return nil
}

// isGuestLimit tells whether a rule is about VMs that stand elsewhere initially, so that it has to be bound to the beginning.
func isGuestLimit(r cloud.Rule) bool { _, ok := r.(cloud.GuestLimiter); return ok }

// onTheWay lists the rules that hold on the way. Whether the others hold in the end does not depend on the path.
func (w *world) onTheWay() (specs []spec.Spec, bound []cloud.Rule, err error) {
	specs = []spec.Spec{}
	for _, s := range w.specs {
		some, err := rules.Bind(w.task.Catalogue, w.in, []spec.Spec{s})
		if err != nil {
			return nil, nil, err
		}
		if some = slices.DeleteFunc(some, func(r cloud.Rule) bool { return !r.Continuous() }); len(some) > 0 {
			specs, bound = append(specs, s), append(bound, some...)
		}
	}
	return specs, slices.Concat(slices.DeleteFunc(bound, isGuestLimit), w.guests), nil
}
