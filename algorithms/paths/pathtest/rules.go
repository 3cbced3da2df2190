package pathtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Ruled is Random with one to three rules of the whole registry, each continuous or
// discrete, over groups, racks, zones and labels. There is little room, so that bypasses
// are called for, which the rules may forbid.
func Ruled(rng *rand.Rand) *cloud.Instance {
	return ruled(rng, func(texts []string) (out []string) {
		for range 1 + rng.IntN(3) {
			out = append(out, texts[rng.IntN(len(texts))])
		}
		return out
	}).random(rng)
}

// RuledBy is Ruled with one rule, of that name.
func RuledBy(rng *rand.Rand, rule string) *cloud.Instance {
	return ruled(rng, func(texts []string) []string {
		return slices.DeleteFunc(texts, func(text string) bool { return !strings.HasPrefix(text, rule+"(") })
	}).random(rng)
}

func ruled(rng *rand.Rand, choose func(texts []string) []string) kind {
	targets := []func(*rand.Rand, *cloud.Instance, []cloud.Rule){anySane, walk, exchange, exchange}
	return kind{sizes: 3, spare: 4, targets: targets, addRules: func(in *cloud.Instance) {
		addGroups(rng, in)
		for h := range in.Hosts {
			in.Hosts[h].Rack = fmt.Sprintf("r%d", h/2)
			in.Hosts[h].Labels = map[string]string{"disk": []string{"ssd", "hdd"}[rng.IntN(2)]}
		}
		for v := range in.VMs {
			if v == 0 || rng.IntN(3) == 0 { // a label that no VM has would be an error
				in.VMs[v].Labels = map[string]string{"disk": []string{"ssd", "hdd"}[rng.IntN(2)], "numa": []string{"1", "2"}[rng.IntN(2)]}
			}
		}
		for v := range in.VMs {
			if rng.IntN(3) == 0 {
				if in.VMs[v].Labels == nil {
					in.VMs[v].Labels = map[string]string{}
				}
				in.VMs[v].Labels["numa"] = "2"
			}
		}
		in.Rules = rules.Default()
		for _, text := range choose(RuleTexts(rng, in)) {
			if strings.HasPrefix(text, "numa(") && rng.IntN(3) > 0 {
				in.Rules = slices.DeleteFunc(in.Rules, func(s spec.Spec) bool { return s.Name == "capacity" })
			}
			in.Rules = append(in.Rules, spec.MustParse(text))
		}
	}}
}

// RuleTexts is one random spec of every rule of this module beyond the default
// ones. It panics when it knows none of some rule: a new rule wants a line here.
func RuleTexts(rng *rand.Rand, in *cloud.Instance) []string {
	pick := func(texts ...string) string { return texts[rng.IntN(len(texts))] }
	host := func() string { return in.Hosts[rng.IntN(len(in.Hosts))].Name }
	vm := func() string { return in.VMs[rng.IntN(len(in.VMs))].Name }
	group := func() string { return pick("a", "b") }
	by := func() string { return pick("host", "rack", "zone", "disk") }
	several := func(one func() string) string { return pick("["+one()+"]", "["+one()+", "+one()+"]") }
	hosts := func() string {
		return pick("hosts="+several(host), "zones=[z1]", "racks=[r0]", "hosts=["+host()+"], zones=[z0]")
	}
	most := func() string { // all hosts but one, at random
		var names []string
		for _, i := range rng.Perm(len(in.Hosts))[1:] {
			names = append(names, in.Hosts[i].Name)
		}
		return "hosts=[" + strings.Join(names, ", ") + "]"
	}
	vms := func() string { return pick("vms="+several(vm), "group="+group()) }
	max := func(most int) int { return 1 + rng.IntN(most) }
	arguments := map[string]string{
		"affinity":      fmt.Sprintf("group=%s, by=%s", group(), by()),
		"anti-affinity": fmt.Sprintf("group=%s, by=%s", group(), by()),
		"max-per-host":  fmt.Sprintf("group=%s, max=%d", group(), max(2)),
		"max-per-rack":  fmt.Sprintf("group=%s, max=%d", group(), max(3)),
		"max-per-zone":  fmt.Sprintf("group=%s, max=%d", group(), max(3)),
		"interference":  fmt.Sprintf("group=%s, with=%s, max=%d, by=%s", group(), group(), max(3)-1, by()),
		"spread":        fmt.Sprintf("group=%s, min=%s, by=%s", group(), pick("2", "2", "3"), by()),
		"depends":       fmt.Sprintf("group=%s, on=[%s], by=%s", group(), group(), by()),
		"fence":         vms() + ", " + pick(hosts(), most(), most()),
		"ban":           vms() + ", " + hosts(),
		"pin":           vms(),
		"quarantine":    hosts(),
		"at-once":       "resources=[ram]",
		"maintenance":   hosts(),
		"max-vms":       pick(fmt.Sprintf("max=%d", 1+max(3)), fmt.Sprintf("max=%d, %s", max(3), hosts())),
		"numa":          "pair=rack",
		"labels":        "keys=[disk]" + pick("", ", group="+group(), fmt.Sprintf(", vms=%s, needs.disk=ssd", several(vm))),
		"direction":     pick("label=disk, order=[hdd, ssd]", "label=disk, order=[ssd, hdd]", "label=disk, order=[ssd, hdd], "+vms()),
		"expression": pick(
			`test="vm.labels.disk == host.labels.disk or vm.demand.ram > 3"`,
			`test="host.zone == 'z1' or not ('a' in vm.groups)"`,
			`test="vms <= 3"`,
			`test="used.ram <= 0.9 * host.capacity.ram or host.rack == 'r1'"`,
			`test="vms != 2"`,
			`test="from.labels.disk == 'hdd' or to.labels.disk == 'ssd'"`,
			`test="from.zone != to.zone or 'a' in vm.groups"`,
		),
	}
	var out []string
	for _, d := range Catalogue().Descriptors(rules.Kind) {
		switch d.Name {
		case "capacity", "arch": // in force anyway
			continue
		}
		text, ok := arguments[d.Name]
		if !ok {
			panic("pathtest: no random spec of the rule " + d.Name)
		}
		if rng.IntN(3) == 0 {
			text += ", continuous=no"
		}
		out = append(out, d.Name+"("+text+")")
	}
	return out
}
