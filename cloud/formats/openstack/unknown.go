package openstack

import (
	"cmp"
	"errors"
	"fmt"
)

// flavorOf finds the flavor of a server, by its id where the list has it. One that is
// not there is noted.
func (c *listing) flavorOf(r *row, unknown *unknownFlavors) int {
	id := r.text("Flavor ID")
	if f, ok := c.flavorByID[id]; ok {
		return f
	}
	name := r.text("Flavor Name", "Flavor")
	if f, ok := c.flavorByName[name]; ok {
		return f
	}
	if name = cmp.Or(name, id); name == "" {
		r.fail("", "the server has no flavor, neither by \"Flavor ID\" nor by \"Flavor Name\" or \"Flavor\"")
	}
	unknown.note(r, name)
	return 0
}

// unknownFlavors gathers the flavors that servers have and the list of flavors lacks,
// mostly because they were deleted: whoever has to look up their sizes wants to know
// of all at once.
type unknownFlavors struct {
	names []string
	first map[string]*row
	count map[string]int
}

func (u *unknownFlavors) note(r *row, name string) {
	if u.count == nil {
		u.first, u.count = map[string]*row{}, map[string]int{}
	}
	if u.count[name] == 0 {
		u.names = append(u.names, name)
		u.first[name] = r
	}
	u.count[name]++
}

func (u *unknownFlavors) err() error {
	const most = 20
	var out []error
	for _, name := range u.names[:min(len(u.names), most)] {
		r := u.first[name]
		_, column := r.find("Flavor Name", "Flavor", "Flavor ID")
		out = append(out, r.fault(column, "the list of flavors lacks %q (servers that have it: %d); if it was deleted, "+
			"add it there by hand, with ID, Name, RAM and VCPUs", name, u.count[name]))
	}
	if more := len(u.names) - most; more > 0 {
		out = append(out, fmt.Errorf("and %d more flavors", more))
	}
	return errors.Join(out...)
}
