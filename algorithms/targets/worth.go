package targets

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/targets/bounds"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
)

// bounds are those of the targets that a strategy may choose.
func (r *Request) bounds(s Strategy) (*bounds.Bounds, error) {
	q, err := r.question(s)
	return bounds.New(q), err
}

// question says which placements are targets of a strategy.
func (r *Request) question(s Strategy) (bounds.Question, error) {
	q := bounds.Question{Instance: r.Instance, Rules: r.Rules}
	if own, ok := s.(interface{ given() terms }); ok && own.given().place {
		q.Place = slices.Repeat([]bool{true}, len(r.Instance.VMs))
	}
	if c, ok := s.(clears); ok {
		hosts, err := c.clears(r.Instance)
		if err != nil {
			return q, err
		}
		q.Closed = make([]bool, len(r.Instance.Hosts))
		for _, h := range hosts {
			q.Closed[h] = true
		}
	}
	return q, nil
}

// Objective binds what a strategy lowers.
func (r *Request) Objective(s Strategy) (cloud.Objective, error) {
	return objectives.Bind(r.catalogue, r.Instance, r.Rules, s.Objective(r.Instance))
}

// floor bounds an objective: 0 where nothing is proved. Of an objective with ranks, it bounds the first. What
// is proved of loads is proved of demands.
func floor(b *bounds.Bounds, o cloud.Objective) cloud.Score {
	switch o := o.(type) {
	case *objectives.Hosts:
		return b.Hosts(o).Score
	case *objectives.Load:
		if resources, ok := o.Peak(); ok && !o.Spread() {
			return b.Peak(resources).Score
		}
	case *objectives.Fragments:
		return b.Fragments(o).Score
	case *objectives.Reassign:
		return b.Reassign(o).Score
	case *objectives.Lexicographic:
		return floor(b, o.First())
	}
	return cloud.Score{}
}

// Worth is what a target is worth, and what is proved of all targets that the strategy may choose.
type Worth struct {
	// Status is optimal if no target has a better objective, by the bound, and feasible otherwise. What
	// it costs to get there is not looked at.
	Status        cloud.Status
	Objective     cloud.Objective
	Before, After cloud.Score // of the initial placement and of the target
	Bound         cloud.Score // proved of every target
	Migrations    int         // VMs that stand elsewhere in the target
	Provisions    int         // VMs that stand nowhere now
	Cost          int64       // of the migrations, each VM going straight
}

// Weigh tells what a target is worth by the objective of a strategy. Its time is that of the bounds.
func (r *Request) Weigh(s Strategy, target cloud.Placement) (Worth, error) {
	o, err := r.Objective(s)
	if err != nil {
		return Worth{}, err
	}
	b, err := r.bounds(s)
	if err != nil {
		return Worth{}, err
	}
	w := Worth{Status: cloud.Feasible, Objective: o, Before: o.Value(r.Instance.Initial), After: o.Value(target), Bound: floor(b, o)}
	if w.After == w.Bound {
		w.Status = cloud.Optimal
	}
	w.Migrations, w.Provisions, w.Cost = r.moves(target)
	return w, nil
}

// moves counts the VMs that go to a target and those that enter, and tells what it costs to go straight.
func (r *Request) moves(target cloud.Placement) (migrations, provisions int, cost int64) {
	for v, to := range target {
		switch from := r.Instance.Initial[v]; {
		case from == to:
		case from == cloud.Absent:
			provisions++
		case to != cloud.Absent:
			migrations++
			cost += r.Cost.Migrate(cloud.VMID(v), from, to)
		}
	}
	return migrations, provisions, cost
}
