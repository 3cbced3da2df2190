package roadef

import (
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/scan"
)

// model is the content of a model file.
type model struct {
	file      string
	transient []bool  // per resource
	load      []int64 // per resource: weight of the load cost
	machines  []machine
	services  []service
	processes []process
	balances  [][4]int64 // two resources, the target and the weight
	weights   [3]int64   // of process, service and machine moves
}

type machine struct {
	neighbourhood, location int64
	capacity, safe          []int64 // per resource
	moves                   []int64 // per machine: cost of a move there
}

type service struct {
	spread    int64 // locations that it covers at least
	dependsOn []int // services, in the order of the file
}

type process struct {
	service int
	demand  []int64 // per resource
	move    int64   // cost of a move
}

// reader reads a model file section by section.
type reader struct{ *scan.Scanner }

func (r reader) amounts(n int, what string, of int) []int64 {
	var out []int64
	for i := 0; i < n && r.OK(); i++ {
		out = append(out, r.Amount(what, i, of))
	}
	return out
}

func readModel(file string, data []byte) (*model, error) {
	r := reader{scan.New(file, data)}
	m := &model{file: file}
	r.resources(m)
	r.machines(m)
	r.services(m)
	r.processes(m)
	r.objective(m)
	return m, r.End()
}

func (r reader) resources(m *model) {
	n := r.Count(1, "the number of resources")
	for i := 0; i < n && r.OK(); i++ {
		m.transient = append(m.transient, r.Number(0, 1, "whether resource %d is transient", i) == 1)
		m.load = append(m.load, r.Number(0, most, "the weight of the load cost of resource %d", i))
	}
}

func (r reader) machines(m *model) {
	n := r.Count(1, "the number of machines")
	for i := 0; i < n && r.OK(); i++ {
		h := machine{
			neighbourhood: r.Amount("the neighbourhood of machine %d", i),
			location:      r.Amount("the location of machine %d", i),
			capacity:      r.amounts(len(m.transient), "the capacity for resource %d of machine %d", i),
			safe:          r.amounts(len(m.transient), "the safety capacity for resource %d of machine %d", i),
		}
		for j := 0; j < n && r.OK(); j++ {
			h.moves = append(h.moves, r.Amount("the cost of a move from machine %d to machine %d", i, j))
		}
		m.machines = append(m.machines, h)
	}
}

func (r reader) services(m *model) {
	n := r.Count(0, "the number of services")
	for i := 0; i < n && r.OK(); i++ {
		s := service{spread: r.Number(0, math.MaxInt32, "the spread of service %d", i)}
		deps := r.Count(0, "the number of services that service %d depends on", i)
		for j := 0; j < deps && r.OK(); j++ {
			s.dependsOn = append(s.dependsOn, int(r.Number(0, int64(n)-1, "service number %d that service %d depends on", j+1, i)))
		}
		m.services = append(m.services, s)
	}
}

func (r reader) processes(m *model) {
	n := r.Count(0, "the number of processes")
	for i := 0; i < n && r.OK(); i++ {
		p := process{
			service: int(r.Number(0, int64(len(m.services))-1, "the service of process %d", i)),
			demand:  r.amounts(len(m.transient), "the demand for resource %d of process %d", i),
		}
		p.move = r.Amount("the move cost of process %d", i)
		m.processes = append(m.processes, p)
	}
}

// most bounds weights: they are parameters of the objective.
const most = 1_000_000_000

// objective reads the rest of what ranks placements.
func (r reader) objective(m *model) {
	n := r.Count(0, "the number of balance costs")
	for i := 0; i < n && r.OK(); i++ {
		last := int64(len(m.transient)) - 1
		m.balances = append(m.balances, [4]int64{
			r.Number(0, last, "the first resource of balance cost %d", i),
			r.Number(0, last, "the second resource of balance cost %d", i),
			r.Amount("the target of balance cost %d", i),
			r.Amount("the weight of balance cost %d", i),
		})
	}
	m.weights = [3]int64{
		r.Number(0, most, "the weight of process moves"),
		r.Number(0, most, "the weight of service moves"),
		r.Number(0, most, "the weight of machine moves"),
	}
}

// readAssignment reads on which machine each process runs.
func readAssignment(file string, data []byte, processes, machines int) (cloud.Placement, error) {
	s := scan.New(file, data)
	out := make(cloud.Placement, processes)
	for i := range out {
		out[i] = cloud.HostID(s.Number(0, int64(machines)-1, "the machine of process %d", i))
	}
	return out, s.End()
}
