package generators

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// hostPlan says what the hosts of a random cloud are like.
type hostPlan struct {
	hosts, resources   int
	capacity, reserved int64   // MiB, of a host of size 1
	sizes              []int64 // multiples of capacity
	chance             bool    // whether hosts draw their size
	racks, zones       int
	i386               int  // hosts, the last ones
	archs              bool // whether architectures play a part at all
}

func newHostPlan(a spec.Args) (*hostPlan, error) {
	p := &hostPlan{
		hosts: int(a.Int("hosts")), resources: int(a.Int("resources")),
		capacity: a.Int("capacity"), reserved: a.Int("reserved"),
		sizes: a.Ints("host-sizes"), chance: a.String("host-order") == "chance",
		racks: int(a.Int("racks")), zones: int(a.Int("zones")),
	}
	p.i386 = share(a.Float("i386-hosts"), p.hosts)
	p.archs = p.i386 > 0 || a.Float("i386-vms") > 0
	switch {
	case len(p.sizes) == 0:
		return nil, errors.New("host-sizes needs at least one multiple of capacity")
	case p.reserved > p.capacity:
		return nil, fmt.Errorf("hosts of %d MiB cannot keep %d MiB reserved", p.capacity, p.reserved)
	case p.racks > p.hosts:
		return nil, fmt.Errorf("%d hosts cannot stand in %d racks", p.hosts, p.racks)
	case p.zones > p.hosts:
		return nil, fmt.Errorf("%d hosts cannot stand in %d zones", p.hosts, p.zones)
	case p.racks > 0 && p.zones > p.racks:
		return nil, fmt.Errorf("%d racks cannot stand in %d zones", p.racks, p.zones)
	}
	return p, nil
}

// instance makes the hosts. Nothing is drawn unless sizes are left to chance.
func (p *hostPlan) instance(rng *rand.Rand) *cloud.Instance {
	in := &cloud.Instance{Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	for r := 2; r <= p.resources; r++ {
		in.Resources = append(in.Resources, cloud.Resource{Name: fmt.Sprintf("r%d", r)})
	}
	in.Hosts = make([]cloud.Host, p.hosts)
	for h := range in.Hosts {
		size := p.sizes[h%len(p.sizes)]
		if p.chance {
			size = p.sizes[rng.IntN(len(p.sizes))]
		}
		in.Hosts[h] = cloud.Host{
			Name:     fmt.Sprintf("host%d", h+1),
			Capacity: repeated(size*p.capacity, p.resources), Reserved: repeated(p.reserved, p.resources),
			Arch: p.arch(h),
		}
		in.Hosts[h].Rack, in.Hosts[h].Zone = p.location(h)
	}
	return in
}

// location deals hosts to racks and racks to zones in runs of neighbours, so that no
// rack lies in two zones.
func (p *hostPlan) location(h int) (rack, zone string) {
	at, places := h, p.hosts
	if p.racks > 0 {
		at, places = h*p.racks/p.hosts, p.racks
		rack = fmt.Sprintf("rack%d", at+1)
	}
	if p.zones > 0 {
		zone = fmt.Sprintf("zone%d", at*p.zones/places+1)
	}
	return rack, zone
}

func (p *hostPlan) arch(h int) string {
	switch {
	case !p.archs:
		return ""
	case h >= p.hosts-p.i386:
		return x86
	default:
		return x64
	}
}

func repeated(n int64, times int) []int64 {
	out := make([]int64, times)
	for i := range out {
		out[i] = n
	}
	return out
}
