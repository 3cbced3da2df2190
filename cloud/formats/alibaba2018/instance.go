package alibaba2018

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// instance translates the data, judges the placement, and repairs it where asked.
func (i importer) instance(d *data, name string) (*cloud.Instance, error) {
	in, err := i.translate(d, name, false)
	if err != nil {
		return nil, err
	}
	bound, err := rules.Bind(i.catalogue, in, nil)
	if err != nil {
		return nil, err
	}
	broken := validate.Placement(in, bound, in.Initial, true)
	demand := "each demand is the peak of its day"
	if i.slot >= 0 {
		demand = "demands of time slot " + strconv.Itoa(i.slot)
	}
	about := []string{
		"Alibaba Global Scheduling Algorithm Competition 2018", demand,
		"the given placement breaks " + counted(broken),
	}
	if i.unplace && len(broken) > 0 {
		off := unplace(in, bound)
		for _, v := range off {
			d.on[v], in.Initial[v] = nowhere, cloud.Absent
		}
		about = append(about, humanize.Comma(int64(len(off)))+" of the instances that broke them were taken off")
	}
	if i.drop {
		if in, err = i.translate(d, name, true); err != nil {
			return nil, err
		}
	}
	in.Description = strings.Join(about, "; ")
	return in, nil
}

// translate makes hosts, VMs, groups and rules. Unless VMs that stand nowhere are
// dropped, they are numbered like the instances.
func (i importer) translate(d *data, name string, drop bool) (*cloud.Instance, error) {
	in := &cloud.Instance{Name: name}
	for _, r := range resources {
		in.Resources = append(in.Resources, cloud.Resource{Name: r.name, Unit: r.unit})
	}
	in.Hosts = make([]cloud.Host, len(d.capacity))
	none := make([]int64, len(resources))
	for h, c := range d.capacity {
		in.Hosts[h] = cloud.Host{Name: d.machines.names[h], Capacity: c, Reserved: none}
	}
	members := make([][]cloud.VMID, len(d.demand))
	for n, app := range d.of {
		if drop && d.on[n] == nowhere {
			continue
		}
		members[app] = append(members[app], cloud.VMID(len(in.VMs)))
		in.VMs = append(in.VMs, cloud.VM{Name: d.instances.names[n], Demand: d.demand[app]})
		in.Initial = append(in.Initial, cloud.HostID(d.on[n])) // nowhere is Absent
	}
	named := make([]bool, len(d.demand)) // by some interference
	for _, r := range d.rules {
		named[r.app], named[r.with] = true, true
	}
	for app := range members {
		if named[app] || len(members[app]) > 1 {
			in.Groups = append(in.Groups, cloud.Group{Name: d.apps.names[app], VMs: members[app]})
		}
	}
	capacity := spec.Named("capacity")
	if i.cpuShare != "1" {
		capacity = capacity.With("overcommit.cpu", i.cpuShare)
	}
	in.Rules = append(in.Rules, capacity)
	for _, r := range d.rules {
		in.Rules = append(in.Rules, spec.Named("interference").With("group", d.apps.names[r.app]).
			With("with", d.apps.names[r.with]).With("max", strconv.FormatInt(r.most, 10)))
	}
	return in, in.Check()
}

// counted counts broken rules by their kind, as in "capacity 12 times".
func counted(broken []validate.Finding) string {
	count := map[string]int{}
	for _, f := range broken {
		kind, _, _ := strings.Cut(f.Rule, "(")
		count[kind]++
	}
	kinds := slices.Sorted(maps.Keys(count))
	times := prose.Texts(kinds, func(kind string) string { return kind + " " + prose.Count(count[kind], "time") })
	return cmp.Or(strings.Join(times, " and "), "no rule")
}
