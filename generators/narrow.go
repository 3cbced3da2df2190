package generators

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// narrowEntry is the family in which a single path exists; see [corridor] for why.
func narrowEntry() spec.Entry[Family] {
	return designed(spec.Descriptor{
		Name:     "narrow",
		Synopsis: "one path only: in every state a single migration leads on, and a single one back",
		Citation: "own work",
		Doc: "Hosts form a corridor, the VMs stand in it one per host and fit on their own host and the next, and the last host is empty. " +
			"With goal=shift all VMs move up by one. With goal=exchange two VMs beyond the head of the corridor have to exchange " +
			"places, for which they need its first host: all the others make way and come back. Then two VMs are misplaced, and the " +
			"path takes 2 × length + 3 migrations, so bounds that look at misplaced VMs see almost nothing. The path's " +
			"states are the only ones, so a complete search ends soon; the algorithm displacement does not look that far, and does not find the exchange.",
		Params: []spec.Param{
			{Name: "length", Type: spec.Int, Default: "10", Unit: "VMs", Bounds: spec.Between(1, maxHosts-3), Doc: "number of VMs in the corridor, which has one host more"},
			{Name: "goal", Type: spec.Choice, Choices: []string{"shift", "exchange"}, Default: "exchange", Doc: "shift: all VMs move up by one; exchange: two more VMs exchange places"},
			{Name: "size", Type: spec.Int, Default: "1024", Unit: "MiB", Bounds: spec.Between(3, 1e9), Doc: "demand of ram of the smallest VM, and of disk, in GiB, of the VM with the smallest disk"},
			{Name: "step", Type: spec.Int, Default: "8", Unit: "MiB", Bounds: spec.Between(1, 1e6), Doc: "how much more ram each host has than the one before, and less disk, in GiB"},
		},
		Properties: []spec.Property{Reachable},
	}, func(a spec.Args) (func(*design), error) {
		c := &corridor{length: a.Int("length"), exchange: a.String("goal") == "exchange", size: a.Int("size"), step: a.Int("step")}
		if c.size <= 2*c.step {
			return nil, fmt.Errorf("size=%d has to be more than twice step=%d: VMs might share a host", c.size, c.step)
		}
		return c.draw, nil
	})
}

// corridor is a row of hosts 0, 1, …, n-1 with the capacities x(k) of ram and y(k) of
// disk, of which x rises from host to host by a step and y falls by one. A VM that
// demands x(a) and y(b) fits on the hosts from a to b and on no others: those before a
// lack ram, those behind b lack disk. No two VMs fit on one host: what one leaves is
// at most two steps of either, and each demands more.
//
// In the corridor proper VM i stands on host i and fits on host i+1 besides. So only
// two VMs fit on an empty host k: VM k, and VM k-1. With one empty host in all, one of
// the two has just left it, so that a single migration leads on.
//
// For the exchange two hosts stand before the corridor, with VM p on the second, which
// fits on both and on the corridor's first host, and VM q on the first, which fits on
// those two only. When that corridor host is empty, p may enter it; then q may take p's
// place, and p may take q's, and the corridor's first VM may come back. In each of these
// states one other migration is sane, the one that takes back the last.
type corridor struct {
	length     int64
	exchange   bool
	size, step int64
}

// head is the number of hosts before the corridor proper.
func (c *corridor) head() int64 {
	if c.exchange {
		return 2
	}
	return 0
}

func (c *corridor) hosts() int64    { return c.head() + c.length + 1 }
func (c *corridor) x(k int64) int64 { return c.size + k*c.step }
func (c *corridor) y(k int64) int64 { return c.size + (c.hosts()-1-k)*c.step }
func (c *corridor) vm(x *design, from, to, first, last int64) {
	x.vm("", int(from), int(to), c.x(first), c.y(last))
}

func (c *corridor) draw(x *design) {
	x.resources = append(x.resources, cloud.Resource{Name: "disk", Unit: "GiB"})
	for k := range c.hosts() {
		x.host("", c.x(k), c.y(k))
	}
	for i := range c.length {
		k := c.head() + i
		to := k + 1
		if c.exchange {
			to = k
		}
		c.vm(x, k, to, k, k+1)
	}
	if c.exchange {
		c.vm(x, 1, 0, 0, 2) // p
		c.vm(x, 0, 1, 0, 1) // q
	}
	x.description = NarrowOptimum(c.length, c.exchange, c.size, c.step).String() + ", and no other leads there without turning back"
}

// NarrowOptimum is what the only path of an instance of the family narrow costs. For
// the shift every VM migrates once. For the exchange every VM of the corridor migrates
// twice, p twice and q once.
func NarrowOptimum(length int64, exchange bool, sizeMiB, stepMiB int64) Optimum {
	c := corridor{length: length, exchange: exchange, size: sizeMiB, step: stepMiB}
	sum := length*c.x(c.head()) + stepMiB*(length*(length-1)/2) // ram of the corridor's VMs
	if !exchange {
		return Optimum{Migrations: length, MiB: sum}
	}
	return Optimum{Migrations: 2*length + 3, MiB: 2*sum + 3*c.x(0)}
}
