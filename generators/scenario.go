package generators

import (
	"context"
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// scenarioParam is the family whose placements a scenario begins with.
func scenarioParam() spec.Param {
	return spec.Param{Name: "of", Type: spec.Ref, Of: Kind, Required: true, Doc: "the family whose instances are taken, with their initial placements and rules, and without their targets"}
}

// displaceParam is the parameter of that name of the strategy evacuate.
func displaceParam() spec.Param { return evacuateParam("displace") }

// maintenanceParam asks for the rule that keeps emptied hosts empty.
func maintenanceParam() spec.Param {
	return spec.Param{Name: "maintenance", Type: spec.Bool, Default: "yes", Doc: "yes: the instance carries the rule maintenance for the hosts to empty, so that nothing arrives there"}
}

// evacuateParam is a parameter of the strategy evacuate.
func evacuateParam(name string) spec.Param {
	params := targets.Evacuation().Params
	return params[slices.IndexFunc(params, func(p spec.Param) bool { return p.Name == name })]
}

// strategyEntry is a family that is named after a strategy and has its parameters: the
// strategy chooses the targets of another family's instances. Noun is what it does, for
// descriptions.
func strategyEntry(of spec.Descriptor, noun, doc string, promises ...spec.Property) spec.Entry[Family] {
	d := spec.Descriptor{
		Name: of.Name, Synopsis: "another family's placements and targets for them: " + of.Synopsis,
		Doc:      doc,
		Params:   append([]spec.Param{scenarioParam()}, of.Params...),
		Citation: of.Citation, Properties: promises,
	}
	return spec.Entry[Family]{Descriptor: d, New: func(a spec.Args) (Family, error) {
		call := spec.Named(of.Name)
		for _, arg := range a.Full().Args {
			if arg.Key != "of" {
				call = call.WithValue(arg.Key, arg.Value)
			}
		}
		s, _, err := spec.Build[targets.Strategy](a.Catalogue(), targets.Kind, call)
		if err != nil {
			return nil, err
		}
		base, name := spec.Built[Family](a, "of"), a.Brief()
		return func(seed uint64) ([]*cloud.Instance, error) {
			return each(base, seed, func(in *cloud.Instance) ([]*cloud.Instance, error) {
				out, err := scenario{catalogue: a.Catalogue(), name: name, what: noun}.of(in, seed, s, in.Initial)
				return []*cloud.Instance{out}, err
			})
		}, nil
	}}
}

// each makes instances out of each one that a family yields.
func each(base Family, seed uint64, of func(*cloud.Instance) ([]*cloud.Instance, error)) ([]*cloud.Instance, error) {
	bases, err := base(seed)
	if err != nil {
		return nil, err
	}
	var out []*cloud.Instance
	for _, in := range bases {
		made, err := of(in)
		if err != nil {
			return nil, fmt.Errorf("instance %q: %w", in.Name, err)
		}
		out = append(out, made...)
	}
	return out, nil
}

// scenario is what an instance is made of besides its base and its strategy.
type scenario struct {
	catalogue *spec.Catalogue
	name      spec.Spec
	what      string      // is done, for the description
	rules     []spec.Spec // added to those of the base
}

// of makes the instance that begins with a placement and ends with the target that the
// strategy chooses for it.
func (c scenario) of(base *cloud.Instance, seed uint64, s targets.Strategy, initial cloud.Placement) (*cloud.Instance, error) {
	out := *base
	out.Name = seeded(c.name.WithValue("of", nameValue(unseeded(base.Name, seed))), seed)
	out.Initial, out.Target = initial, nil
	if len(c.rules) > 0 {
		out.Rules = append(append([]spec.Spec{}, rules.Specs(base, nil)...), c.rules...)
	}
	ram, err := costs.Bind(c.catalogue, &out, spec.Named("ram"))
	if err != nil {
		return nil, err
	}
	r, err := targets.NewRequest(c.catalogue, &out, nil, ram)
	if err != nil {
		return nil, err
	}
	choice, err := targets.Choose(context.Background(), s, r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.what, err)
	}
	out.Target = choice.Target
	before, after := r.Measure(out.Initial), r.Measure(out.Target)
	out.Description = fmt.Sprintf("%s of %s: hosts in use %d → %d, highest load %.1f %% → %.1f %%; ",
		c.what, base.Name, before.HostsInUse, after.HostsInUse, 100*before.Highest, 100*after.Highest)
	if choice.Path == nil {
		out.Description += "whether a path exists is not known"
	} else {
		out.Description += "a path exists, of " + migrations(int64(len(choice.Path)))
	}
	return checked(&out)
}
