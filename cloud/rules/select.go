package rules

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// vmParams are the parameters that tell a rule which VMs it is about.
func vmParams() []spec.Param {
	return []spec.Param{
		{
			Name: "group", Type: spec.String,
			Doc: "the VMs of a group; a pattern such as web-* stands for every group it matches",
		},
		{
			Name: "vms", Type: spec.String, List: true,
			Doc: "names of VMs, or patterns such as web-*; those of the group, if there is one, come on top",
		},
	}
}

// hostParams are the parameters that tell a rule which hosts it is about.
func hostParams() []spec.Param {
	return []spec.Param{
		{Name: "hosts", Type: spec.String, List: true, Doc: "names of hosts, or patterns such as rack7-*"},
		{Name: "racks", Type: spec.String, List: true, Doc: "all hosts of these racks, names or patterns"},
		{Name: "zones", Type: spec.String, List: true, Doc: "all hosts of these zones, names or patterns"},
	}
}

func selectsVMs(a spec.Args) bool { return a.Has("group") || a.Has("vms") }

func selectsHosts(a spec.Args) bool { return a.Has("hosts") || a.Has("racks") || a.Has("zones") }

func needVMs(a spec.Args) error {
	if selectsVMs(a) {
		return nil
	}
	return errors.New("expected group or vms, to say which VMs it is about")
}

func needHosts(a spec.Args) error {
	if selectsHosts(a) {
		return nil
	}
	return errors.New("expected hosts, racks or zones, to say which hosts it is about")
}

// VMParams are the parameters by which other kinds name VMs as rules do, and SelectVMs finds these.
func VMParams() []spec.Param { return vmParams() }

// SelectVMs finds the VMs that [VMParams] name, in no particular order and with repetitions. O(names), and O(VMs) for each pattern.
func SelectVMs(in *cloud.Instance, a spec.Args) ([]cloud.VMID, error) { return selectVMs(in, a) }

// selectVMs finds the VMs that [vmParams] name. O(names), and O(VMs) for each pattern.
func selectVMs(in *cloud.Instance, a spec.Args) ([]cloud.VMID, error) {
	var out []cloud.VMID
	if a.Has("group") {
		groups, err := MatchGroups(in, a.String("group"))
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			out = append(out, in.Groups[g].VMs...)
		}
	}
	vms := directory[cloud.VMID]{
		kind: "VM", n: len(in.VMs), index: in.VM,
		name: func(v cloud.VMID) string { return in.VMs[v].Name },
	}
	named, err := vms.find(a.Strings("vms"))
	return append(out, named...), err
}

// selectHosts finds the hosts that [hostParams] name. O(names), and O(hosts) for each
// pattern and for racks and zones.
func selectHosts(in *cloud.Instance, a spec.Args) ([]cloud.HostID, error) {
	hosts := directory[cloud.HostID]{
		kind: "host", n: len(in.Hosts), index: in.Host,
		name: func(h cloud.HostID) string { return in.Hosts[h].Name },
	}
	out, err := hosts.find(a.Strings("hosts"))
	if err != nil {
		return nil, err
	}
	for _, by := range []string{"rack", "zone"} {
		if wanted := a.Strings(by + "s"); len(wanted) > 0 {
			more, err := selectDomains(in, by, wanted)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
	}
	return out, nil
}

// selectDomains finds the hosts of racks or zones. A host without one is in none.
func selectDomains(in *cloud.Instance, by string, wanted []string) ([]cloud.HostID, error) {
	members := map[string][]cloud.HostID{}
	var names []string
	for h := range in.Hosts {
		name := in.Hosts[h].Domain(by)
		if name == "" {
			continue
		}
		if members[name] == nil {
			names = append(names, name)
		}
		members[name] = append(members[name], cloud.HostID(h))
	}
	domains := directory[int]{
		kind: by, n: len(names), index: func(string) (int, bool) { return 0, false },
		name: func(i int) string { return names[i] },
	}
	found, err := domains.find(wanted)
	var out []cloud.HostID
	for _, i := range found {
		out = append(out, members[names[i]]...)
	}
	return out, err
}

// directory is a list of things with names.
type directory[T ~int | ~int32] struct {
	kind  string
	n     int
	name  func(T) string
	index func(name string) (T, bool) // knows names that it has at hand; it need not know all
}

// find lists what names and patterns stand for, in no particular order and with
// repetitions. Like a group's, a name that looks like a pattern is a name first, and a
// pattern may match nothing.
func (d directory[T]) find(wanted []string) ([]T, error) {
	var out []T
	rest := map[string]bool{} // false: still to be found
	for _, w := range wanted {
		if i, ok := d.index(w); ok && int(i) < d.n && d.name(i) == w {
			out = append(out, i)
		} else {
			rest[w] = false
		}
	}
	if len(rest) == 0 {
		return out, nil
	}
	for i := T(0); int(i) < d.n; i++ { // the index is built when an instance is checked, which may be later
		if _, ok := rest[d.name(i)]; ok {
			rest[d.name(i)] = true
			out = append(out, i)
		}
	}
	for _, w := range wanted {
		if found, ok := rest[w]; !ok || found {
			continue
		}
		if !strings.ContainsAny(w, "*?[") {
			return nil, fmt.Errorf("unknown %s %q%s", d.kind, w, spec.DidYouMean(w, d.names(), "the instance has"))
		}
		if _, err := path.Match(w, ""); err != nil {
			return nil, fmt.Errorf("%s pattern %q: %w", d.kind, w, err)
		}
		for i := T(0); int(i) < d.n; i++ {
			if ok, _ := path.Match(w, d.name(i)); ok {
				out = append(out, i)
			}
		}
	}
	return out, nil
}

func (d directory[T]) names() []string {
	out := make([]string, d.n)
	for i := range out {
		out[i] = d.name(T(i))
	}
	return out
}
