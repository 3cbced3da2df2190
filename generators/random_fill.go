package generators

import (
	"fmt"
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/cloud"
)

// maxVMs bounds an instance: a few small numbers in a spec must not fill the memory.
const maxVMs = 10_000_000

// packing is what has been filled of each host while VMs are drawn.
type packing struct {
	c    *randomCloud
	in   *cloud.Instance
	rng  *rand.Rand
	room []int64 // by host: what VMs may fill of each resource
	used []int64 // [host*R + resource]
}

func (c *randomCloud) packing(in *cloud.Instance, rng *rand.Rand) *packing {
	p := &packing{c: c, in: in, rng: rng, room: make([]int64, c.hosts), used: make([]int64, c.hosts*c.resources)}
	for h, host := range in.Hosts {
		p.room[h] = int64(c.fillLimit * float64(host.Capacity[0]-host.Reserved[0]))
	}
	return p
}

// fill draws VMs for one host after another, each until a VM does not fit (or as
// many in a row as tries says). A host may stay empty: one VM can be larger than the
// room.
func (p *packing) fill() error {
	for h := range cloud.HostID(p.c.hosts) {
		for misses := 0; misses < p.c.tries; {
			demand := p.demand()
			if !p.fits(demand, h) {
				misses++
				continue
			}
			if err := p.notTooMany(); err != nil {
				return err
			}
			misses = 0
			p.place(demand, p.archFor(h), h)
		}
	}
	return nil
}

func (p *packing) notTooMany() error {
	if len(p.in.VMs) == maxVMs {
		return fmt.Errorf("more than %d VMs: ask for larger VMs or fewer hosts", maxVMs)
	}
	return nil
}

// deal draws a given number of VMs and puts each on a random host that has room for
// it. A VM for which no host has room is drawn again, as often as tries says.
func (p *packing) deal() error {
	for n := range p.c.vms {
		h := cloud.Absent
		var demand []int64
		arch := p.archOf()
		for try := 0; h == cloud.Absent; try++ {
			if try == p.c.tries {
				return fmt.Errorf("VM %d of %d, which demands %d MiB, fits on no host any more: "+
					"ask for fewer or smaller VMs, more hosts, a higher fill-limit or more tries", n+1, p.c.vms, demand[0])
			}
			demand = p.demand()
			h = p.someHost(demand, arch)
		}
		p.place(demand, arch, h)
	}
	return nil
}

// demand draws one VM. With the chance that the correlation states a further demand
// equals the first, else it is drawn independently: that makes the correlation of
// the two what it should be, for every distribution, and keeps the distribution.
func (p *packing) demand() []int64 {
	out := make([]int64, p.c.resources)
	out[0] = p.c.draw(p.rng)
	for r := 1; r < len(out); r++ {
		if p.rng.Float64() < p.c.correlation {
			out[r] = out[0]
		} else {
			out[r] = p.c.draw(p.rng)
		}
	}
	return out
}

// archOf draws the architecture of a VM that may go anywhere.
func (p *packing) archOf() string {
	switch {
	case !p.c.archs:
		return ""
	case p.rng.Float64() < p.c.i386VMs:
		return x86
	default:
		return x64
	}
}

func (p *packing) archFor(h cloud.HostID) string {
	if p.in.Hosts[h].Arch == x86 {
		return x86
	}
	return p.archOf()
}

func (p *packing) fits(demand []int64, h cloud.HostID) bool {
	used := p.used[int(h)*len(demand):]
	for r, d := range demand {
		if d > p.room[h]-used[r] {
			return false
		}
	}
	return true
}

// someHost chooses uniformly among the hosts that can take the VM.
func (p *packing) someHost(demand []int64, arch string) cloud.HostID {
	return someHost(p.rng, p.c.hosts, func(h cloud.HostID) bool {
		return (arch != x64 || p.in.Hosts[h].Arch == x64) && p.fits(demand, h)
	})
}

// someHost chooses uniformly among the hosts that will do.
func someHost(rng *rand.Rand, hosts int, ok func(cloud.HostID) bool) cloud.HostID {
	for range hostGuesses {
		if h := cloud.HostID(rng.IntN(hosts)); ok(h) {
			return h
		}
	}
	var fit []cloud.HostID
	for h := range cloud.HostID(hosts) {
		if ok(h) {
			fit = append(fit, h)
		}
	}
	if len(fit) == 0 {
		return cloud.Absent
	}
	return fit[rng.IntN(len(fit))]
}

func (p *packing) place(demand []int64, arch string, h cloud.HostID) {
	used := p.used[int(h)*len(demand):]
	for r, d := range demand {
		used[r] += d
	}
	p.add(demand, arch, h)
}

func (p *packing) add(demand []int64, arch string, h cloud.HostID) {
	p.in.VMs = append(p.in.VMs, cloud.VM{Name: vmName(len(p.in.VMs)), Demand: demand, Arch: arch})
	p.in.Initial = append(p.in.Initial, h)
}
