package pathtest

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// Breakable lists the rules that a placement can break: all but those that are about
// migrations away from the initial one.
func Breakable() []string {
	var out []string
	for _, d := range Catalogue().Descriptors(rules.Kind) {
		switch d.Name {
		case "pin", "quarantine", "maintenance", "direction", "at-once":
			continue
		}
		out = append(out, d.Name)
	}
	return out
}

// Broken makes a small instance whose initial placement breaks at least one rule. VMs may be
// suspended, enter or leave, as in [Random]. Mostly the target keeps every rule.
func Broken(rng *rand.Rand) *cloud.Instance {
	names := Breakable()
	return BrokenBy(rng, names[rng.IntN(len(names))])
}

// BrokenBy is [Broken] with an initial placement that breaks the rule of that name, and
// sometimes others.
func BrokenBy(rng *rand.Rand, name string) *cloud.Instance {
	choose := func(texts []string) []string {
		out := slices.DeleteFunc(slices.Clone(texts), func(text string) bool { return !strings.HasPrefix(text, name+"(") })
		for range rng.IntN(3) {
			out = append(out, texts[rng.IntN(len(texts))])
		}
		return out
	}
	k := ruled(rng, choose)
	for {
		if in := k.attemptBroken(rng, name); in != nil {
			return in
		}
	}
}

// attemptBroken makes a target first, and room for it. The initial placement is any other, or
// the target but for a few VMs.
func (k kind) attemptBroken(rng *rand.Rand, name string) *cloud.Instance {
	in := k.cloud(rng)
	in.Target = anyPlacement(rng, in)
	if in.Initial = anyPlacement(rng, in); rng.IntN(2) == 0 {
		few := in.Target.Clone()
		for range 1 + rng.IntN(3) {
			v := rng.IntN(len(few))
			few[v] = in.Initial[v]
		}
		in.Initial = few
	}
	if room := []cloud.Placement{in.Target, in.Initial}; name == "capacity" || rng.IntN(3) == 0 {
		k.addCapacity(rng, in, room[:1]...)
	} else {
		k.addCapacity(rng, in, room...)
	}
	k.addRules(in)
	if in.Check() != nil {
		panic("pathtest: the maker makes broken instances")
	}
	bound, err := rules.Bind(Catalogue(), in, nil)
	if err != nil {
		return nil
	}
	inForce, breaches, err := cloud.Mend(in, bound, in.Initial)
	if err != nil {
		panic(err)
	}
	breaks := func(v cloud.Violation) bool { return spec.MustParse(v.Rule).Name == name }
	if !slices.ContainsFunc(breaches, breaks) || rng.IntN(20) > 0 && len(validate.Placement(in, inForce, in.Target, true)) > 0 {
		return nil
	}
	return in
}

// Overfull takes capacity from a host, so that it is too full at the start and not in the target.
// It tells whether it found one. The rules have to be the default ones, or filters beside them.
func Overfull(rng *rand.Rand, in *cloud.Instance) bool {
	for _, h := range rng.Perm(len(in.Hosts)) {
		for _, r := range rng.Perm(len(in.Resources)) {
			least, most := used(in, in.Target, h, r), used(in, in.Initial, h, r)
			if least < most {
				in.Hosts[h].Capacity[r] = in.Hosts[h].Reserved[r] + least + rng.Int64N(most-least)
				return true
			}
		}
	}
	return false
}
