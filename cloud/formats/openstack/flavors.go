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

func (c *listing) readFlavors(rows []row) error {
	c.flavorByID, c.flavorByName = map[string]int{}, map[string]int{}
	for _, r := range rows {
		id, err := r.needed("ID")
		if err != nil {
			return err
		}
		f := flavor{}
		if f.name, err = r.needed("Name"); err != nil {
			return err
		}
		for _, amount := range []struct {
			into   *int64
			column string
		}{{&f.ramMiB, "RAM"}, {&f.vcpus, "VCPUs"}} {
			var ok bool
			if *amount.into, ok, err = r.amount(amount.column); err != nil {
				return err
			} else if !ok {
				return r.missing(amount.column)
			}
		}
		properties, err := r.properties("Properties")
		if err != nil {
			return err
		}
		f.arch, f.dedicated = archOf(properties), properties["hw:cpu_policy"] == "dedicated"
		if err := unique(r, c.flavorByID, "ID", id); err != nil {
			return err
		}
		if err := unique(r, c.flavorByName, "Name", f.name); err != nil {
			return err
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
