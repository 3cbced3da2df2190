package costs

import (
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/expression"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func expressionEntry() spec.Entry[Binder] {
	d := spec.Descriptor{
		Name:     "expression",
		Synopsis: "an amount of your own, of VM, source and destination",
		Doc: "The cost of a live migration is what the expression yields, rounded up to an integer; it must not be negative. It may " +
			"speak of vm, and of the hosts from and to: expression(cost=\"vm.demand.ram * (from.rack == to.rack ? 1 : 3)\", unit=MiB). " +
			"It is evaluated once for each class of VMs and hosts that it can tell apart. " + expression.Members,
		Params: append([]spec.Param{
			{
				Name: "cost", Type: spec.String, Required: true,
				Doc: "an expression that yields a number of at least 0, of vm, from and to",
			},
			{Name: "unit", Type: spec.String, Default: "points", Doc: "unit of the amount, for reports"},
		}, suspensionParams()...),
		Citation: "Expr language definition: https://expr-lang.org/docs/language-definition",
	}
	return spec.Entry[Binder]{
		Descriptor: d,
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance) (cloud.CostFunction, error) {
				p, err := expression.Compile(in, a.String("cost"), expression.Amount, expression.VM|expression.From|expression.To)
				if err != nil {
					return nil, err
				}
				t, err := p.Tariff()
				if err != nil {
					return nil, err
				}
				c := &prices{
					in: in, text: a.Brief().String(), unit: a.String("unit"), suspension: newSuspension(a),
					vm: t.VM, ways: t.Ways, way: t.Way, host: t.Hosts(), cost: t.Amounts, remarks: p.Remarks(),
				}
				return c.ready()
			}, nil
		},
	}
}
