package features

import (
	"math/big"

	"github.com/cloudrearrange/rearrange/cloud"
)

// towardsTarget compares the two placements. The limits are nil where there are none.
func towardsTarget(in *cloud.Instance, bound []cloud.Rule, limit []int64) []Feature {
	var shutdowns, provisions, staying, racks, zones int
	var misplaced []cloud.VMID
	for v, from := range in.Initial {
		switch to := in.Target[v]; {
		case from == cloud.Absent && to == cloud.Absent:
		case to == cloud.Absent:
			shutdowns++
		case from == cloud.Absent:
			provisions++
		case from == to:
			staying++
		default:
			misplaced = append(misplaced, cloud.VMID(v))
			if in.Hosts[from].Rack != in.Hosts[to].Rack {
				racks++
			}
			if in.Hosts[from].Zone != in.Hosts[to].Zone {
				zones++
			}
		}
	}
	fraction := 0.0
	if n := staying + len(misplaced); n > 0 {
		fraction = quotient(int64(len(misplaced)), big.NewInt(int64(n)))
	}
	return []Feature{
		{"shutdowns", "VMs", shutdowns},
		{"provisions", "VMs", provisions},
		{"misplaced", "VMs", len(misplaced)},
		{"misplaced_fraction", ratio, fraction},
		{"across_racks", "VMs", racks},
		{"across_zones", "VMs", zones},
		{"deadlocked", "", deadlocked(in, bound, misplaced)},
		{"entangled", "VMs", entangled(in, limit, misplaced)},
	}
}

// deadlocked tells whether no direct migration is sane where migrations begin.
func deadlocked(in *cloud.Instance, bound []cloud.Rule, misplaced []cloud.VMID) bool {
	if len(misplaced) == 0 {
		return false
	}
	s := cloud.NewState(in, bound, in.Start())
	for _, v := range misplaced {
		if s.Allows(v, in.Target[v]) {
			return false
		}
	}
	return true
}

// entangled counts the misplaced VMs whose targets never open; see the package's
// documentation. O((hosts + VMs) × resources): a host is looked at once, and once more
// for each VM that leaves it.
func entangled(in *cloud.Instance, limit []int64, misplaced []cloud.VMID) int {
	if limit == nil {
		return 0
	}
	n := len(in.Resources)
	// What each host holds and what is to come, together: it is open when that is
	// within its limits. No VM is counted twice on a host, so the sums fit.
	load := make([]int64, len(limit))
	coming := make([][]cloud.VMID, len(in.Hosts))
	charge := func(v cloud.VMID, h cloud.HostID, sign int64) {
		for r, d := range in.VMs[v].Demand {
			load[int(h)*n+r] += sign * d
		}
	}
	for v, h := range in.Start() {
		if h != cloud.Absent {
			charge(cloud.VMID(v), h, 1)
		}
	}
	for _, v := range misplaced {
		charge(v, in.Target[v], 1)
		coming[in.Target[v]] = append(coming[in.Target[v]], v)
	}
	isOpen := func(h cloud.HostID) bool {
		for i := int(h) * n; i < int(h)*n+n; i++ {
			if load[i] > limit[i] {
				return false
			}
		}
		return true
	}
	left := len(misplaced)
	var open []cloud.HostID
	for h := range cloud.HostID(len(in.Hosts)) {
		if len(coming[h]) > 0 && isOpen(h) {
			open = append(open, h)
		}
	}
	for len(open) > 0 {
		h := open[len(open)-1]
		open = open[:len(open)-1]
		arrived := coming[h]
		coming[h] = nil // a host opens once
		left -= len(arrived)
		for _, v := range arrived {
			from := in.Initial[v]
			charge(v, from, -1)
			if len(coming[from]) > 0 && isOpen(from) {
				open = append(open, from)
			}
		}
	}
	return left
}
