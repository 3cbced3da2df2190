package generators

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// trade places the VMs of a state by a placement that is known to be sane, where no other is
// found without it: hosts that are alike exchange all that they hold, and then VMs are
// shuffled. Each VM is as likely on one of them as on another, but those that stood together
// in the known placement mostly do so again. It tells whether the rules allow that.
func trade(s *cloud.State, known cloud.Placement, rng *rand.Rand) bool {
	in := s.Instance()
	like := func(g, h cloud.HostID) int {
		return cmp.Or(slices.Compare(in.Hosts[g].Capacity, in.Hosts[h].Capacity), cmp.Compare(in.Hosts[g].Arch, in.Hosts[h].Arch))
	}
	from := make([]cloud.HostID, len(in.Hosts))
	for h := range from {
		from[h] = cloud.HostID(h)
	}
	slices.SortStableFunc(from, like)
	to := make([]cloud.HostID, len(from))
	for i := 0; i < len(from); {
		j := i
		for j < len(from) && like(from[i], from[j]) == 0 {
			j++
		}
		for k, other := range rng.Perm(j - i) {
			to[from[i+k]] = from[i+other]
		}
		i = j
	}
	for v := range known {
		s.Jump(cloud.VMID(v), cloud.Absent)
	}
	for v, h := range known {
		if !s.Allows(cloud.VMID(v), to[h]) {
			return false
		}
		s.Jump(cloud.VMID(v), to[h])
	}
	shuffle(s, len(known), rng)
	return true
}
