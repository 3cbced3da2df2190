package generators

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
)

// fresh draws VMs until all hosts together count as full, or a given number of VMs,
// and then scatters them.
func (p *packing) fresh() error {
	all, err := p.totalRoom()
	if err != nil {
		return err
	}
	share := p.c.fillLimit
	if p.c.utilisation >= 0 {
		share = p.c.utilisation
	}
	total := int64(share * float64(all))
	left := repeated(total, p.c.resources)
	most := map[string]int64{x86: p.largestHost(""), x64: p.largestHost(x64), "": p.largestHost("")}
	for misses := 0; misses < p.c.tries && len(p.in.VMs) != p.c.vms; {
		arch, demand := p.archOf(), p.demand()
		if slices.Max(demand) > most[arch] || !within(demand, left) {
			misses++
			continue
		}
		if err := p.notTooMany(); err != nil {
			return err
		}
		misses = 0
		for r, d := range demand {
			left[r] -= d
		}
		p.add(demand, arch, cloud.Absent)
	}
	if n := len(p.in.VMs); n < p.c.vms {
		return fmt.Errorf("VM %d of %d does not fit into the %d MiB that all hosts together may hold: "+
			"ask for fewer or smaller VMs, more hosts, a higher fill-limit or more tries", n+1, p.c.vms, total)
	}
	if p.c.utilisation >= 0 {
		err := p.tune(repeated(all, p.c.resources), func(cloud.HostID) (cloud.VM, bool) {
			arch, demand := p.archOf(), p.demand()
			return cloud.VM{Demand: demand, Arch: arch}, slices.Max(demand) <= most[arch]
		})
		if err != nil {
			return err
		}
	}
	bound, err := rules.Bind(p.c.catalogue, p.in, nil)
	if err != nil {
		return err
	}
	s := cloud.NewState(p.in, bound, p.in.Initial)
	if err := scatter(s, bound, p.rng); err != nil {
		return fmt.Errorf("no placement of the VMs was found: %w", err)
	}
	p.in.Initial = s.Placement()
	return nil
}

// nowhere is the placement in which no VM stands anywhere.
func nowhere(vms int) cloud.Placement {
	return slices.Repeat(cloud.Placement{cloud.Absent}, vms)
}

// scatter places the VMs of a state in which none stands anywhere, under these rules: by
// chance, or where that finds no placement, evenly.
func scatter(s *cloud.State, bound []cloud.Rule, rng *rand.Rand) error {
	limit := limits(s.Instance(), bound)
	err := byChance(s, limit, rng)
	if err == nil {
		return nil
	}
	for v := range s.Instance().VMs {
		s.Jump(cloud.VMID(v), cloud.Absent)
	}
	if even(s, bound, limit, rng) {
		return nil
	}
	return err
}

// byChance places the largest VMs first, equal ones in random order, each on a random host
// that may take it. Where sizes divide each other and the hosts' room, as 1, 2, 4, 8 do,
// that fills a cloud to the last unit. Where a VM finds no host, random smaller VMs make
// room for it on a random host and are placed again later, up to a limit. O(VMs × log VMs),
// and O(hosts) more for each VM that few hosts can take.
func byChance(s *cloud.State, limit []int64, rng *rand.Rand) error {
	vms := s.Instance().VMs
	size := func(v cloud.VMID) int64 { return slices.Max(vms[v].Demand) }
	queue := make([]cloud.VMID, len(vms))
	for i, v := range rng.Perm(len(vms)) {
		queue[i] = cloud.VMID(v)
	}
	slices.SortStableFunc(queue, func(v, w cloud.VMID) int { return cmp.Compare(size(v), size(w)) })
	for evictions := mostEvictions(s.Instance()); len(queue) > 0; {
		v := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if h := freeHost(s, v, limit, rng); h != cloud.Absent {
			s.Jump(v, h)
			continue
		}
		var evicted []cloud.VMID
		for len(evicted) == 0 && evictions > 0 {
			evictions--
			evicted = squeeze(s, v, cloud.HostID(rng.IntN(len(s.Instance().Hosts))), rng)
		}
		if len(evicted) == 0 {
			return fmt.Errorf("VM %q, which demands %d MiB, fits on no host any more: ask for smaller VMs or a lower utilisation or fill-limit", vms[v].Name, vms[v].Demand[0])
		}
		evictions -= len(evicted)
		slices.SortStableFunc(evicted, func(v, w cloud.VMID) int { return cmp.Compare(size(v), size(w)) })
		queue = append(queue, evicted...)
	}
	return nil
}

// mostEvictions is after how many evictions a placement by chance is given up. In clouds of
// a hundred hosts and more they have not been seen to help, and each may look at all hosts.
func mostEvictions(in *cloud.Instance) int {
	return min(20*len(in.VMs)+1000, max(1000, 20_000_000/len(in.Hosts)))
}

// limits are what VMs may use of each host, by host*resources + resource.
func limits(in *cloud.Instance, bound []cloud.Rule) []int64 {
	n := len(in.Resources)
	out := slices.Repeat([]int64{math.MaxInt64 / 4}, len(in.Hosts)*n) // sums with demands do not overflow
	for _, rule := range bound {
		if l, ok := rule.(cloud.Limiter); ok {
			for k := range out {
				out[k] = min(out[k], l.Limit(cloud.HostID(k/n), k%n))
			}
		}
	}
	return out
}

// freeHost chooses uniformly among the hosts that may take the VM as things stand. Limits,
// which may be nil, save asking the rules about hosts that are full.
func freeHost(s *cloud.State, v cloud.VMID, limit []int64, rng *rand.Rand) cloud.HostID {
	demand := s.Instance().VMs[v].Demand
	holds := func(h cloud.HostID) bool {
		for r, d := range demand {
			if d > limit[int(h)*len(demand)+r]-s.Used(h, r) {
				return false
			}
		}
		return true
	}
	return someHost(rng, len(s.Instance().Hosts), func(h cloud.HostID) bool {
		return (limit == nil || holds(h)) && s.Allows(v, h)
	})
}

// squeeze puts the VM on the host in place of random VMs that stand there, none of
// them larger, and returns those; nil when that does not help, and then nothing has
// changed.
func squeeze(s *cloud.State, v cloud.VMID, h cloud.HostID, rng *rand.Rand) []cloud.VMID {
	vms := s.Instance().VMs
	there := slices.Clone(s.On(h))
	rng.Shuffle(len(there), func(i, j int) { there[i], there[j] = there[j], there[i] })
	var evicted []cloud.VMID
	for _, w := range there {
		if slices.Max(vms[w].Demand) > slices.Max(vms[v].Demand) {
			continue
		}
		s.Jump(w, cloud.Absent)
		evicted = append(evicted, w)
		if s.Allows(v, h) {
			s.Jump(v, h)
			return evicted
		}
	}
	for _, w := range evicted {
		s.Jump(w, h)
	}
	return nil
}
