package kernel

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// pieces divides the VMs that were not taken out, and the hosts that did not open. VMs of
// a price of the excess or more never go astray; the others have a haven, or unite all
// hosts that are not open and where they may stand.
func (r *reducer) pieces() []Piece {
	sets := newSets(len(r.open))
	havens := r.havens()
	united := map[int32]bool{} // by kind
	for i := range int32(r.l.Len()) {
		if r.done[i] {
			continue
		}
		at := r.s.Host[i]
		sets.unite(at, r.goal(i))
		if r.price[i] >= r.excess || havens[r.l.Kind(int(i))] != cloud.Absent {
			continue
		}
		if k := r.l.Kind(int(i)); !united[k] {
			united[k] = true
			for _, h := range r.l.Hosts(int(i)) {
				if !r.open[h] {
					sets.unite(at, h)
				}
			}
		}
	}
	out := collect(r.p, r.l, sets,
		func(h cloud.HostID) bool { return !r.open[h] },
		func(i int32) bool { return !r.done[i] && (r.s.Host[i] != r.goal(i) || r.price[i] < r.excess) })
	for n := range out {
		r.addHavens(&out[n], havens)
	}
	return out
}

// havens is, by kind of VM, the first open host where they may arrive; Absent if there is
// none.
func (r *reducer) havens() map[int32]cloud.HostID {
	out := map[int32]cloud.HostID{}
	for i := range r.l.Len() {
		k := r.l.Kind(i)
		if _, known := out[k]; known {
			continue
		}
		out[k] = cloud.Absent
		if n := slices.IndexFunc(r.l.Enter(i), func(h cloud.HostID) bool { return r.open[h] }); n >= 0 {
			out[k] = r.l.Enter(i)[n]
		}
	}
	return out
}

// addHavens adds the havens of a piece's VMs to its hosts.
func (r *reducer) addHavens(piece *Piece, havens map[int32]cloud.HostID) {
	added := map[cloud.HostID]bool{}
	for _, i := range piece.at {
		if a := havens[r.l.Kind(int(i))]; a != cloud.Absent && r.price[i] < r.excess && !added[a] {
			added[a] = true
			piece.Hosts = append(piece.Hosts, a)
		}
	}
}

// collect makes a piece of each set of hosts where a VM that moves is misplaced, of the
// hosts and of the VMs that are wanted.
func collect(p *paths.Problem, l *space.Layout, s sets, wanted func(cloud.HostID) bool, moves func(int32) bool) []Piece {
	number := map[cloud.HostID]int{}
	var out []Piece
	for i := range int32(l.Len()) {
		v := l.VM(int(i))
		if root := s.root(p.Start[v]); p.Start[v] != p.Goal[v] && moves(i) {
			if _, known := number[root]; !known {
				number[root] = len(out)
				out = append(out, Piece{})
			}
		}
	}
	for h := range cloud.HostID(len(s)) {
		if n, known := number[s.root(h)]; known && wanted(h) {
			out[n].Hosts = append(out[n].Hosts, h)
		}
	}
	for i := range int32(l.Len()) {
		v := l.VM(int(i))
		if n, known := number[s.root(p.Start[v])]; known && moves(i) {
			out[n].VMs, out[n].at = append(out[n].VMs, v), append(out[n].at, i)
		}
	}
	return out
}

// sets are disjoint sets of hosts (Tarjan 1975, doi 10.1145/321879.321884).
type sets []cloud.HostID

func newSets(n int) sets {
	s := make(sets, n)
	for h := range s {
		s[h] = cloud.HostID(h)
	}
	return s
}

func (s sets) root(h cloud.HostID) cloud.HostID {
	for s[h] != h {
		s[h] = s[s[h]]
		h = s[h]
	}
	return h
}

// unite makes one set of two; its root is the lesser host.
func (s sets) unite(a, b cloud.HostID) {
	a, b = s.root(a), s.root(b)
	s[max(a, b)] = min(a, b)
}
