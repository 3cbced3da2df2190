package formulation

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Counter is something that the VMs of a place have together and of which a place has
// room for so much: a resource of a host, or the members of a group in a rack. A VM under
// way counts in the places of both its hosts, and once where they are the same place.
type Counter struct {
	Name     string // an identifier, unique among the counters of a formulation
	Rule     string // what it stands for
	Resource int    // that it counts; -1 for VMs
	Places   *Places
	// Members lists the VMs that count, in ascending order; the others demand nothing.
	Members []Member

	limits []int64 // by place
}

// Places are the failure domains of one kind.
type Places struct {
	By    string  // host, rack, zone, or the name of a host label
	Of    []int32 // by host
	Names []string
}

// Member is a VM and what it demands, more than nothing.
type Member struct {
	VM     cloud.VMID
	Demand int64
}

// Limit is what the VMs of a place may demand together.
func (c *Counter) Limit(place int32) int64 { return c.limits[place] }

// Unit is the greatest common divisor of what the members demand, so that in this unit
// the numbers are as small as can be; at least 1.
func (c *Counter) Unit() int64 {
	unit := int64(0)
	for _, m := range c.Members {
		unit = GCD(m.Demand, unit)
	}
	return max(unit, 1)
}

// GCD is the greatest common divisor of two numbers that are not negative; that of
// nothing and a number is the number.
func GCD(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// Used is what the VMs of each place demand together in a placement.
func (c *Counter) Used(p cloud.Placement) []int64 {
	used := make([]int64, len(c.Places.Names))
	for _, m := range c.Members {
		if h := p[m.VM]; h != cloud.Absent {
			used[c.Places.Of[h]] += m.Demand
		}
	}
	return used
}

// binds tells whether some place would run over if all VMs stood in it.
func (c *Counter) binds() bool {
	var all int64 // the sum over all VMs of an instance fits
	for _, m := range c.Members {
		all += m.Demand
	}
	return len(c.limits) > 0 && all > slices.Min(c.limits)
}

// capacities are the counters of what the limiters bound, one for each resource.
func (f *Formulation) capacities(limiters []cloud.Limiter) []Counter {
	in := f.Instance
	if len(limiters) == 0 {
		return nil
	}
	var out []Counter
	for r, resource := range in.Resources {
		c := Counter{Name: resource.Name, Resource: r, Rule: "capacity, " + resource.Name, Places: f.PlacesBy("host")}
		if resource.Unit != "" {
			c.Rule += " in " + resource.Unit
		}
		c.limits = make([]int64, len(in.Hosts))
		for h := range in.Hosts {
			c.limits[h] = math.MaxInt64
			for _, l := range limiters {
				c.limits[h] = min(c.limits[h], l.Limit(cloud.HostID(h), r))
			}
		}
		for _, v := range f.VMs {
			if d := in.VMs[v].Demand[r]; d > 0 {
				c.Members = append(c.Members, Member{v, d})
			}
		}
		if c.binds() {
			out = append(out, c)
		}
	}
	return out
}

// PlacesBy are the failure domains of a kind, the same for all that ask.
func (f *Formulation) PlacesBy(by string) *Places {
	for _, p := range f.kinds {
		if p.By == by {
			return p
		}
	}
	p := &Places{By: by}
	p.Of, p.Names = f.Instance.Domains(by)
	f.kinds = append(f.kinds, p)
	return p
}

// quota is the counter of the VMs that a rule bounds the number of.
func (f *Formulation) quota(r cloud.Rule, q cloud.Quota) Counter {
	s := Spec(r)
	c := Counter{Name: s.Name, Resource: -1, Rule: r.String(), Places: f.PlacesBy(q.Places())}
	if group, ok := s.Value("group"); ok {
		c.Name += "-" + group.Text
	}
	c.limits = make([]int64, len(c.Places.Names))
	for h, p := range c.Places.Of {
		c.limits[p] = q.Most(cloud.HostID(h))
	}
	for _, v := range f.present(r.Watches()) {
		c.Members = append(c.Members, Member{v, 1})
	}
	return c
}

// present lists those of some VMs, nil being all, that are VMs of the formulation, in
// ascending order.
func (f *Formulation) present(watched []cloud.VMID) []cloud.VMID {
	if watched == nil {
		return f.VMs
	}
	out := slices.DeleteFunc(slices.Clone(watched), func(v cloud.VMID) bool { return !f.there[v] })
	slices.Sort(out)
	return out
}

// Spec is the spec of a bound rule: what no ability of the rule tells, its spec does.
func Spec(r cloud.Rule) spec.Spec {
	s, err := spec.Parse(r.String())
	if err != nil {
		panic(fmt.Sprintf("formulation: the text of a rule is no spec: %v", err))
	}
	return s
}

// Argument is the text of one argument of a spec, empty when it has none.
func Argument(s spec.Spec, key string) string {
	v, _ := s.Value(key)
	return v.Text
}

// Arguments are the texts of an argument that is a list, or a single text.
func Arguments(s spec.Spec, key string) []string {
	v, _ := s.Value(key)
	if v.Form != spec.List {
		return []string{v.Text}
	}
	return prose.Texts(v.List, func(e spec.Value) string { return e.Text })
}

// name makes the names of counters identifiers that differ.
func name(counters []Counter) {
	for i := range counters {
		counters[i].Name = "c" + strconv.Itoa(i) + suffix(counters[i].Name)
	}
}
