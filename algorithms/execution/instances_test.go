package execution_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/generators"
)

// instances are makers of instances, which take turns.
var instances = []struct {
	kind string
	make func(*rand.Rand) *cloud.Instance
}{
	{"pathtest.Random", pathtest.Random},
	{"pathtest.Ruled", pathtest.Ruled},
	{"pathtest.Broken", pathtest.Broken},
	{"roomy", roomy},
	{"generated", generated},
}

// roomy is an instance with many rules, in which hosts have room for more than they hold, so that the death of one can be mended.
func roomy(rng *rand.Rand) *cloud.Instance {
	in := pathtest.Ruled(rng)
	for h := range in.Hosts {
		for r := range in.Resources {
			in.Hosts[h].Capacity[r] += 4 + rng.Int64N(20)
		}
	}
	if in.Check() != nil {
		panic("execution: the maker makes broken instances")
	}
	return in
}

// generated is an instance of a family, with groups and rules.
func generated(rng *rand.Rand) *cloud.Instance {
	for {
		family := fmt.Sprintf("random(hosts=%d, max=2048, racks=2, utilisation=%.2f, target=%s)", 4+rng.IntN(6), .6+.35*rng.Float64(),
			[]string{"walk", "walk", "shuffle"}[rng.IntN(3)])
		if rng.IntN(3) == 0 {
			family = fmt.Sprintf("flavours(hosts=%d)", 4+rng.IntN(4))
		}
		made, err := generators.Generate(catalogue.Standard(), spec.MustParse(family), rng.Uint64())
		if err != nil {
			continue
		}
		in := made[0]
		governed(rng, in)
		return in
	}
}

// governed adds groups of two or three VMs, and those rules about them and about hosts that the target keeps.
func governed(rng *rand.Rand, in *cloud.Instance) {
	in.Rules = append([]spec.Spec{}, rules.Specs(in, nil)...)
	for g := range 4 {
		group := cloud.Group{Name: fmt.Sprintf("g%d", g)}
		for _, v := range rng.Perm(len(in.VMs))[:min(len(in.VMs), 2+rng.IntN(2))] {
			group.VMs = append(group.VMs, cloud.VMID(v))
		}
		in.Groups = append(in.Groups, group)
	}
	for v := range in.VMs {
		in.VMs[v].Interruptible = in.VMs[v].Interruptible || rng.IntN(4) == 0
	}
	texts := []string{
		"anti-affinity(group=g0)", "spread(group=g1, min=2)", "depends(group=g2, on=[g1], by=rack)", "affinity(group=g3, by=rack)",
		"max-per-host(group=g1, max=1)", fmt.Sprintf("ban(group=g2, hosts=[%s])", in.Hosts[0].Name), fmt.Sprintf("maintenance(hosts=[%s])", in.Hosts[1].Name),
		fmt.Sprintf("max-vms(max=%d)", 3+len(in.VMs)/len(in.Hosts)), "anti-affinity(group=g3)", "pin(group=g2)", fmt.Sprintf("quarantine(hosts=[%s])", in.Hosts[2].Name),
	}
	for _, text := range texts {
		if rng.IntN(3) > 0 {
			continue
		}
		before := in.Rules
		in.Rules = append(in.Rules[:len(before):len(before)], spec.MustParse(text))
		if in.Check() != nil {
			panic("execution: the maker makes broken instances")
		}
		if !keepsRules(in) {
			in.Rules = before
		}
	}
	if in.Check() != nil {
		panic("execution: the maker makes broken instances")
	}
}

// keepsRules tells whether the target keeps all rules.
func keepsRules(in *cloud.Instance) bool {
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		return false
	}
	w := &standing{in.Target}
	for _, r := range bound {
		if len(r.Violations(w, nil)) > 0 {
			return false
		}
	}
	return true
}

// standing shows a placement to rules.
type standing struct{ at cloud.Placement }

func (s *standing) On(h cloud.HostID) (out []cloud.VMID) {
	for v, at := range s.at {
		if at == h {
			out = append(out, cloud.VMID(v))
		}
	}
	return out
}

func (s *standing) HostOf(v cloud.VMID) cloud.HostID { return s.at[v] }

func (s *standing) Destination(cloud.VMID) (cloud.HostID, bool) { return cloud.Absent, false }
