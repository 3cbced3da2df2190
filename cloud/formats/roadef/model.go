package roadef

import (
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/scan"
)

// model is the content of a model file, as far as rules depend on it.
type model struct {
	file      string
	transient []bool // per resource
	machines  []machine
	services  []service
	processes []process
}

type machine struct {
	neighbourhood, location int64
	capacity                []int64 // per resource
}

type service struct {
	spread    int64 // locations that it covers at least
	dependsOn []int // services, in the order of the file
}

type process struct {
	service int
	demand  []int64 // per resource
}

// Positions are int32 in the model of a cloud; amounts are int64.
const (
	maxCount  = math.MaxInt32
	maxAmount = math.MaxInt64
)

// reader reads a model file section by section. The first error ends it: from then
// on every number is 0 and every count, too.
type reader struct {
	*scan.Scanner
	err error
}

func (r *reader) number(lo, hi int64, what string, args ...int) int64 {
	if r.err != nil {
		return 0
	}
	var n int64
	n, r.err = r.Next(lo, hi, what, args...)
	return n
}

// count reads how many things follow. Memory is taken as they are read, not as they
// are announced: a damaged count must not ask for more than the file holds.
func (r *reader) count(lo int64, what string, args ...int) int {
	return int(r.number(lo, maxCount, what, args...))
}

func (r *reader) amount(what string, args ...int) int64 {
	return r.number(0, maxAmount, what, args...)
}

func (r *reader) amounts(n int, what string, of int) []int64 {
	var out []int64
	for i := 0; i < n && r.err == nil; i++ {
		out = append(out, r.amount(what, i, of))
	}
	return out
}

func readModel(file string, data []byte) (*model, error) {
	r := &reader{Scanner: scan.New(file, data)}
	m := &model{file: file}
	r.resources(m)
	r.machines(m)
	r.services(m)
	r.processes(m)
	r.objective(m)
	if r.err == nil {
		r.err = r.End()
	}
	return m, r.err
}

func (r *reader) resources(m *model) {
	n := r.count(1, "the number of resources")
	for i := 0; i < n && r.err == nil; i++ {
		m.transient = append(m.transient, r.number(0, 1, "whether resource %d is transient", i) == 1)
		r.amount("the weight of the load cost of resource %d", i)
	}
}

func (r *reader) machines(m *model) {
	n := r.count(1, "the number of machines")
	for i := 0; i < n && r.err == nil; i++ {
		h := machine{
			neighbourhood: r.amount("the neighbourhood of machine %d", i),
			location:      r.amount("the location of machine %d", i),
			capacity:      r.amounts(len(m.transient), "the capacity for resource %d of machine %d", i),
		}
		r.amounts(len(m.transient), "the safety capacity for resource %d of machine %d", i)
		for j := 0; j < n && r.err == nil; j++ {
			r.amount("the cost of a move from machine %d to machine %d", i, j)
		}
		m.machines = append(m.machines, h)
	}
}

func (r *reader) services(m *model) {
	n := r.count(0, "the number of services")
	for i := 0; i < n && r.err == nil; i++ {
		s := service{spread: r.number(0, maxCount, "the spread of service %d", i)}
		deps := r.count(0, "the number of services that service %d depends on", i)
		for j := 0; j < deps && r.err == nil; j++ {
			s.dependsOn = append(s.dependsOn, int(r.number(0, int64(n)-1, "service number %d that service %d depends on", j+1, i)))
		}
		m.services = append(m.services, s)
	}
}

func (r *reader) processes(m *model) {
	n := r.count(0, "the number of processes")
	for i := 0; i < n && r.err == nil; i++ {
		p := process{
			service: int(r.number(0, int64(len(m.services))-1, "the service of process %d", i)),
			demand:  r.amounts(len(m.transient), "the demand for resource %d of process %d", i),
		}
		r.amount("the move cost of process %d", i)
		m.processes = append(m.processes, p)
	}
}

// objective reads what ranks placements and checks it, so that a file cut short is
// noticed.
func (r *reader) objective(m *model) {
	n := r.count(0, "the number of balance costs")
	for i := 0; i < n && r.err == nil; i++ {
		last := int64(len(m.transient)) - 1
		r.number(0, last, "the first resource of balance cost %d", i)
		r.number(0, last, "the second resource of balance cost %d", i)
		r.amount("the target of balance cost %d", i)
		r.amount("the weight of balance cost %d", i)
	}
	r.amount("the weight of process moves")
	r.amount("the weight of service moves")
	r.amount("the weight of machine moves")
}

// readAssignment reads on which machine each process runs.
func readAssignment(file string, data []byte, m *model) (cloud.Placement, error) {
	s := scan.New(file, data)
	out := make(cloud.Placement, len(m.processes))
	for i := range out {
		h, err := s.Next(0, int64(len(m.machines))-1, "the machine of process %d", i)
		if err != nil {
			return nil, err
		}
		out[i] = cloud.HostID(h)
	}
	return out, s.End()
}
