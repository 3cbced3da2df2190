package objectives

import (
	"errors"
	"fmt"
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// room is what each host may be charged with, and what VMs charge.
type room struct {
	*cloud.Charges
	hosts  int
	limits []int64 // by host*R + resource
}

// roomOf asks the rules. Where no continuous rule bounds a host, it may be charged with its capacity less what
// is reserved.
func roomOf(in *cloud.Instance, rules []cloud.Rule) room {
	n, out := len(in.Resources), cloud.Sort(in, rules).Limits
	charger := cloud.ChargerOf(rules)
	for i, limit := range out {
		if charger != nil {
			limit = min(limit, charger.Bound(cloud.HostID(i/n), i%n))
		}
		if limit == math.MaxInt64 {
			h := &in.Hosts[i/n]
			limit = h.Capacity[i%n] - h.Reserved[i%n]
		}
		out[i] = max(limit, 0)
	}
	return room{cloud.ChargesOf(in, rules), len(in.Hosts), out}
}

// usedBy is what each host is charged with in a placement, by host*R + resource.
func (m *room) usedBy(p cloud.Placement) []int64 { return m.Used(m.hosts, p) }

func sizeParam() spec.Param {
	return spec.Param{
		Name: "size", Map: true, Type: spec.Int, Bounds: spec.Between(1, math.MaxInt64),
		Doc: "what a VM of the size demands of a resource, in its unit; at least one is needed",
	}
}

// size is what a VM demands that is to be placed, and the room for such VMs.
type size struct {
	room
	stride    int     // R
	resources []int   // those of which it demands something, in the order of the instance
	demands   []int64 // of each of them
}

func newSize(in *cloud.Instance, rules []cloud.Rule, a spec.Args) (size, error) {
	z := size{room: roomOf(in, rules), stride: len(in.Resources)}
	names, amounts := a.IntMap("size")
	if len(names) == 0 {
		return z, errors.New("expected the size of a VM, such as size." + in.Resources[0].Name + "=16")
	}
	of := make([]int64, z.stride)
	for i, name := range names {
		r, err := in.Resource(name)
		if err != nil {
			return z, err
		}
		if of[r] > 0 {
			return z, fmt.Errorf("size.%s is given twice", name)
		}
		of[r] = amounts[i]
	}
	for r, n := range of {
		if n > 0 {
			z.resources, z.demands = append(z.resources, r), append(z.demands, n)
		}
	}
	return z, nil
}

// left is what is left of a resource on a host; 0 where it is used beyond its limit.
func (z *size) left(h cloud.HostID, r int, used int64) int64 {
	return max(0, z.limits[int(h)*z.stride+r]-used)
}

// fit is how many VMs of the size find room on a host.
func (z *size) fit(h cloud.HostID, used []int64) int64 {
	n := int64(math.MaxInt64)
	for i, r := range z.resources {
		n = min(n, z.left(h, r, used[r])/z.demands[i])
	}
	return n
}

// check makes sure that what is left of a resource on all hosts together fits in 64 bits.
func (z *size) check(in *cloud.Instance, r int) (total int64, err error) {
	for i := r; i < len(z.limits); i += z.stride {
		if total > math.MaxInt64-z.limits[i] {
			return 0, fmt.Errorf("the limits of %q of all hosts together do not fit in 64 bits", in.Resources[r].Name)
		}
		total += z.limits[i]
	}
	return total, nil
}
