package validate_test

import (
	"fmt"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// BenchmarkPlan judges a plan that moves every VM of 2,000 hosts once.
func BenchmarkPlan(b *testing.B) {
	const hosts, perHost = 2000, 20
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
	b.ReportAllocs()
	for b.Loop() {
		if r := validate.Plan(in, bound, cost, p); !r.OK() {
			b.Fatal(r.Findings[0])
		}
	}
	b.ReportMetric(float64(len(p.Steps))*float64(b.N)/b.Elapsed().Seconds(), "steps/s")
}
