package targets

import (
	"context"
	"math"
	"math/rand/v2"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func Compact() spec.Entry[Strategy] {
	return spec.Entry[Strategy]{
		Descriptor: spec.Descriptor{
			Name:     "compact",
			Synopsis: "joins what is free into slots for VMs of a size, with few migrations: compact(size=16, max-migrations=50)",
			Doc: "It lowers fragments(size.cpu=16), the cores that no VM of 16 cores can use. All that is free stays the same, so what counts of a host is what is " +
				"free beyond slots of the size. Simulated annealing over the VMs that move: as few VMs as can be leave a host until a slot is free there, each for a host where about as much " +
				"is left over as it needs; others go elsewhere, or home, so that new ones can move. Each step is a migration that keeps all rules, and a target is " +
				"chosen only if a path leads there. Where the start breaks rules, and for terms about other things than which VMs move and where to, it searches as policy does.",
			Params: with(
				spec.Param{Name: "size", Type: spec.Int, Required: true, Bounds: spec.Between(1, math.MaxInt64), Doc: "what a VM demands for which slots are made, in the unit of the resource"},
				spec.Param{Name: "resource", Type: spec.String, Default: "cpu", Doc: "the resource whose fragments count"},
			),
			Citation: "Kirkpatrick, Gelatt and Vecchi, Optimization by simulated annealing, Science 1983, doi:10.1126/science.220.4598.671; " +
				"the problem: Ding et al., EuroSys 2025, doi:10.1145/3689031.3717476",
		},
		New: func(a spec.Args) (Strategy, error) {
			return compact{newTerms(a), a.Int("size"), a.String("resource")}, nil
		},
	}
}

type compact struct {
	terms
	size     int64
	resource string
}

// Objective implements [Strategy].
func (s compact) Objective(*cloud.Instance) spec.Spec {
	return spec.Named("fragments").With("size."+s.resource, strconv.FormatInt(s.size, 10))
}

// job has a frontier search as policy does, beside the way to what annealing finds.
func (s compact) job(*Request) (job, error) { return job{strategy: s, construct: s.Choose}, nil }

// moves tells whether the terms say nothing but which VMs move, where to, and at what cost.
func (s compact) moves() bool {
	return !s.place && s.weight == nil && s.headroom == 0 && s.spare == 0 && s.soft == nil && s.gain == nil && s.gainCost == nil
}

// Choose implements [Strategy]. It anneals again and again, each time for longer.
func (s compact) Choose(ctx context.Context, r *Request) (Choice, error) {
	if r.broken() || !s.moves() {
		return pursue(ctx, r, s)
	}
	o, err := r.Objective(s)
	if err != nil {
		return Choice{}, err
	}
	goOn := r.Briefly(r.seed()).GoOn
	if r.Search != nil {
		goOn = func() bool { return ctx.Err() == nil && r.Search.GoOn() }
	}
	b, err := newBoard(r, s)
	if err != nil {
		return Choice{}, err
	}
	best := Choice{Target: r.Instance.Initial.Clone(), Path: []cloud.Change{}}
	lowest, least := b.fragments, 0
	if o.Value(r.Instance.Initial)[0] < s.start {
		return best, nil
	}
	announced := b.fragments
	tell := func(f found) {
		if f.fragments < announced {
			announced = f.fragments
			r.announce(b.placed(f))
		}
	}
	rnd := rand.New(rand.NewPCG(r.seed(), 0x636f6d70))
	for steps := firstAnnealing; b.busy() && goOn(); steps *= 2 {
		b.restore(nil)
		found := b.anneal(rnd, steps, goOn, tell)
		if found.fragments < lowest || found.fragments == lowest && len(found.moved) < least {
			if b.restore(found.moved); b.settle() && b.fragments < lowest {
				lowest, least = b.fragments, len(b.moved)
				best = Choice{Target: b.state.Placement(), Path: b.path}
			}
		}
	}
	return best, nil
}

const (
	firstAnnealing = 100_000 // steps of the first annealing
	annealingBatch = 1_000   // steps between two looks at the clock
)
