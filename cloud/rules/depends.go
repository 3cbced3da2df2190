package rules

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func dependsEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "depends",
			Synopsis: "any place that holds a VM of a group holds one of each group that it depends on",
			Doc: "\"Wherever\" is per host, rack, zone or label value. A migrating VM needs what it depends on " +
				"at both ends, and serves others only where it comes from. A VM that is of both groups serves " +
				"itself wherever it is, so that every migration could be taken back. The dependency rule " +
				"of the ROADEF/EURO challenge 2012 is this rule by neighbourhood.",
			Params: []spec.Param{
				{Name: "group", Type: spec.String, Required: true, Doc: "name of the group that depends"},
				{Name: "on", Type: spec.String, List: true, Required: true, Doc: "names of the groups depended on"},
				byParam("zone"), continuousParam(),
			},
			Citation: ROADEF2012,
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance) ([]cloud.Rule, error) { return bindDepends(in, a) }, nil
		},
	}
}

func bindDepends(in *cloud.Instance, a spec.Args) ([]cloud.Rule, error) {
	group, err := oneGroup(in, a.String("group"))
	if err != nil {
		return nil, err
	}
	by := a.String("by")
	if err := CheckBy(in, by); err != nil {
		return nil, err
	}
	d := &depends{timed: timed{a.Full().String(), a.Bool("continuous")}, in: in, group: group, by: by}
	for _, name := range a.Strings("on") {
		on, err := oneGroup(in, name)
		if err != nil {
			return nil, err
		}
		if on != group && !slices.Contains(d.on, on) { // a group is always where it is
			d.on = append(d.on, on)
		}
	}
	return []cloud.Rule{d}, nil
}

// depends keeps one group where others are.
type depends struct {
	timed
	in    *cloud.Instance
	group int
	on    []int
	by    string
}

// Places implements [cloud.Needs].
func (d *depends) Places() string { return d.by }

// Needs implements [cloud.Needs].
func (d *depends) Needs() (group int, on []int) { return d.group, d.on }

