package objectives

import (
	"errors"
	"fmt"
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// limitsOf is what the VMs of each host may use together, by host*R + resource: what the continuous
// rules say, or, where none does, the capacity less what is reserved.
func limitsOf(in *cloud.Instance, rules []cloud.Rule) []int64 {
	n, out := len(in.Resources), cloud.Sort(in, rules).Limits
	for i, limit := range out {
		if limit == math.MaxInt64 {
			h := &in.Hosts[i/n]
			limit = h.Capacity[i%n] - h.Reserved[i%n]
		}
		out[i] = max(limit, 0)
	}
	return out
}

// usedBy is what the VMs of a placement demand together, by host*R + resource.
func usedBy(in *cloud.Instance, p cloud.Placement) []int64 {
	n := len(in.Resources)
	out := make([]int64, len(in.Hosts)*n)
	for v, h := range p {
		if h != cloud.Absent {
			for r, d := range in.VMs[v].Demand {
				out[int(h)*n+r] += d
			}
		}
	}
	return out
}

func sizeParam() spec.Param {
	return spec.Param{
		Name: "size", Map: true, Type: spec.Int, Bounds: spec.Between(1, math.MaxInt64),
		Doc: "what a VM of the size demands of a resource, in its unit; at least one is needed",
	}
}

// size is what a VM demands that is to be placed, and the room for such VMs.
type size struct {
	limits    []int64 // by host*R + resource
	stride    int     // R
	resources []int   // those of which it demands something, in the order of the instance
	demands   []int64 // of each of them
}

func newSize(in *cloud.Instance, rules []cloud.Rule, a spec.Args) (size, error) {
	z := size{limits: limitsOf(in, rules), stride: len(in.Resources)}
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
