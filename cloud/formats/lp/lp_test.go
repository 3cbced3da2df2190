package lp_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/gentest"
	"github.com/cloudrearrange/rearrange/cloud/formats/lp"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// some is an instance of three hosts and three VMs, of which one stands nowhere.
func some(t *testing.T, rules ...string) *cloud.Instance {
	t.Helper()
	in := &cloud.Instance{
		Name: "some", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}},
		Hosts: []cloud.Host{
			{Name: "a", Capacity: []int64{80}, Reserved: []int64{10}, Rack: "r1"},
			{Name: "b", Capacity: []int64{50}, Reserved: []int64{0}, Rack: "r1"},
			{Name: "c", Capacity: []int64{100}, Reserved: []int64{0}, Rack: "r2"},
		},
		VMs:     []cloud.VM{{Name: "u", Demand: []int64{60}}, {Name: "v", Demand: []int64{40}}, {Name: "w", Demand: []int64{20}}},
		Groups:  []cloud.Group{{Name: "g", VMs: []cloud.VMID{0, 1}}, {Name: "one", VMs: []cloud.VMID{1}}},
		Initial: cloud.Placement{0, 1, cloud.Absent},
	}
	for _, text := range rules {
		in.Rules = append(in.Rules, spec.MustParse(text))
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return in
}

// export writes an instance, and joins the list of what is lost.
func export(in *cloud.Instance, format string) (program, lost string, err error) {
	catalogue := gentest.Catalogue().With(formats.Exporters(lp.Exporter()))
	files, list, err := formats.Export(catalogue, spec.MustParse(format), in)
	if err != nil {
		return "", "", err
	}
	return string(files[0].Data), strings.Join(list, "; "), nil
}

// The file is what people look at when a solver finds fault with it. VM 0 does not fit on host 1.
func TestAProgramIsAsDocumented(t *testing.T) {
	got, lost, err := export(some(t, "capacity", "spread(group=g, min=2, by=rack)", "interference(group=one, with=g, max=1)"), "lp(clear=[a])")
	if err != nil || lost != "" {
		t.Fatal(err, lost)
	}
	if diff := cmp.Diff(`\ some: the choice of a target
\ minimises 6 times the objective hosts in hosts, plus the cost ram in 20 MiB
\ x3_7 is 1 if VM 3 stands on host 7, both counted from 0
\ c0: capacity, ram in MiB, one unit is 20
\ c1: max-vms(max=0, hosts=[a], continuous=yes), one unit is 1
\ r0: spread by rack
\ r1: interference by host
Minimize
 obj: + 6 y0 + 6 y1 + 6 y2 + 3 x0_2 + 2 x1_2
Subject To
 v0: + x0_2 = 1
 v1: + x1_1 + x1_2 = 1
 c0_1: + 2 x1_1 - 2 y1 <= 0
 c0_2: + 3 x0_2 + 2 x1_2 - 5 y2 <= 0
 c1_1: + x1_1 - y1 <= 0
 c1_2: + x0_2 + x1_2 - 2 y2 <= 0
 u1: + x1_1 - y1 <= 0
 u2: + x0_2 + x1_2 - 2 y2 <= 0
 r0_0: + z0_0 - x1_1 <= 0
 r0_1: + z0_1 - x0_2 - x1_2 <= 0
 r0: + z0_0 + z0_1 >= 2
 r1_0_2: + x1_2 - z1_2 <= 0
 r1_2: + x0_2 + x1_2 + z1_2 <= 2
Bounds
 0 <= z0_0 <= 1
 0 <= z0_1 <= 1
 0 <= z1_2 <= 1
Binaries
 y0
 y1
 y2
 x0_2
 x1_1
 x1_2
End
`, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got, _, err = export(some(t), "lp(objective=load, minimise=cost, at-most=900000, absent=place)")
	for _, part := range []string{
		"\\ minimises cost ram in 20 MiB, with the objective load in millionths at most 900,000\n", " l0_0: + 3 x0_0 + 2 x1_0 + x2_0 - 0.0000035 peak <= 0\n",
		" 0 <= peak <= 900000\nGenerals\n peak\n", " obj: + 3 x0_2 + 2 x1_0 + 2 x1_2\n",
	} {
		if err != nil || !strings.Contains(got, part) {
			t.Errorf("expected %q in (%v)\n%s", part, err, got)
		}
	}
}

func TestWhatCannotBeExpressedIsRefused(t *testing.T) {
	const expression = `expression(test="vms <= 2")`
	for _, c := range []struct{ format, rule, want string }{
		{"lp(objective=load(measure=stddev))", "capacity", "the objective load(measure=stddev) cannot be expressed: only hosts, and the peak of load without weights, can"},
		{"lp(objective=load(weights.ram=1))", "capacity", "the objective load(weights.ram=1) cannot be expressed: only hosts, and the peak of load without weights, can"},
		{"lp(objective=locality(group=g))", "capacity", "the objective locality(group=g) cannot be expressed: only hosts, and the peak of load without weights, can"},
		{"lp", expression, "it cannot express the rule " + `expression(test="vms <= 2", continuous=yes)` + "; partial=yes leaves out what it cannot express, and answers may then break that"},
		{"lp(clear=[x])", "capacity", `clear: rule max-vms(max=0, hosts=[x]): unknown host "x", did you mean "a"?`},
		{"lp(clear=[a, c])", "capacity", `no target exists: there is no host where VM "u" may stand`},
	} {
		_, _, err := export(some(t, c.rule), c.format)
		want := `instance "some" cannot be exported as `
		if err == nil || !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s under %s:\n got %v\nwant %s", c.format, c.rule, err, c.want)
		}
	}
	if _, lost, err := export(some(t, expression), "lp(partial=yes)"); err != nil || lost != `rule expression(test="vms <= 2", continuous=yes)` {
		t.Errorf("lost %q, %v", lost, err)
	}
	if _, _, err := export(some(t, "capacity"), "lp(objective=load(measure=stddev), minimise=cost)"); err != nil {
		t.Errorf("an objective that is not asked for: %v", err)
	}
}

// What would be too large for any solver is named, and found out before it fills the memory.
func TestLargeInstancesAreRefused(t *testing.T) {
	in := gentest.Large(3000, 1500)
	in.Rules = nil
	if _, _, err := export(in, "lp"); err == nil || !strings.Contains(err.Error(), "more than 4,000,000 pairs") {
		t.Errorf("got %v", err)
	}
	in = some(t)
	in.Hosts[2].Capacity[0], in.VMs[0].Demand[0], in.VMs[1].Demand[0] = 1<<55, 1<<52, 1
	if _, _, err := export(in, "lp"); err == nil || !strings.Contains(err.Error(), "cannot be minimised together") {
		t.Errorf("got %v", err)
	}
}
