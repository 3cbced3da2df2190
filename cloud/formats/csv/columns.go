package csv

import (
	"slices"
	"strings"
)

// Columns are what a table may have besides resources.
type Columns struct {
	// Amounts is the prefix that makes any name that of a resource.
	Amounts string
	// Names are the columns without a prefix.
	Names []string
	// Prefixes stand before the name of a label or resource.
	Prefixes []string
}

// The names of columns.
const (
	Name          = "name"
	Arch          = "arch"
	Zone          = "zone"
	Rack          = "rack"
	NICMbps       = "nic_mbps"
	Host          = "host"
	Target        = "target"
	DirtyMiBPerS  = "dirty_mib_per_s"
	WorkingSetMiB = "working_set_mib"
	Interruptible = "interruptible"
	Pages         = "pages"
	Groups        = "groups"

	Reserved = "reserved."
	Label    = "label."

	Rule  = "rule"
	Group = "group"
	VM    = "vm"
)

// OfHosts are the columns of the hosts.
func OfHosts() Columns {
	return Columns{"capacity.", []string{Name, Arch, Zone, Rack, NICMbps}, []string{Reserved, Label}}
}

// OfVMs are the columns of the VMs.
func OfVMs() Columns {
	return Columns{
		"demand.",
		[]string{Name, Host, Target, Arch, DirtyMiBPerS, WorkingSetMiB, Interruptible, Pages, Groups},
		[]string{Label},
	}
}

// Amount names the column of a resource.
func (c Columns) Amount(resource, unit string) string {
	column := JoinUnit(resource, unit)
	if _, _, ok := c.resource(column); !ok || strings.HasPrefix(column, c.Amounts) {
		return c.Amounts + column
	}
	return column
}

// resource tells whether a column is that of a resource, and of which.
func (c Columns) resource(column string) (name, unit string, ok bool) {
	if rest, cut := strings.CutPrefix(column, c.Amounts); cut {
		name, unit = SplitUnit(rest)
		return name, unit, true
	}
	if slices.Contains(c.Names, column) {
		return "", "", false
	}
	for _, p := range c.Prefixes {
		if strings.HasPrefix(column, p) {
			return "", "", false
		}
	}
	name, unit = SplitUnit(column)
	return name, unit, true
}
