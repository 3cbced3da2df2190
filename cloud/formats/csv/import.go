package csv

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Importer is the entry of the format's importer.
func Importer() spec.Entry[formats.Importer] {
	return spec.Entry[formats.Importer]{
		Descriptor: spec.Descriptor{
			Name:     "csv",
			Synopsis: "tables of hosts and VMs; files HOSTS VMS [RULES] [GROUPS]",
			Doc: "Hosts have the columns name, one for each resource (such as ram [MiB]), and if need be reserved.ram, arch, " +
				"zone, rack, nic_mbps, label.KEY and number.KEY. VMs have name, the same resources, host (where the VM stands), " +
				"target (where it shall stand), and if need be arch, dirty_mib_per_s, working_set_mib, interruptible, pages " +
				"and groups (between semicolons), label.KEY and number.KEY. RULES has the column rule, GROUPS the columns group and vm.",
			Citation: "RFC 4180: https://www.rfc-editor.org/rfc/rfc4180",
		},
		New: func(a spec.Args) (formats.Importer, error) { return importer{a.Catalogue()}, nil },
	}
}

// importer reads the format.
type importer struct{ catalogue *spec.Catalogue }

// Files lists the files that Import takes. The header tells rules from groups.
func (importer) Files() []string { return []string{"HOSTS", "VMS", "[RULES]", "[GROUPS]"} }

// Import reads the files. It takes time and memory linear in their size; errors name
// file, line and column.
func (i importer) Import(files []string) (*cloud.Instance, error) {
	var tables []*table
	for _, file := range files {
		data, err := fileio.ReadShare(file, nil, len(files))
		if err != nil {
			return nil, err
		}
		t, err := readTable(file, data)
		if err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	return translate(i.catalogue, tables)
}

// translate makes an instance of the tables of hosts and VMs, and of others if there are
// any.
func translate(c *spec.Catalogue, tables []*table) (*cloud.Instance, error) {
	r := &reader{catalogue: c, hosts: tables[0], vms: tables[1], in: &cloud.Instance{Description: "made of tables of hosts and VMs"}}
	for i, t := range tables[:2] {
		if !t.has(colName) && (t.has(colRule) || t.has(colGroup)) {
			return nil, t.fault(1, "", "expected the %s, found rules or groups: the files are HOSTS VMS [RULES] [GROUPS]", []string{"hosts", "VMs"}[i])
		}
	}
	for _, more := range tables[2:] {
		switch {
		case more.has(colRule) && r.rules == nil:
			r.rules = more
		case more.has(colGroup) && r.groups == nil:
			r.groups = more
		case more.has(colRule) || more.has(colGroup):
			return nil, more.fault(1, "", "expected one file of rules and one of groups at the most, found a second one")
		default:
			return nil, more.fault(1, "", "expected the column %q of a file of rules, or %q and %q of a file of groups; found neither", colRule, colGroup, colVM)
		}
	}
	return r.read()
}
