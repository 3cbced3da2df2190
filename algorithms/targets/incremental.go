package targets

import (
	"context"
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func Incremental() spec.Entry[Strategy] {
	return spec.Entry[Strategy]{
		Descriptor: spec.Descriptor{
			Name:     "incremental",
			Synopsis: "moves one VM after another as a scheduler would: rules are the filters, the objective weighs",
			Doc: "A baseline that does not plan ahead, like the filter scheduler of OpenStack Nova. It goes through the VMs, the largest first, and moves " +
				"each one to the host where the objective is lowest, if that lowers the objective. VMs never make room for each other, and a VM " +
				"does not move unless its own move is a gain. Give a sum of objectives to weigh hosts by several things. If the start breaks rules, or with " +
				"spare or soft, it only mends what is broken and empties hosts, as the other strategies do.",
			Params: with(
				spec.Param{Name: "objective", Type: spec.Ref, Of: objectives.Kind, Default: "load(measure=stddev)", Doc: "what weighs the hosts"},
				spec.Param{Name: "rounds", Type: spec.Int, Default: "1", Bounds: spec.Between(1, 1e6), Doc: "how often all VMs are gone through, while some move"},
			),
			Citation:   "own work",
			Properties: []spec.Property{Reachable},
		},
		New: func(a spec.Args) (Strategy, error) {
			return incremental{newTerms(a), a.Spec("objective"), int(a.Int("rounds"))}, nil
		},
	}
}

type incremental struct {
	terms
	objective spec.Spec
	rounds    int
}

// Objective implements [Strategy].
func (s incremental) Objective(*cloud.Instance) spec.Spec { return s.objective }

// job has a frontier show how far the strategy comes step by step.
func (s incremental) job(*Request) (job, error) {
	return job{strategy: s, fixed: true, construct: s.Choose}, nil
}

// Choose implements [Strategy]. O(rounds × VMs × hosts × (rules + objective)).
func (s incremental) Choose(ctx context.Context, r *Request) (Choice, error) {
	if r.broken() || s.spare > 0 || s.soft != nil {
		mending := s.terms
		mending.start = math.MaxInt64
		return mending.choose(ctx, r, job{strategy: s})
	}
	if err := s.check(r); err != nil {
		return Choice{}, err
	}
	stay := s.stay(r.Instance)
	shun, err := s.shun(r.Instance)
	if err != nil {
		return Choice{}, err
	}
	o, err := r.Objective(s)
	if err != nil {
		return Choice{}, err
	}
	d := newDraft(r, 0)
	if o.Value(r.Instance.Initial)[0] < s.start {
		return d.choice(s.place)
	}
	m := cloud.Measure(o, d.state)
	moved, cost := map[cloud.VMID]bool{}, int64(0)
	order := make([]cloud.VMID, len(r.Instance.VMs))
	for v := range order {
		order[v] = cloud.VMID(v)
	}
	d.decreasing(order)
	for range s.rounds {
		before := len(d.state.Moves())
		for _, v := range order {
			from := d.state.HostOf(v)
			if err := ctx.Err(); err != nil {
				return Choice{}, err
			}
			if from == cloud.Absent || stay != nil && stay[v] || s.migrations >= 0 && len(moved) >= s.migrations && !moved[v] {
				continue
			}
			to, price, score := s.lowest(r, d, m, v, shun)
			gain := m.Value()[0] - score[0]
			if to == from || s.cost >= 0 && cost+price > s.cost || !s.enough(gain, 1, price) {
				continue
			}
			d.move(v, to)
			moved[v], cost = true, cost+price
		}
		if len(d.state.Moves()) == before {
			break
		}
	}
	return d.choice(s.place)
}

// lowest is the host where the objective is lowest with a VM, and of equal ones the first that is cheapest to
// go to.
func (s incremental) lowest(r *Request, d *draft, m cloud.Meter, v cloud.VMID, shun []bool) (to cloud.HostID, price int64, score cloud.Score) {
	to, score = d.state.HostOf(v), m.Value()
	for h := range r.Instance.Hosts {
		h := cloud.HostID(h)
		if h == d.state.HostOf(v) || shun != nil && shun[h] || !s.leaves(d, v, h) {
			continue
		}
		after, p := m.After(v, h), r.Cost.Migrate(v, d.state.HostOf(v), h)
		if n := after.Compare(score); n < 0 || n == 0 && to != d.state.HostOf(v) && p < price {
			if d.state.Allows(v, h) {
				to, price, score = h, p, after
			}
		}
	}
	return to, price, score
}

// leaves tells whether a host keeps its headroom with a VM more.
func (s incremental) leaves(d *draft, v cloud.VMID, h cloud.HostID) bool {
	if s.headroom == 0 {
		return true
	}
	for i, limit := range d.host(h) {
		if portion(d.state.Used(h, i)+d.in.VMs[v].Demand[i], limit) > 1-s.headroom {
			return false
		}
	}
	return true
}
