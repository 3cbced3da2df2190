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
			Synopsis: "wherever a VM of a group stands, one of each group it depends on stands too",
			Doc: "\"Wherever\" is per host, rack, zone or label value. A migrating VM needs what it depends on " +
				"at both ends, and serves others only where it comes from. A VM that is of both groups serves " +
				"itself wherever it is, so that every migration could be taken back. The dependency rule " +
				"of the ROADEF/EURO challenge 2012 is this rule by neighbourhood.",
			Params: []spec.Param{
				{Name: "group", Type: spec.String, Required: true, Doc: "name of the group that depends"},
				{Name: "on", Type: spec.String, List: true, Required: true, Doc: "names of the groups depended on"},
				byParam("zone"), continuousParam(),
			},
			Citation: roadef2012,
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
	if err := checkBy(in, by); err != nil {
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
// the VM comes from or where it goes.
func (d *depends) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	reported := map[string]bool{}
	need := func(vm cloud.VMID, h cloud.HostID) {
		if h == cloud.Absent || (change != nil && !d.touches(change, h)) {
			return
		}
		place := d.in.Hosts[h].Domain(d.by)
		for _, on := range d.on {
			if d.stands(v, on, place) || slices.Contains(d.in.Groups[on].VMs, vm) {
				continue
			}
			if key := place + "\x00" + d.in.Groups[on].Name; !reported[key] {
				reported[key] = true
				out = append(out, d.violation("%s %q holds VM %q of group %q and no VM of group %q",
					d.by, place, d.in.VMs[vm].Name, d.in.Groups[d.group].Name, d.in.Groups[on].Name))
			}
		}
	}
	for _, vm := range d.in.Groups[d.group].VMs {
		need(vm, v.HostOf(vm))
		if change != nil && change.VM == vm {
			need(vm, change.To)
		}
	}
	return out
}

func (d *depends) stands(v cloud.View, group int, place string) bool {
	for _, vm := range d.in.Groups[group].VMs {
		if h := v.HostOf(vm); h != cloud.Absent && d.in.Hosts[h].Domain(d.by) == place {
			return true
		}
	}
	return false
}

// touches tells whether a change has an end in the host's place.
func (d *depends) touches(c *cloud.Change, h cloud.HostID) bool {
	place := d.in.Hosts[h].Domain(d.by)
	return (c.From != cloud.Absent && d.in.Hosts[c.From].Domain(d.by) == place) ||
		(c.To != cloud.Absent && d.in.Hosts[c.To].Domain(d.by) == place)
}

func (d *depends) NewGuard(s *cloud.State) cloud.Guard {
	return dependsGuard{rule: d, census: s.Census(d.by)}
}

type dependsGuard struct {
	rule   *depends
	census *cloud.Census
}

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
			if g.census.Count(on, target) == 0 && !slices.Contains(groups, int32(on)) {
				return false
			}
		}
	}
	if source < 0 {
		return true
	}
	remaining := g.census.Count(g.rule.group, source)
	if needs {
		remaining--
	}
	if remaining == 0 {
		return true
	}
	for _, in := range groups {
		if slices.Contains(g.rule.on, int(in)) && g.census.Count(int(in), source) == 1 {
			return false
		}
	}
	return true
}
