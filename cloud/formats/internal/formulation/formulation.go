package formulation

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// Formulation is an instance as a solver of another kind is told it.
type Formulation struct {
	Instance *cloud.Instance
	Cost     cloud.CostFunction
	Start    cloud.Placement // after the shutdowns
	Goal     cloud.Placement // before the provisions
	// VMs lists the VMs that are in the cloud during the migrations.
	VMs []cloud.VMID
	// Counters are what may not run over, without those that cannot.
	Counters []Counter
	// Restricted tells whether some VM may not arrive at some host.
	Restricted bool
	// Others are the rules that neither the counters nor [Formulation.MayArrive]
	// express.
	Others []cloud.Rule
	// Obstacle says why no path can exist, when a start or a goal that breaks a rule
	// shows that; else it is empty. A discrete rule that the target breaks can be
	// found here alone.
	Obstacle string

	there   []bool // by VM: whether it is one of VMs
	filters []filter
	kinds   []*Places
}

// filter is one rule's word on whether a VM may arrive at a host.
type filter func(cloud.VMID, cloud.HostID) bool

// New makes the formulation of an instance under its own rules. The instance must have a
// target and a sane initial placement: no formulation says how rules are mended. It takes
// time linear in VMs × hosts when a rule looks at single hosts, and else in the instance.
func New(c *spec.Catalogue, in *cloud.Instance, cost costs.Binder) (*Formulation, error) {
	if in.Target == nil {
		return nil, errors.New("it has no target placement: choose one first")
	}
	bound, err := rules.Bind(c, in, nil)
	if err != nil {
		return nil, err
	}
	if _, breaches, err := cloud.Mend(in, bound, in.Initial); err != nil {
		return nil, err
	} else if len(breaches) > 0 {
		return nil, unmendable(breaches)
	}
	charge, err := cost(in)
	if err != nil {
		return nil, err
	}
	f := &Formulation{Instance: in, Cost: charge, Start: in.Start(), Goal: in.Goal()}
	f.admit(func(v cloud.VMID) bool { return f.Start[v] != cloud.Absent })
	f.judgeEnds(bound)
	f.sort(slices.DeleteFunc(slices.Clone(bound), func(r cloud.Rule) bool { return !r.Continuous() }), func(r cloud.Rule) (filter, bool) {
		if admits, ok := filterOf(r); ok {
			return admits, true
		}
		return f.affinity(r)
	})
	f.Restricted = f.restricted()
	return f, nil
}

// admit says which VMs there are.
func (f *Formulation) admit(there func(cloud.VMID) bool) {
	f.there = make([]bool, len(f.Instance.VMs))
	for v := range f.there {
		if f.there[v] = there(cloud.VMID(v)); f.there[v] {
			f.VMs = append(f.VMs, cloud.VMID(v))
		}
	}
}

// unmendable is the fault of an initial placement that breaks rules.
func unmendable(breaches []cloud.Violation) error {
	more := ""
	if n := len(breaches) - 1; n > 0 {
		more = fmt.Sprintf(", and %d more", n)
	}
	return &cloud.PathError{Pointer: "/initial", Msg: "the initial placement breaks a rule, and this format cannot say how it is mended: " + breaches[0].String() + more}
}

// judgeEnds looks for an end of the path that is not sane.
func (f *Formulation) judgeEnds(bound []cloud.Rule) {
	for _, end := range []struct {
		where string
		place cloud.Placement
		final bool
	}{
		{"after the shutdowns", f.Start, false},
		{"before the provisions", f.Goal, false},
		{"in the target placement", f.Instance.Target, true},
	} {
		if found := validate.Placement(f.Instance, bound, end.place, end.final); len(found) > 0 {
			f.Obstacle = end.where + ", " + found[0].String()
			return
		}
	}
}

// sort decides for each rule how it is expressed.
func (f *Formulation) sort(bound []cloud.Rule, filterOf func(cloud.Rule) (filter, bool)) {
	var limiters []cloud.Limiter
	var quotas []Counter
	for _, r := range bound {
		if limiter, ok := r.(cloud.Limiter); ok {
			limiters = append(limiters, limiter)
		} else if q, ok := r.(cloud.Quota); ok {
			if c := f.quota(r, q); c.binds() {
				quotas = append(quotas, c)
			}
		} else if admits, ok := filterOf(r); ok {
			f.filters = append(f.filters, admits)
		} else {
			f.Others = append(f.Others, r)
		}
	}
	f.Counters = append(f.capacities(limiters), quotas...)
	name(f.Counters)
}

// filterOf is what a rule says about arrivals, when it says nothing else: where a VM may
// stand matters only when it arrives, since it starts where it may.
func filterOf(r cloud.Rule) (filter, bool) {
	_, oneWay := r.(cloud.OneWay)
	if a, ok := r.(cloud.ArrivalFilter); ok && oneWay {
		return a.Receives, true
	}
	if h, ok := r.(cloud.HostFilter); ok && !oneWay {
		return h.Admits, true
	}
	return nil, false
}

// affinity is an affinity as a filter. VMs that are together and cannot be suspended have
// to stay in their place, and with them whoever else is of their group; one that is alone
// may go anywhere.
func (f *Formulation) affinity(r cloud.Rule) (filter, bool) {
	s := Spec(r)
	if s.Name != "affinity" {
		return nil, false
	}
	members := f.present(r.Watches())
	if len(members) < 2 {
		return func(cloud.VMID, cloud.HostID) bool { return true }, true
	}
	firm := 0
	for _, v := range members {
		if !f.Instance.VMs[v].Interruptible {
			firm++
		}
	}
	if firm < 2 {
		return nil, false
	}
	of := f.PlacesBy(Argument(s, "by")).Of
	place := of[f.Start[members[0]]]
	return func(v cloud.VMID, h cloud.HostID) bool {
		_, member := slices.BinarySearch(members, v)
		return !member || of[h] == place
	}, true
}

// MayArrive tells whether no rule that looks at the VM and the host alone forbids the VM
// to arrive there.
func (f *Formulation) MayArrive(v cloud.VMID, h cloud.HostID) bool {
	for _, admits := range f.filters {
		if !admits(v, h) {
			return false
		}
	}
	return true
}

func (f *Formulation) restricted() bool {
	if len(f.filters) == 0 {
		return false
	}
	for _, v := range f.VMs {
		for h := range f.Instance.Hosts {
			if !f.MayArrive(v, cloud.HostID(h)) {
				return true
			}
		}
	}
	return false
}

// Interruptible tells whether some VM of the formulation may be suspended.
func (f *Formulation) Interruptible() bool {
	return slices.ContainsFunc(f.VMs, func(v cloud.VMID) bool { return f.Instance.VMs[v].Interruptible })
}

// Uniform is the cost function as one that charges the same for a VM wherever it goes,
// if that is what it is.
func (f *Formulation) Uniform() (cloud.HostIndependent, bool) {
	u, ok := f.Cost.(cloud.HostIndependent)
	return u, ok
}
