package targets

import (
	"fmt"
	"math/big"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// terms are what a target may cost and where it may put VMs: parameters that all strategies take.
type terms struct {
	place          bool
	reachable      bool
	migrations     int   // at most; -1: any
	cost           int64 // at most; -1: any
	gain, gainCost *big.Rat
	weight         *big.Rat // of a unit of cost, in the unit of the objective; nil: the objective comes first
	start          int64
	headroom       float64
	spare          int // hosts
	prefer, avoid  []string
	ending         int64 // s
	soft           []spec.Spec
	any            bool // whether any term is given that constructions know nothing of
}

// with appends to the parameters of a strategy those that all strategies take.
func with(own ...spec.Param) []spec.Param {
	return append(own,
		spec.Param{
			Name: "absent", Type: spec.Choice, Choices: []string{"keep", "place"}, Default: "keep",
			Doc: "what becomes of VMs that stand nowhere: keep: they stay absent; place: each has to stand somewhere",
		},
		spec.Param{
			Name: "reachable", Type: spec.Bool, Default: "no",
			Doc: "whether to choose only targets to which a path is found, and of those that are equally good one whose path is cheapest as far as was seen",
		},
		spec.Param{Name: "max-migrations", Type: spec.Int, Unit: "VMs", Bounds: spec.Between(0, 1e9), Doc: "the most VMs that migrate, but for what mends the start"},
		spec.Param{Name: "max-cost", Type: spec.Int, Bounds: spec.Between(0, 1<<62), Doc: "the most that the migrations cost, each VM going straight, but for what mends the start"},
		spec.Param{
			Name: "min-gain", Type: spec.Ratio, Bounds: spec.Between(0, 1<<62),
			Doc: "the least average gain of each migration, in the unit of the objective (loads: millionths, so 1000 is 0.1 %)",
		},
		spec.Param{Name: "min-gain-per-cost", Type: spec.Ratio, Bounds: spec.Between(0, 1<<62), Doc: "the same for each unit of cost"},
		spec.Param{
			Name: "cost-weight", Type: spec.Ratio, Bounds: spec.Between(0, 1<<62),
			Doc: "what a unit of cost is worth in the unit of the objective, its first rank (loads: millionths): the sum of the objective and so much " +
				"times the cost is lowered, in place of the objective alone",
		},
		spec.Param{
			Name: "start", Type: spec.Int, Bounds: spec.Between(0, 1<<62),
			Doc: "do no more than mend what the start breaks while the objective is below this, in its unit (loads: millionths, so 800000 is 80 %)",
		},
		spec.Param{
			Name: "headroom", Type: spec.Float, Default: "0", Bounds: spec.Between(0, 1),
			Doc: "the share of what its VMs may use that stays free on each host, unless less is free now",
		},
		spec.Param{Name: "spare", Type: spec.Int, Unit: "hosts", Default: "0", Bounds: spec.Between(0, 1e9), Doc: "the least number of hosts that are empty in the target"},
		spec.Param{Name: "prefer", Type: spec.String, List: true, Doc: "names or patterns of hosts: VMs go to others only where they have to"},
		spec.Param{Name: "avoid", Type: spec.String, List: true, Doc: "names or patterns of hosts to which VMs go only where they have to; counts before prefer"},
		spec.Param{
			Name: "ending", Type: spec.Int, Unit: "s", Bounds: spec.Between(0, 1<<62),
			Doc: "VMs do not move whose number ends_in_s is at most this: they are gone soon",
		},
		spec.Param{
			Name: "soft", Type: spec.Ref, Of: rules.Kind, List: true,
			Doc: "rules to be kept where the objective does not suffer: of targets that are equally good, one that breaks them least",
		},
	)
}

func newTerms(a spec.Args) terms {
	t := terms{
		place: a.String("absent") == "place", reachable: a.Bool("reachable"), migrations: -1, cost: -1,
		headroom: a.Float("headroom"), spare: int(a.Int("spare")), prefer: a.Strings("prefer"), avoid: a.Strings("avoid"), ending: -1,
		soft: a.Specs("soft"),
	}
	if a.Has("max-migrations") {
		t.migrations = int(a.Int("max-migrations"))
	}
	if a.Has("max-cost") {
		t.cost = a.Int("max-cost")
	}
	if a.Has("min-gain") {
		t.gain = a.Ratio("min-gain")
	}
	if a.Has("min-gain-per-cost") {
		t.gainCost = a.Ratio("min-gain-per-cost")
	}
	if a.Has("cost-weight") {
		t.weight = a.Ratio("cost-weight")
	}
	if a.Has("start") {
		t.start = a.Int("start")
	}
	if a.Has("ending") {
		t.ending = a.Int("ending")
	}
	for _, name := range []string{"max-migrations", "max-cost", "min-gain", "min-gain-per-cost", "cost-weight", "start", "prefer", "avoid", "ending", "soft"} {
		t.any = t.any || a.Has(name)
	}
	t.any = t.any || t.headroom > 0 || t.spare > 0
	return t
}

// check refuses terms that the rules leave without a meaning.
func (t terms) check(r *Request) error {
	if c := cloud.ChargerOf(r.Rules); c != nil && t.headroom > 0 {
		return fmt.Errorf("headroom is a share of what the VMs on a host demand, and %s charges other hosts with it, too", c)
	}
	return nil
}

// unbound are the terms of those who give none.
var unbound = terms{migrations: -1, cost: -1, ending: -1}

// budget tells whether it matters how much migrates, and not only of targets that are equally good.
func (t terms) budget() bool {
	return t.migrations >= 0 || t.cost >= 0 || t.gain != nil || t.gainCost != nil
}

// stay lists the VMs that are gone soon.
func (t terms) stay(in *cloud.Instance) []bool {
	if t.ending < 0 {
		return nil
	}
	out := make([]bool, len(in.VMs))
	for v := range in.VMs {
		s, known := in.VMs[v].Numbers["ends_in_s"]
		out[v] = known && s <= t.ending
	}
	return out
}

// shun lists the hosts to which VMs go only where they have to.
func (t terms) shun(in *cloud.Instance) ([]bool, error) {
	if t.prefer == nil && t.avoid == nil {
		return nil, nil
	}
	preferred, err := HostsOf(in, "host", t.prefer)
	if err != nil {
		return nil, err
	}
	avoided, err := HostsOf(in, "host", t.avoid)
	if err != nil {
		return nil, err
	}
	out := make([]bool, len(in.Hosts))
	if t.prefer != nil {
		for h := range out {
			out[h] = true
		}
	}
	for _, h := range preferred {
		out[h] = false
	}
	for _, h := range avoided {
		out[h] = true
	}
	return out, nil
}

// wish binds the soft rules as an objective; nil if there are none.
func (t terms) wish(r *Request) (cloud.Objective, error) {
	if len(t.soft) == 0 {
		return nil, nil
	}
	s := spec.Named("soft")
	list := spec.Value{Form: spec.List}
	for _, rule := range t.soft {
		list.List = append(list.List, spec.Value{Form: spec.Call, Spec: &rule})
	}
	return objectives.Bind(r.catalogue, r.Instance, r.Rules, s.WithValue("rules", list))
}

// enough tells whether what was gained is worth its migrations.
func (t terms) enough(gain int64, migrations int, cost int64) bool {
	atLeast := func(least *big.Rat, n int64) bool {
		return least == nil || new(big.Rat).SetInt64(gain).Cmp(new(big.Rat).Mul(least, new(big.Rat).SetInt64(n))) >= 0
	}
	return atLeast(t.gain, int64(migrations)) && atLeast(t.gainCost, cost)
}
