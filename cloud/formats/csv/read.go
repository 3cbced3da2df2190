package csv

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// reader puts an instance together. The first fault ends it.
type reader struct {
	catalogue     *spec.Catalogue
	hosts, vms    *table
	rules, groups *table // nil where there is no such file
	in            *cloud.Instance
	hostID        map[string]cloud.HostID
	vmID          map[string]cloud.VMID
	capacity      []string // columns of the resources among the hosts
	demand        []string // and among the VMs
}

func (r *reader) read() (*cloud.Instance, error) {
	r.in.Name = instanceName(r.hosts.file)
	for _, step := range []func() error{r.readResources, r.readHosts, r.readVMs, r.readMembership, r.readGroups, r.readRules} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	if err := r.in.Check(); err != nil {
		return nil, r.place(err)
	}
	if _, err := rules.Bind(r.catalogue, r.in, nil); err != nil {
		return nil, r.place(err)
	}
	return r.in, nil
}

// instanceName is what distinguishes the file: dc1_hosts.csv yields dc1.
func instanceName(file string) string {
	return cmp.Or(strings.TrimRight(strings.TrimSuffix(fileio.Title(file, ""), "hosts"), "-_. "), "csv")
}

// readResources compares the columns of both files.
func (r *reader) readResources() error {
	hostColumns, vmColumns := ofHosts(), ofVMs()
	for _, t := range []*table{r.hosts, r.vms} {
		if !t.has(colName) {
			return t.fault(1, "", "expected a column %q%s", colName, spec.DidYouMean(colName, t.header, "the columns are"))
		}
	}
	demand := map[string]string{}
	units := map[string]string{}
	for _, column := range r.vms.header {
		if name, unit, ok := vmColumns.resource(column); ok {
			if name == "" {
				return r.vms.fault(1, column, noResource)
			}
			if _, dup := demand[name]; dup {
				return r.vms.fault(1, column, "resource %s has two columns", excerpt(name))
			}
			demand[name], units[name] = column, unit
		}
	}
	seen := map[string]bool{}
	for _, column := range r.hosts.header {
		name, unit, ok := hostColumns.resource(column)
		if !ok {
			continue
		}
		if name == "" {
			return r.hosts.fault(1, column, noResource)
		}
		if seen[name] {
			return r.hosts.fault(1, column, "resource %s has two columns", excerpt(name))
		}
		seen[name] = true
		theirs, found := demand[name]
		if !found {
			return r.vms.fault(1, "", "expected a column %s: %s has it as a resource%s", excerpt(name), r.hosts.file,
				spec.DidYouMean(column, hostColumns.names, "the other columns there are"))
		}
		if u := units[name]; u != "" && unit != "" && u != unit {
			return r.vms.fault(1, theirs, "expected the unit %s, as in %s, found %s", excerpt(unit), r.hosts.file, excerpt(u))
		} else if unit == "" {
			unit = u
		}
		r.in.Resources = append(r.in.Resources, cloud.Resource{Name: name, Unit: unit})
		r.capacity = append(r.capacity, column)
		r.demand = append(r.demand, theirs)
	}
	for _, column := range r.vms.header {
		if name, _, ok := vmColumns.resource(column); ok && !seen[name] {
			return r.hosts.fault(1, "", "expected a column %s: %s has it as a resource%s", excerpt(name), r.vms.file,
				spec.DidYouMean(column, vmColumns.names, "the other columns there are"))
		}
	}
	if len(seen) == 0 {
		return r.hosts.fault(1, "", "expected a column for each resource, found none")
	}
	for _, column := range r.hosts.header {
		if name, ok := strings.CutPrefix(column, colReserved); ok && !seen[name] {
			return r.hosts.fault(1, column, "unknown resource %s%s", excerpt(name), spec.DidYouMean(name, r.resourceNames(), "known are"))
		}
	}
	return nil
}

const noResource = "expected the name of a resource, found nothing"

func (r *reader) resourceNames() []string {
	return prose.Texts(r.in.Resources, func(res cloud.Resource) string { return res.Name })
}

// unique reads the name in a row and makes sure that it is new.
func unique[ID ~int32](t *table, row int, ids map[string]ID) string {
	name := t.cell(row, colName)
	if name == "" {
		t.fail(row, colName, "expected a name that is not empty")
	}
	if first, dup := ids[name]; dup {
		t.fail(row, colName, "%s is already defined on line %d", excerpt(name), t.lines[first])
	}
	ids[name] = ID(row)
	return name
}

