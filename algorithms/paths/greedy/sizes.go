package greedy

import (
	"encoding/binary"
	"math"
	"math/bits"
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// sizes is what stays the same during a search: how large VMs are, what hosts hold.
type sizes struct {
	resources int
	limit     []int64     // [host*R + resource], MaxInt64 where no rule limits it
	unit      []int64     // per resource: a thousandth of an average host
	size      []int64     // per VM: sum of its demands in those units, at least 1
	distorted bool        // sizes are up to twice as much, or half
	filters   []*filter   // of all VMs
	filtersOf [][]*filter // by VM: of some VMs; nil when there are none
	homes     *homes
	arrivals  bool           // some filter looks at who arrives where
	oneWay    bool           // some one-way rule looks at more than that
	lopsided  bool           // some rule may allow a migration and forbid its reverse
	grouped   []cloud.Rule   // continuous rules that watch some VMs
	quotas    []quota        // per rule of those
	watchers  [][]cloud.VMID // per rule of those: the VMs
	watched   [][]int32      // per VM: the positions of rules in grouped; nil when there are none
	kin       []int32        // per VM: the first VM that is in the same groups, itself if in none; nil without grouped rules
	global    []cloud.Rule   // other rules that neither limit nor filter
}

// filter is a rule that keeps VMs off hosts for ever.
type filter struct {
	cloud.HostFilter
	number  int                // of the rule
	classes cloud.VMClassifier // nil where the filter may tell any two VMs apart
}

func newSizes(p *paths.Problem) *sizes {
	in := p.Instance
	r := len(in.Resources)
	z := &sizes{
		resources: r, limit: make([]int64, len(in.Hosts)*r),
		unit: make([]int64, r), size: make([]int64, len(in.VMs)),
	}
	for i := range z.limit {
		z.limit[i] = math.MaxInt64
	}
	for i, rule := range p.Rules {
		if rule.Continuous() {
			z.learn(in, i, rule)
		}
	}
	for i := range z.unit {
		var sum int64 // of thousandths, so that it cannot overflow before there are 1000 hosts at the limit of int64
		for h := range in.Hosts {
			if l := z.limit[h*r+i]; l != math.MaxInt64 {
				sum = addCapped(sum, l/1000)
			}
		}
		z.unit[i] = max(1, sum/int64(max(1, len(in.Hosts))))
	}
	for v := range in.VMs {
		z.size[v] = 1
		for i, d := range in.VMs[v].Demand {
			z.size[v] = addCapped(z.size[v], min(d/z.unit[i], 1<<30))
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

// learn notes what an optional ability of a rule tells about it.
func (z *sizes) learn(in *cloud.Instance, number int, rule cloud.Rule) {
	l, limits := rule.(cloud.Limiter)
	admitter, filters := rule.(cloud.HostFilter)
	f := &filter{HostFilter: admitter, number: number}
	f.classes, _ = rule.(cloud.VMClassifier)
	if _, ok := rule.(cloud.OneWay); ok {
		_, arrivals := rule.(cloud.ArrivalFilter)
		z.arrivals, z.oneWay = z.arrivals || arrivals, z.oneWay || !arrivals
	}
	switch {
	case limits:
		for h := range in.Hosts {
			for i := range z.resources {
				at := h*z.resources + i
				z.limit[at] = min(z.limit[at], l.Limit(cloud.HostID(h), i))
			}
		}
	case filters && rule.Watches() == nil:
		z.filters = append(z.filters, f)
	case filters:
		if z.filtersOf == nil {
			z.filtersOf = make([][]*filter, len(in.VMs))
		}
		for _, v := range rule.Watches() {
			z.filtersOf[v] = append(z.filtersOf[v], f)
		}
	default:
		z.lopsided = true
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
}

// admits tells whether no filter keeps the VM off the host for ever.
func (z *sizes) admits(v cloud.VMID, h cloud.HostID) bool {
	return h == cloud.Absent || z.pass(v, func(f *filter) bool { return f.Admits(v, h) })
}

// receives tells whether no filter forbids the VM to arrive at the host.
func (z *sizes) receives(v cloud.VMID, h cloud.HostID) bool {
	return h == cloud.Absent || z.pass(v, func(f *filter) bool {
		a, ok := f.HostFilter.(cloud.ArrivalFilter)
		return !ok || a.Receives(v, h)
	})
}

// pass tells whether all filters that look at the VM pass a test.
func (z *sizes) pass(v cloud.VMID, test func(*filter) bool) bool {
	for _, f := range z.filters {
		if !test(f) {
			return false
		}
	}
	if z.filtersOf != nil {
		for _, f := range z.filtersOf[v] {
			if !test(f) {
				return false
			}
		}
	}
	return true
}

func addCapped(a, b int64) int64 {
	sum, carry := bits.Add64(uint64(a), uint64(b), 0)
	if carry != 0 || sum > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(sum)
}
