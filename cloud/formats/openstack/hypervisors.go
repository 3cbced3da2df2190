package openstack

import "strings"

type hypervisor struct {
	name          string
	ramMiB, vcpus int64
	closed        bool // down or disabled
}

func (c *listing) readHypervisors(rows []*row) error {
	c.hypervisorByName, c.hypervisorsByLabel = map[string]int{}, map[string][]int{}
	for n, r := range rows {
		h := hypervisor{
			name:   r.needed("Hypervisor Hostname"),
			vcpus:  capacity(r, c.importer.hostVCPUs, "vCPUs", "VCPUs"),
			ramMiB: capacity(r, c.importer.hostRAMMiB, "Memory MB"),
		}
		state, status := r.text("State"), r.text("Status")
		h.closed = strings.EqualFold(state, "down") || strings.EqualFold(status, "disabled")
		r.unique(c.hypervisorByName, "Hypervisor Hostname", h.name)
		if r.err != nil {
			return r.err
		}
		label := firstLabel(h.name)
		c.hypervisorsByLabel[label] = append(c.hypervisorsByLabel[label], n)
		c.hypervisors = append(c.hypervisors, h)
	}
	return nil
}

// capacity is an amount of the list of hypervisors, or else the one of the parameter.
func capacity(r *row, otherwise int64, columns ...string) int64 {
	n, ok := r.amount(columns...)
	switch {
	case ok:
		return n
	case otherwise == unknown:
		r.fail("", "there is no column %q: from API version 2.88 on, the list tells neither cores nor memory. "+
			"List with --os-compute-api-version 2.87, or give the parameters host-vcpus and host-ram", columns[0])
	}
	return otherwise
}

func firstLabel(host string) string {
	label, _, _ := strings.Cut(host, ".")
	return label
}
