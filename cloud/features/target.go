package features

import (
	"math/big"

	"github.com/cloudrearrange/rearrange/cloud"
)

// towardsTarget compares the two placements, under the rules in force on the way. The limits, those
// that hold in the end, are nil where there are none.
func towardsTarget(in *cloud.Instance, inForce []cloud.Rule, limit []int64) []Feature {
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
		{"deadlocked", "", deadlocked(in, inForce, misplaced)},
		{"entangled", "VMs", entangled(in, limit, misplaced)},
		{"locked", "VMs", locked(in, limit, misplaced)},
	}
}

// deadlocked tells whether no direct migration is sane where migrations begin.
func deadlocked(in *cloud.Instance, inForce []cloud.Rule, misplaced []cloud.VMID) bool {
	if len(misplaced) == 0 {
		return false
	}
	s := cloud.NewState(in, inForce, in.Start())
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
	load := loads(in)
	coming := byTarget(in, misplaced)
	charge := func(v cloud.VMID, h cloud.HostID, sign int64) {
		for r, d := range in.VMs[v].Demand {
			load[int(h)*n+r] += sign * d
		}
	}
	for _, v := range misplaced {
		charge(v, in.Target[v], 1)
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

// locked counts the misplaced VMs that can never go; see the package's documentation.
// Hosts are looked at in turn, each once and again after VMs have left it since: as
// often as chains of VMs that wait for each other are long, which is seldom often. A look
// takes O(VMs to come × resources).
func locked(in *cloud.Instance, limit []int64, misplaced []cloud.VMID) int {
	if limit == nil {
		return 0
	}
	n := len(in.Resources)
	load := loads(in) // without those who can go
	waiting := byTarget(in, misplaced)
	left := len(misplaced)
	queue := make([]cloud.HostID, 0, len(in.Hosts))
	queued := make([]bool, len(in.Hosts))
	push := func(h cloud.HostID) {
		if len(waiting[h]) > 0 && !queued[h] {
			queue, queued[h] = append(queue, h), true
		}
	}
	for h := range cloud.HostID(len(in.Hosts)) {
		push(h)
	}
	for len(queue) > 0 {
		h := queue[0]
		queue, queued[h] = queue[1:], false
		still := waiting[h][:0]
		for _, v := range waiting[h] {
			if !fits(in.VMs[v].Demand, load[int(h)*n:], limit[int(h)*n:]) {
				still = append(still, v)
				continue
			}
			left--
			from := in.Initial[v]
			for r, d := range in.VMs[v].Demand {
				load[int(from)*n+r] -= d
			}
			push(from)
		}
		waiting[h] = still
	}
	return left
}

// loads is what the VMs demand of each host where migrations begin, by host*R +
// resource.
func loads(in *cloud.Instance) []int64 {
	n := len(in.Resources)
	out := make([]int64, len(in.Hosts)*n)
	for v, h := range in.Start() {
		if h != cloud.Absent {
			for r, d := range in.VMs[v].Demand {
				out[int(h)*n+r] += d
			}
		}
	}
	return out
}

// byTarget lists the misplaced VMs by the host that they are to come to.
func byTarget(in *cloud.Instance, misplaced []cloud.VMID) [][]cloud.VMID {
	out := make([][]cloud.VMID, len(in.Hosts))
	for _, v := range misplaced {
		out[in.Target[v]] = append(out[in.Target[v]], v)
	}
	return out
}

// fits tells whether a host that bears a load has room for a demand. Subtracting cannot
// overflow: both sides are within 0 and MaxInt64.
func fits(demand, load, limit []int64) bool {
	for r, d := range demand {
		if d > limit[r]-load[r] {
			return false
		}
	}
	return true
}
