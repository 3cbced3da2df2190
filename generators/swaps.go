package generators

import (
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// swapsEntry is the family of pairs of full hosts that exchange all their VMs; see
// [SwapsOptimum].
func swapsEntry() spec.Entry[Family] {
	return designed(spec.Descriptor{
		Name:     "swaps",
		Synopsis: "pairs of full hosts that exchange their VMs, and little room elsewhere",
		Doc: "Every pair is a deadlock of its own, and takes one bypass. With room=1, the default, there is room for one bypassed VM: " +
			"one pair has to be done with before the next one begins.",
		Params: []spec.Param{
			{Name: "pairs", Type: spec.Int, Default: "4", Unit: "pairs", Bounds: spec.Between(1, (maxHosts-1)/2), Doc: "number of pairs of hosts"},
			{Name: "vms", Type: spec.Int, Default: "1", Unit: "VMs", Bounds: spec.Between(1, 1e6), Doc: "number of VMs that fill each of those hosts"},
			{Name: "room", Type: spec.Int, Default: "1", Unit: "VMs", Bounds: spec.Between(1, 1e6), Doc: "number of VMs that the one further host, which is empty, has room for"},
			{Name: "size", Type: spec.Int, Default: "1024", Unit: "MiB", Bounds: spec.Between(1, 1e9), Doc: "demand of each VM"},
		},
		Citation:   "generalises simple_deadlock and swap_with_one_temp of the family classic: " + spiers2015,
		Properties: []spec.Property{Reachable},
	}, func(a spec.Args) (func(*design), error) {
		pairs, vms, room, size := a.Int("pairs"), a.Int("vms"), a.Int("room"), a.Int("size")
		if err := bounded(2*pairs+1, 2*pairs*vms); err != nil {
			return nil, err
		}
		return func(x *design) {
			x.host("", room*size)
			for range pairs {
				one, two := x.host("", vms*size), x.host("", vms*size)
				for range vms {
					x.vm("", one, two, size)
					x.vm("", two, one, size)
				}
			}
			x.description = SwapsOptimum(pairs, vms, size).String()
		}, nil
	})
}

// SwapsOptimum is what the cheapest path costs for so many pairs of hosts that exchange
// so many VMs each way.
//
// A pair takes 2 × vms + 1 migrations. No fewer: all its VMs migrate, and the first of
// them to do so cannot go to its target, which nobody has left, so that it migrates
// twice at least. No more: that first one steps aside to the further host; from then
// on the two hosts in turn have room for one VM of the other, and in the end for the
// first one, which leaves the further host to the next pair.
func SwapsOptimum(pairs, vms, sizeMiB int64) Optimum {
	n := pairs * (2*vms + 1)
	return Optimum{Migrations: n, MiB: n * sizeMiB}
}
