package objectives

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func headroomEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "headroom",
			Synopsis: "VMs of a size that find no room any more",
			Doc: "The value is how many of count more VMs of the size find no room on the hosts as they are. It is 0 where there is " +
				"room for all: headroom(size.vcpu=16, size.ram=32768, count=20). Room is what the rules let the VMs of a host use together, " +
				"less what they use. No rule is asked where such a VM may stand.",
			Params: []spec.Param{
				sizeParam(),
				{
					Name: "count", Type: spec.Int, Bounds: spec.Between(1, 1e9), Unit: "VMs", Required: true,
					Doc: "number of VMs that are to find room",
				},
			},
			Citation: "own work",
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance, rules []cloud.Rule) (cloud.Objective, error) {
				z, err := newSize(in, rules, a)
				return &Headroom{in: in, size: z, text: a.Brief().String(), count: a.Int("count")}, err
			}, nil
		},
	}
}

// Headroom is how many of some VMs of a size find no room.
type Headroom struct {
	in *cloud.Instance
	size
	text  string
	count int64
}

// String implements [cloud.Objective].
func (o *Headroom) String() string { return o.text }

// Unit implements [cloud.Objective].
func (o *Headroom) Unit() string { return "VMs" }

// Show implements [cloud.Objective].
func (o *Headroom) Show(s cloud.Score) string { return show(s[0], "VMs") }

// Value implements [cloud.Objective].
func (o *Headroom) Value(p cloud.Placement) cloud.Score {
	rest, used := o.count, o.usedBy(p)
	for h := range o.in.Hosts {
		fit := rest
		for i, r := range o.resources {
			at := h*len(o.in.Resources) + r
			fit = min(fit, max(0, o.limits[at]-used[at])/o.demands[i])
		}
		rest -= fit
	}
	return cloud.Score{rest}
}

// NewMeter implements [cloud.Objective].
func (o *Headroom) NewMeter(s *cloud.State) cloud.Meter {
	return newHostMeter(s, o.Charges, o, func(now []int64) fold { return &restFold{newSumFold(now), o.count} })
}

// amount is how many VMs fit, at most as many as there are: so the sum over all hosts fits in 64 bits.
func (o *Headroom) amount(h cloud.HostID, used []int64, _ int64) int64 {
	return min(o.count, o.fit(h, used))
}

// Grows implements [cloud.Growing]: no host gains room when a VM is placed.
func (o *Headroom) Grows() int { return 1 }

func (o *Headroom) most() int64 { return o.count }

// restFold is what a sum lacks of a number.
type restFold struct {
	fold
	of int64
}

func (f *restFold) value() int64 { return max(0, f.of-f.fold.value()) }

func (f *restFold) after(d delta) int64 { return max(0, f.of-f.fold.after(d)) }
