package targets

import (
	"container/heap"
	"context"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func Rebalance() spec.Entry[Strategy] {
	return spec.Entry[Strategy]{
		Descriptor: spec.Descriptor{
			Name:     "rebalance",
			Synopsis: "lowers the most loaded hosts by moving VMs to less loaded ones",
			Doc: "The load of a host is the largest share of what its VMs may use, over the resources. Again and again the " +
				"most loaded host gives a VM to another host, so that the higher of their two loads is as low as can be, until no single " +
				"VM that moves lowers the load of any host that is above the tolerance (in clouds of more than some hundred " +
				"hosts: none that was found among the least loaded ones). Each move leaves both hosts below " +
				"what the first one had, so the loads, sorted from the highest down, only fall.",
			Params: with(
				spec.Param{
					Name: "tolerance", Type: spec.Float, Default: "0.05", Bounds: spec.Between(0, 1),
					Doc: "how far above the load that all hosts would have in perfect balance a host may stay, as a share of what its VMs may use",
				},
				spec.Param{
					Name: "moves", Type: spec.Int, Unit: "moves", Bounds: spec.Between(0, 1e9),
					Doc: "the most moves of the construction, counted again where a VM moves again, and the most VMs that migrate after a search",
				},
				spec.Param{Name: "resource", Type: spec.String, List: true, Doc: "the resources that are looked at, all unless given"},
				spec.Param{
					Name: "measure", Type: spec.Choice, Choices: []string{"peak", "stddev", "range"}, Default: "peak",
					Doc: "what is made of the loads of all hosts: the highest, the standard deviation, or the highest less the lowest",
				},
			),
			Citation: "own work; Sandpiper, too, relieves the most loaded host first, but chooses VMs by another rule: Wood, Shenoy, Venkataramani " +
				"and Yousif, Black-box and gray-box strategies for virtual machine migration, NSDI 2007",
		},
		New: func(a spec.Args) (Strategy, error) {
			s := rebalance{newTerms(a), a.Float("tolerance"), spec.Named("load"), -1}
			if a.Has("moves") {
				s.moves = int(a.Int("moves"))
				s.migrations = s.moves
			}
			for _, name := range []string{"resource", "measure"} {
				if v, ok := a.Full().Value(name); ok {
					s.objective = s.objective.WithValue(name, v)
				}
			}
			return s, nil
		},
	}
}

type rebalance struct {
	terms
	tolerance float64
	objective spec.Spec
	moves     int // -1: no limit
}

// Objective implements [Strategy].
func (s rebalance) Objective(*cloud.Instance) spec.Spec { return s.objective }

// Choose implements [Strategy].
func (s rebalance) Choose(ctx context.Context, r *Request) (Choice, error) {
	return pursue(ctx, r, s)
}

func (s rebalance) job(r *Request) (job, error) {
	j := job{strategy: s, tolerance: s.tolerance}
	if s.objective.Equal(spec.MustParse("load(measure=peak)")) && cloud.ChargerOf(r.Rules) == nil {
		j.construct = s.construct
	}
	return j, nil
}

// construct takes O(log hosts + VMs on a host × hosts looked at) for each move, and for each
// host that no move lowers.
func (s rebalance) construct(ctx context.Context, r *Request) (Choice, error) {
	d := newDraft(r, 0)
	b := newBalance(d, s.tolerance)
	for moved := true; moved; { // moves may have opened a way for hosts given up before
		moved = false
		b.restart()
		for b.Len() > 0 {
			if err := ctx.Err(); err != nil {
				return Choice{}, err
			}
			h := b.hosts[0]
			if b.load[h] <= b.goal {
				break // so are all others
			}
			v, to := b.relief(h)
			if to == cloud.Absent {
				heap.Pop(b)
				continue
			}
			if s.moves >= 0 && len(d.state.Moves()) >= s.moves {
				return d.choice(s.place)
			}
			moved = true
			d.move(v, to)
			b.update(h)
			b.update(to)
		}
	}
	return d.choice(s.place)
}
