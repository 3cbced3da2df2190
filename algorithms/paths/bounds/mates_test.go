package bounds_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// apart makes a small instance whose groups stand apart and exchange places, mostly with room for
// bypasses.
func apart(rng *rand.Rand) *cloud.Instance {
	for {
		if in := tryApart(rng); in != nil {
			return in
		}
	}
}

func tryApart(rng *rand.Rand) *cloud.Instance {
	in := &cloud.Instance{Name: "apart", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	hosts, vms := 3+rng.IntN(3), 3+rng.IntN(2)
	if hosts == 3 {
		vms++
	}
	room := 6 + rng.Int64N(10)
	for h := range hosts {
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: fmt.Sprint("h", h), Rack: fmt.Sprint("r", h/2), Zone: fmt.Sprint("z", h%2), Capacity: []int64{room}, Reserved: []int64{0},
		})
	}
	for v := range vms {
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprint("v", v), Demand: []int64{1 + rng.Int64N(6)}, Interruptible: rng.IntN(6) == 0})
		in.Initial = append(in.Initial, cloud.HostID(rng.IntN(hosts)))
		in.Target = append(in.Target, cloud.HostID(rng.IntN(hosts)))
	}
	in.Rules = rules.Default()
	for g := range 1 + rng.IntN(2) {
		group := cloud.Group{Name: fmt.Sprint("g", g)}
		for _, v := range rng.Perm(vms)[:2+rng.IntN(2)] {
			group.VMs = append(group.VMs, cloud.VMID(v))
		}
		in.Groups = append(in.Groups, group)
		if rng.IntN(3) > 0 { // its members exchange places
			for k, v := range group.VMs {
				in.Target[v] = in.Initial[group.VMs[(k+1)%len(group.VMs)]]
			}
		}
		rule := "anti-affinity(group=%s, by=host)"
		if rng.IntN(3) == 0 {
			rule = []string{
				"anti-affinity(group=%s, by=rack)", "anti-affinity(group=%s, by=zone)", "max-per-rack(group=%s, max=1)",
				"max-per-host(group=%s, max=2)", "anti-affinity(group=%s, continuous=false)",
			}[rng.IntN(5)]
		}
		in.Rules = append(in.Rules, spec.MustParse(fmt.Sprintf(rule, group.Name)))
	}
	if in.Check() != nil {
		return nil
	}
	bound, err := rules.Bind(pathtest.Catalogue(), in, nil)
	if err != nil || len(validate.Placement(in, bound, in.Initial, false)) > 0 || len(validate.Placement(in, bound, in.Target, true)) > 0 {
		return nil
	}
	return in
}

// withoutQuotas returns the problem without the rules that keep VMs apart.
func withoutQuotas(p *paths.Problem) *paths.Problem {
	q := *p
	q.Rules = nil
	for _, r := range p.Rules {
		if _, ok := r.(cloud.Quota); !ok {
			q.Rules = append(q.Rules, r)
		}
	}
	return &q
}

