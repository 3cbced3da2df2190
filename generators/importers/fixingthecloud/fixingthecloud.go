package fixingthecloud

import (
	"fmt"
	"math"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators/internal/scan"
)

// Descriptor describes the format.
func Descriptor() spec.Descriptor {
	return spec.Descriptor{
		Name:     "fixing-the-cloud",
		Synopsis: "the migration problem \"Fixing the cloud\", plain integers; file PROBLEM",
		Citation: "no public source found",
		Doc: "N M; N lines `cpu ram` of the hosts; M lines `cpu ram` of the VMs; M lines `old-host new-host`, counted " +
			"from 0. Keeps everything.",
	}
}

// The resources, in the order in which an instance has them.
const (
	RAM = "ram"
	CPU = "cpu"
)

// HostName and VMName name what the format counts.
func HostName(host int) string { return "host" + strconv.Itoa(host) }

// VMName is [HostName] for VMs.
func VMName(vm int) string { return "vm" + strconv.Itoa(vm) }

// Importer reads the format.
type Importer struct{}

// New makes an importer; the format has no parameters.
func New(spec.Args) (Importer, error) { return Importer{}, nil }

// Files lists the files that Import takes.
func (Importer) Files() []string { return []string{"PROBLEM"} }

// Import reads a problem. It takes time and memory linear in its size; errors name file
// and line.
func (Importer) Import(files []string) (*cloud.Instance, error) {
	data, err := fileio.Read(files[0], nil)
	if err != nil {
		return nil, err
	}
	return decode(files[0], data)
}

func decode(file string, data []byte) (*cloud.Instance, error) {
	r := &reader{Scanner: scan.New(file, data)}
	in := &cloud.Instance{
		Name:        fileio.Title(file, "fixing-the-cloud"),
		Description: "problem in the format of \"Fixing the cloud\"",
		Resources:   []cloud.Resource{{Name: RAM}, {Name: CPU}},
	}
	hosts := r.number(0, math.MaxInt32, "the number of hosts")
	most := math.MaxInt32
	if hosts == 0 {
		most = 0 // each VM stands somewhere
	}
	vms := r.number(0, most, "the number of VMs")
	// Memory is taken as things are read, not as they are announced.
	for h := 0; h < hosts && r.err == nil; h++ {
		cpu, ram := r.amount("the cpu of host %d", h), r.amount("the ram of host %d", h)
		in.Hosts = append(in.Hosts, cloud.Host{Name: HostName(h), Capacity: []int64{ram, cpu}, Reserved: make([]int64, 2)})
	}
	for v := 0; v < vms && r.err == nil; v++ {
		cpu, ram := r.amount("the cpu of VM %d", v), r.amount("the ram of VM %d", v)
		in.VMs = append(in.VMs, cloud.VM{Name: VMName(v), Demand: []int64{ram, cpu}})
	}
	for v := 0; v < vms && r.err == nil; v++ {
		in.Initial = append(in.Initial, cloud.HostID(r.number(0, hosts-1, "the old host of VM %d", v)))
		in.Target = append(in.Target, cloud.HostID(r.number(0, hosts-1, "the new host of VM %d", v)))
	}
	if in.Target == nil {
		in.Target = cloud.Placement{} // of no VMs, and chosen all the same
	}
	if r.err == nil {
		r.err = r.End()
	}
	if r.err != nil {
		return nil, r.err
	}
	if err := in.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return in, nil
}

// reader reads one number after the other. The first error ends it: from then on every
// number is 0.
type reader struct {
	*scan.Scanner
	err error
}

func (r *reader) next(lo, hi int64, what string, args []int) int64 {
	if r.err != nil {
		return 0
	}
	var n int64
	n, r.err = r.Next(lo, hi, what, args...)
	return n
}

func (r *reader) number(lo, hi int, what string, args ...int) int {
	return int(r.next(int64(lo), int64(hi), what, args))
}

func (r *reader) amount(what string, args ...int) int64 { return r.next(0, math.MaxInt64, what, args) }
