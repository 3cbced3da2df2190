package validate_test

import (
	"fmt"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

const hosts, perHost = 2000, 20

// large is a plan that moves every VM of 2,000 hosts once.
func large(b *testing.B) (*cloud.Instance, []cloud.Rule, cloud.CostFunction, *cloud.Plan) {
	b.Helper()
	in := &cloud.Instance{Name: "large", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}}
	for h := range hosts {
		in.Hosts = append(in.Hosts, cloud.Host{Name: fmt.Sprint("host", h), Capacity: []int64{2 * perHost}, Reserved: []int64{0}})
	}
	p := &cloud.Plan{Status: cloud.Feasible, Cost: hosts * perHost}
	for v := range hosts * perHost {
		from := cloud.HostID(v * 7919 % hosts)
		to := (from + 1) % hosts
		in.VMs = append(in.VMs, cloud.VM{Name: fmt.Sprint("vm", v), Demand: []int64{1}})
		in.Initial, in.Target = append(in.Initial, from), append(in.Target, to)
		p.Steps = append(p.Steps, cloud.Step{Action: cloud.Migrate, VM: cloud.VMID(v), From: from, To: to, Cost: 1})
	}
	if err := in.Check(); err != nil {
		b.Fatal(err)
	}
	bound, err := rules.Bind(catalogue.Standard(), in, nil)
	if err != nil {
		b.Fatal(err)
	}
	cost, err := costs.Bind(catalogue.Standard(), in, spec.Spec{Name: "ram"})
	if err != nil {
		b.Fatal(err)
	}
	return in, bound, cost, p
}

func BenchmarkPlan(b *testing.B) {
	in, bound, cost, p := large(b)
	b.ReportAllocs()
	for b.Loop() {
		if r := validate.Plan(in, bound, cost, p); !r.OK() {
			b.Fatal(r.Findings[0])
		}
	}
	b.ReportMetric(float64(len(p.Steps))*float64(b.N)/b.Elapsed().Seconds(), "steps/s")
}

// BenchmarkSchedule judges the same steps with a thousand of them under way at once.
func BenchmarkSchedule(b *testing.B) {
	in, bound, cost, p := large(b)
	model, err := concurrency.Bind(catalogue.Standard(), in, nil, spec.MustParse("slots(outgoing=4, total=1000)"))
	if err != nil {
		b.Fatal(err)
	}
	p.Schedule = &cloud.Schedule{Model: model.String(), Unit: "ms"}
	for i := range p.Steps {
		p.Steps[i].Start, p.Steps[i].End = int64(i), int64(i)+1000
		p.Schedule.Makespan = p.Steps[i].End
	}
	b.ReportAllocs()
	for b.Loop() {
		if r := validate.Schedule(in, bound, cost, model, p); !r.OK() {
			b.Fatal(r.Findings[0])
		}
	}
	b.ReportMetric(float64(len(p.Steps))*float64(b.N)/b.Elapsed().Seconds(), "steps/s")
}
