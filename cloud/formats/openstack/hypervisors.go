package openstack

import "strings"

type hypervisor struct {
	name          string
	ramMiB, vcpus int64
	closed        bool // down or disabled
}

func (c *listing) readHypervisors(rows []row) error {
	c.hypervisorByName, c.hypervisorsByLabel = map[string]int{}, map[string][]int{}
	for n, r := range rows {
		h := hypervisor{}
		var err error
		if h.name, err = r.needed("Hypervisor Hostname"); err != nil {
			return err
		}
		if h.vcpus, err = capacity(r, c.importer.hostVCPUs, "vCPUs", "VCPUs"); err != nil {
			return err
		}
		if h.ramMiB, err = capacity(r, c.importer.hostRAMMiB, "Memory MB"); err != nil {
			return err
		}
		state, err := r.text("State")
		if err != nil {
			return err
		}
		status, err := r.text("Status")
		if err != nil {
			return err
		}
		h.closed = strings.EqualFold(state, "down") || strings.EqualFold(status, "disabled")
		if err := unique(r, c.hypervisorByName, "Hypervisor Hostname", h.name); err != nil {
			return err
		}
		label := firstLabel(h.name)
		c.hypervisorsByLabel[label] = append(c.hypervisorsByLabel[label], n)
		c.hypervisors = append(c.hypervisors, h)
	}
	return nil
}

// capacity is an amount of the list of hypervisors, or else the one of the parameter.
func capacity(r row, otherwise int64, columns ...string) (int64, error) {
	n, ok, err := r.amount(columns...)
	if err != nil || ok {
		return n, err
	}
	if otherwise != unknown {
		return otherwise, nil
	}
	return 0, r.fail("", "there is no column %q: from API version 2.88 on, the list tells neither cores nor memory. "+
		"List with --os-compute-api-version 2.87, or give the parameters host-vcpus and host-ram", columns[0])
}

func firstLabel(host string) string {
	label, _, _ := strings.Cut(host, ".")
	return label
}
