package btrplace

import (
	"path"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/formulation"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// arguments are those of a rule that the instance has, and that therefore is a sound one.
type arguments struct{ spec.Spec }

func (a arguments) has(key string) bool { _, ok := a.Value(key); return ok }

// text is a single value, "" when it is not given.
func (a arguments) text(key string) string { return formulation.Argument(a.Spec, key) }

// by is what counts as one place.
func (a arguments) by() string {
	if a.has("by") {
		return a.text("by")
	}
	return "host"
}

// texts is a list of values; a single one is a list, too.
func (a arguments) texts(key string) []string {
	if !a.has(key) {
		return nil
	}
	return formulation.Arguments(a.Spec, key)
}

// find lists the positions that names and patterns stand for, ascending and each once. As
// in rules, a name that looks like a pattern is a name first; index knows the names.
func find[ID ~int | ~int32](wanted []string, n int, index func(string) (ID, bool), name func(ID) string) (out []ID, ok bool) {
	for _, w := range wanted {
		if exact, there := index(w); there {
			out = append(out, exact)
			continue
		}
		more, ok := match(w, n, name)
		if !ok {
			return nil, false
		}
		out = append(out, more...)
	}
	slices.Sort(out)
	return slices.Compact(out), true
}

// match lists the positions that a pattern stands for.
func match[ID ~int | ~int32](pattern string, n int, name func(ID) string) (out []ID, ok bool) {
	for i := ID(0); int(i) < n; i++ {
		fits, err := path.Match(pattern, name(i))
		if err != nil {
			return nil, false
		}
		if fits {
			out = append(out, i)
		}
	}
	return out, true
}

// groups lists the groups that a name or pattern stands for.
func (w *writer) groups(wanted string) (out []int, ok bool) {
	return find([]string{wanted}, len(w.in.Groups), w.in.Group, func(g int) string { return w.in.Groups[g].Name })
}

// members are the numbers of a group's VMs, ascending.
func (w *writer) members(group int) []int64 {
	out := []int64{}
	for _, v := range w.in.Groups[group].VMs {
		out = append(out, w.vm[v])
	}
	slices.Sort(out)
	if w.twins == nil {
		w.twins = twins(w.in)
	}
	w.twin = w.twin || w.twins[group]
	return out
}

// twins tells of each group whether an earlier one has the same VMs.
func twins(in *cloud.Instance) []bool {
	out := make([]bool, len(in.Groups))
	seen := make(map[string]bool, len(in.Groups))
	for g := range in.Groups {
		key := memberKey(slices.Sorted(slices.Values(in.Groups[g].VMs)))
		out[g] = seen[key]
		seen[key] = true
	}
	return out
}

// eachGroup does something for each group that a rule is about.
func (w *writer) eachGroup(a arguments, do func(vms []int64)) bool {
	groups, ok := w.groups(a.text("group"))
	for _, g := range groups {
		do(w.members(g))
	}
	return ok
}

// vms lists the VMs that a rule is about.
func (w *writer) vms(a arguments) ([]cloud.VMID, bool) {
	out, ok := find(a.texts("vms"), len(w.in.VMs), w.in.VM, func(v cloud.VMID) string { return w.in.VMs[v].Name })
	if a.has("group") {
		groups, fine := w.groups(a.text("group"))
		ok = ok && fine
		for _, g := range groups {
			out = append(out, w.in.Groups[g].VMs...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), ok
}

// hosts lists the hosts that a rule is about, all of them where it names none.
func (w *writer) hosts(a arguments) ([]cloud.HostID, bool) {
	out, ok := find(a.texts("hosts"), len(w.in.Hosts), w.in.Host, func(h cloud.HostID) string { return w.in.Hosts[h].Name })
	for _, by := range []string{"rack", "zone"} {
		for _, wanted := range a.texts(by + "s") {
			for h := range w.in.Hosts {
				place := w.in.Hosts[h].Domain(by)
				if place == "" {
					continue // in none, whatever the pattern
				}
				fits, err := path.Match(wanted, place)
				if place == wanted || fits {
					out = append(out, cloud.HostID(h))
				}
				ok = ok && (err == nil || place == wanted)
			}
		}
	}
	if !a.has("hosts") && !a.has("racks") && !a.has("zones") {
		for h := range w.in.Hosts {
			out = append(out, cloud.HostID(h))
		}
	}
	slices.Sort(out)
	return slices.Compact(out), ok
}
