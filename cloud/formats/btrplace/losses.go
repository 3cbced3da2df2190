package btrplace

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/lost"
)

// losses tells what an import does not bring back. It is called last.
func (w *writer) losses() []string {
	var out []string
	if slices.ContainsFunc(w.in.Resources, func(r cloud.Resource) bool { return r.Unit != "" }) {
		out = append(out, "units of resources")
	}
	if slices.ContainsFunc(w.in.Groups, func(g cloud.Group) bool { return len(g.VMs) == 0 }) {
		out = append(out, "empty groups")
	}
	if slices.ContainsFunc(w.in.Groups, func(g cloud.Group) bool { return !slices.IsSorted(g.VMs) }) {
		out = append(out, "the order of the VMs in groups")
	}
	if w.twin {
		out = append(out, "which one of several groups with the same VMs a rule names")
	}
	out = append(out, lost.Rules(w.unsaid)...)
	out = slices.Concat(out, lost.Wishes(w.in), lost.Numbers(w.in))
	switch {
	case w.network == nil:
		out = append(out, lost.Network(w.in)...)
	case w.kept && w.renamed:
		out = append(out, "names of switches")
	}
	if w.capacity == nil {
		out = append(out, "that capacities do not bind")
	}
	if w.in.Target != nil && !w.aimed() {
		out = append(out, "that there is a target, which has no VM")
	}
	return out
}

// aimed tells whether some constraint makes a target.
func (w *writer) aimed() bool {
	for v, h := range w.in.Target {
		if h != cloud.Absent || w.in.Initial[v] != cloud.Absent {
			return true
		}
	}
	return false
}
