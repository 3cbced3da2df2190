package costs_test

import (
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// racks is an instance of hosts in racks a, a, b and in zones y, y, z, with one VM.
func racks(t *testing.T, demand int64) *cloud.Instance {
	t.Helper()
	in := &cloud.Instance{
		Name: "racks", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}}, Initial: cloud.Placement{0},
		VMs: []cloud.VM{{Name: "vm", Demand: []int64{demand}, Interruptible: true}},
	}
	for h, rack := range []string{"a", "a", "b"} {
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: "h" + string(rune('0'+h)), Rack: rack, Zone: []string{"y", "y", "z"}[h], Capacity: []int64{demand}, Reserved: []int64{0},
		})
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return in
}

func TestExpressionCostsSomethingElse(t *testing.T) {
	in := racks(t, 10)
	for _, c := range []struct {
		cost    string
		near    int64 // from h0 to h1
		far     int64 // from h0 to h2
		uniform bool
	}{
		{"vm.demand.ram * (from.rack == to.rack ? 1 : 3)", 10, 30, false},
		{"vm.demand.ram / 3", 4, 4, true},
		{"7", 7, 7, true},
		{"from.name == to.name ? 0 : 5", 5, 5, true}, // nobody migrates from a host to itself
		{"0", 0, 0, true},
	} {
		got, err := costs.Bind(catalogue.Standard(), in, spec.Named("expression").With("cost", c.cost).With("unit", "MiB"))
		if err != nil {
			t.Errorf("%s: %v", c.cost, err)
			continue
		}
		_, uniform := got.(cloud.HostIndependent)
		if near, far := got.Migrate(0, 0, 1), got.Migrate(0, 0, 2); near != c.near || far != c.far || uniform != c.uniform || got.Unit() != "MiB" {
			t.Errorf("%s: expected %d and %d MiB, uniform %v, found %d and %d %s, %v",
				c.cost, c.near, c.far, c.uniform, near, far, got.Unit(), uniform)
		}
		if s, r := got.Suspend(0, 0), got.Resume(0, 0); s != 2*c.far || r != c.far {
			t.Errorf("%s: a suspend costs %d and a resume %d, expected twice and once the costliest migration, %d", c.cost, s, r, c.far)
		}
	}
}

func TestBadCostIsNotExplained(t *testing.T) {
	in := racks(t, 10)
	for text, want := range map[string]string{
		`expression`: `expression needs parameter "cost": an expression that yields a number of at least 0, of vm, from and to`,
		`expression(cost="vm.demand.rma")`: `cost function expression(cost=vm.demand.rma): column 11: unknown member "rma" of vm.demand, ` +
			`did you mean "ram"?`,
		`expression(cost="host.capacity.ram")`:        `column 1: unknown name "host"; known here are vm, from, to`,
		`expression(cost="vm.demand.ram > 3")`:        `expected an expression that yields a number, found yes or no`,
		`expression(cost="1 / (vm.demand.ram - 10)")`: `VM "vm" from host "h0" to "h1": column 3: division by zero`,
		`expression(cost="9e18 + vm.demand.ram")`:     `VM "vm": a step of it may cost more than 144115188075855871, and plans could not be added up`,
		`expression(cost="5e16", suspend=3)`:          `VM "vm": a step of it may cost more than 144115188075855871`,
	} {
		_, err := costs.Bind(catalogue.Standard(), in, spec.MustParse(text))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s:\nfound    %v\nexpected … %s …", text, err, want)
		}
	}
}
