package objectives

import (
	"fmt"
	"math"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/expression"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func expressionEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "expression",
			Synopsis: "an amount of your own for each host, of the host and all that stands on it: their sum, the highest, or how unequal they are",
			Doc: "The value is the sum over all hosts of what the expression yields, rounded up to an integer on each host; it must not be " +
				"negative. Another measure makes another value of these integers: peak the highest, range the highest less the lowest, stddev " +
				"the standard deviation over the hosts, rounded up. The expression may speak of host, of used.<resource>, the sum of the demands on the host, and of vms, the number of VMs on it: " +
				"expression(value=\"vms == 0 ? 0 : 100 + 2 * used.vcpu\", unit=W). Where the amount of a host cannot be computed, is below 0 or is " +
				"too large, it is the largest there is: 2^63 - 1 over the number of hosts. An expression that cannot be computed for a host without VMs is " +
				"refused. " + expression.Members,
			Params: []spec.Param{
				{
					Name: "value", Type: spec.String, Required: true,
					Doc: "an expression that yields a number of at least 0, of host, used.<resource> and vms",
				},
				{
					Name: "measure", Type: spec.Choice, Choices: []string{"sum", "peak", "stddev", "range"}, Default: "sum",
					Doc: "what is made of the amounts of all hosts",
				},
				{Name: "unit", Type: spec.String, Default: "points", Doc: "unit of the amount, for reports"},
			},
			Citation: "Expr language definition: https://expr-lang.org/docs/language-definition",
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance, _ []cloud.Rule) (cloud.Objective, error) {
				p, err := expression.Compile(in, a.String("value"), expression.Amount, expression.Host|expression.Used|expression.VMs)
				if err != nil {
					return nil, err
				}
				o := &Expression{
					in: in, text: a.Brief().String(), unit: a.String("unit"), measure: a.String("measure"), p: p, on: p.OnEach(),
					largest: math.MaxInt64 / max(1, int64(len(in.Hosts))),
				}
				for h := range in.Hosts {
					if _, err := o.on[h].Amount(&expression.At{Host: cloud.HostID(h), Used: make([]int64, len(in.Resources))}); err != nil {
						return nil, fmt.Errorf("host %q without VMs: %w", in.Hosts[h].Name, err)
					}
				}
				return o, nil
			}, nil
		},
	}
}

// Expression is a measure of what an expression yields for each host.
type Expression struct {
	in         *cloud.Instance
	text, unit string
	measure    string
	p          *expression.Program
	on         []*expression.Program // by host
	largest    int64                 // amount of a host
}

// String implements [cloud.Objective].
func (o *Expression) String() string { return o.text }

// Unit implements [cloud.Objective].
func (o *Expression) Unit() string { return o.unit }

// Show implements [cloud.Objective].
func (o *Expression) Show(s cloud.Score) string { return show(s[0], o.unit) }

// Value implements [cloud.Objective]. It evaluates the whole expression, not what was made ready for
// each host.
func (o *Expression) Value(p cloud.Placement) cloud.Score {
	used, n := cloud.ChargesOf(o.in, nil).Used(len(o.in.Hosts), p), len(o.in.Resources)
	vms := make([]int64, len(o.in.Hosts))
	for _, h := range p {
		if h != cloud.Absent {
			vms[h]++
		}
	}
	amounts := make([]int64, len(o.in.Hosts))
	for h := range amounts {
		x, err := o.p.Amount(&expression.At{Host: cloud.HostID(h), Used: used[h*n : (h+1)*n], VMs: vms[h]})
		if err != nil || x > o.largest {
			x = o.largest
		}
		amounts[h] = x
	}
	return cloud.Score{measured(o.measure, amounts)}
}

// NewMeter implements [cloud.Objective].
func (o *Expression) NewMeter(s *cloud.State) cloud.Meter {
	return newHostMeter(s, cloud.ChargesOf(o.in, nil), o, foldOf(o.measure))
}

func (o *Expression) amount(h cloud.HostID, used []int64, vms int64) int64 {
	x, err := o.on[h].Amount(&expression.At{Host: h, Used: used, VMs: vms})
	if err != nil {
		return o.largest
	}
	return min(x, o.largest)
}
