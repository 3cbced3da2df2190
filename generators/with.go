package generators

import (
	"errors"
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// withEntry is the family that gives instances other rules.
func withEntry() spec.Entry[Family] {
	d := spec.Descriptor{
		Name:     "with",
		Synopsis: "the instances of another family under other rules",
		Citation: "own work",
		Doc: "The rules replace those that the instances have, or are added to them. An initial placement that " +
			"breaks one of them is refused unless start=any, and so is a target; whether a path exists under them is not known. " +
			"Let the instance drift to have one that does: drift(of=with(of=random, rules=[…])).",
		Params: []spec.Param{
			{Name: "of", Type: spec.Ref, Of: Kind, Required: true, Doc: "the family whose instances are given the rules"},
			{Name: "rules", Type: spec.Ref, Of: rules.Kind, List: true, Required: true, Doc: "the rules"},
			{Name: "keep", Type: spec.Bool, Default: "no", Doc: "yes: the rules that the instances have stay in force as well"},
			{Name: "start", Type: spec.Choice, Choices: []string{"sane", "any"}, Default: "sane", Doc: "any: an initial placement may break rules, " +
				"as far as they have a mending form"},
			{Name: "target", Type: spec.Choice, Choices: []string{"keep", "drop"}, Default: "keep", Doc: "drop: the instances have no target, " +
				"for families that choose one and rules that the given one would break"},
		},
	}
	return spec.Entry[Family]{Descriptor: d, New: func(a spec.Args) (Family, error) {
		of, specs := spec.Built[Family](a, "of"), ruleSpecs(a, "rules")
		name := a.Brief().WithValue("rules", calls(specs))
		return func(seed uint64) ([]*cloud.Instance, error) {
			bases, err := of(seed)
			if err != nil {
				return nil, err
			}
			out := make([]*cloud.Instance, len(bases))
			for i, base := range bases {
				in := *base
				in.Rules = specs
				if a.String("target") == "drop" {
					in.Target = nil
				}
				if a.Bool("keep") {
					in.Rules = append(append([]spec.Spec{}, rules.Specs(base, nil)...), specs...)
				}
				in.Name = seeded(name.WithValue("of", nameValue(unseeded(base.Name, seed))), seed)
				in.Description = base.Name + " under other rules; whether a path exists is not known"
				if in.Target == nil {
					in.Description = base.Name + " under other rules; no target"
				}
				if err := saneEnds(a.Catalogue(), &in, a.String("start") == "any"); err != nil {
					return nil, fmt.Errorf("instance %q cannot have these rules: %w", base.Name, err)
				}
				if out[i], err = checked(&in); err != nil {
					return nil, err
				}
			}
			return out, nil
		}, nil
	}}
}

// ruleSpecs are the rules that a parameter lists, without what is at its default.
func ruleSpecs(a spec.Args, name string) []spec.Spec {
	v, _ := a.Full().Value(name)
	out := make([]spec.Spec, 0, len(v.List))
	for _, e := range v.List {
		d, _ := a.Catalogue().Lookup(rules.Kind, e.Spec.Name)
		out = append(out, d.Brief(*e.Spec))
	}
	return out
}

// calls is a list of specs as a value.
func calls(specs []spec.Spec) spec.Value {
	v := spec.Value{Form: spec.List}
	for i := range specs {
		v.List = append(v.List, spec.Value{Form: spec.Call, Spec: &specs[i]})
	}
	return v
}

// saneEnds refuses an initial placement, or a target, that breaks a rule. The initial placement may
// break rules that mend if it may be any.
func saneEnds(c *spec.Catalogue, in *cloud.Instance, anyStart bool) error {
	bound, err := rules.Bind(c, in, nil)
	if err != nil {
		return err
	}
	_, breaches, err := cloud.Mend(in, bound, in.Initial)
	if len(breaches) > 0 && !anyStart {
		return errors.New("the initial placement is not sane: " + breaches[0].String())
	}
	return errors.Join(err, saneTarget(in, bound))
}

// saneTarget refuses a target that breaks a rule.
func saneTarget(in *cloud.Instance, bound []cloud.Rule) error {
	if in.Target == nil {
		return nil
	}
	if f := validate.Placement(in, bound, in.Target, true); len(f) > 0 {
		return errors.New("the target is not sane: " + f[0].String())
	}
	return nil
}
