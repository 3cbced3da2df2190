package bounds

import (
	"fmt"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
)

// mostCharges bounds how many VMs on how many hosts are asked for what they charge.
const mostCharges = 1 << 25

// Fragments bounds what no VM of a size can use: all that is free, whatever stands where, less as many slots of the size as
// that makes. It is 0 where VMs may stand nowhere, where a host may be used beyond its limit, or where what a VM charges
// depends on its host. O(VMs + hosts), times each other if VMs charge two hosts.
func (b *Bounds) Fragments(o *objectives.Fragments) Bound {
	resource, size := o.Counted()
	limits := cloud.Sort(b.in, b.rules).Limits
	charges, charger := cloud.ChargesOf(b.in, b.rules), cloud.ChargerOf(b.rules)
	if slices.Contains(b.blockOf, -1) || len(b.in.Hosts) == 0 || charger != nil && len(b.in.VMs)*len(b.in.Hosts) > mostCharges {
		return Bound{}
	}
	var free int64
	for h := range b.in.Hosts {
		if charger == nil && limits[h*b.resources+resource] == math.MaxInt64 {
			return Bound{}
		}
		free += o.Limit(cloud.HostID(h)) // the objective has seen to it that the sum fits
	}
	for v := range b.in.VMs {
		charged := total(charges, cloud.VMID(v), 0, resource)
		for h := 1; charger != nil && h < len(b.in.Hosts); h++ {
			if total(charges, cloud.VMID(v), cloud.HostID(h), resource) != charged {
				return Bound{}
			}
		}
		if free -= charged; free < 0 {
			return Bound{} // no placement exists
		}
	}
	rest := free % size
	if rest == 0 {
		return Bound{}
	}
	return Bound{
		Score:  cloud.Score{rest},
		Reason: fmt.Sprintf("%d of %s are free on all hosts together, whatever stands where, which leaves %d beyond slots of %d", free, b.in.Resources[resource].Name, rest, size),
	}
}

// total is what a VM that stands on a host charges all hosts with.
func total(charges *cloud.Charges, v cloud.VMID, h cloud.HostID, resource int) int64 {
	amounts, also := charges.Of(v, h)
	if also != cloud.Absent {
		return 2 * amounts[resource]
	}
	return amounts[resource]
}
