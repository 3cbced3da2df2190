package generators

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// filling is what has been filled of each host while VMs are drawn.
type filling struct {
	c      *flavourCloud
	in     *cloud.Instance
	rng    *rand.Rand
	limit  []int64             // [host*resources + resource]
	used   []int64             // likewise
	wanted []int64             // per resource: what VMs are to demand beyond what they do
	labels []map[string]string // by flavour, shared by its VMs
}

// fill draws VMs until they demand what they should of some resource, and then tunes them. It
// returns the share that they demand of the scarcest one.
func (c *flavourCloud) fill(in *cloud.Instance, limiter cloud.Limiter, rng *rand.Rand) (float64, error) {
	f := &filling{c: c, in: in, rng: rng}
	f.used = make([]int64, len(in.Hosts)*len(in.Resources))
	all := make([]int64, len(in.Resources))
	for h := range in.Hosts {
		for r := range in.Resources {
			n := limiter.Limit(cloud.HostID(h), r)
			f.limit = append(f.limit, n)
			all[r] += n
		}
	}
	for _, fl := range c.flavours {
		f.labels = append(f.labels, map[string]string{"flavour": fl.name})
	}
	f.wanted = make([]int64, len(all))
	for r, n := range all {
		f.wanted[r] = int64(c.utilisation * float64(n))
	}
	begin := c.groupChance()
	for misses := 0; misses < manyMisses && len(in.VMs) < maxVMs; {
		size := 1
		if rng.Float64() < begin {
			size = 2 + halving(rng, largestApart-1)
		}
		flavour := halving(rng, len(c.flavours))
		if !within(c.demand(flavour), f.wanted) {
			break
		}
		if f.place(size, flavour) {
			misses = 0
		} else {
			misses++
		}
	}
	t := newTuning(in, f.limit, c.utilisation, rng)
	t.draw = func(cloud.HostID) (cloud.VM, bool) { return f.vm(halving(rng, len(c.flavours))), true }
	if err := t.run(); err != nil {
		return 0, err
	}
	t.apply(in)
	if len(in.Groups) > 0 {
		in.Rules = append(in.Rules, spec.Named("anti-affinity").With("group", "apart-*"))
	}
	return t.utilisation(), nil
}

// halving draws a number below n, each half as likely as the one before it.
func halving(rng *rand.Rand, n int) int {
	x := rng.IntN(1<<n - 1)
	k := 0
	for left := 1 << (n - 1); x >= left; left /= 2 {
		x -= left
		k++
	}
	return k
}

// groupChance is the chance that a draw begins a group, with which the fraction asked for
// of all VMs is in groups.
func (c *flavourCloud) groupChance() float64 {
	sum, weight := 0.0, 0.0
	for size := 2; size <= largestApart; size++ {
		w := float64(int(1) << (largestApart - size))
		sum += float64(w * float64(size))
		weight += w
	}
	mean := sum / weight
	return c.grouped / (mean - float64(c.grouped*(mean-1)))
}

// place draws a host for each of so many VMs of a flavour, all different where they are
// more than one. Those that fit nowhere or are more than wanted are left out; it tells whether
// any was placed.
func (f *filling) place(n, flavour int) bool {
	demand := f.c.demand(flavour)
	var taken []cloud.HostID
	first := cloud.VMID(len(f.in.VMs))
	for len(taken) < n && within(demand, f.wanted) {
		h := f.someHost(demand, taken)
		if h == cloud.Absent {
			break
		}
		taken = append(taken, h)
		for r, d := range demand {
			f.used[int(h)*len(demand)+r] += d
			f.wanted[r] -= d
		}
		f.in.VMs = append(f.in.VMs, f.vm(flavour))
		f.in.Initial = append(f.in.Initial, h)
	}
	if len(taken) > 1 {
		g := cloud.Group{Name: fmt.Sprintf("apart-%d", len(f.in.Groups)+1)}
		for i := range taken {
			g.VMs = append(g.VMs, first+cloud.VMID(i))
		}
		f.in.Groups = append(f.in.Groups, g)
	}
	return len(taken) > 0
}

// vm makes a VM of a flavour, without a name.
func (f *filling) vm(flavour int) cloud.VM {
	vm := cloud.VM{Demand: f.c.demand(flavour), Labels: f.labels[flavour]}
	dirty, workingSet := f.activity(float64(f.c.flavours[flavour].ramMiB))
	vm.DirtyMiBPerS, vm.WorkingSetMiB = &dirty, workingSet
	return vm
}

// activity draws how a VM writes to its memory; its working set is no larger than that.
// Both are rounded to hundredths, which also hides that the last bit of math.Exp may
// differ from one processor architecture to another.
func (f *filling) activity(ramMiB float64) (dirtyMiBPerS, workingSetMiB float64) {
	median := activities()[f.rng.IntN(2)]
	hundredths := func(x float64) float64 { return math.Round(100*x) / 100 }
	factor := math.Exp(activitySigma * f.rng.NormFloat64())
	return hundredths(median.dirtyMiBPerS * factor), hundredths(min(ramMiB, median.workingSetMiB*factor))
}

// someHost chooses uniformly among the hosts with room that are not taken.
func (f *filling) someHost(demand []int64, taken []cloud.HostID) cloud.HostID {
	return someHost(f.rng, len(f.in.Hosts), func(h cloud.HostID) bool {
		for r, d := range demand {
			if at := int(h)*len(demand) + r; d > f.limit[at]-f.used[at] {
				return false
			}
		}
		return !slices.Contains(taken, h)
	})
}
