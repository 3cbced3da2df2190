package idastar

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// order leaves out migrations by the one before them.
//
// Call v from a to b, followed by w from c to d, with v and w different VMs. If d is not
// a, the two can change places: d holds no less room before v went to b, and b no less
// after w went away, except where both go to one host, which holds both in the end. The
// sum of costs is the same, since the same VMs take the same steps. So, of the plans of
// least cost and of these the ones of fewest migrations, take one with the fewest pairs
// of migrations whose VMs stand in descending order: no w of lower position follows v but
// into a. And where costs do not depend on the hosts, and nothing but room decides, no VM
// migrates twice in a row either, for it could have made one step of the two. A search
// may leave out all that cannot be in such a plan.
//
// This holds of plans, and a search that does not return to states it has met stores
// states: what is left out at a state depends on the migration that led there, and the
// next time another migration may. Holte and Burch (2014) show that the two together may
// lose all cheapest plans. Here the memory notes with a state by which migration it was
// reached; when it is reached again at equal cost by a different one, what was left out
// the first time, all of it, is searched now (see [search.recall]). A costlier way needs nothing: it is
// not the beginning of a cheapest plan.
//
// Where VMs or hosts are interchangeable it is not done. The order is one of VMs by name,
// and a canonical state has forgotten the names: which of two twins came first differs
// between the states that it stands for, and so does what was left out in them. There
// [space.Pruning] does without an order of its own: of parts of a state that have nothing to
// do with each other, it takes one before the other, for what the state is and not for how
// it was reached.
type order struct {
	commute bool // partial-order reduction
	repeat  bool // a VM does not migrate twice in a row
}

// via is the migration that led to a state, as far as it decides what is left out
// there: the VM and where it came from. Zero is no migration, which leaves out nothing.
type via uint64

// viaBits is how much the VM's position and the host take each; instances with more of
// them are searched without leaving out anything.
const viaBits = 20

func viaOf(pos int32, from cloud.HostID) via {
	return via(pos+1)<<viaBits | via(from+1)
}

// omits tells whether a migration is left out after the one before.
func (o order) omits(v via, m space.Move) bool {
	if v == 0 {
		return false
	}
	pos, from := int32(v>>viaBits)-1, cloud.HostID(v&(1<<viaBits-1))-1
	if m.Pos == pos {
		return o.repeat
	}
	return o.commute && m.Pos < pos && (m.To != from || m.To == cloud.Absent)
}

// active tells whether anything is ever left out.
func (o order) active() bool { return o.commute || o.repeat }
