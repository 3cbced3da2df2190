package objectives

import (
	"errors"
	"fmt"
	"math/big"
	"math/bits"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Loads are integers, in millionths of the limit.
const (
	full = 1_000_000
	// mostLoad is where loads saturate: at a thousand times the limit. So the loads of all hosts can be
	// added up in 64 bits, and their squares in 128.
	mostLoad = 1000 * full
	// mostWeight bounds the sum of all weights, so that weighted loads can be added up in 64 bits.
	mostWeight = 1_000_000_000
)

func loadEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "load",
			Synopsis: "how heavily hosts are loaded: the highest load, or how unequal loads are",
			Doc: "The load of a host is the largest share of its limit that its VMs use, over resources; with weights, the weighted mean of these " +
				"shares. The limit is what the rules let the VMs of a host use together, so that overcommit counts, or the capacity less " +
				"what is reserved where no rule limits it. " +
				"The measure makes one value of all loads: peak is the highest, range the highest less the lowest, stddev the standard deviation " +
				"over the hosts, above the sum of what is above the threshold on each host. " +
				"Loads are in millionths of the limit, rounded up, and so are means and deviations. They end at a thousand times the " +
				"limit, which is also the load of a host with a limit of 0 of which something is used.",
			Params: []spec.Param{
				{Name: "resource", Type: spec.String, List: true, Doc: "the resources that are looked at, all unless given; not beside weights"},
				{
					Name: "weights", Map: true, Type: spec.Int, Bounds: spec.Between(0, full),
					Doc: "weight of a resource; those without one do not count. The load is then the weighted mean",
				},
				{
					Name: "measure", Type: spec.Choice, Choices: []string{"peak", "stddev", "range", "above"}, Default: "peak",
					Doc: "what is made of the loads of all hosts",
				},
				{
					Name: "threshold", Type: spec.Ratio, Bounds: spec.Between(0, 1000),
					Doc: "the load above which measure=above counts, in parts of the limit; rounded down to millionths",
				},
			},
			Citation: "OpenStack Watcher, workload stabilization strategy (the standard deviation)",
		},
		New: func(a spec.Args) (Binder, error) {
			if above := a.String("measure") == "above"; above != a.Has("threshold") {
				return nil, errors.New("expected a threshold with measure=above, and only with it")
			}
			return func(in *cloud.Instance, rules []cloud.Rule) (cloud.Objective, error) {
				return newLoad(in, rules, a)
			}, nil
		},
	}
}

func newLoad(in *cloud.Instance, rules []cloud.Rule, a spec.Args) (*Load, error) {
	o := &Load{in: in, text: a.Brief().String(), measure: a.String("measure"), room: roomOf(in, rules)}
	if a.Has("threshold") {
		t := a.Ratio("threshold")
		x := new(big.Int).Mul(t.Num(), big.NewInt(full))
		o.threshold = x.Quo(x, t.Denom()).Int64()
	}
	names, weights := a.IntMap("weights")
	switch {
	case len(names) > 0 && a.Has("resource"):
		return nil, errors.New("expected resource or weights, found both")
	case len(names) == 0 && a.Has("resource"):
		if names = a.Strings("resource"); len(names) == 0 {
			return nil, errors.New("expected at least one resource")
		}
	case len(names) == 0:
		for _, r := range in.Resources {
			names = append(names, r.Name)
		}
	}
	for i, name := range names {
		r, err := in.Resource(name)
		if err != nil {
			return nil, err
		}
		if slices.Contains(o.resources, r) {
			return nil, fmt.Errorf("resource %q is named twice", name)
		}
		o.resources = append(o.resources, r)
		if weights != nil {
			o.weights = append(o.weights, weights[i])
			o.weight += weights[i]
		}
	}
	switch {
	case weights != nil && o.weight == 0:
		return nil, errors.New("expected a weight above 0, found none")
	case o.weight > mostWeight:
		return nil, fmt.Errorf("expected weights that add up to at most %d, found %d", mostWeight, o.weight)
	}
	return o, nil
}

// Load is a measure of the loads of all hosts.
type Load struct {
	in *cloud.Instance
	room
	text      string
	measure   string
	resources []int   // those that are looked at
	weights   []int64 // of each of them; nil: the largest share counts
	weight    int64   // all weights together
	threshold int64
}

// String implements [cloud.Objective].
func (o *Load) String() string { return o.text }

