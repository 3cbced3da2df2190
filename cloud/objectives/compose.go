package objectives

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// parts are the objectives that another one is made of.
type parts struct {
	text spec.Spec // the spec, of bound parts
	of   []cloud.Objective
}

func ofParam(doc string) spec.Param {
	return spec.Param{Name: "of", Type: spec.Ref, Of: Kind, List: true, Required: true, Doc: doc}
}

// bindParts binds the objectives of the parameter of, and names the whole after them.
func bindParts(in *cloud.Instance, rules []cloud.Rule, a spec.Args) (parts, error) {
	named, _ := a.Full().Value("of")
	p, list := parts{}, spec.Value{Form: spec.List, List: []spec.Value{}}
	for i, bind := range spec.BuiltList[Binder](a, "of") {
		o, err := bind(in, rules)
		if err != nil {
			return p, fmt.Errorf("%s: %w", named.List[i], err)
		}
		text, err := spec.Parse(o.String())
		if err != nil {
			return p, err
		}
		list.List = append(list.List, spec.Value{Form: spec.Call, Spec: &text})
		p.of = append(p.of, o)
	}
	if len(p.of) == 0 {
		return p, fmt.Errorf("expected at least one objective in of=[…]")
	}
	p.text = a.Brief().WithValue("of", list)
	return p, nil
}

// grows is how many of the first components of an objective grow.
func grows(o cloud.Objective) int {
	if g, ok := o.(cloud.Growing); ok {
		return g.Grows()
	}
	return 0
}

func (p *parts) meters(s *cloud.State) []cloud.Meter {
	out := make([]cloud.Meter, len(p.of))
	for i, o := range p.of {
		out[i] = o.NewMeter(s)
	}
	return out
}

// followers are the meters of all parts; they are told what the meter of the whole is told.
type followers []cloud.Meter

// Follow implements [cloud.Follower].
func (f followers) Follow(vm cloud.VMID, to cloud.HostID) {
	for _, m := range f {
		m.Follow(vm, to)
	}
}

// Begin implements [cloud.Follower].
func (f followers) Begin(vm cloud.VMID, to cloud.HostID) {
	for _, m := range f {
		m.Begin(vm, to)
	}
}
