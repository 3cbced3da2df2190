package displacement

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// bring takes a VM to a host, after making room there when there is none. When it cannot,
// nothing has changed.
func (w *walk) bring(v cloud.VMID, to cloud.HostID) bool {
	return w.move(v, to) || w.makeRoom(v, to)
}

// move takes a VM to a host if that is sane at once, and not twice in a row.
func (w *walk) move(v cloud.VMID, to cloud.HostID) bool {
	if w.ended != "" || v == w.lastMoved() || !w.s.Allows(v, to) {
		return false
	}
	w.s.Move(v, to)
	w.run.Generated(1)
	return true
}

// lastMoved is the VM that moved last, -1 at the start.
func (w *walk) lastMoved() cloud.VMID {
	moves := w.s.Moves()
	if len(moves) == 0 {
		return -1
	}
	return moves[len(moves)-1].VM
}

// back undoes all but so many moves.
func (w *walk) back(moves int) {
	for len(w.s.Moves()) > moves {
		w.s.Undo()
	}
}

// makeRoom displaces a VM from a host so that another can go there, and takes that one
// there.
func (w *walk) makeRoom(v cloud.VMID, to cloud.HostID) bool {
	if !w.decide() {
		return false
	}
	was := w.locked[v]
	w.locked[v] = true
	defer func() { w.locked[v] = was }()
	leave := w.candidates(to)

	// Who must move anyway goes home, whatever that takes.
	for _, x := range leave {
		if w.misplaced(x) && w.displace(x, w.goal[x], v, to, w.bring) {
			return true
		}
	}
	// Else it goes anywhere at once, and in the end so does one that has no other reason to.
	for _, homeless := range []bool{true, false} {
		some := slices.DeleteFunc(slices.Clone(leave), func(x cloud.VMID) bool { return w.misplaced(x) != homeless })
		for h := cloud.HostID(len(w.s.Instance().Hosts) - 1); h >= 0 && len(some) > 0; h-- {
			if h == to {
				continue
			}
			if !w.look() {
				return false
			}
			for _, x := range some {
				if h != w.goal[x] && w.displace(x, h, v, to, w.move) {
					return true
				}
			}
		}
	}
	return false
}

// candidates lists the VMs on a host that may be displaced, from the last name to the first.
func (w *walk) candidates(h cloud.HostID) []cloud.VMID {
	var out []cloud.VMID
	last := w.lastMoved()
	for _, v := range w.s.On(h) {
		if w.rank[v] >= 0 && !w.locked[v] && v != last {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, func(a, b cloud.VMID) int { return cmp.Compare(w.rank[b], w.rank[a]) })
	return out
}

// displace takes x away by the given means and then v to the host that x has left, with
// more displacements when one is not enough and several are asked for. When it cannot,
// nothing has changed.
func (w *walk) displace(x cloud.VMID, away cloud.HostID, v cloud.VMID, to cloud.HostID, by func(cloud.VMID, cloud.HostID) bool) bool {
	before := len(w.s.Moves())
	if !by(x, away) {
		return false
	}
	if w.move(v, to) {
		return true
	}
	if w.several {
		w.locked[x] = true // else it might come back
		done := w.makeRoom(v, to)
		w.locked[x] = false
		if done {
			return true
		}
	}
	w.back(before)
	return false
}