// Watches implements [cloud.Rule]: VMs that stand in several of the groups are
// listed once.
func (d *depends) Watches() []cloud.VMID {
	out := append([]cloud.VMID{}, d.in.Groups[d.group].VMs...)
	for _, on := range d.on {
		out = append(out, d.in.Groups[on].VMs...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Violations asks, for every place that holds a VM of the group or is about to,
// whether each group depended on stands there. A change can only break that where
// the VM comes from or where it goes, and by a VM that does not depend itself only for
// the groups that it is of. O(VMs of the groups).
func (d *depends) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	on := d.on
	var ends []string // places in which the change has an end
	if change != nil {
		on, ends = d.concerned(change.VM), d.ends(*change)
	}
	standing := make([]map[string]bool, len(on)) // by group depended on: where it stands, as far as was asked
	reported := map[string]bool{}
	need := func(vm cloud.VMID, h cloud.HostID) {
		if h == cloud.Absent {
			return
		}
		place := d.in.Hosts[h].Domain(d.by)
		if change != nil && !slices.Contains(ends, place) {
			return
		}
		for i, group := range on {
			if standing[i] == nil {
				standing[i] = d.standing(v, group, ends)
			}
			if standing[i][place] || slices.Contains(d.in.Groups[group].VMs, vm) {
				continue
			}
			if key := place + "\x00" + d.in.Groups[group].Name; !reported[key] {
				reported[key] = true
				out = append(out, d.at(cloud.Where{By: d.by, Place: place, Group: d.in.Groups[group].Name}, "%s %q holds VM %q of group %q and no VM of group %q",
					d.by, place, d.in.VMs[vm].Name, d.in.Groups[d.group].Name, d.in.Groups[group].Name))
			}
		}
	}
	for _, vm := range d.in.Groups[d.group].VMs {
		need(vm, v.HostOf(vm))
		if to, underWay := v.Destination(vm); underWay {
			need(vm, to)
		}
	}
	return out
}

// concerned are the groups depended on whose absence a VM can bring about where it comes
// from, or comes to suffer from where it goes.
func (d *depends) concerned(vm cloud.VMID) []int {
	if slices.Contains(d.in.Groups[d.group].VMs, vm) {
		return d.on
	}
	var out []int
	for _, on := range d.on {
		if slices.Contains(d.in.Groups[on].VMs, vm) {
			out = append(out, on)
		}
	}
	return out
}

// ends are the places that a change has an end in, each once.
func (d *depends) ends(c cloud.Change) []string {
	var out []string
	for _, h := range []cloud.HostID{c.From, c.To} {
		if h != cloud.Absent {
			out = append(out, d.in.Hosts[h].Domain(d.by))
		}
	}
	return slices.Compact(out)
}

// standing is in which of some places a group stands, or in which of all where none are
// given. It looks at no more VMs than it takes to find all that are given.
func (d *depends) standing(v cloud.View, group int, among []string) map[string]bool {
	out := map[string]bool{}
	for _, vm := range d.in.Groups[group].VMs {
		h := v.HostOf(vm)
		if h == cloud.Absent {
			continue
		}
		place := d.in.Hosts[h].Domain(d.by)
		if len(among) > 0 && !slices.Contains(among, place) {
			continue
		}
		if out[place] = true; len(out) == len(among) {
			break
		}
	}
	return out
}

func (d *depends) NewGuard(s *cloud.State) cloud.Guard {
	return dependsGuard{rule: d, census: s.Census(d.by)}
}

// Mend implements [cloud.Mender].
func (d *depends) Mend(start cloud.View) cloud.Mending {
	m := &dependsMending{*d, map[cloud.Where]bool{}}
	for _, v := range d.Violations(start, nil) {
		m.lacks[v.Where] = true
	}
	return m
}

type dependsGuard struct {
	rule   *depends
	census *cloud.Census
	lacks  map[lack]bool // that are tolerated
}

// Allows asks, where the VM goes, for VMs that it depends on and that stay there, and, where it
// comes from, for others that do for those that stay: one that leaves may be gone at once, and one
// that arrives may take its time. A VM of both groups serves itself wherever it is.
func (g dependsGuard) Allows(s *cloud.State, vm cloud.VMID, from, to cloud.HostID) bool {
	source, target := int32(-1), int32(-1)
	if from != cloud.Absent {
		source = g.census.Domain(from)
	}
	if to != cloud.Absent {
		target = g.census.Domain(to)
	}
	if source == target {
		return true
	}
	groups := s.GroupsOf(vm)
	needs := slices.Contains(groups, int32(g.rule.group))
	if needs && target >= 0 {
		for _, on := range g.rule.on {
			if !slices.Contains(groups, int32(on)) && settled(s, g.census, on, target) == 0 && !g.lacks[lack{target, on}] {
				return false
			}
		}
	}
	if source < 0 {
		return true
	}
	remaining := charged(s, g.census, g.rule.group, source)
	if needs {
		remaining--
	}
	if remaining == 0 {
		return true
	}
	for _, in := range groups {
		if slices.Contains(g.rule.on, int(in)) && settled(s, g.census, int(in), source) == 1 &&
			remaining > g.serveThemselves(s, int(in), source) && !g.lacks[lack{source, int(in)}] {
			return false
		}
	}
	return true
}

// serveThemselves counts the VMs under way, from a place or to it, that are both of the group that
// depends and of one that it depends on.
func (g dependsGuard) serveThemselves(s *cloud.State, on int, place int32) int {
	n := 0
	for _, m := range s.UnderWay() {
		if !crosses(g.census, m) || !isMember(s, m.VM, on) || !isMember(s, m.VM, g.rule.group) {
			continue
		}
		for _, end := range []cloud.HostID{m.From, m.To} {
			if end != cloud.Absent && g.census.Domain(end) == place {
				n++
			}
		}
	}
	return n
}
