package costs_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func TestRegistryHasFaults(t *testing.T) {
	for _, err := range costs.Registry().Problems() {
		t.Error(err)
	}
}

// Costs are not negative, have a unit and a spec, and a cost function that promises
// to be uniform is.
func TestCostBreaksItsPromise(t *testing.T) {
	for _, d := range costs.Registry().Descriptors() {
		t.Run(d.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				in := cloudtest.Instance(t)
				c, err := costs.Bind(in, spec.Named(d.Name))
				if err != nil {
					t.Fatal(err)
				}
				again, err := costs.Bind(in, spec.MustParse(c.String()))
				if err != nil || again.String() != c.String() || c.Unit() == "" {
					t.Fatalf("%s binds again to %v, %v; unit %q", c, again, err, c.Unit())
				}
				anywhere, uniform := c.(cloud.HostIndependent)
				if uniform != d.Has(costs.Uniform) {
					t.Fatalf("promises to be uniform: %v, is: %v", d.Has(costs.Uniform), uniform)
				}
				for v := range in.VMs {
					for from := range in.Hosts {
						for to := range in.Hosts {
							if from == to {
								continue
							}
							v, from, to := cloud.VMID(v), cloud.HostID(from), cloud.HostID(to)
							cost := c.Migrate(v, from, to)
							if cost < 0 || cost != again.Migrate(v, from, to) {
								t.Fatalf("VM %d from %d to %d costs %d", v, from, to, cost)
							}
							if uniform && anywhere.MigrateAnywhere(v) != cost {
								t.Fatalf("VM %d costs %d from %d to %d and %d anywhere", v, cost, from, to, anywhere.MigrateAnywhere(v))
							}
						}
					}
				}
			})
		})
	}
}

func TestUnknownCostIsNotExplained(t *testing.T) {
	in := &cloud.Instance{Name: "i", Resources: []cloud.Resource{{Name: "ram"}}}
	_, err := costs.Bind(in, spec.Named("rma"))
	if err == nil || !strings.Contains(err.Error(), `unknown cost function "rma", did you mean "ram"?`) {
		t.Errorf("found %v", err)
	}
}

func ExampleBind() {
	in := &cloud.Instance{
		Name:      "i",
		Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}},
		VMs:       []cloud.VM{{Name: "vm1", Demand: []int64{512}}},
	}
	for _, name := range []string{"ram", "count"} {
		c, err := costs.Bind(in, spec.MustParse(name))
		if err != nil {
			panic(err)
		}
		fmt.Println(c, c.Migrate(0, 0, 1), c.Unit())
	}
	// Output:
	// ram 512 MiB
	// count 1 migrations
}
