package openstack

import (
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

type server struct {
	id, name   string
	flavor     int
	host       int // hypervisor, or nowhere
	zone       string
	pinnedZone string
	project    string
	status     string
	powerState string
}

const nowhere = -1

func (c *listing) readServers(rows []row) error {
	c.serverByID = map[string]int{}
	seen := map[string]int{}
	var unknown unknownFlavors
	for _, r := range rows {
		s, ok, err := c.readServer(r, &unknown)
		if err != nil {
			return err
		}
		if err := unique(r, seen, "ID", s.id); err != nil {
			return err
		}
		if ok {
			c.serverByID[s.id] = len(c.servers)
			c.servers = append(c.servers, s)
		}
	}
	return unknown.err()
}

// readServer reads a server; ok is false for one that is left out.
func (c *listing) readServer(r row, unknown *unknownFlavors) (s server, ok bool, err error) {
	for _, text := range []struct {
		column string
		into   *string
		read   func(...string) (string, error)
	}{
		{"ID", &s.id, r.needed},
		{"Name", &s.name, r.needed},
		{"Status", &s.status, r.needed},
		{"Availability Zone", &s.zone, r.text},
		{"Pinned Availability Zone", &s.pinnedZone, r.text},
		{"Project ID", &s.project, r.text},
	} {
		if *text.into, err = text.read(text.column); err != nil {
			return s, false, err
		}
	}
	if s.powerState, err = powerState(r); err != nil {
		return s, false, err
	}
	if s.host, err = c.hostOf(r); err != nil {
		return s, false, err
	}
	if err = c.noteHostStatus(r, s.host); err != nil {
		return s, false, err
	}
	if s.status == "DELETED" || s.host == nowhere && c.importer.drop {
		return s, false, nil
	}
	s.flavor, err = c.flavorOf(r, unknown)
	return s, err == nil, err
}

// powerState is a text in old lists and a number in new ones, whose meaning the API
// reference gives: https://docs.openstack.org/api-ref/compute/#list-servers-detailed
func powerState(r row) (string, error) {
	s, err := r.text("Power State")
	names := map[string]string{"0": "NOSTATE", "1": "Running", "3": "Paused", "4": "Shutdown", "6": "Crashed", "7": "Suspended"}
	if name, ok := names[s]; ok {
		return name, err
	}
	return s, err
}

// noteHostStatus learns from a server whether its hypervisor takes others: from API
// version 2.16 on, a server tells the status of its host to administrators, which is
// UP, or else UNKNOWN, DOWN or MAINTENANCE (disabled). The list of hypervisors tells only
// those that are down. https://docs.openstack.org/api-ref/compute/#list-servers-detailed
func (c *listing) noteHostStatus(r row, host int) error {
	status, err := r.text("Host Status")
	if err == nil && host != nowhere && status != "" && status != "UP" {
		c.hypervisors[host].closed = true
	}
	return err
}

// hostOf finds the hypervisor of a server. Old lists name the host of its compute
// service, whose name may be short where that of the hypervisor is not, and the
// other way round.
func (c *listing) hostOf(r row) (int, error) {
	name, err := r.text("Host")
	if err != nil {
		return nowhere, err
	}
	if name == "" {
		if _, ok := r.columns["Host"]; !ok {
			return nowhere, r.missing("Host")
		}
		return nowhere, nil
	}
	if h, ok := c.hypervisorByName[name]; ok {
		return h, nil
	}
	switch near := c.hypervisorsByLabel[firstLabel(name)]; len(near) {
	case 1:
		return near[0], nil
	case 0:
		var known []string
		for _, h := range c.hypervisors {
			known = append(known, h.name)
		}
		return nowhere, r.fail("Host", "unknown hypervisor %q%s", name, spec.DidYouMean(name, known, "known are"))
	default:
		return nowhere, r.fail("Host", "%q may be hypervisor %q or %q", name, c.hypervisors[near[0]].name, c.hypervisors[near[1]].name)
	}
}
