package targets

import (
	"context"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func Policy() spec.Entry[Strategy] {
	return spec.Entry[Strategy]{
		Descriptor: spec.Descriptor{
			Name:     "policy",
			Synopsis: "lowers any objective, and then what it costs to get there",
			Doc: "A search from the placement as it is: VMs move, change places, make room for each other in chains, or leave some hosts " +
				"together and come back in another order. `rearrange list objectives` shows the objectives: policy(objective=load(measure=stddev)). " +
				"Hosts in use and the highest load have searches of their own, those of defragment and rebalance.",
			Params:   with(spec.Param{Name: "objective", Type: spec.Ref, Of: objectives.Kind, Doc: "what to lower; the instance's own unless given, or hosts"}),
			Citation: "Ropke and Pisinger 2006, doi 10.1287/trsc.1050.0135",
		},
		New: func(a spec.Args) (Strategy, error) {
			p := policy{terms: newTerms(a)}
			if a.Has("objective") {
				s := a.Spec("objective")
				p.objective = &s
			}
			return p, nil
		},
	}
}

type policy struct {
	terms
	objective *spec.Spec
}

// Objective implements [Strategy].
func (p policy) Objective(in *cloud.Instance) spec.Spec {
	return objectives.InForce(in, p.objective, spec.Named("hosts"))
}

// Choose implements [Strategy].
func (p policy) Choose(ctx context.Context, r *Request) (Choice, error) {
	return pursue(ctx, r, p)
}

func (p policy) job(*Request) (job, error) { return job{strategy: p}, nil }
