package kernel

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/internal/disjoint"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// pieces divides the VMs that were not taken out, and the hosts that did not open. VMs of
// a price of the excess or more never go astray; the others have a haven, or unite all
// hosts that are not open and where they may stand.
func (r *reducer) pieces() []Piece {
	sets := disjoint.New[cloud.HostID](len(r.open))
	havens := r.havens()
	united := map[int32]bool{} // by kind
	for i := range int32(r.l.Len()) {
		if r.done[i] {
			continue
		}
		at := r.s.Host[i]
		sets.Join(at, r.goal(i))
		if r.price[i] >= r.excess || havens[r.l.Kind(int(i))] != cloud.Absent {
			continue
		}
		if k := r.l.Kind(int(i)); !united[k] {
			united[k] = true
			for _, h := range r.l.Hosts(int(i)) {
				if !r.open[h] {
					sets.Join(at, h)
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
func collect(p *paths.Problem, l *space.Layout, s disjoint.Sets[cloud.HostID], wanted func(cloud.HostID) bool, moves func(int32) bool) []Piece {
	number := map[cloud.HostID]int{}
	var out []Piece
	for i := range int32(l.Len()) {
		v := l.VM(int(i))
		if leader := s.Leader(p.Start[v]); p.Start[v] != p.Goal[v] && moves(i) {
			if _, known := number[leader]; !known {
				number[leader] = len(out)
				out = append(out, Piece{})
			}
		}
	}
	for h := range cloud.HostID(len(s)) {
		if n, known := number[s.Leader(h)]; known && wanted(h) {
			out[n].Hosts = append(out[n].Hosts, h)
		}
	}
	for i := range int32(l.Len()) {
		v := l.VM(int(i))
		if n, known := number[s.Leader(p.Start[v])]; known && moves(i) {
			out[n].VMs, out[n].at = append(out[n].VMs, v), append(out[n].at, i)
		}
	}
	return out
}
