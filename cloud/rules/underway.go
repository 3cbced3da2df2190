package rules

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// What guards ask of VMs under way. A state's census has them where they come from, and most
// states of searches have none.

// mostLeaving bounds how many VMs a guard looks at whose ends it has to think of in every order:
// it looks at each subset of them.
const mostLeaving = 10

// isMember tells whether a VM is of a group. Some guard has to count groups.
func isMember(s *cloud.State, vm cloud.VMID, group int) bool {
	return slices.Contains(s.GroupsOf(vm), int32(group))
}

// charged counts the VMs of a group that a failure domain holds or is to hold: those under
// way count at both of their ends.
func charged(s *cloud.State, c *cloud.Census, group int, domain int32) int {
	n := c.Count(group, domain)
	if len(s.UnderWay()) > 0 {
		n += crossing(s, c, group, func(m cloud.Change) cloud.HostID { return m.To }, domain)
	}
	return n
}

// settled counts the VMs of a group that stand in a failure domain and do not leave it.
func settled(s *cloud.State, c *cloud.Census, group int, domain int32) int {
	n := c.Count(group, domain)
	if len(s.UnderWay()) > 0 {
		n -= crossing(s, c, group, func(m cloud.Change) cloud.HostID { return m.From }, domain)
	}
	return n
}

// crossing counts the VMs of a group under way from one failure domain to another that have an
// end in the given one.
func crossing(s *cloud.State, c *cloud.Census, group int, end func(cloud.Change) cloud.HostID, domain int32) int {
	n := 0
	for _, m := range s.UnderWay() {
		if h := end(m); h != cloud.Absent && c.Domain(h) == domain && crosses(c, m) && isMember(s, m.VM, group) {
			n++
		}
	}
	return n
}

// crosses tells whether a change takes a VM from one failure domain to another.
func crosses(c *cloud.Census, m cloud.Change) bool {
	return m.From == cloud.Absent || m.To == cloud.Absent || c.Domain(m.From) != c.Domain(m.To)
}

// others counts, of a group of which a VM goes from one host to another, those that are
// charged where it goes, without the VM itself. From may be Absent.
func others(s *cloud.State, c *cloud.Census, group int, from, to cloud.HostID) int {
	d := c.Domain(to)
	n := charged(s, c, group, d)
	if from != cloud.Absent && c.Domain(from) == d {
		n--
	}
	return n
}

// leaving lists the VMs under way that leave a host.
func leaving(s *cloud.State, h cloud.HostID) []cloud.VMID {
	if len(s.UnderWay()) == 0 {
		return nil
	}
	var out []cloud.VMID
	for _, m := range s.UnderWay() {
		if m.From == h {
			out = append(out, m.VM)
		}
	}
	return out
}
