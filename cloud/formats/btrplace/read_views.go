package btrplace

import (
	"maps"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
)

// readViews reads resources and names, and finds the network.
func (r *reader) readViews(at string, views []wireView) error {
	for i := range views {
		v, at := &views[i], element(at, i)
		switch {
		case r.ignored(v.ID):
			r.leaveOut("view", v.ID)
			continue
		case v.ID == "":
			return missing(at, "id", "a text")
		}
		var err error
		switch v.ID {
		case viewResource:
			err = r.readResource(at, v)
		case viewNames:
			err = r.readNames(at, v)
		case viewNetwork:
			if r.net != nil {
				return fault(at, "there is a network already")
			}
			r.net = v
			err = r.checkNetwork(at)
		default:
			return fault(under(at, "id"), "no rule or resource says what the view %q does; ignore=[%s] leaves it out", v.ID, v.ID)
		}
		if err != nil {
			return err
		}
		for _, key := range slices.Sorted(maps.Keys(v.More)) {
			return fault(under(at, key), "unknown field %q of a view %s", key, v.ID)
		}
	}
	if len(r.in.Resources) == 0 {
		return fault(at, "expected a view %q: an instance needs a resource; found none", viewResource)
	}
	return nil
}

// leaveOut counts what is ignored.
func (r *reader) leaveOut(kind, id string) {
	for i := range r.left {
		if l := &r.left[i]; l.kind == kind && l.id == id {
			l.n++
			return
		}
	}
	r.left = append(r.left, leftOut{kind, id, 1})
}

// readResource adds a resource, and its amounts to hosts and VMs.
func (r *reader) readResource(at string, v *wireView) error {
	switch {
	case v.Resource == "":
		return missing(at, "rcId", "the name of a resource")
	case v.DefaultCapacity == nil:
		return missing(at, "defCapacity", "an integer")
	case v.DefaultConsumption == nil:
		return missing(at, "defConsumption", "an integer")
	case slices.ContainsFunc(r.in.Resources, func(res cloud.Resource) bool { return res.Name == v.Resource }):
		return fault(under(at, "rcId"), "there is a resource %q already", v.Resource)
	}
	r.in.Resources = append(r.in.Resources, cloud.Resource{Name: v.Resource})
	capacity, err := amounts(under(at, "nodes"), typeNode, v.Nodes, r.nodes, *v.DefaultCapacity, under(at, "defCapacity"))
	if err != nil {
		return err
	}
	for h := range r.in.Hosts {
		reserved := r.reserved[cloud.HostID(h)][v.Resource]
		r.in.Hosts[h].Capacity = append(r.in.Hosts[h].Capacity, capacity[h]+reserved)
		r.in.Hosts[h].Reserved = append(r.in.Hosts[h].Reserved, reserved)
	}
	demand, err := amounts(under(at, "vms"), "VM", v.VMs, r.vms, *v.DefaultConsumption, under(at, "defConsumption"))
	if err != nil {
		return err
	}
	for i := range r.in.VMs {
		r.in.VMs[i].Demand = append(r.in.VMs[i].Demand, demand[i])
	}
	return nil
}

// amounts spreads amounts by number over what has these numbers; the rest gets the default.
func amounts(at, what string, given map[string]int64, numbers []int64, otherwise int64, otherwiseAt string) ([]int64, error) {
	keys, err := byNumber(given, at, what)
	if err != nil {
		return nil, err
	}
	out := make([]int64, len(numbers))
	known := 0
	for i, n := range numbers {
		amount, there := given[numberKey(n)]
		place := under(at, numberKey(n))
		if !there {
			amount, place = otherwise, otherwiseAt
		} else {
			known++
		}
		if amount < 0 || amount > maxNumber {
			return nil, fault(place, "expected an integer from 0 to %d, found %d", maxNumber, amount)
		}
		out[i] = amount
	}
	if known == len(keys) {
		return out, nil
	}
	for _, n := range keys {
		if _, ok := slices.BinarySearch(numbers, n); !ok {
			return nil, fault(under(at, numberKey(n)), "unknown %s %d", what, n)
		}
	}
	return out, nil
}

// readNames gives hosts or VMs the names of a naming service.
func (r *reader) readNames(at string, v *wireView) error {
	for _, name := range slices.Sorted(maps.Keys(v.Map)) {
		n := v.Map[name]
		switch v.Type {
		case typeNode:
			h, ok := r.host[n]
			if !ok {
				return fault(under(at, "map", name), "unknown node %d", n)
			}
			r.in.Hosts[h].Name = name
		case typeVM:
			vm, ok := r.vm[n]
			if !ok {
				return fault(under(at, "map", name), "unknown VM %d", n)
			}
			r.in.VMs[vm].Name = name
		}
	}
	if v.Type != typeNode && v.Type != typeVM {
		return fault(under(at, "type"), "expected %s or %s, found %q", typeNode, typeVM, strings.ToValidUTF8(v.Type, "?"))
	}
	return nil
}
