package openstack

import (
	"maps"
	"slices"
	"strings"
)

type flavor struct {
	name          string
	ramMiB, vcpus int64
	arch          string
	dedicated     bool
}

func (c *listing) readFlavors(rows []*row) error {
	c.flavorByID, c.flavorByName = map[string]int{}, map[string]int{}
	for _, r := range rows {
		id := r.needed("ID")
		f := flavor{name: r.needed("Name"), ramMiB: r.neededAmount("RAM"), vcpus: r.neededAmount("VCPUs")}
		properties := r.properties("Properties")
		f.arch, f.dedicated = archOf(properties), properties["hw:cpu_policy"] == "dedicated"
		r.unique(c.flavorByID, "ID", id)
		r.unique(c.flavorByName, "Name", f.name)
		if r.err != nil {
			return r.err
		}
		c.flavors = append(c.flavors, f)
	}
	return nil
}

// archOf is the architecture that a flavor asks for, as the capabilities filter and
// the traits of Nova know it:
// https://docs.openstack.org/nova/latest/configuration/extra-specs.html
func archOf(properties map[string]string) string {
	arch := properties["capabilities:cpu_info:arch"]
	const trait = "trait:HW_ARCH_"
	for _, key := range slices.Sorted(maps.Keys(properties)) {
		if name, ok := strings.CutPrefix(key, trait); ok && properties[key] == "required" && arch == "" {
			arch = strings.ToLower(name)
		}
	}
	if arch == "i686" {
		return "i386" // so is it called in the instance format
	}
	return arch
}
