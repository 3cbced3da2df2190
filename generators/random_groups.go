package generators

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// grouping says which groups a random cloud has.
type grouping struct {
	groups  int     // 0: as many as grouped says
	grouped float64 // fraction of the VMs
	size    int     // VMs in each group
	apart   string  // what two VMs of a group may not share: host, rack, zone, none
}

func newGrouping(a spec.Args, plan *hostPlan) (grouping, error) {
	g := grouping{int(a.Int("groups")), a.Float("grouped"), int(a.Int("group-size")), a.String("anti-affinity")}
	if g.groups > 0 && g.grouped > 0 {
		return g, errors.New("groups and grouped say the same in two ways: give one of them")
	}
	if g.groups == 0 && g.grouped == 0 {
		return g, nil
	}
	places := map[string]int{"host": plan.hosts, "rack": plan.racks, "zone": plan.zones, "none": g.size}[g.apart]
	if g.size > places {
		return g, fmt.Errorf("the %d VMs of a group need a %s each, and there are %d: see group-size, anti-affinity and %[2]ss", g.size, g.apart, places)
	}
	return g, nil
}

// choose makes groups of random VMs whose places allow it, so that the initial
// placement obeys the rule that keeps them apart.
func (g grouping) choose(in *cloud.Instance, rng *rand.Rand) error {
	n := g.groups
	if n == 0 {
		n = int(g.grouped * float64(len(in.VMs)) / float64(g.size))
	}
	if n == 0 {
		return nil
	}
	if need := n * g.size; need > len(in.VMs) {
		return fmt.Errorf("%d groups of %d VMs need %d VMs, and there are %d", n, g.size, need, len(in.VMs))
	}
	pool := rng.Perm(len(in.VMs))
	for len(in.Groups) < n {
		var members []cloud.VMID
		members, pool = g.draw(in, pool)
		if members == nil {
			if g.groups > 0 {
				return fmt.Errorf("only %d of %d groups were found: too few of the VMs that are left stand on different %ss; "+
					"ask for fewer groups or more VMs", len(in.Groups), n, g.apart)
			}
			break
		}
		in.Groups = append(in.Groups, cloud.Group{Name: fmt.Sprintf("group%d", len(in.Groups)+1), VMs: members})
	}
	if g.apart == "none" || len(in.Groups) == 0 {
		return nil
	}
	rule := spec.Named("anti-affinity").With("group", "group*")
	if g.apart != "host" {
		rule = rule.With("by", g.apart)
	}
	in.Rules = append(rules.Default(), rule)
	return nil
}

// draw takes one group's VMs out of the pool, from its end; nil when no more fit
// together.
func (g grouping) draw(in *cloud.Instance, pool []int) (members []cloud.VMID, left []int) {
	taken := map[string]bool{}
	var aside []int
	for len(members) < g.size {
		if len(pool) == 0 {
			return nil, nil
		}
		v := pool[len(pool)-1]
		pool = pool[:len(pool)-1]
		if g.apart != "none" {
			place := in.Hosts[in.Initial[v]].Domain(g.apart)
			if taken[place] {
				aside = append(aside, v)
				continue
			}
			taken[place] = true
		}
		members = append(members, cloud.VMID(v))
	}
	return members, append(pool, aside...)
}