func (r *reader) readHosts() error {
	t := r.hosts
	r.in.Hosts = make([]cloud.Host, len(t.rows))
	r.hostID = make(map[string]cloud.HostID, len(t.rows))
	labels, numbers := t.named(colLabel), t.named(colNumber)
	for row := range t.rows {
		name := unique(t, row, r.hostID)
		h := cloud.Host{Name: name, Arch: t.cell(row, colArch), Zone: t.cell(row, colZone), Rack: t.cell(row, colRack)}
		h.Labels, h.Numbers = t.labels(row, labels), t.numbers(row, numbers)
		for i, column := range r.capacity {
			h.Capacity = append(h.Capacity, t.amount(row, column, false))
			h.Reserved = append(h.Reserved, t.amount(row, colReserved+r.in.Resources[i].Name, true))
		}
		h.NICMbps = t.amount(row, colNICMbps, true)
		if t.err != nil {
			return t.err
		}
		r.in.Hosts[row] = h
	}
	return nil
}

func (r *reader) readVMs() error {
	t := r.vms
	r.in.VMs = make([]cloud.VM, len(t.rows))
	r.vmID = make(map[string]cloud.VMID, len(t.rows))
	r.in.Initial = make(cloud.Placement, len(t.rows))
	if t.has(colTarget) {
		r.in.Target = make(cloud.Placement, len(t.rows))
	}
	labels, numbers := t.named(colLabel), t.named(colNumber)
	for row := range t.rows {
		v := cloud.VM{Name: unique(t, row, r.vmID), Arch: t.cell(row, colArch)}
		v.Labels, v.Numbers = t.labels(row, labels), t.numbers(row, numbers)
		for _, column := range r.demand {
			v.Demand = append(v.Demand, t.amount(row, column, false))
		}
		r.readTraits(row, &v)
		r.in.VMs[row] = v
		r.in.Initial[row] = r.readHost(row, colHost)
		if r.in.Target != nil {
			r.in.Target[row] = r.readHost(row, colTarget)
		}
		if t.err != nil {
			return t.err
		}
	}
	return nil
}

func (r *reader) readTraits(row int, v *cloud.VM) {
	t := r.vms
	if t.cell(row, colDirtyMiBPerS) != "" {
		v.DirtyMiBPerS = new(t.number(row, colDirtyMiBPerS))
	}
	v.WorkingSetMiB = t.number(row, colWorkingSetMiB)
	switch cell := t.cell(row, colInterruptible); cell {
	case "yes":
		v.Interruptible = true
	case "no", "":
	default:
		t.fail(row, colInterruptible, "expected yes or no, found %s", excerpt(cell))
	}
	var err error
	if v.Pages, err = splitList(t.cell(row, colPages)); err != nil {
		t.fail(row, colPages, "%w", err)
	}
}

// readHost reads the name of a host, or nothing.
func (r *reader) readHost(row int, column string) cloud.HostID {
	cell := r.vms.cell(row, column)
	if cell == "" {
		return cloud.Absent
	}
	h, ok := r.hostID[cell]
	if !ok {
		names := prose.Texts(r.in.Hosts, func(h cloud.Host) string { return h.Name })
		r.vms.fail(row, column, "unknown host %s%s", excerpt(cell), spec.DidYouMean(cell, names, "known are"))
	}
	return h
}

// named lists the columns whose names have a prefix.
func (t *table) named(prefix string) []string {
	return slices.DeleteFunc(slices.Clone(t.header), func(c string) bool { return !strings.HasPrefix(c, prefix) })
}

// labels are the labels that a row has.
func (t *table) labels(row int, columns []string) map[string]string {
	return valuesOf(t, row, columns, colLabel, func(column string) string { return unquote(t.cell(row, column)) })
}

// numbers are the numbers that a row has.
func (t *table) numbers(row int, columns []string) map[string]int64 {
	return valuesOf(t, row, columns, colNumber, func(column string) int64 {
		n, err := strconv.ParseInt(t.cell(row, column), 10, 64)
		if err != nil {
			t.fail(row, column, "expected an integer that fits in 64 bits, found %s", excerpt(t.cell(row, column)))
		}
		return n
	})
}

func valuesOf[V any](t *table, row int, columns []string, prefix string, value func(column string) V) map[string]V {
	var out map[string]V
	for _, column := range columns {
		if t.cell(row, column) != "" {
			if out == nil {
				out = map[string]V{}
			}
			out[strings.TrimPrefix(column, prefix)] = value(column)
		}
	}
	return out
}
