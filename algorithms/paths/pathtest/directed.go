package pathtest

import (
	"fmt"
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Directed makes directed instances until the rule about the two ends decides something, mostly.
func Directed(rng *rand.Rand) *cloud.Instance {
	in := directed(rng)
	for range rng.IntN(6) {
		if decides(in) {
			break
		}
		in = directed(rng)
	}
	return in
}

// decides tells whether the last rule takes the only path, or the cheapest one.
func decides(in *cloud.Instance) bool {
	without := *in
	without.Rules = in.Rules[:len(in.Rules)-1]
	var costs [2]int64
	var exist [2]bool
	for n, in := range []*cloud.Instance{in, &without} {
		p, err := paths.NewProblem(Catalogue(), in, nil, spec.Named("ram"))
		if err != nil {
			panic(err)
		}
		costs[n], exist[n] = Exhaustive(p).To(p.Start)
	}
	return costs[0] != costs[1] || exist[0] != exist[1]
}

// directed makes a small instance with a rule about the two ends of migrations, direction or an
// expression of from and to, sometimes beside rules about groups or hosts, with VMs that
// may be suspended, enter or leave, as [Random] does. Most hosts carry a generation. There is
// little room, so that bypasses are called for, many of which lead the wrong way. The rule
// about the ends is the last one, so that it can be left out.
func directed(rng *rand.Rand) *cloud.Instance {
	targets := []func(*rand.Rand, *cloud.Instance, []cloud.Rule){exchange, exchange, exchange, exchange, unguided, walk}
	return kind{sizes: 3, spare: 6, targets: targets, addRules: func(in *cloud.Instance) {
		addGroups(rng, in)
		for h := range in.Hosts {
			in.Hosts[h].Rack = fmt.Sprintf("r%d", h/2)
			in.Hosts[h].Labels = map[string]string{"disk": []string{"ssd", "hdd"}[rng.IntN(2)]}
			if h == 0 || rng.IntN(8) > 0 {
				in.Hosts[h].Labels["gen"] = generations[rng.IntN(len(generations))]
			}
		}
		if rng.IntN(3) == 0 { // an expensive way where the rule takes the cheap one
			for v := range in.VMs {
				in.VMs[v].Interruptible = in.VMs[v].Interruptible || rng.IntN(2) == 0
			}
		}
		in.Rules = rules.Default()
		if rng.IntN(3) == 0 {
			in.Rules = append(in.Rules, spec.MustParse(beside[rng.IntN(len(beside))]))
		}
		text := directions[rng.IntN(len(directions))]
		if rng.IntN(8) == 0 {
			text += ", continuous=no"
		}
		in.Rules = append(in.Rules, spec.MustParse(text+")"))
	}}.random(rng)
}

var (
	generations = []string{"old", "new", "newest"}
	directions  = []string{
		"direction(label=gen, order=[old, new, newest]",
		"direction(label=gen, order=[old, new, newest]",
		"direction(label=gen, order=[old, new, newest]",
		"direction(label=gen, order=[newest, new, old], group=a",
		"direction(label=disk, order=[hdd, ssd]",
		`expression(test="from.labels.gen != 'new' or to.labels.gen == 'new'"`,
		`expression(test="from.zone != to.zone or 'a' in vm.groups"`,
		`expression(test="from.capacity.ram <= to.capacity.ram + vm.demand.ram"`,
	}
	beside = []string{
		"anti-affinity(group=a)", "spread(group=b, min=2, by=zone)", "depends(group=a, on=[b], by=zone)",
		"affinity(group=b, by=zone)", "maintenance(hosts=[h0])", "quarantine(hosts=[h1])", "max-vms(max=3)",
		"spread(group=a, min=2, continuous=no)", `expression(test="vms != 2")`,
		"direction(label=disk, order=[ssd, hdd])",
	}
)

// unguided walks under all rules but the last one.
func unguided(rng *rand.Rand, in *cloud.Instance, bound []cloud.Rule) {
	walk(rng, in, bound[:len(bound)-1])
}
