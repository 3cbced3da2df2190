package rules

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func capacityEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "capacity",
			Synopsis: "what the VMs of a host demand fits in it, per resource",
			Doc: "The limit of a host is (capacity - reserved) × overcommit, rounded down. " +
				"While a VM migrates, both hosts are charged with all that it demands, but for what transient says.",
			Params: []spec.Param{
				overcommitParam(),
				{
					Name: "transient", Type: spec.String, List: true,
					Doc: "resources that the source keeps reserved until a migration ends, all unless given; " +
						"it makes a difference only where migrations overlap",
				},
			},
			Citation: "OpenStack Nova, allocation ratios: " +
				"https://docs.openstack.org/nova/latest/admin/scheduling.html",
			Properties: []spec.Property{Local},
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance) ([]cloud.Rule, error) {
				r, err := newCapacity(in, a)
				if err != nil {
					return nil, err
				}
				return []cloud.Rule{r}, nil
			}, nil
		},
	}
}

func overcommitParam() spec.Param {
	return spec.Param{
		Name: "overcommit", Map: true, Type: spec.Ratio, Bounds: spec.Between(0, 1e6),
		Doc: "ratio of what may be promised to what is there, per resource; 1 unless given",
	}
}

// Capacity bounds the demands on each host.
type Capacity struct {
	timed
	in      *cloud.Instance
	demands []int64 // [vm*R + resource]
	limit   []int64 // [host*R + resource]
	early   []bool  // by resource: the source is not charged for a migration under way; nil where none is so
}

// NewLimits makes the rule of given limits, by host*R + resource.
func NewLimits(text string, in *cloud.Instance, limit []int64) *Capacity {
	return &Capacity{timed: timed{text, true}, in: in, demands: in.Demands(), limit: limit}
}

func newCapacity(in *cloud.Instance, a spec.Args) (*Capacity, error) {
	limits, err := overcommitted(in, a)
	if err != nil {
		return nil, err
	}
	c := NewLimits(a.Full().String(), in, limits)
	if a.Has("transient") {
		c.early = slices.Repeat([]bool{true}, len(in.Resources))
		for _, name := range a.Strings("transient") {
			r, err := in.Resource(name)
			if err != nil {
				return nil, err
			}
			c.early[r] = false
		}
	}
	return c, nil
}

// overcommitted is (capacity - reserved) × overcommit, rounded down, by host*R + resource.
func overcommitted(in *cloud.Instance, a spec.Args) ([]int64, error) {
	n := len(in.Resources)
	ratio := make([]*big.Rat, n)
	keys, values := a.Ratios("overcommit")
	for i, key := range keys {
		r, err := in.Resource(key)
		if err != nil {
			return nil, err
		}
		ratio[r] = values[i]
	}
	out := make([]int64, 0, len(in.Hosts)*n)
	for h := range in.Hosts {
		for r := range n {
			l, err := limitOf(&in.Hosts[h], r, ratio[r])
			if err != nil {
				return nil, fmt.Errorf("host %q, resource %q: %w", in.Hosts[h].Name, in.Resources[r].Name, err)
			}
			out = append(out, l)
		}
	}
	return out, nil
}

// limitOf is computed exactly: a proof of optimality must not rest on a rounded
// capacity.
func limitOf(h *cloud.Host, r int, ratio *big.Rat) (int64, error) {
	free := h.Capacity[r] - h.Reserved[r]
	if ratio == nil {
		return free, nil
	}
	x := new(big.Int).Mul(big.NewInt(free), ratio.Num())
	x.Quo(x, ratio.Denom())
	if !x.IsInt64() {
		return 0, fmt.Errorf("%d × %s does not fit in 64 bits", free, ratio.RatString())
	}
	return x.Int64(), nil
}

// Limit implements [cloud.Limiter].
func (c *Capacity) Limit(h cloud.HostID, resource int) int64 {
	return c.limit[int(h)*len(c.in.Resources)+resource]
}