// Groups that stand apart never raise the bound above the cost of a cheapest path, and never make a
// dead end of a state from which there is a path. That holds for parts in pockets and for sums of
// traps. Groups do raise the bound and never lower it.
func TestMatesExceedTheOptimum(t *testing.T) {
	met, states, lifted, exact := 0, 0, 0, 0
	for seed := range uint64(3000) {
		rng := rand.New(rand.NewPCG(seed, 17))
		p := pathtest.Problem(t, apart(rng), []string{"ram", "count"}[rng.IntN(2)])
		if rng.IntN(3) == 0 {
			p.Cost = byDistance{rng.Uint64()}
		}
		pathtest.Exhaustive(p).Each(func(at cloud.Placement, cost int64) {
			for v := range at {
				if at[v] == cloud.Absent && p.Start[v] != cloud.Absent {
					return // suspended: no start of a problem
				}
			}
			if met++; met%21 > 0 {
				return // the others are similar
			}
			q := *p
			q.Start = at
			states++
			for _, most := range []int{128, 3, 0} {
				bound, deadEnd := bounds.WholeOf(&q, most, states%2*1000)
				if deadEnd || bound > cost {
					t.Fatalf("instance %d, %s: from %v, with pockets of up to %d VMs, the bound is %d (dead end: %v), the optimum %d",
						seed, p.Cost, at, most, bound, deadEnd, cost)
				}
				alone, _ := bounds.WholeOf(withoutQuotas(&q), most, 1000)
				if bound < alone {
					t.Fatalf("instance %d: from %v, with pockets of up to %d VMs, the bound is %d, and %d without groups", seed, at, most, bound, alone)
				}
				if most == 128 && bound > alone {
					lifted++
					if bound == cost {
						exact++
					}
				}
			}
		})
	}
	t.Logf("%d states, %d bounds lifted by groups, %d of them to the optimum", states, lifted, exact)
	if states < 15_000 || lifted < 800 {
		t.Errorf("%d states, %d bounds lifted by groups: too few to show anything", states, lifted)
	}
}

// exchange puts groups of VMs into a cloud with room to spare. The members of a group stand on
// neighbouring hosts or racks, and each has the place of the next as its target. Sizes are the
// demands of the members.
func exchange(groups int, by string, sizes ...int64) *cloud.Instance {
	in := &cloud.Instance{
		Name: "exchange", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}},
		Rules: append(rules.Default(), spec.Named("anti-affinity").With("group", "g*").With("by", by)),
	}
	n := len(sizes)
	for h := range 2 * (n + 1) {
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: fmt.Sprint("h", h), Rack: fmt.Sprint("r", h/2), Capacity: []int64{1000 * int64(groups)}, Reserved: []int64{0},
		})
	}
	for g := range groups {
		group := cloud.Group{Name: fmt.Sprint("g", g)}
		for k, size := range sizes {
			v := cloud.VMID(len(in.VMs))
			group.VMs = append(group.VMs, v)
			in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprint("v", v), Demand: []int64{size}})
			in.Initial = append(in.Initial, cloud.HostID(2*k))
			in.Target = append(in.Target, cloud.HostID(2*((k+1)%n)))
			if by == "rack" { // on the other host of the rack
				in.Target[v]++
			}
		}
		in.Groups = append(in.Groups, group)
	}
	return in
}

// In each group that exchanges places the smallest member has to take a detour, however much room
// there is. That also holds if the members conflict in a rack but on no host.
func TestGroupsThatExchangePlacesAreOverlooked(t *testing.T) {
	for _, c := range []struct {
		in   *cloud.Instance
		want int64
	}{
		{exchange(1, "host", 5, 7), 5 + 7 + 5},
		{exchange(1, "host", 9, 4, 7, 6), 26 + 4},
		{exchange(1, "rack", 9, 4, 7, 6), 26 + 4},
		{exchange(20, "host", 9, 4, 7, 6), 20 * (26 + 4)},
		{exchange(100, "host", 9, 4, 7, 6), 100 * (26 + 4)},
		{exchange(100, "rack", 9, 4, 7, 6), 100 * (26 + 4)},
		{exchange(5000, "host", 3, 2), 5000 * (5 + 2)},
	} {
		p := pathtest.Problem(t, c.in, "ram")
		if bound, deadEnd := bounds.Whole(paths.Unlimited(p)); deadEnd || bound != c.want {
			t.Errorf("%d groups, %s: the bound is %d (dead end: %v), expected %d", len(c.in.Groups), c.in.Rules[len(c.in.Rules)-1], bound, deadEnd, c.want)
		}
		if bound, _ := bounds.Whole(paths.Unlimited(withoutQuotas(p))); bound != bounds.MisplacedFrom(paths.Unlimited(p), p.Start) {
			t.Errorf("%d groups: the bound is %d without their rule", len(c.in.Groups), bound)
		}
	}
}
