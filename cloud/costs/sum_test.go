package costs_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// A sum is what its parts add up to, suspends and resumes included, and as uniform as
// they are.
func TestSumIsNotThatOfItsParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := cloudtest.Priced(t)
		s := cloudtest.CostSpec(t, "sum")
		c, err := costs.Bind(catalogue.Standard(), in, s)
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		of, _ := s.Value("of")
		weights := make([]int64, len(of.List))
		given, weighted := s.Value("weights")
		var parts []cloud.CostFunction
		uniform, unit := true, ""
		for i, v := range of.List {
			part, err := costs.Bind(catalogue.Standard(), in, spec.MustParse(v.String()))
			if err != nil {
				t.Fatal(err)
			}
			parts = append(parts, part)
			weights[i] = 1
			if weighted {
				weights[i] = map[string]int64{"0": 0, "1": 1, "10": 10}[given.List[i].Text]
			}
			_, same := part.(cloud.HostIndependent)
			uniform = uniform && same
			if unit = part.Unit(); unit != parts[0].Unit() {
				unit = "points"
			}
		}
		add := func(f func(cloud.CostFunction) int64) int64 {
			var n int64
			for i, p := range parts {
				n += weights[i] * f(p)
			}
			return n
		}
		if _, same := c.(cloud.HostIndependent); same != uniform {
			t.Fatalf("%s: its parts are uniform: %v, it is: %v", c, uniform, same)
		}
		eachMigration(in, func(vm cloud.VMID, from, to cloud.HostID) {
			for _, step := range []cloud.Change{{VM: vm, From: from, To: to}, {VM: vm, From: from, To: cloud.Absent}, {VM: vm, From: cloud.Absent, To: to}} {
				want := add(func(p cloud.CostFunction) int64 { return cloud.CostOf(p, step) })
				if got := cloud.CostOf(c, step); got != want {
					t.Fatalf("%s: %v costs %d, its parts come to %d", c, step, got, want)
				}
			}
		})
	})
}

func TestSumIsNamedOrRefused(t *testing.T) {
	in := racks(t, 10)
	for _, c := range []struct{ spec, text, unit, err string }{
		{spec: "sum(of=[ram, network(beyond=5)])", text: "sum(of=[ram, network])", unit: "MiB"},
		{spec: "sum(of=ram, weights=1)", text: "sum(of=[ram])", unit: "MiB"},
		{spec: "sum(of=[precopy, count], weights=[1, 1000])", text: "sum(of=[precopy, count], weights=[1, 1000])", unit: "points"},
		{spec: "sum(of=[ram, sum(of=[count, downtime])])", text: "sum(of=[ram, sum(of=[count, downtime])])", unit: "points"},
		{spec: "sum(of=[])", err: "expected at least one cost function in of=[…]"},
		{spec: "sum", err: `sum needs parameter "of": the cost functions that are added`},
		{spec: "sum(of=[ram, cuont])", err: `unknown cost function "cuont", did you mean "count"?`},
		{spec: "sum(of=[ram, count], weights=[1])", err: "expected one weight for each of 2 cost functions, found 1"},
		{spec: "sum(of=[ram], weights=[-1])", err: `expected an integer from 0 to 1000000000, found "-1"`},
		{spec: `sum(of=[ram, expression(cost="vm.x")])`, err: `expression(cost=vm.x, unit=points, suspend=2, resume=1): column 4: unknown member "x" of vm`},
		{spec: `sum(of=[expression(cost="1e9", suspend=1)], weights=[1000000000])`, err: `VM "vm": a step of it may cost more than 144115188075855871`},
	} {
		got, err := costs.Bind(catalogue.Standard(), in, spec.MustParse(c.spec))
		switch {
		case c.err != "":
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s:\nfound    %v\nexpected … %s …", c.spec, err, c.err)
			}
		case err != nil || got.String() != c.text || got.Unit() != c.unit:
			t.Errorf("%s: expected %s in %s, found %v, %v", c.spec, c.text, c.unit, got, err)
		}
	}
}

// What is added up for one VM may not fit in 64 bits, though each part does.
func TestPartsOfASumOverflow(t *testing.T) {
	in := racks(t, 10)
	in.VMs[0].Demand[0] = 5e16
	if _, err := costs.Bind(catalogue.Standard(), in, spec.MustParse("ram")); err != nil {
		t.Fatal(err)
	}
	_, err := costs.Bind(catalogue.Standard(), in, spec.MustParse("sum(of=[ram, ram])"))
	if want := `VM "vm": a step of it may cost more than 144115188075855871`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("found %v, expected … %s …", err, want)
	}
}

// Ten thousand VMs may each be costly, and their sum must not overflow.
func TestCostsOfAllOverflow(t *testing.T) {
	in := racks(t, 10)
	for range 10_000 {
		in.VMs = append(in.VMs, in.VMs[0])
	}
	_, err := costs.Bind(catalogue.Standard(), in, spec.MustParse(`expression(cost="1e14")`))
	if want := "the costliest steps of all VMs add up to more than 144115188075855871"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("found %v, expected … %s …", err, want)
	}
}

func TestNetworkIsBlindToDistance(t *testing.T) {
	in := racks(t, 10)
	in.Hosts[1].Rack = "c" // a, c and b, of which the first two share a zone
	in.Hosts = append(in.Hosts, cloud.Host{Name: "h3", Rack: "a", Zone: "z", Capacity: []int64{10}, Reserved: []int64{0}})
	in.Hosts = append(in.Hosts, in.Hosts[0])
	for _, c := range []struct {
		spec                      string
		same, zone, far, namesake int64 // from h0 to: its rack, its zone, another zone, a rack of the same name there
	}{
		{"network", 10, 30, 50, 50},
		{"network(rack=0, zone=1, beyond=7)", 0, 10, 70, 70},
	} {
		got, err := costs.Bind(catalogue.Standard(), in, spec.MustParse(c.spec))
		if err != nil {
			t.Fatal(err)
		}
		for _, way := range []struct {
			to   cloud.HostID
			want int64
		}{{4, c.same}, {1, c.zone}, {2, c.far}, {3, c.namesake}} {
			if cost := got.Migrate(0, 0, way.to); cost != way.want || cost != got.Migrate(0, way.to, 0) {
				t.Errorf("%s: from h0 to host %d: expected %d, found %d, and %d back", c.spec, way.to, way.want, cost, got.Migrate(0, way.to, 0))
			}
		}
	}
}
