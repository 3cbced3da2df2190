package btrplace

import (
	"encoding/binary"
	"path"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// arguments are those of a rule that the instance has, and that therefore is a sound one.
type arguments struct{ spec.Spec }

func (a arguments) has(key string) bool { _, ok := a.Value(key); return ok }

// text is a single value, "" when it is not given.
func (a arguments) text(key string) string {
	v, _ := a.Value(key)
	return v.Text
}

// by is what counts as one place.
func (a arguments) by() string {
	if a.has("by") {
		return a.text("by")
	}
	return "host"
}

// texts is a list of values; a single one is a list, too.
func (a arguments) texts(key string) []string {
	v, ok := a.Value(key)
	switch {
	case !ok:
		return nil
	case v.Form != spec.List:
		return []string{v.Text}
	}
	var out []string
	for _, e := range v.List {
		out = append(out, e.Text)
	}
	return out
}

// find lists the positions that names and patterns stand for, ascending and each once. As
// in rules, a name that looks like a pattern is a name first.
func find(wanted []string, n int, name func(int) string) (out []int, ok bool) {
	position := make(map[string][]int, n)
	for i := range n {
		position[name(i)] = append(position[name(i)], i)
	}
	for _, w := range wanted {
		if exact := position[w]; exact != nil {
			out = append(out, exact...)
			continue
		}
		for i := range n {
			match, err := path.Match(w, name(i))
			if err != nil {
				return nil, false
			}
			if match {
				out = append(out, i)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), true
}

// groups lists the groups that a name or pattern stands for.
func (w *writer) groups(wanted string) (out []int, ok bool) {
	return find([]string{wanted}, len(w.in.Groups), func(g int) string { return w.in.Groups[g].Name })
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
		var key []byte
		for _, v := range slices.Sorted(slices.Values(in.Groups[g].VMs)) {
			key = binary.BigEndian.AppendUint32(key, uint32(v))
		}
		out[g] = seen[string(key)]
		seen[string(key)] = true
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
	named, ok := find(a.texts("vms"), len(w.in.VMs), func(v int) string { return w.in.VMs[v].Name })
	var out []cloud.VMID
	for _, v := range named {
		out = append(out, cloud.VMID(v))
	}
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
	every := !a.has("hosts") && !a.has("racks") && !a.has("zones")
	all := true
	in := make([]bool, len(w.in.Hosts))
	for _, kind := range []string{"host", "rack", "zone"} {
		found, ok := find(a.texts(kind+"s"), len(in), func(h int) string {
			if kind == "host" {
				return w.in.Hosts[h].Name
			}
			return w.in.Hosts[h].Domain(kind)
		})
		all = all && ok
		for _, h := range found {
			// A host without a rack or zone is in none, whatever the pattern.
			in[h] = in[h] || kind == "host" || w.in.Hosts[h].Domain(kind) != ""
		}
	}
	var out []cloud.HostID
	for h, found := range in {
		if found || every {
			out = append(out, cloud.HostID(h))
		}
	}
	return out, all
}
