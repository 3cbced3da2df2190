package costs_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// A migration costs the time that it takes, and the VM stands still for no longer than that.
func TestCostIsNotTheDuration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := cloudtest.Priced(t)
		s := cloudtest.CostSpec(t, "precopy")
		c, err := costs.Bind(catalogue.Standard(), in, s)
		if err != nil {
			t.Fatal(err)
		}
		ofModel := slices.DeleteFunc(slices.Clone(s.Args), func(a spec.Arg) bool { return a.Key == "suspend" || a.Key == "resume" })
		d, err := durations.Bind(catalogue.Standard(), in, spec.Spec{Name: "precopy", Args: ofModel})
		if err != nil {
			t.Fatal(err)
		}
		still, err := costs.Bind(catalogue.Standard(), in, spec.Spec{Name: "downtime", Args: s.Args})
		if err != nil {
			t.Fatal(err)
		}
		eachMigration(in, func(vm cloud.VMID, from, to cloud.HostID) {
			cost := c.Migrate(vm, from, to)
			if want := d.Migrate(vm, from, to); cost != want || c.Unit() != d.Unit() {
				t.Fatalf("%s: VM %d from %d to %d costs %d %s and takes %d %s", c, vm, from, to, cost, c.Unit(), want, d.Unit())
			}
			if got := still.Migrate(vm, from, to); got > cost {
				t.Fatalf("%s: VM %d from %d to %d takes %d ms, in which it stands still for %d", s, vm, from, to, cost, got)
			}
		})
	})
}

// busy is an instance of one VM of 1 GiB on hosts at 1 and 40 Gbit/s.
func busy(dirtyMiBPerS *float64) *cloud.Instance {
	return &cloud.Instance{
		Name: "busy", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}},
		Hosts: []cloud.Host{{Name: "a", NICMbps: 1000}, {Name: "b", NICMbps: 40000}},
		VMs:   []cloud.VM{{Name: "vm", Demand: []int64{1024}, DirtyMiBPerS: dirtyMiBPerS}},
	}
}

// Reckoned by hand, as in the tests of the duration.
func TestDowntimeDiffersFromHandReckoning(t *testing.T) {
	for _, x := range []struct {
		dirtyMiBPerS float64
		spec         string
		wantMs       int64
	}{
		{20, "precopy", 10273},
		{20, "downtime", 242},
		{20, "downtime(max-downtime=2s)", 1442},
		{20, "downtime(max-rounds=0)", 8590},
		{500, "downtime", 8590},
		{500, "downtime(memory-unit=KiB)", 9}, // 1 MiB is little enough to stop at once
	} {
		c, err := costs.Bind(catalogue.Standard(), busy(&x.dirtyMiBPerS), spec.MustParse(x.spec))
		if err != nil {
			t.Errorf("%s: %v", x.spec, err)
			continue
		}
		if got := c.Migrate(0, 0, 1); got != x.wantMs || c.Unit() != "ms" {
			t.Errorf("%+v: expected %d ms, found %d %s", x, x.wantMs, got, c.Unit())
		}
		if _, uniform := c.(cloud.HostIndependent); !uniform {
			t.Errorf("%s: there is but one speed and costs depend on hosts", x.spec)
		}
	}
}

// A cost function that takes a dirty rate as 0 where it is not given says so, in a sum too.
func TestCostTakesARateAsZeroInSilence(t *testing.T) {
	const missing = "the dirty rate of 1 of 1 VM is not given: "
	for text, want := range map[string]string{
		"precopy":                               missing + "taken as 0 MiB/s; precopy(dirty=…) sets another",
		"downtime":                              missing + "taken as 0 MiB/s; downtime(dirty=…) sets another",
		"precopy(dirty=0)":                      "",
		"ram":                                   "",
		`expression(cost="vm.dirty_mib_per_s")`: missing + "vm.dirty_mib_per_s is taken as 0",
		`expression(cost="vm.demand.ram")`:      "",
		"sum(of=[precopy, ram, precopy(max-rounds=1)])": missing + "taken as 0 MiB/s; precopy(dirty=…) sets another",
		"sum(of=[precopy(dirty=1), downtime])":          missing + "taken as 0 MiB/s; downtime(dirty=…) sets another",
	} {
		for rate, want := range map[*float64]string{nil: want, new(0.0): ""} {
			c, err := costs.Bind(catalogue.Standard(), busy(rate), spec.MustParse(text))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(cloud.RemarksOf(c), "\n"); got != want {
				t.Errorf("%s remarks %q, expected %q", text, got, want)
			}
		}
	}
}

// What is wrong with the model is said as what is wrong with the cost function.
func TestBadModelIsNotExplained(t *testing.T) {
	in := busy(nil)
	in.Resources[0].Unit = "unit"
	_, err := costs.Bind(catalogue.Standard(), in, spec.MustParse("downtime"))
	if want := `cost function downtime: resource "ram" has the unit "unit", expected a unit of memory; known are B, `; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("found %v, expected %s…", err, want)
	}
}
