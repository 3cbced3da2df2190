package execution_test

import (
	"fmt"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/generators"
)

// large is a scenario of a cloud of many hosts, with ten migrations for each of them.
func large(b *testing.B, hosts int, on string) *scenario {
	family := fmt.Sprintf("random(hosts=%d, vms-per-host=20, capacity=65536, max=4096, migrations=%d)", hosts, 12*hosts)
	made, err := generators.Generate(catalogue.Standard(), spec.MustParse(family), 1)
	if err != nil {
		b.Fatal(err)
	}
	s := &scenario{kind: family, in: made[0], model: "slots(preset=nova)", duration: "precopy(dirty=20)", cloud: on, executor: "adaptive", seed: 1}
	ok, err := s.solved(true)
	if err != nil || !ok {
		b.Fatalf("no path: %v", err)
	}
	return s
}

// BenchmarkExecution measures the executor and the simulated cloud together, with a journal in memory.
func BenchmarkExecution(b *testing.B) {
	for _, hosts := range []int{200, 1000} {
		for _, on := range []string{"simulation(deviation=3)", "simulation(failures=0.05, deviation=3, arrivals=5, deaths=1, kills=2)"} {
			b.Run(fmt.Sprintf("%d/%.16s", hosts, on[len("simulation("):]), func(b *testing.B) {
				s := large(b, hosts, on)
				var out *outcome
				for b.Loop() {
					var err error
					if out, err = s.run(immortal()); err != nil {
						b.Fatal(err)
					}
				}
				steps := 0
				for _, e := range out.log {
					if e.Request.Action == cloud.Migrate {
						steps++
					}
				}
				b.ReportMetric(float64(len(s.plan.Steps)), "planned")
				b.ReportMetric(float64(out.report.Requests)/b.Elapsed().Seconds()*float64(b.N), "requests/s")
				b.Logf("%+v", out.report)
			})
		}
	}
}
