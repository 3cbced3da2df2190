package generators

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// What a NUMA node of the study has: cores and MiB; and how much memory comes with a core.
const (
	nodeCores  = 44
	nodeMiB    = 184_388
	coreMiB    = 2048
	mostMisses = 50
)

// numaMix are VMs about as they come in the study: cores, whether half of them are on each node, and weight.
var numaMix = []struct {
	cores  int64
	double bool
	weight int
}{
	{2, false, 16},
	{4, false, 43},
	{8, false, 15},
	{16, false, 9},
	{32, false, 3},
	{8, true, 3},
	{16, true, 3},
	{32, true, 2},
	{64, true, 6},
}

func numaEntry() spec.Entry[Family] {
	return single(spec.Descriptor{
		Name:     "numa",
		Synopsis: "machines of two NUMA nodes on which VMs came and went, so that what is free is scattered",
		Doc: "Each node is a host of 44 cores, under the rule numa. VMs of 2 to 64 cores, some of them on both nodes of a machine, arrive in random order, and each " +
			"goes where it leaves the fewest cores, until " + strconv.Itoa(mostMisses) + " in a row find no room. Then some leave, and new ones arrive until " +
			"as many find no room again. There is no target.",
		Params: []spec.Param{
			{Name: "machines", Type: spec.Int, Default: "50", Unit: "machines", Bounds: spec.Between(1, maxHosts/2), Doc: "number of machines"},
			{Name: "departed", Type: spec.Float, Default: "0.3", Bounds: spec.Between(0, 1), Doc: "share of the VMs that leave in a round"},
			{Name: "rounds", Type: spec.Int, Default: "3", Unit: "rounds", Bounds: spec.Between(0, 1000), Doc: "how often VMs leave, and all but the last time new ones come"},
		},
		Citation: "own work, after X. Ding et al., Towards VM Rescheduling Optimization Through Deep Reinforcement Learning, EuroSys 2025, " +
			"doi:10.1145/3689031.3717476",
	}, func(a spec.Args) (draw, error) {
		machines, departed, rounds := int(a.Int("machines")), a.Float("departed"), int(a.Int("rounds"))
		return func(rng *rand.Rand) (*cloud.Instance, error) {
			c := &numaCloud{rng: rng, free: slices.Repeat([]int64{nodeCores}, 2*machines)}
			c.arrive()
			for n := range rounds {
				if c.depart(departed); n < rounds-1 {
					c.arrive()
				}
			}
			return c.instance(), nil
		}, nil
	})
}

// numaCloud is one in the making.
type numaCloud struct {
	rng  *rand.Rand
	free []int64 // cores by node
	vms  []numaVM
	all  int // VMs that ever came
}

type numaVM struct {
	number int
	kind   int
	node   int
}

// arrive has VMs come until many in a row find no room.
func (c *numaCloud) arrive() {
	total := 0
	for _, k := range numaMix {
		total += k.weight
	}
	for misses := 0; misses < mostMisses; {
		x, kind := c.rng.IntN(total), 0
		for ; x >= numaMix[kind].weight; kind++ {
			x -= numaMix[kind].weight
		}
		node, ok := c.fit(kind)
		if !ok {
			misses++
			continue
		}
		misses = 0
		c.all++
		c.vms = append(c.vms, numaVM{c.all, kind, node})
		c.charge(c.vms[len(c.vms)-1], -1)
	}
}

// fit finds the node where a VM leaves the fewest cores, the first of equal ones.
func (c *numaCloud) fit(kind int) (best int, ok bool) {
	k, least := numaMix[kind], int64(0)
	for node, left := range c.free {
		if k.double {
			if node%2 == 1 {
				continue
			}
			left = 2 * min(left, c.free[node+1])
		}
		if left -= k.cores; left >= 0 && (!ok || left < least) {
			best, least, ok = node, left, true
		}
	}
	return best, ok
}

// charge takes the cores of a VM, or gives them back.
func (c *numaCloud) charge(v numaVM, sign int64) {
	k := numaMix[v.kind]
	if !k.double {
		c.free[v.node] += sign * k.cores
		return
	}
	c.free[v.node] += sign * k.cores / 2
	c.free[v.node+1] += sign * k.cores / 2
}

// depart has a share of the VMs leave.
func (c *numaCloud) depart(share float64) {
	c.rng.Shuffle(len(c.vms), func(i, j int) { c.vms[i], c.vms[j] = c.vms[j], c.vms[i] })
	stay := len(c.vms) - int(share*float64(len(c.vms)))
	for _, v := range c.vms[stay:] {
		c.charge(v, 1)
	}
	c.vms = c.vms[:stay]
	slices.SortFunc(c.vms, func(v, w numaVM) int { return v.number - w.number })
}

func (c *numaCloud) instance() *cloud.Instance {
	in := &cloud.Instance{
		Description: "what is free is scattered over NUMA nodes",
		Resources:   []cloud.Resource{{Name: "ram", Unit: "MiB"}, {Name: "cpu", Unit: "cores"}},
		Rules:       []spec.Spec{spec.Named("numa").With("pair", "machine")},
	}
	for node := range c.free {
		machine := fmt.Sprintf("machine%d", node/2+1)
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: fmt.Sprintf("%s/%d", machine, node%2), Capacity: []int64{nodeMiB, nodeCores}, Reserved: []int64{0, 0},
			Labels: map[string]string{"machine": machine},
		})
	}
	for i, v := range c.vms {
		k := numaMix[v.kind]
		vm := cloud.VM{Name: fmt.Sprintf("vm%d", i+1), Demand: []int64{k.cores * coreMiB, k.cores}}
		if k.double {
			vm.Labels = map[string]string{"numa": "2"}
		}
		in.VMs, in.Initial = append(in.VMs, vm), append(in.Initial, cloud.HostID(v.node))
	}
	return in
}
