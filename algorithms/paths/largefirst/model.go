package largefirst

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// model holds what does not change during a search and is shared by its attempts: demands,
// sizes and limits.
//
// The size of a VM is its largest share of any resource, in 64ths of an average host. VMs with
// equal demands are of one kind. Kinds of about the same size are of one class; classes are
// numbered from the largest.
type model struct {
	p         *paths.Problem
	hosts     int
	resources int
	limit     []int64   // [host*R + resource], MaxInt64 where nothing limits it
	kind      []int32   // by VM
	demand    []int64   // [kind*R + resource]
	share     []float32 // [kind*R + resource]: the demand, in 64ths; 0 if unlimited
	part      []float32 // by resource: one unit, in 64ths; 0 if unlimited
	size      []float32 // by kind, in 64ths
	weight    []int64   // by kind: the size as an integer, at least 1
	class     []int32   // by kind
	classes   int
	unit      float64               // cost of one migration, per 64th of a host
	filters   *cloud.Filters        // nil if there are none
	anywhere  cloud.HostIndependent // nil if costs depend on hosts
	apart     *apart
	others    []cloud.Rule // continuous rules that are no limits, filters or groups kept apart by host
}

// weightOf64th is the weight of one 64th of a host.
const weightOf64th = 1 << 16

// newModel takes O((VMs + hosts) × resources), plus the time to sort the kinds.
func newModel(p *paths.Problem) *model {
	in := p.Instance
	m := &model{p: p, hosts: len(in.Hosts), resources: len(in.Resources)}
	sorted := cloud.SortPath(in, p.Rules, p.Start, p.Goal)
	m.limit = sorted.Limits
	if !sorted.Filters.Empty() {
		m.filters = &sorted.Filters
	}
	m.anywhere, _ = p.Cost.(cloud.HostIndependent)
	m.apart = newApart(in, p.Rules)
	m.others = slices.DeleteFunc(sorted.Others, keepsApart)
	m.part = make([]float32, m.resources)
	for r := range m.part {
		m.part[r] = m.partOf(r)
	}
	m.findKinds()
	m.findClasses()
	m.findUnit()
	return m
}

// partOf returns one unit of a resource in 64ths of an average host that limits it.
func (m *model) partOf(r int) float32 {
	sum, n := 0.0, 0
	for h := range m.hosts {
		if l := m.limit[h*m.resources+r]; l != math.MaxInt64 {
			sum, n = sum+float64(l), n+1
		}
	}
	if sum <= 0 {
		return 0
	}
	return float32(64 * float64(n) / sum)
}

func (m *model) findKinds() {
	in, r := m.p.Instance, m.resources
	m.kind = make([]int32, len(in.VMs))
	index := map[string]int32{}
	var key []byte
	for v := range in.VMs {
		key = key[:0]
		for _, d := range in.VMs[v].Demand {
			key = binary.AppendVarint(key, d)
		}
		k, known := index[string(key)]
		if !known {
			k = int32(len(index))
			index[string(key)] = k
			m.demand = append(m.demand, in.VMs[v].Demand...)
		}
		m.kind[v] = k
	}
	m.share = make([]float32, len(m.demand))
	m.size, m.weight = make([]float32, len(index)), make([]int64, len(index))
	for k := range m.size {
		for i := range r {
			m.share[k*r+i] = float32(m.demand[k*r+i]) * m.part[i]
			m.size[k] = max(m.size[k], m.share[k*r+i])
		}
		m.weight[k] = max(1, int64(min(float64(m.size[k]), 1<<20)*weightOf64th))
	}
}

// classesPerDoubling is the number of classes between a size and its double.
const classesPerDoubling = 4

func (m *model) findClasses() {
	m.class = make([]int32, len(m.size))
	grade := func(k int) float64 {
		return math.Round(classesPerDoubling * math.Log2(max(1.0/weightOf64th, float64(m.size[k]))))
	}
	order := make([]int, len(m.size))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(grade(b), grade(a)) })
	for n, k := range order {
		if n > 0 && grade(k) != grade(order[n-1]) {
			m.classes++
		}
		m.class[k] = int32(m.classes)
	}
	m.classes++
}

// findUnit averages over the VMs that migrate.
func (m *model) findUnit() {
	var price, size float64
	for v, at := range m.p.Start {
		if goal := m.p.Goal[v]; at != goal && at != cloud.Absent && goal != cloud.Absent {
			price += float64(m.price(cloud.VMID(v), at, goal))
			size += float64(m.size[m.kind[v]])
		}
	}
	if m.unit = 1; price > 0 && size > 0 {
		m.unit = price / size
	}
}

// price is the cost of moving a VM from one host to another; either may be Absent.
func (m *model) price(v cloud.VMID, from, to cloud.HostID) int64 {
	if m.anywhere != nil && from != cloud.Absent && to != cloud.Absent {
		return m.anywhere.MigrateAnywhere(v)
	}
	return cloud.CostOf(m.p.Cost, cloud.Change{VM: v, From: from, To: to})
}

// demandOf returns a VM's demand for each resource.
func (m *model) demandOf(v cloud.VMID) []int64 {
	k, r := int(m.kind[v]), m.resources
	return m.demand[k*r : k*r+r]
}

func (m *model) sizeOf(v cloud.VMID) float32 { return m.size[m.kind[v]] }

func (m *model) weightOf(v cloud.VMID) int64 { return m.weight[m.kind[v]] }

func (m *model) classOf(v cloud.VMID) int32 { return m.class[m.kind[v]] }
