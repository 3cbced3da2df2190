package greedy

import (
	"encoding/binary"
	"math"
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// sizes is what stays the same during a search: how large VMs are, what hosts hold.
type sizes struct {
	resources int
	limit     []int64 // [host*R + resource], MaxInt64 where no rule limits it
	unit      []int64 // per resource: a thousandth of an average host
	size      []int64 // per VM: sum of its demands in those units, at least 1
	distorted bool    // sizes are up to twice as much, or half
	filters   *cloud.Filters
	homes     *homes
	arrivals  bool           // some filter looks at who arrives where
	ways      *cloud.Sorted  // one-way rules that look at the two ends of a migration; nil if there are none
	oneWay    bool           // some one-way rule looks at more than that
	lopsided  bool           // some rule may allow a migration and forbid its reverse
	grouped   []cloud.Rule   // continuous rules that watch some VMs
	quotas    []quota        // per rule of those
	watchers  [][]cloud.VMID // per rule of those: the VMs
	watched   [][]int32      // per VM: the positions of rules in grouped; nil when there are none
	kin       []int32        // per VM: the first VM that is in the same groups, itself if in none; nil without grouped rules
	global    []cloud.Rule   // other rules that neither limit nor filter
}

func newSizes(p *paths.Problem) *sizes {
	in := p.Instance
	r := len(in.Resources)
	sorted := cloud.SortPath(in, p.Rules, p.Start, p.Goal)
	z := &sizes{
		resources: r, limit: sorted.Limits, filters: &sorted.Filters,
		arrivals: sorted.Filters.Doors(), oneWay: !cloud.Reversible(sorted.Joint), lopsided: sorted.Others != nil,
		unit: make([]int64, r), size: make([]int64, len(in.VMs)),
	}
	if sorted.Ways != nil {
		z.ways = sorted
	}
	for _, rule := range sorted.Joint {
		z.learn(in, rule)
	}
	for i := range z.unit {
		var sum int64 // of thousandths, so that it cannot overflow before there are 1000 hosts at the limit of int64
		for h := range in.Hosts {
			if l := z.limit[h*r+i]; l != math.MaxInt64 {
				sum = paths.Plus(sum, l/1000)
			}
		}
		z.unit[i] = max(1, sum/int64(max(1, len(in.Hosts))))
	}
	for v := range in.VMs {
		z.size[v] = 1
		for i, d := range in.VMs[v].Demand {
			z.size[v] = paths.Plus(z.size[v], min(d/z.unit[i], 1<<30))
		}
	}
	if z.watched != nil {
		z.kin = kin(in)
	}
	z.quotas = newQuotas(in, z.grouped)
	z.homes = newHomes(z, len(in.VMs), len(in.Hosts))
	return z
}

// distort changes what the VMs count for, up to twice as much or half, in its own way
// for every attempt.
func (z *sizes) distort(attempt int) {
	z.distorted = true
	// The constant tells this use of the generator from others with the same seed.
	rnd := rand.New(rand.NewPCG(uint64(attempt), 0x67726565))
	for v, size := range z.size {
		if size < math.MaxInt64/32 {
			z.size[v] = max(1, size*(8+rnd.Int64N(25))/16)
		}
	}
}

// kin finds VMs that rules over groups cannot tell apart but by where they stand.
func kin(in *cloud.Instance) []int32 {
	groups := make([][]byte, len(in.VMs))
	for g := range in.Groups {
		for _, v := range in.Groups[g].VMs {
			groups[v] = binary.AppendUvarint(groups[v], uint64(g))
		}
	}
	first := map[string]int32{}
	out := make([]int32, len(in.VMs))
	for v, g := range groups {
		out[v] = int32(v)
		if len(g) == 0 {
			continue
		}
		if f, ok := first[string(g)]; ok {
			out[v] = f
		} else {
			first[string(g)] = int32(v)
		}
	}
	return out
}

// learn notes what greedy has to know of a rule beyond limits and filters.
func (z *sizes) learn(in *cloud.Instance, rule cloud.Rule) {
	vms := rule.Watches()
	if vms == nil {
		z.global = append(z.global, rule)
		return
	}
	if z.watched == nil {
		z.watched = make([][]int32, len(in.VMs))
	}
	for _, v := range vms {
		z.watched[v] = append(z.watched[v], int32(len(z.watchers)))
	}
	z.grouped = append(z.grouped, rule)
	z.watchers = append(z.watchers, vms)
}

// admits tells whether no filter keeps the VM off the host for ever.
func (z *sizes) admits(v cloud.VMID, h cloud.HostID) bool {
	return h == cloud.Absent || z.filters.Admits(v, h)
}

// receives tells whether no filter forbids the VM to arrive at the host.
func (z *sizes) receives(v cloud.VMID, h cloud.HostID) bool {
	return h == cloud.Absent || z.filters.Receives(v, h)
}
