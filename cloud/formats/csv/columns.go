package csv

import (
	"slices"
	"strings"
)

// columnSet lists the columns that a table may have besides those of resources.
type columnSet struct {
	// amounts is the prefix that makes any name that of a resource.
	amounts string
	// names are the columns without a prefix.
	names []string
	// prefixes stand before the name of a label, number or resource.
	prefixes []string
}

// The names of columns.
const (
	colName          = "name"
	colArch          = "arch"
	colZone          = "zone"
	colRack          = "rack"
	colNICMbps       = "nic_mbps"
	colHost          = "host"
	colTarget        = "target"
	colDirtyMiBPerS  = "dirty_mib_per_s"
	colWorkingSetMiB = "working_set_mib"
	colInterruptible = "interruptible"
	colPages         = "pages"
	colGroups        = "groups"

	colReserved = "reserved."
	colLabel    = "label."
	colNumber   = "number."

	colRule  = "rule"
	colGroup = "group"
	colVM    = "vm"
)

// ofHosts are the columns of the hosts.
func ofHosts() columnSet {
	return columnSet{"capacity.", []string{colName, colArch, colZone, colRack, colNICMbps}, []string{colReserved, colLabel, colNumber}}
}

// ofVMs are the columns of the VMs.
func ofVMs() columnSet {
	return columnSet{
		"demand.",
		[]string{colName, colHost, colTarget, colArch, colDirtyMiBPerS, colWorkingSetMiB, colInterruptible, colPages, colGroups},
		[]string{colLabel, colNumber},
	}
}

// amount names the column of a resource.
func (c columnSet) amount(resource, unit string) string {
	column := joinUnit(resource, unit)
	if _, _, ok := c.resource(column); !ok || strings.HasPrefix(column, c.amounts) {
		return c.amounts + column
	}
	return column
}

// resource tells whether a column is that of a resource, and of which.
func (c columnSet) resource(column string) (name, unit string, ok bool) {
	if rest, cut := strings.CutPrefix(column, c.amounts); cut {
		name, unit = splitUnit(rest)
		return name, unit, true
	}
	if slices.Contains(c.names, column) {
		return "", "", false
	}
	for _, p := range c.prefixes {
		if strings.HasPrefix(column, p) {
			return "", "", false
		}
	}
	name, unit = splitUnit(column)
	return name, unit, true
}
