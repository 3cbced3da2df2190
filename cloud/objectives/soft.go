package objectives

import (
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func softEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "soft",
			Synopsis: "violations of rules that are wished for, not in force",
			Doc: "Each violation that the judge would report counts the weight of its rule: soft(rules=[spread(group=web, min=3)]). " +
				"Beside another objective, as in sum(of=[hosts, soft(rules=[…])], weights=[10, 1]), a weight says what keeping a rule is worth.",
			Params: []spec.Param{
				{Name: "rules", Type: spec.Ref, Of: rules.Kind, List: true, Required: true, Doc: "the rules"},
				{Name: "weights", Type: spec.Int, List: true, Bounds: spec.Between(0, 1e9), Doc: "of the rules, in their order; 1 each unless given"},
			},
			Citation: "own work",
		},
		New: func(a spec.Args) (Binder, error) {
			specs, weights := a.Specs("rules"), a.Ints("weights")
			if a.Has("weights") && len(weights) != len(specs) {
				return nil, fmt.Errorf("expected one weight for each of %d rules, found %d", len(specs), len(weights))
			}
			return func(in *cloud.Instance, _ []cloud.Rule) (cloud.Objective, error) {
				o := &Soft{in: in, text: a.Brief().String()}
				for i, s := range specs {
					bound, err := rules.Bind(a.Catalogue(), in, []spec.Spec{s})
					if err != nil {
						return nil, err
					}
					weight := int64(1)
					if len(weights) > 0 {
						weight = weights[i]
					}
					for _, rule := range bound {
						o.rules, o.weights = append(o.rules, rule), append(o.weights, weight)
					}
				}
				return o, nil
			}, nil
		},
	}
}

// Soft is how much rules are broken that are not in force.
type Soft struct {
	in      *cloud.Instance
	text    string
	rules   []cloud.Rule
	weights []int64
}

// String implements [cloud.Objective].
func (o *Soft) String() string { return o.text }

// Unit implements [cloud.Objective].
func (o *Soft) Unit() string { return "violations" }

// Show implements [cloud.Objective].
func (o *Soft) Show(s cloud.Score) string { return show(s[0], "violations") }

// Value implements [cloud.Objective].
func (o *Soft) Value(p cloud.Placement) cloud.Score {
	s := cloud.NewState(o.in, nil, p)
	var sum int64
	for i, rule := range o.rules {
		sum = plus(sum, o.weights[i], int64(len(rule.Violations(s.View(), nil))))
	}
	return cloud.Score{sum}
}

// NewMeter implements [cloud.Objective].
func (o *Soft) NewMeter(s *cloud.State) cloud.Meter {
	m := &softMeter{o: o, s: cloud.NewState(o.in, nil, s.Placement()), broken: make([]int64, len(o.rules)), watch: make([][]int, len(o.in.VMs))}
	for i, rule := range o.rules {
		m.broken[i] = m.count(i)
		watched := rule.Watches()
		for _, v := range watched {
			m.watch[v] = append(m.watch[v], i)
		}
		if watched == nil {
			m.all = append(m.all, i)
		}
	}
	return m
}

// softMeter judges anew the rules that look at a VM that moves, on a state of its own.
type softMeter struct {
	o      *Soft
	s      *cloud.State
	broken []int64 // by rule
	watch  [][]int // by VM: rules
	all    []int   // rules that look at all VMs
}

func (m *softMeter) count(i int) int64 { return int64(len(m.o.rules[i].Violations(m.s.View(), nil))) }

// Follow implements [cloud.Follower].
func (m *softMeter) Follow(vm cloud.VMID, to cloud.HostID) {
	m.s.Jump(vm, to)
	for _, list := range [...][]int{m.watch[vm], m.all} {
		for _, i := range list {
			m.broken[i] = m.count(i)
		}
	}
}

// Begin implements [cloud.Follower].
func (m *softMeter) Begin(cloud.VMID, cloud.HostID) {}

// Value implements [cloud.Meter].
func (m *softMeter) Value() cloud.Score {
	var sum int64
	for i, n := range m.broken {
		sum = plus(sum, m.o.weights[i], n)
	}
	return cloud.Score{sum}
}

// After implements [cloud.Meter]. O(what the rules that look at the VM take to judge a placement).
func (m *softMeter) After(vm cloud.VMID, to cloud.HostID) cloud.Score {
	from := m.s.HostOf(vm)
	if from == to {
		return m.Value()
	}
	before := slices.Clone(m.broken)
	m.Follow(vm, to)
	after := m.Value()
	m.s.Jump(vm, from)
	m.broken = before
	return after
}

// most is more than there can be: the rules are asked nothing that bounds their violations.
func (o *Soft) most() int64 {
	const each = 1 << 20 // violations of one rule
	var sum int64
	for _, w := range o.weights {
		sum = plus(sum, w, each)
	}
	return sum
}