// Unit implements [cloud.Objective].
func (o *Load) Unit() string { return "millionths" }

// Show implements [cloud.Objective]: it writes percent, exactly.
func (o *Load) Show(s cloud.Score) string {
	const percent = full / 100
	whole, rest := s[0]/percent, ""
	if part := s[0] % percent; part != 0 {
		rest = "." + strings.TrimRight(fmt.Sprintf("%04d", part), "0")
	}
	return humanize.Comma(whole) + rest + " %"
}

// Value implements [cloud.Objective].
func (o *Load) Value(p cloud.Placement) cloud.Score {
	loads := o.Loads(p)
	if o.measure == "above" {
		for h := range loads {
			loads[h] = max(0, loads[h]-o.threshold)
		}
	}
	return cloud.Score{measured(o.measure, loads)}
}

// Peak tells whether the objective is the highest load by the largest share of some resources, and which.
func (o *Load) Peak() (resources []int, ok bool) {
	return o.resources, o.measure == "peak" && o.weights == nil
}

// Limit is what the load of a host is measured by.
func (o *Load) Limit(h cloud.HostID, resource int) int64 {
	return o.limits[int(h)*len(o.in.Resources)+resource]
}

// Loads are the loads by host, in millionths of the limit.
func (o *Load) Loads(p cloud.Placement) []int64 {
	used, n := o.usedBy(p), len(o.in.Resources)
	loads := make([]int64, len(o.in.Hosts))
	for h := range loads {
		mean := new(big.Int)
		for i, r := range o.resources {
			s := bigShare(used[h*n+r], o.limits[h*n+r])
			if o.weights == nil {
				loads[h] = max(loads[h], s)
			} else {
				mean.Add(mean, new(big.Int).Mul(big.NewInt(o.weights[i]), big.NewInt(s)))
			}
		}
		if o.weights != nil {
			loads[h] = ceilDiv(mean, big.NewInt(o.weight)).Int64()
		}
	}
	return loads
}

// bigShare is the share of a limit that is used.
func bigShare(used, limit int64) int64 {
	switch {
	case used == 0:
		return 0
	case limit == 0:
		return mostLoad
	}
	s := ceilDiv(new(big.Int).Mul(big.NewInt(used), big.NewInt(full)), big.NewInt(limit))
	if s.Cmp(big.NewInt(mostLoad)) > 0 {
		return mostLoad
	}
	return s.Int64()
}

// NewMeter implements [cloud.Objective].
func (o *Load) NewMeter(s *cloud.State) cloud.Meter {
	if o.measure == "above" {
		return newHostMeter(s, o.Charges, excess{o}, newSumFold)
	}
	return newHostMeter(s, o.Charges, o, foldOf(o.measure))
}

// amount is the load of a host.
func (o *Load) amount(h cloud.HostID, used []int64, _ int64) int64 {
	limits := o.limits[int(h)*len(used) : (int(h)+1)*len(used)]
	if o.weights == nil {
		var largest int64
		for _, r := range o.resources {
			largest = max(largest, share(used[r], limits[r]))
		}
		return largest
	}
	var sum int64
	for i, r := range o.resources {
		sum += o.weights[i] * share(used[r], limits[r])
	}
	return (sum + o.weight - 1) / o.weight
}

// share is the share of a limit that is used, in millionths, rounded up.
func share(used, limit int64) int64 {
	switch {
	case used == 0:
		return 0
	case limit == 0 || used/limit >= mostLoad/full:
		return mostLoad
	}
	hi, lo := bits.Mul64(uint64(used), full)
	q, rest := bits.Div64(hi, lo, uint64(limit))
	if rest > 0 {
		q++
	}
	return int64(q)
}

// excess is what the load of a host is above the threshold.
type excess struct{ *Load }

func (e excess) amount(h cloud.HostID, used []int64, vms int64) int64 {
	return max(0, e.Load.amount(h, used, vms)-e.threshold)
}

// Grows implements [cloud.Growing]: no load falls when a VM is placed, but loads may become more equal.
func (o *Load) Grows() int {
	if o.measure == "peak" || o.measure == "above" {
		return 1
	}
	return 0
}

func (o *Load) most() int64 {
	if o.measure == "above" {
		return mostLoad * int64(len(o.in.Hosts))
	}
	return mostLoad
}
