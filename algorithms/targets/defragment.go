package targets

import (
	"cmp"
	"context"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

const (
	panigrahy2011 = "Panigrahy, Talwar, Uyeda and Wieder, Heuristics for vector bin packing, Microsoft Research 2011"
	stillwell2010 = "Stillwell, Schanzenbach, Vivien and Casanova 2010, doi 10.1016/j.jpdc.2010.05.006"
)

func Defragment() spec.Entry[Strategy] {
	return spec.Entry[Strategy]{
		Descriptor: spec.Descriptor{
			Name:     "defragment",
			Synopsis: "fewer hosts in use: empties the least loaded ones onto the others",
			Doc: "One host after another, from the least loaded one up, is emptied onto hosts that are in use, if all its " +
				"VMs find room there: the largest first, each where it fits best, by the norm of what stays free over all " +
				"resources. VMs of hosts that stay in use stay where they are, but for the few that make room for others. " +
				"A host that was empty stays so, unless a rule is broken at the start and mended by using it, or a VM " +
				"that stands nowhere is to be placed and fits nowhere else.",
			Params:   with(displaceParam("8")),
			Citation: panigrahy2011 + "; " + stillwell2010,
		},
		New: func(a spec.Args) (Strategy, error) {
			return defragment{newTerms(a), int(a.Int("displace"))}, nil
		},
	}
}

func displaceParam(def string) spec.Param {
	return spec.Param{
		Name: "displace", Type: spec.Int, Default: def, Unit: "hosts", Bounds: spec.Between(0, 1e6),
		Doc: "on how many hosts, the least loaded ones first, a VM that fits nowhere looks for another VM to take the place of; 0: on none",
	}
}

type defragment struct {
	terms
	tries int
}

// Objective implements [Strategy].
func (defragment) Objective(*cloud.Instance) spec.Spec { return spec.Named("hosts") }

// Choose implements [Strategy].
func (s defragment) Choose(ctx context.Context, r *Request) (Choice, error) {
	return pursue(ctx, r, s)
}

func (s defragment) job(*Request) (job, error) {
	return job{strategy: s, construct: s.construct}, nil
}

// construct takes O(VMs × (log hosts + rules)), and as much again for each host that
// displacing looks at.
func (s defragment) construct(ctx context.Context, r *Request) (Choice, error) {
	d := newDraft(r, s.tries)
	var donors []cloud.HostID
	for h := range d.in.Hosts {
		if h := cloud.HostID(h); len(d.state.On(h)) > 0 {
			donors = append(donors, h)
		} else {
			d.rooms.shut(h)
			d.idle = append(d.idle, h)
		}
	}
	loads := d.loads()
	slices.SortStableFunc(donors, func(a, b cloud.HostID) int { return cmp.Compare(loads[a], loads[b]) })
	spare := d.spare(donors)
	for _, h := range donors {
		if err := ctx.Err(); err != nil {
			return Choice{}, err
		}
		if !d.spares(spare, h) {
			continue
		}
		depth := len(d.state.Moves())
		if _, ok := d.empty([]cloud.HostID{h}); !ok {
			d.undo(depth)
			d.open(h)
			continue
		}
		d.idle = append(d.idle, h)
		for i, limit := range d.host(h) {
			if spare[i] != unbounded {
				spare[i] -= limit
			}
		}
	}
	return d.choice(s.place)
}

// spare is what is free on all the hosts together, per resource; unbounded where limits
// are so far above capacities that it does not fit in 64 bits, or where none is in force.
func (d *draft) spare(hosts []cloud.HostID) []int64 {
	out := make([]int64, d.resources)
	for _, h := range hosts {
		for i := range out {
			if free := d.free(h, i); free > unbounded-out[i] {
				out[i] = unbounded
			} else {
				out[i] += free
			}
		}
	}
	return out
}

// spares tells whether the other hosts can hold, added up, what this one holds.
func (d *draft) spares(spare []int64, h cloud.HostID) bool {
	for i, limit := range d.host(h) {
		if spare[i] < limit {
			return false
		}
	}
	return true
}
