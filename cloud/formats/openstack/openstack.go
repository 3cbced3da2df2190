package openstack

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Importer is the entry of the format's importer.
func Importer() spec.Entry[formats.Importer] {
	ratios := spec.Between(0, 1e6)
	return spec.Entry[formats.Importer]{
		Descriptor: spec.Descriptor{
			Name:     "openstack",
			Synopsis: "lists of the OpenStack client as JSON; files SERVERS HYPERVISORS FLAVORS [SERVER_GROUPS]",
			Doc: "Reads what `openstack server list --all-projects --long -f json`, `openstack hypervisor list --long " +
				"-f json`, `openstack flavor list --all --long -f json` and `openstack server group list " +
				"--all-projects --long -f json` print. Keeps memory and cores, zones, server groups, and that nothing " +
				"arrives on a hypervisor that is down; leaves out disks, NUMA topology and host aggregates. There is " +
				"no target. The ratios and the reserved memory are Nova's defaults: take your own from nova.conf.",
			Params: []spec.Param{
				{Name: "cpu-ratio", Type: spec.Ratio, Default: "4", Bounds: ratios, Doc: "virtual cores that a physical one may serve: cpu_allocation_ratio"},
				{Name: "ram-ratio", Type: spec.Ratio, Default: "1", Bounds: ratios, Doc: "memory that may be promised to memory that is there: ram_allocation_ratio"},
				{Name: "reserved-ram", Type: spec.Int, Default: "512", Unit: "MiB", Bounds: spec.Between(0, 1<<40), Doc: "memory that each host keeps for itself: reserved_host_memory_mb"},
				{Name: "host-vcpus", Type: spec.Int, Unit: "cores", Bounds: spec.Between(0, 1<<31), Doc: "cores of a host of which the list does not tell them"},
				{Name: "host-ram", Type: spec.Int, Unit: "MiB", Bounds: spec.Between(0, 1<<40), Doc: "memory of a host of which the list does not tell it"},
				{Name: "unplaced", Type: spec.Choice, Choices: []string{"keep", "drop"}, Default: "keep", Doc: "servers on no host: keep them as absent VMs, or drop them"},
			},
			Citation: "OpenStack client: https://docs.openstack.org/python-openstackclient/latest/; defaults of " +
				"initial_cpu_allocation_ratio, initial_ram_allocation_ratio and reserved_host_memory_mb in Nova: " +
				"https://docs.openstack.org/nova/latest/configuration/config.html",
		},
		New: newImporter,
	}
}

// importer reads the format.
type importer struct {
	cpuRatio, ramRatio string // as a spec writes them
	reservedRAMMiB     int64
	hostVCPUs          int64 // unknown where there is no default
	hostRAMMiB         int64
	drop               bool // servers on no host
}

const unknown = -1

// newImporter makes an importer.
func newImporter(a spec.Args) (formats.Importer, error) {
	i := importer{
		reservedRAMMiB: a.Int("reserved-ram"), hostVCPUs: unknown, hostRAMMiB: unknown,
		drop: a.String("unplaced") == "drop",
	}
	cpu, _ := a.Full().Value("cpu-ratio")
	ram, _ := a.Full().Value("ram-ratio")
	i.cpuRatio, i.ramRatio = cpu.Text, ram.Text
	if a.Has("host-vcpus") {
		i.hostVCPUs = a.Int("host-vcpus")
	}
	if a.Has("host-ram") {
		i.hostRAMMiB = a.Int("host-ram")
	}
	return i, nil
}

// Files lists the files that Import takes.
func (importer) Files() []string {
	return []string{"SERVERS", "HYPERVISORS", "FLAVORS", "[SERVER_GROUPS]"}
}

// Import reads the lists. It takes time and memory linear in their size; errors name
// file, line and column, and the place as a JSON Pointer.
func (i importer) Import(files []string) (*cloud.Instance, error) {
	contents := make([][]byte, len(files))
	for n, file := range files {
		var err error
		if contents[n], err = fileio.ReadShare(file, nil, len(files)); err != nil {
			return nil, err
		}
	}
	return i.decode(files, contents)
}

// decode reads what others refer to first, so that a reference to nothing is found
// where it stands.
func (i importer) decode(files []string, contents [][]byte) (*cloud.Instance, error) {
	c := &listing{importer: i}
	for _, l := range []struct {
		file    int
		command string
		read    func([]*row) error
	}{
		{2, "openstack flavor list --all --long -f json", c.readFlavors},
		{1, "openstack hypervisor list --long -f json", c.readHypervisors},
		{0, "openstack server list --all-projects --long -f json", c.readServers},
		{3, "openstack server group list --all-projects --long -f json", c.readGroups},
	} {
		if l.file >= len(files) {
			continue
		}
		rows, err := readRows(contents[l.file], l.command)
		if err == nil {
			err = l.read(rows)
		}
		if err != nil {
			return nil, cloud.LocateIn(files[l.file], contents[l.file], err)
		}
	}
	in := c.instance(fileio.Title(files[0], "openstack"))
	if err := in.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", files[0], err)
	}
	return in, nil
}
