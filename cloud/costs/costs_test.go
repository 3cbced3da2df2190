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
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// bind draws an instance and a spec of a cost function.
func bind(t *rapid.T, name string) (*cloud.Instance, cloud.CostFunction) {
	in := cloudtest.Priced(t)
	s := cloudtest.CostSpec(t, name)
	c, err := costs.Bind(catalogue.Standard(), in, s)
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return in, c
}

// eachMigration calls f for every VM and every two different hosts.
func eachMigration(in *cloud.Instance, f func(vm cloud.VMID, from, to cloud.HostID)) {
	for v := range in.VMs {
		for from := range in.Hosts {
			for to := range in.Hosts {
				if from != to {
					f(cloud.VMID(v), cloud.HostID(from), cloud.HostID(to))
				}
			}
		}
	}
}

// Costs are not negative, have a unit and a spec that binds to the same costs again, and
// are those of a VM wherever it goes where the cost function says so, which one that
// promises to be uniform always does. Who is priced by its costliest migration pays no
// less for a suspend and a resume than for a bypass.
func TestCostBreaksItsPromise(t *testing.T) {
	for _, d := range catalogue.Standard().Descriptors(costs.Kind) {
		t.Run(d.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				in, c := bind(t, d.Name)
				again, err := costs.Bind(catalogue.Standard(), in, spec.MustParse(c.String()))
				if err != nil || again.String() != c.String() || again.Unit() != c.Unit() || c.Unit() == "" {
					t.Fatalf("%s binds again to %v, %v; unit %q", c, again, err, c.Unit())
				}
				anywhere, uniform := c.(cloud.HostIndependent)
				if d.Has(costs.Uniform) && !uniform {
					t.Fatalf("%s promises to be uniform and is not", c)
				}
				eachMigration(in, func(vm cloud.VMID, from, to cloud.HostID) {
					cost := c.Migrate(vm, from, to)
					if cost < 0 || cost != again.Migrate(vm, from, to) {
						t.Fatalf("%s: VM %d from %d to %d costs %d", c, vm, from, to, cost)
					}
					if uniform && anywhere.MigrateAnywhere(vm) != cost {
						t.Fatalf("%s: VM %d costs %d from %d to %d and %d anywhere", c, vm, cost, from, to, anywhere.MigrateAnywhere(vm))
					}
					suspend, resume := c.Suspend(vm, from), c.Resume(vm, to)
					if suspend < 0 || resume < 0 || suspend != again.Suspend(vm, from) || resume != again.Resume(vm, to) {
						t.Fatalf("%s: VM %d is suspended at %d and resumed at %d", c, vm, suspend, resume)
					}
					if !strings.Contains(c.String(), "suspend=") && !strings.Contains(c.String(), "resume=") && suspend+resume < 2*cost {
						t.Fatalf("%s: VM %d is suspended and resumed at %d, two migrations cost %d", c, vm, suspend+resume, 2*cost)
					}
				})
			})
		})
	}
}

// Whoever charges the same everywhere says so, whatever it is that makes it so: solvers
// do much better then.
func TestUniformCostIsNotRecognised(t *testing.T) {
	for _, d := range catalogue.Standard().Descriptors(costs.Kind) {
		t.Run(d.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				in, c := bind(t, d.Name)
				_, uniform := c.(cloud.HostIndependent)
				first := map[cloud.VMID]int64{}
				same := true
				eachMigration(in, func(vm cloud.VMID, from, to cloud.HostID) {
					cost := c.Migrate(vm, from, to)
					if known, ok := first[vm]; ok {
						same = same && cost == known
					}
					first[vm] = cost
				})
				if same != uniform && !strings.HasPrefix(c.String(), "sum") { // differences may cancel out in a sum
					t.Fatalf("%s: charges the same everywhere: %v, says so: %v", c, same, uniform)
				}
			})
		})
	}
}

// Hosts of one class are charged alike, and VMs of one class: whoever looks at two hosts
// and one VM of each class has seen all.
func TestAClassIsChargedDifferently(t *testing.T) {
	for _, d := range catalogue.Standard().Descriptors(costs.Kind) {
		t.Run(d.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				in, c := bind(t, d.Name)
				classes := cloud.HostClassesOf(c)
				if len(classes) != len(in.Hosts) {
					t.Fatalf("%s: %d hosts, of %d of which the class is known", c, len(in.Hosts), len(classes))
				}
				vms, ok := c.(cloud.VMClassifier)
				if !ok {
					t.Fatalf("%s does not tell which VMs it charges alike", c)
				}
				seen := map[string]int64{}
				check := func(kind string, vm cloud.VMID, step cloud.Change, of ...cloud.HostID) {
					key := fmt.Sprint(kind, vms.VMClass(vm))
					for _, h := range of {
						key += fmt.Sprint(" ", classes[h])
					}
					cost := cloud.CostOf(c, step)
					if known, ok := seen[key]; ok && known != cost {
						t.Fatalf("%s: %v costs %d, another step of a VM of its class between hosts of the classes %v costs %d", c, step, cost, classes, known)
					}
					seen[key] = cost
				}
				eachMigration(in, func(vm cloud.VMID, from, to cloud.HostID) {
					check("migrate", vm, cloud.Change{VM: vm, From: from, To: to}, from, to)
					check("suspend", vm, cloud.Change{VM: vm, From: from, To: cloud.Absent}, from)
					check("resume", vm, cloud.Change{VM: vm, From: cloud.Absent, To: to}, to)
				})
			})
		})
	}
}

func TestUnknownCostIsNotExplained(t *testing.T) {
	in := &cloud.Instance{Name: "i", Resources: []cloud.Resource{{Name: "ram"}}}
	_, err := costs.Bind(catalogue.Standard(), in, spec.Named("rma"))
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
		c, err := costs.Bind(catalogue.Standard(), in, spec.MustParse(name))
		if err != nil {
			panic(err)
		}
		fmt.Println(c, c.Migrate(0, 0, 1), c.Unit())
	}
	// Output:
	// ram 512 MiB
	// count 1 migrations
}
