package targets

import (
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
)

// mostFares bounds how often a cost function is asked what it costs to leave a host.
const mostFares = 1 << 24

// leave is, by VM, the least that a path pays for a VM to leave its host for good: by a migration, or a suspend
// and a resume. Where it would have to ask too often, it is 0. O(VMs × hosts) questions, or VMs × classes of hosts.
func (r *Request) leave() []int64 {
	in := r.Instance
	out := make([]int64, len(in.VMs))
	uniform, isUniform := r.Cost.(cloud.HostIndependent)
	ends := r.ends()
	if !isUniform && len(ends)*len(out) > mostFares {
		return out
	}
	for v, home := range in.Initial {
		vm := cloud.VMID(v)
		if home == cloud.Absent {
			continue
		}
		least := int64(math.MaxInt64)
		if isUniform {
			least = uniform.MigrateAnywhere(vm)
		}
		resume := int64(math.MaxInt64)
		for _, h := range ends {
			if h != home && !isUniform {
				least = min(least, r.Cost.Migrate(vm, home, h))
			}
			if in.VMs[v].Interruptible {
				resume = min(resume, r.Cost.Resume(vm, h))
			}
		}
		if suspend := r.suspend(vm, home); resume < math.MaxInt64-suspend {
			least = min(least, suspend+resume)
		}
		if least < math.MaxInt64 {
			out[v] = least
		}
	}
	return out
}

func (r *Request) suspend(v cloud.VMID, h cloud.HostID) int64 {
	if !r.Instance.VMs[v].Interruptible {
		return math.MaxInt64
	}
	return r.Cost.Suspend(v, h)
}

// ends are hosts for all: two of each class that the cost function tells apart, or all hosts.
func (r *Request) ends() (out []cloud.HostID) {
	classes := cloud.HostClassesOf(r.Cost)
	seen := map[int32]int{}
	for h := range r.Instance.Hosts {
		if classes != nil {
			if seen[classes[h]]++; seen[classes[h]] > 2 {
				continue
			}
		}
		out = append(out, cloud.HostID(h))
	}
	return out
}

// fares is the least that a path pays for a VM to get from its host to another one: alone in the cloud, by as many
// steps as it takes. O(hosts²) for each VM, the first time that it is asked for.
func (r *Request) fares() func(v cloud.VMID, from, to cloud.HostID) int64 {
	known := make([][]int64, len(r.Instance.VMs))
	_, uniform := r.Cost.(cloud.HostIndependent)
	return func(v cloud.VMID, from, to cloud.HostID) int64 {
		if uniform && !r.Instance.VMs[v].Interruptible {
			return r.Cost.Migrate(v, from, to)
		}
		if known[v] == nil {
			known[v] = r.faresFrom(v, from)
		}
		return known[v][to]
	}
}

// faresFrom finds the cheapest ways from a host (Dijkstra). A VM that is suspended stands beside the hosts.
func (r *Request) faresFrom(v cloud.VMID, from cloud.HostID) []int64 {
	limbo := len(r.Instance.Hosts)
	cost := make([]int64, limbo+1)
	done := make([]bool, limbo+1)
	for i := range cost {
		cost[i] = math.MaxInt64
	}
	cost[from] = 0
	for range cost {
		at := -1
		for i, c := range cost {
			if !done[i] && c < math.MaxInt64 && (at < 0 || c < cost[at]) {
				at = i
			}
		}
		if at < 0 {
			break
		}
		done[at] = true
		for to := range cost {
			step := int64(math.MaxInt64)
			switch {
			case to == at:
			case to == limbo:
				step = r.suspend(v, cloud.HostID(at))
			case at == limbo:
				step = r.Cost.Resume(v, cloud.HostID(to))
			default:
				step = r.Cost.Migrate(v, cloud.HostID(at), cloud.HostID(to))
			}
			if step < math.MaxInt64-cost[at] {
				cost[to] = min(cost[to], cost[at]+step)
			}
		}
	}
	return cost[:limbo]
}
