package lp

import (
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/formulation"
)

// relation writes the rows of one relation.
func (w *writer) relation(i int) {
	r := &w.Relations[i]
	switch r.Rule {
	case "affinity":
		w.affinity(i, r)
	case "spread":
		w.spread(i, r)
	case "depends":
		w.depends(i, r)
	case "interference":
		w.interference(i, r)
	}
}

// of lists the terms of some VMs by place.
func (w *writer) of(r *formulation.Relation, vms ...cloud.VMID) [][]term {
	return w.byPlace(r.Places, w.members(vms))
}

// affinity: each VM stands where the first one stands.
func (w *writer) affinity(i int, r *formulation.Relation) {
	first := w.of(r, r.VMs[0])
	for k, v := range r.VMs[1:] {
		for p, terms := range w.of(r, v) {
			w.row(fmt.Sprintf("r%d_%d_%d", i, k, p))
			w.all(first[p])
			w.minus(terms)
			w.end("=", 0)
		}
	}
}

// spread: enough places are occupied, and a place is occupied only by a VM.
func (w *writer) spread(i int, r *formulation.Relation) {
	var occupied []string
	for p, terms := range w.of(r, r.VMs...) {
		if len(terms) == 0 {
			continue
		}
		z := w.part(i, p)
		occupied = append(occupied, z)
		w.row(fmt.Sprintf("r%d_%d", i, p))
		w.term(1, z)
		w.minus(terms)
		w.end("<=", 0)
	}
	w.row(fmt.Sprintf("r%d", i))
	for _, z := range occupied {
		w.term(1, z)
	}
	w.end(">=", r.N)
}

// depends: where a VM stands one of the others stands, which it may be itself.
func (w *writer) depends(i int, r *formulation.Relation) {
	others := w.of(r, r.Others...)
	for k, v := range r.VMs {
		if _, both := slices.BinarySearch(r.Others, v); both {
			continue
		}
		for p, terms := range w.of(r, v) {
			if len(terms) == 0 {
				continue
			}
			w.row(fmt.Sprintf("r%d_%d_%d", i, k, p))
			w.all(terms)
			w.minus(others[p])
			w.end("<=", 0)
		}
	}
}

// interference: a place is occupied if a VM stands there, and then holds no more of the others than the rule says.
func (w *writer) interference(i int, r *formulation.Relation) {
	vms := make([][][]term, len(r.VMs))
	for k, v := range r.VMs {
		vms[k] = w.of(r, v)
	}
	for p, others := range w.of(r, r.Others...) {
		most := demanded(others)
		if most <= r.N || !slices.ContainsFunc(vms, func(places [][]term) bool { return len(places[p]) > 0 }) {
			continue
		}
		z := w.part(i, p)
		for k := range vms {
			if len(vms[k][p]) == 0 {
				continue
			}
			w.row(fmt.Sprintf("r%d_%d_%d", i, k, p))
			w.all(vms[k][p])
			w.term(-1, z)
			w.end("<=", 0)
		}
		w.row(fmt.Sprintf("r%d_%d", i, p))
		w.all(others)
		w.term(float64(most-r.N), z)
		w.end("<=", most)
	}
}

// part makes the variable of a relation in a place: whether it is occupied. It need not be whole, since it
// is only as large, or as small, as it has to be.
func (w *writer) part(i, p int) string {
	z := fmt.Sprintf("z%d_%d", i, p)
	w.parts = append(w.parts, z)
	return z
}

// minus subtracts terms.
func (w *writer) minus(terms []term) {
	for _, t := range terms {
		w.x(-t.coefficient, t.vm, t.host)
	}
}
