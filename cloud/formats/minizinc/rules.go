package minizinc

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/formulation"
)

// relation is a rule about one group or two, with a number where it has one.
type relation struct {
	kind        int   // of places, counted from 1
	vms, others []int // as the model counts VMs
	n           int64
}

// take gathers the kinds of places, and the relations, by the rules that they stand for.
func (m *instance) take(relations []formulation.Relation) {
	for i := range m.Counters {
		m.kind(m.Counters[i].Places)
	}
	for _, r := range relations {
		n := relation{kind: m.kind(r.Places), vms: m.numbers(r.VMs), others: m.numbers(r.Others), n: r.N}
		switch r.Rule {
		case "affinity":
			m.affinities = append(m.affinities, n)
		case "spread":
			m.spreads = append(m.spreads, n)
		case "depends":
			m.dependencies = append(m.dependencies, n)
		case "interference":
			m.interferences = append(m.interferences, n)
		}
	}
}

// kind is the number of a kind of places, which it is given when it is new.
func (m *instance) kind(p *formulation.Places) int {
	i := slices.Index(m.kinds, p)
	if i < 0 {
		i = len(m.kinds)
		m.kinds = append(m.kinds, p)
	}
	return i + 1
}

// numbers are those that the model gives to VMs.
func (m *instance) numbers(vms []cloud.VMID) []int {
	out := make([]int, len(vms))
	for i, v := range vms {
		out[i] = m.index[v]
	}
	return out
}
