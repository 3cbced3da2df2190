package csv

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// readMembership reads the column groups of the VMs.
func (r *reader) readMembership() error {
	if r.groups != nil && r.vms.has(colGroups) {
		return r.vms.fault(1, colGroups, "expected groups here or in %s, found both", r.groups.file)
	}
	if !r.vms.has(colGroups) {
		return nil
	}
	group := map[string]int{}
	for row := range r.vms.rows {
		names, err := splitList(r.vms.cell(row, colGroups))
		if err != nil {
			return r.vms.cellFault(row, colGroups, "%w", err)
		}
		for _, name := range names {
			if name == "" {
				return r.vms.cellFault(row, colGroups, "expected a name that is not empty")
			}
			if !r.join(group, name, cloud.VMID(row)) {
				return r.vms.cellFault(row, colGroups, "group %s is named twice", excerpt(name))
			}
		}
	}
	return nil
}

// join adds a VM to a group, which is made if need be. It tells whether the VM was none of
// the group's before, as far as it was added last.
func (r *reader) join(group map[string]int, name string, vm cloud.VMID) bool {
	g := r.open(group, name)
	if n := len(g.VMs); n > 0 && g.VMs[n-1] == vm {
		return false
	}
	g.VMs = append(g.VMs, vm)
	return true
}

// open finds a group, and makes it if need be.
func (r *reader) open(group map[string]int, name string) *cloud.Group {
	if _, ok := group[name]; !ok {
		group[name] = len(r.in.Groups)
		r.in.Groups = append(r.in.Groups, cloud.Group{Name: name, VMs: []cloud.VMID{}})
	}
	return &r.in.Groups[group[name]]
}

// readGroups reads the file of groups.
func (r *reader) readGroups() error {
	t := r.groups
	if t == nil {
		return nil
	}
	if err := t.only(colGroup, colVM); err != nil {
		return err
	}
	if !t.has(colVM) {
		return t.fault(1, "", "expected a column %q", colVM)
	}
	group := map[string]int{}
	member := map[[2]string]int{} // line
	for row := range t.rows {
		name, vm := t.cell(row, colGroup), t.cell(row, colVM)
		if name == "" {
			return t.cellFault(row, colGroup, "expected a name that is not empty")
		}
		if vm == "" {
			r.open(group, name)
			continue
		}
		id, ok := r.vmID[vm]
		if !ok {
			names := prose.Texts(r.in.VMs, func(v cloud.VM) string { return v.Name })
			return t.cellFault(row, colVM, "unknown VM %s%s", excerpt(vm), spec.DidYouMean(vm, names, "known are"))
		}
		if line, dup := member[[2]string{name, vm}]; dup {
			return t.cellFault(row, colVM, "%s is already in group %s on line %d", excerpt(vm), excerpt(name), line)
		}
		member[[2]string{name, vm}] = t.lines[row]
		r.join(group, name, id)
	}
	return nil
}

// readRules reads the file of rules.
func (r *reader) readRules() error {
	t := r.rules
	if t == nil {
		return nil
	}
	if err := t.only(colRule); err != nil {
		return err
	}
	r.in.Rules = []spec.Spec{}
	for row := range t.rows {
		s, err := spec.Parse(t.cell(row, colRule))
		if err != nil {
			return t.cellFault(row, colRule, "%w", err)
		}
		r.in.Rules = append(r.in.Rules, s)
	}
	return nil
}

// only makes sure that a table has no other columns.
func (t *table) only(columns ...string) error {
	for _, c := range t.header {
		if !slices.Contains(columns, c) {
			return t.fault(1, "", "unknown column %s%s", excerpt(c), spec.DidYouMean(c, columns, "known are"))
		}
	}
	return nil
}