// FreesEarly implements [cloud.EarlyLimiter].
func (c *Capacity) FreesEarly(resource int) bool { return c.early != nil && c.early[resource] }

// Watches implements [cloud.Rule].
func (c *Capacity) Watches() []cloud.VMID { return nil }

// Violations implements [cloud.Rule]: it adds up every host concerned.
func (c *Capacity) Violations(v cloud.View, change *cloud.Change) []cloud.Violation {
	var out []cloud.Violation
	if change != nil {
		if change.To != cloud.Absent {
			out = c.hostViolations(v, change.To, out)
		}
		return out // a host that a VM leaves cannot become overfull
	}
	for h := range c.in.Hosts {
		out = c.hostViolations(v, cloud.HostID(h), out)
	}
	return out
}

func (c *Capacity) hostViolations(v cloud.View, h cloud.HostID, out []cloud.Violation) []cloud.Violation {
	n, vms := len(c.in.Resources), v.On(h)
	for r, res := range c.in.Resources {
		var sum int64
		for _, vm := range vms {
			sum += c.demands[int(vm)*n+r]
		}
		if c.early != nil && c.early[r] {
			for _, vm := range vms {
				if to, underWay := v.Destination(vm); underWay && to != cloud.Absent && v.HostOf(vm) == h {
					sum -= c.demands[int(vm)*n+r]
				}
			}
		}
		if limit := c.Limit(h, r); sum > limit {
			unit := res.Unit
			if unit != "" {
				unit = " " + unit
			}
			out = append(out, c.at(onHost(c.in, h), "host %q holds VMs that demand %d%s of %s, its limit is %d",
				c.in.Hosts[h].Name, sum, unit, res.Name, limit))
		}
	}
	return out
}

// Mend implements [cloud.Mender].
func (c *Capacity) Mend(start cloud.View) cloud.Mending { return newMendingLimits(c, start) }

// NewGuard implements [cloud.Rule].
func (c *Capacity) NewGuard(*cloud.State) cloud.Guard { return capacityGuard{c} }

type capacityGuard struct{ c *Capacity }

func (g capacityGuard) Allows(s *cloud.State, vm cloud.VMID, _, to cloud.HostID) bool {
	if to == cloud.Absent {
		return true
	}
	n := len(g.c.in.Resources)
	limit := g.c.limit[int(to)*n : int(to)*n+n]
	if g.c.early != nil && len(s.UnderWay()) > 0 {
		return g.allowsEarly(s, vm, to)
	}
	for r, d := range g.c.demands[int(vm)*n : int(vm)*n+n] {
		// Subtracting cannot overflow: both sides are within 0 and MaxInt64.
		if d > limit[r]-s.Used(to, r) {
			return false
		}
	}
	return true
}

func (g capacityGuard) arrives(s *cloud.State, vm cloud.VMID, from, to cloud.HostID) bool {
	return g.Allows(s, vm, from, to)
}

func (g capacityGuard) leaves(*cloud.State, cloud.VMID, cloud.HostID) bool { return true }

func (g capacityGuard) kept(s *cloud.State, h cloud.HostID) bool {
	for r := range g.c.in.Resources {
		if s.Used(h, r) > g.c.Limit(h, r) {
			return false
		}
	}
	return true
}

// allowsEarly is Allows where VMs under way leave room at once.
func (g capacityGuard) allowsEarly(s *cloud.State, vm cloud.VMID, to cloud.HostID) bool {
	n := len(g.c.in.Resources)
	for r, d := range g.c.demands[int(vm)*n : int(vm)*n+n] {
		used := s.Used(to, r)
		for _, m := range s.UnderWay() {
			if g.c.early[r] && m.From == to && m.To != cloud.Absent {
				used -= g.c.demands[int(m.VM)*n+r]
			}
		}
		if d > g.c.Limit(to, r)-used {
			return false
		}
	}
	return true
}
