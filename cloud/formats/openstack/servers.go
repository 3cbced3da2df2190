package openstack

import (
	"cmp"

	"github.com/cloudrearrange/rearrange/cloud/prose"
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

func (c *listing) readServers(rows []*row) error {
	c.serverByID = map[string]int{}
	seen := map[string]int{}
	var unknown unknownFlavors
	for _, r := range rows {
		s, ok := c.readServer(r, &unknown)
		r.unique(seen, "ID", s.id)
		if r.err != nil {
			return r.err
		}
		if ok {
			c.serverByID[s.id] = len(c.servers)
			c.servers = append(c.servers, s)
		}
	}
	return unknown.err()
}

// readServer reads a server; ok is false for one that is left out.
func (c *listing) readServer(r *row, unknown *unknownFlavors) (s server, ok bool) {
	s = server{
		id: r.needed("ID"), name: r.needed("Name"), status: r.needed("Status"),
		zone: r.text("Availability Zone"), pinnedZone: r.text("Pinned Availability Zone"),
		project: r.text("Project ID"), powerState: powerState(r), host: c.hostOf(r),
	}
	c.noteHostStatus(r, s.host)
	if r.err != nil || s.status == "DELETED" || s.host == nowhere && c.importer.drop {
		return s, false
	}
	s.flavor = c.flavorOf(r, unknown)
	return s, true
}

// powerState is a text in old lists and a number in new ones, whose meaning the API
// reference gives: https://docs.openstack.org/api-ref/compute/#list-servers-detailed
func powerState(r *row) string {
	s := r.text("Power State")
	names := map[string]string{"0": "NOSTATE", "1": "Running", "3": "Paused", "4": "Shutdown", "6": "Crashed", "7": "Suspended"}
	return cmp.Or(names[s], s)
}

// noteHostStatus learns from a server whether its hypervisor takes others: from API
// version 2.16 on, a server tells the status of its host to administrators, which is
// UP, or else UNKNOWN, DOWN or MAINTENANCE (disabled). The list of hypervisors tells only
// those that are down. https://docs.openstack.org/api-ref/compute/#list-servers-detailed
func (c *listing) noteHostStatus(r *row, host int) {
	status := r.text("Host Status")
	if host != nowhere && status != "" && status != "UP" {
		c.hypervisors[host].closed = true
	}
}

// hostOf finds the hypervisor of a server. Old lists name the host of its compute
// service, whose name may be short where that of the hypervisor is not, and the
// other way round.
func (c *listing) hostOf(r *row) int {
	name := r.text("Host")
	if name == "" {
		if _, ok := r.columns["Host"]; !ok {
			r.missing("Host")
		}
		return nowhere
	}
	if h, ok := c.hypervisorByName[name]; ok {
		return h
	}
	switch near := c.hypervisorsByLabel[firstLabel(name)]; len(near) {
	case 1:
		return near[0]
	case 0:
		known := prose.Texts(c.hypervisors, func(h hypervisor) string { return h.name })
		r.fail("Host", "unknown hypervisor %q%s", name, spec.DidYouMean(name, known, "known are"))
	default:
		r.fail("Host", "%q may be hypervisor %q or %q", name, c.hypervisors[near[0]].name, c.hypervisors[near[1]].name)
	}
	return nowhere
}
