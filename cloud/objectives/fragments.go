package objectives

import (
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func fragmentsEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "fragments",
			Synopsis: "room that no VM of a size can use",
			Doc: "Fragments are what is left of one resource, on all hosts together, once each host holds as many VMs of the size as still fit: " +
				"fragments(size.vcpu=16, size.ram=32768). Room is what the rules let a host be charged with, less what VMs charge it with (under the rule numa, double VMs charge both halves of a machine); only " +
				"resources of the size are looked at. The fragment rate of Ding et al. is the value over all room of " +
				"that resource: with sizes of 16 cores and hosts that are NUMA nodes, fragments(size.cpu=16) over all free cores. While no host " +
				"is over its limit and the same VMs are placed, all room together does not depend on where they stand, so that " +
				"the targets with the least value are those with the least rate. Where each NUMA node is a resource of its host, sum adds " +
				"them up: sum(of=[fragments(size.cpu0=16), fragments(size.cpu1=16)]).",
			Params: []spec.Param{
				sizeParam(),
				{Name: "resource", Type: spec.String, Doc: "the resource whose fragments count, one of the size; unless given, the first of them in the instance's order"},
			},
			Citation: "X. Ding et al., Towards VM Rescheduling Optimization Through Deep Reinforcement Learning, EuroSys 2025, " +
				"doi:10.1145/3689031.3717476",
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance, rules []cloud.Rule) (cloud.Objective, error) {
				z, err := newSize(in, rules, a)
				if err != nil {
					return nil, err
				}
				o := &Fragments{in: in, size: z, text: a.Brief().String(), counted: 0}
				if a.Has("resource") {
					r, err := in.Resource(a.String("resource"))
					if err != nil {
						return nil, err
					}
					if o.counted = slices.Index(z.resources, r); o.counted < 0 {
						return nil, fmt.Errorf("the size does not demand %q, whose fragments are to count", in.Resources[r].Name)
					}
				}
				o.all, err = z.check(in, z.resources[o.counted])
				return o, err
			}, nil
		},
	}
}

// Fragments is the room that no VM of a size can use.
type Fragments struct {
	in *cloud.Instance
	size
	text    string
	counted int   // position of the resource among those of the size
	all     int64 // room of the empty cloud
}

// Counted is the resource whose fragments count, and what a VM of the size demands of it.
func (o *Fragments) Counted() (resource int, size int64) {
	return o.resources[o.counted], o.demands[o.counted]
}

// Limit is what a host may be charged with of that resource.
func (o *Fragments) Limit(h cloud.HostID) int64 {
	return o.limits[int(h)*o.stride+o.resources[o.counted]]
}

// String implements [cloud.Objective].
func (o *Fragments) String() string { return o.text }

// Unit implements [cloud.Objective]: it is that of the resource.
func (o *Fragments) Unit() string { return unitOf(o.in, o.resources[o.counted]) }

// unitOf is the unit of a resource; its name where it has none.
func unitOf(in *cloud.Instance, r int) string {
	if in.Resources[r].Unit == "" {
		return in.Resources[r].Name
	}
	return in.Resources[r].Unit
}

// Show implements [cloud.Objective].
func (o *Fragments) Show(s cloud.Score) string { return show(s[0], o.Unit()) }

// Value implements [cloud.Objective].
func (o *Fragments) Value(p cloud.Placement) cloud.Score {
	var sum int64
	used := o.usedBy(p)
	for h := range o.in.Hosts {
		var room []int64
		for _, r := range o.resources {
			room = append(room, max(0, o.limits[h*len(o.in.Resources)+r]-used[h*len(o.in.Resources)+r]))
		}
		fit := room[0] / o.demands[0]
		for i, n := range room {
			fit = min(fit, n/o.demands[i])
		}
		sum += room[o.counted] - fit*o.demands[o.counted]
	}
	return cloud.Score{sum}
}

// NewMeter implements [cloud.Objective].
func (o *Fragments) NewMeter(s *cloud.State) cloud.Meter {
	return newHostMeter(s, o.Charges, o, newSumFold)
}

func (o *Fragments) amount(h cloud.HostID, used []int64, _ int64) int64 {
	r := o.resources[o.counted]
	return o.left(h, r, used[r]) - o.fit(h, used)*o.demands[o.counted]
}

func (o *Fragments) most() int64 { return o.all }
