package generators

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// brokenEntry is the family of instances whose initial placement breaks rules.
func brokenEntry() spec.Entry[Family] {
	d := spec.Descriptor{
		Name:     "broken",
		Synopsis: "the instances of another family, with an initial placement that breaks rules",
		Doc: "Moves VMs of the initial placement until it breaks the rules named, and keeps all others: hosts are overfull, " +
			"VMs stand where they may not, groups are together that are to be apart. Targets stay as they are, and keep all " +
			"rules. Whether a path exists is not known. An initial placement that cannot be made to break a rule is an error.",
		Params: []spec.Param{
			{Name: "of", Type: spec.Ref, Of: Kind, Required: true, Doc: "the family whose initial placements are broken"},
			{Name: "rules", Type: spec.Term, List: true, Required: true, Doc: "the rules to break. A name without parameters means the rules of that name " +
				"that the instance has; a rule that it does not have is added to its own"},
			{Name: "share", Type: spec.Float, Default: "0.1", Unit: "ratio", Bounds: spec.Between(0, 1), Doc: "how widely each rule is broken at least, rounded, " +
				"and in one place in any case: the share of the groups that it stands for, if there are several; else of the VMs, for a rule about single " +
				"VMs; else of the hosts, racks, …, or of the VMs that it is about, whichever are fewer"},
		},
		Citation: "own work",
	}
	return spec.Entry[Family]{Descriptor: d, New: func(a spec.Args) (Family, error) {
		asked, err := askedRules(a.Catalogue(), a.Specs("rules"))
		if err != nil {
			return nil, err
		}
		of := spec.Built[Family](a, "of")
		name := a.Brief().WithValue("rules", calls(asked))
		return func(seed uint64) ([]*cloud.Instance, error) {
			bases, err := of(seed)
			if err != nil {
				return nil, err
			}
			out := make([]*cloud.Instance, len(bases))
			for i, base := range bases {
				in := *base
				in.Name = seeded(name.WithValue("of", nameValue(unseeded(base.Name, seed))), seed)
				if err := breakStart(a.Catalogue(), &in, asked, a.Float("share"), source(seed, "broken "+base.Name)); err != nil {
					return nil, fmt.Errorf("instance %q cannot be broken: %w", base.Name, err)
				}
				in.Description = base.Name + " with an initial placement that " + in.Description
				if out[i], err = checked(&in); err != nil {
					return nil, err
				}
			}
			return out, nil
		}, nil
	}}
}

// askedRules are rules to break, as briefly as they can be written. Names without parameters
// stay names: what they mean depends on the instance.
func askedRules(c *spec.Catalogue, specs []spec.Spec) ([]spec.Spec, error) {
	out := make([]spec.Spec, len(specs))
	for i, s := range specs {
		if quoted, err := spec.Parse(s.Name); err == nil && len(s.Args) == 0 {
			s = quoted // as in the JSON of an instance
		}
		d, known := c.Lookup(rules.Kind, s.Name)
		if out[i] = s; known && len(s.Args) == 0 {
			continue
		}
		a, err := c.Resolve(rules.Kind, s)
		if err != nil {
			return nil, fmt.Errorf("parameter \"rules\": %w", err)
		}
		out[i] = d.Brief(a.Full())
	}
	return out, nil
}

// breakStart moves VMs of the initial placement until it breaks the rules asked for. It leaves in
// the description what it breaks.
func breakStart(c *spec.Catalogue, in *cloud.Instance, asked []spec.Spec, share float64, rng *rand.Rand) error {
	breaches, kept, err := askedOf(c, in, asked)
	if err != nil {
		return err
	}
	for _, r := range breaches {
		r.share = share
		if err := r.check(); err != nil {
			return err
		}
	}
	if kept, _, err = cloud.Mend(in, kept, in.Initial); err != nil {
		return err
	}
	b := newBreaker(in, kept, rng)
	for _, r := range breaches {
		if err := b.widen(r); err != nil {
			return err
		}
	}
	in.Initial = b.state.Placement()
	return sayBroken(c, in, breaches)
}

// askedOf binds the rules to break and those to keep. It gives the instance the rules that it
// does not have.
func askedOf(c *spec.Catalogue, in *cloud.Instance, asked []spec.Spec) (breaches []*breach, kept []cloud.Rule, err error) {
	own := append([]spec.Spec{}, rules.Specs(in, nil)...)
	in.Rules = own
	all, err := rules.Bind(c, in, own)
	if err != nil {
		return nil, nil, err
	}
	has, wanted := map[string]bool{}, map[string]bool{}
	for _, r := range all {
		has[r.String()] = true
	}
	for _, s := range asked {
		specs := []spec.Spec{s}
		if meant := slices.DeleteFunc(slices.Clone(own), func(o spec.Spec) bool { return o.Name != s.Name }); len(s.Args) == 0 && len(meant) > 0 {
			specs = meant
		}
		for _, s := range specs {
			bound, err := rules.Bind(c, in, []spec.Spec{s})
			if err != nil {
				return nil, nil, err
			}
			breaches = append(breaches, &breach{spec: s, rules: bound})
			missing := false
			for _, r := range bound {
				wanted[r.String()] = true
				missing = missing || !has[r.String()]
			}
			if missing {
				in.Rules = append(in.Rules, s)
			}
		}
	}
	return breaches, slices.DeleteFunc(all, func(r cloud.Rule) bool { return wanted[r.String()] }), nil
}

// check refuses rules that no initial placement may break.
func (r *breach) check() error {
	if len(r.rules) == 0 {
		return fmt.Errorf("rule %s: no placement breaks it", r.spec)
	}
	for _, rule := range r.rules {
		if !rule.Continuous() {
			return fmt.Errorf("rule %s: it is discrete, so that an initial placement need not keep it anyway", rule)
		}
		if _, mends := rule.(cloud.Mender); !mends {
			return fmt.Errorf("rule %s: it has no mending form, so that no initial placement may break it", rule)
		}
	}
	return nil
}

// sayBroken judges the placements afresh, since some rules look at the initial placement, and
// says what is broken.
func sayBroken(c *spec.Catalogue, in *cloud.Instance, breaches []*breach) error {
	bound, err := rules.Bind(c, in, nil)
	if err != nil {
		return err
	}
	if err := saneTarget(in, bound); err != nil {
		return err
	}
	_, found, err := cloud.Mend(in, bound, in.Initial)
	if err != nil {
		return err
	}
	times := map[string]int{}
	for _, v := range cloud.Distinct(found) {
		times[v.Rule]++
	}
	var says []string
	for _, r := range breaches {
		n := 0
		for _, rule := range r.rules {
			n += times[rule.String()]
		}
		if n == 0 {
			return fmt.Errorf("rule %s: an initial placement cannot break it", r.spec)
		}
		says = append(says, fmt.Sprintf("%s %s", r.spec, prose.Count(n, "time")))
	}
	in.Description = "breaks " + strings.Join(says, ", ") + "; whether a path exists is not known"
	if in.Target == nil {
		in.Description = "breaks " + strings.Join(says, ", ") + "; no target"
	}
	return nil
}
