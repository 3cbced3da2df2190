package fixingthecloud

import (
	"fmt"
	"math"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/scan"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Importer is the entry of the format's importer.
func Importer() spec.Entry[formats.Importer] {
	return spec.Entry[formats.Importer]{
		Descriptor: spec.Descriptor{
			Name:     "fixing-the-cloud",
			Synopsis: "the migration problem \"Fixing the cloud\", plain integers; file PROBLEM",
			Citation: "no public source found",
			Doc: "N M; N lines `cpu ram` of the hosts; M lines `cpu ram` of the VMs; M lines `old-host new-host`, counted " +
				"from 0. Keeps everything.",
		},
		New: func(spec.Args) (formats.Importer, error) { return importer{}, nil },
	}
}

// The resources, in the order in which an instance has them.
const (
	ramName = "ram"
	cpuName = "cpu"
)

// hostName and vmName name what the format counts.
func hostName(host int) string { return "host" + strconv.Itoa(host) }

// vmName is [hostName] for VMs.
func vmName(vm int) string { return "vm" + strconv.Itoa(vm) }

// importer reads the format.
type importer struct{}

// Files lists the files that Import takes.
func (importer) Files() []string { return []string{"PROBLEM"} }

// Import reads a problem. It takes time and memory linear in its size; errors name file
// and line.
func (importer) Import(files []string) (*cloud.Instance, error) {
	data, err := fileio.Read(files[0], nil)
	if err != nil {
		return nil, err
	}
	return decode(files[0], data)
}

func decode(file string, data []byte) (*cloud.Instance, error) {
	s := scan.New(file, data)
	in := &cloud.Instance{
		Name:        fileio.Title(file, "fixing-the-cloud"),
		Description: "problem in the format of \"Fixing the cloud\"",
		Resources:   []cloud.Resource{{Name: ramName}, {Name: cpuName}},
	}
	hosts := s.Count(0, "the number of hosts")
	most := int64(math.MaxInt32)
	if hosts == 0 {
		most = 0 // each VM stands somewhere
	}
	vms := int(s.Number(0, most, "the number of VMs"))
	// Memory is taken as things are read, not as they are announced.
	for h := 0; h < hosts && s.OK(); h++ {
		cpu, ram := s.Amount("the cpu of host %d", h), s.Amount("the ram of host %d", h)
		in.Hosts = append(in.Hosts, cloud.Host{Name: hostName(h), Capacity: []int64{ram, cpu}, Reserved: make([]int64, 2)})
	}
	for v := 0; v < vms && s.OK(); v++ {
		cpu, ram := s.Amount("the cpu of VM %d", v), s.Amount("the ram of VM %d", v)
		in.VMs = append(in.VMs, cloud.VM{Name: vmName(v), Demand: []int64{ram, cpu}})
	}
	for v := 0; v < vms && s.OK(); v++ {
		in.Initial = append(in.Initial, cloud.HostID(s.Number(0, int64(hosts)-1, "the old host of VM %d", v)))
		in.Target = append(in.Target, cloud.HostID(s.Number(0, int64(hosts)-1, "the new host of VM %d", v)))
	}
	if in.Target == nil {
		in.Target = cloud.Placement{} // of no VMs, and chosen all the same
	}
	if err := s.End(); err != nil {
		return nil, err
	}
	if err := in.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return in, nil
}
