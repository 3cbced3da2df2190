package generators

import (
	"errors"
	"math"
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
)

const (
	// manyMisses is how many VMs in a row fit on no host before a cloud counts as full.
	manyMisses = 50
	// stuckTries is how many clouds are drawn until a VM can move, times hosts. Of clouds of 4
	// hosts with VMs of any size, 98 % full, nine in ten are stuck.
	stuckTries = 200
)

// reach makes a start of the utilisation asked for, in which a VM can move unless that is not
// found. It tells whether the start is fresh or was not asked to be.
func (c *randomCloud) reach(in *cloud.Instance, rng *rand.Rand) (asAsked bool, err error) {
	for tries := stuckTries / c.hosts; ; tries-- {
		in.VMs, in.Initial = nil, nil
		fresh := c.freshStart && c.packing(in, rng).fresh() == nil
		if !fresh {
			in.VMs, in.Initial = nil, nil
			if err := c.packing(in, rng).drawForHosts(); err != nil {
				return false, err
			}
		}
		asAsked := fresh == c.freshStart
		if tries <= 1 {
			return asAsked, nil
		}
		if stuck, err := c.stuck(in); !stuck || err != nil {
			return asAsked, err
		}
	}
}

// stuck tells whether no VM can move.
func (c *randomCloud) stuck(in *cloud.Instance) (bool, error) {
	bound, err := rules.Bind(c.catalogue, in, nil)
	if err != nil {
		return false, err
	}
	s := cloud.NewState(in, bound, in.Initial)
	for v := range in.VMs {
		for h := range in.Hosts {
			if s.Allows(cloud.VMID(v), cloud.HostID(h)) {
				return false, nil
			}
		}
	}
	return len(in.VMs) > 0, nil
}

// drawForHosts draws VMs until they demand what the utilisation says, each for a random host
// that has room for it, and then tunes them.
//
// Note: if all hosts were as full as the cloud, hardly a VM could move in small full clouds.
func (p *packing) drawForHosts() error {
	all, err := p.totalRoom()
	if err != nil {
		return err
	}
	left := repeated(int64(p.c.utilisation*float64(all)), p.c.resources)
	for misses := 0; misses < manyMisses; {
		demand := p.demand()
		if !within(demand, left) {
			break
		}
		h := p.someHost(demand, "")
		if h == cloud.Absent {
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
		p.place(demand, p.archFor(h), h)
	}
	limit := make([]int64, 0, len(p.used))
	for _, room := range p.room {
		limit = append(limit, repeated(room, p.c.resources)...)
	}
	return p.tune(limit, func(h cloud.HostID) (cloud.VM, bool) {
		return cloud.VM{Demand: p.demand(), Arch: p.archFor(h)}, true
	})
}

// tune brings the VMs drawn so far to the utilisation.
func (p *packing) tune(limit []int64, draw func(cloud.HostID) (cloud.VM, bool)) error {
	t := newTuning(p.in, limit, p.c.utilisation, p.rng)
	t.draw = draw
	if err := t.run(); err != nil {
		return err
	}
	t.apply(p.in)
	return nil
}

// totalRoom is the room of all hosts together, in MiB, of each resource.
func (p *packing) totalRoom() (int64, error) {
	all := int64(0)
	for _, host := range p.in.Hosts {
		room := host.Capacity[0] - host.Reserved[0]
		if all > math.MaxInt64/2-room {
			return 0, errors.New("all hosts together are larger than 2^62 MiB")
		}
		all += room
	}
	return all, nil
}

// largestHost is the room of the largest host of an architecture, or of all, in MiB.
func (p *packing) largestHost(arch string) int64 {
	most := int64(0)
	for _, host := range p.in.Hosts {
		if arch == "" || host.Arch == arch {
			most = max(most, host.Capacity[0]-host.Reserved[0])
		}
	}
	return most
}
