package pddl

import (
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
)

func cloudOf(t testing.TB) *cloud.Instance {
	in := &cloud.Instance{
		Name: "c", Resources: []cloud.Resource{{Name: "ram"}},
		Hosts: []cloud.Host{
			{Name: "Host A", Capacity: []int64{9}, Reserved: []int64{0}},
			{Name: "host_b", Capacity: []int64{9}, Reserved: []int64{0}},
		},
		VMs:     []cloud.VM{{Name: "web.1", Demand: []int64{1}}, {Name: "日本", Demand: []int64{1}}},
		Initial: cloud.Placement{0, 1},
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return in
}

// Whatever planners print around the same actions, the same migrations must be read.
func TestPlansOfAllPlannersAreRead(t *testing.T) {
	in := cloudOf(t)
	want := []cloud.Change{{VM: 0, From: 0, To: 1}, {VM: 1, From: 1, To: cloud.Absent}, {VM: 1, From: cloud.Absent, To: 0}}
	for name, text := range map[string]string{
		"Fast Downward": "(begin v0-web-1 h0-host-a c0-ram)\n(release v0-web-1 h0-host-a c0-ram none h0-host-a n0 n1 n1)\n" +
			"(migrate v0-web-1 h0-host-a h1-host_b)\n(suspend v1--- h1-host_b)\n(wake v1--- h0-host-a none)\n(resume v1--- h0-host-a)\n; cost = 3 (general cost)\n",
		"ENHSP":    "0.0: (migrate v0-web-1 h0-host-a h1-host_b)\n1.0: (suspend v1--- h1-host_b)\n2.0: (resume v1--- h0-host-a)",
		"temporal": "0.00: (MIGRATE V0-WEB-1 H0-HOST-A H1-HOST_B) [1.000]\r\n1: ( suspend v1--- h1-host_b )[1]\r\n\r\n2: (resume v1--- h0-host-a) ; last\r\n",
		"MiniZinc": "(suspend v1--- h1-host_b)\n; cost = 9\n----------\n" +
			"(migrate v0-web-1 h0-host-a h1-host_b)\n(suspend v1--- h1-host_b)\n(resume v1--- h0-host-a)\n----------\n==========\n",
	} {
		got, err := planReader{}.ReadPlan(in, "plan", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !slices.Equal(got.Migrations, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

// Where nothing has to move, the last and best plan has no action.
func TestTheLastPlanMayBeEmpty(t *testing.T) {
	const moves = "(migrate v0-web-1 h0-host-a h1-host_b)\n(migrate v0-web-1 h1-host_b h0-host-a)\n; cost = 2\n----------\n"
	for text, want := range map[string]int{
		moves + "==========\n":                                    2,
		moves + "; cost = 0\n----------\n==========\n":            0,
		"; cost = 0\n----------\n" + moves:                        2,
		moves + "; cost = 0\n----------\n" + moves + "==========": 2,
	} {
		if got, err := (planReader{}).ReadPlan(cloudOf(t), "plan", []byte(text)); err != nil || len(got.Migrations) != want {
			t.Errorf("%q: got %v, %v, want %d migrations", text, got, err, want)
		}
	}
}

// A plan that cannot be read must say where and why.
func TestFaultyPlansNameTheirLine(t *testing.T) {
	in := cloudOf(t)
	for text, want := range map[string]string{
		"\n(migrate v0-web-1 h0-host-a)\n":             `plan:2: expected (migrate VM HOST HOST), found 2 arguments`,
		"(migrat v0-web-1 h0-host-a h1-host_b)":        `plan:1: unknown action "migrat", did you mean "migrate"?`,
		"(fly v0-web-1)":                               `plan:1: unknown action "fly"; known are migrate, suspend, resume`,
		"()":                                           `plan:1: expected an action, found empty parentheses`,
		"migrate v0-web-1":                             `plan:1: expected an action such as (migrate v0-vm1 h0-host1 h1-host2), found "migrate v0-web-1"`,
		"(migrate v0-web-2 h0-host-a h1-host_b)":       `plan:1: unknown VM "v0-web-2", did you mean "v0-web-1"? The plan may have been made for another instance`,
		"; x\n(migrate v2-web-2 h0-host-a h1-host_b)":  `plan:2: unknown VM "v2-web-2": expected a name such as v0-…, as the export gives them`,
		"(suspend v0-web-1 v0-web-1)":                  `plan:1: unknown host "v0-web-1": expected a name such as h0-…, as the export gives them`,
		"=====UNSATISFIABLE=====":                      `plan:1: the solver found no plan: it answers "UNSATISFIABLE"`,
		"(migrate v0-web-1 h0-host-a h1-host_b) [1] x": `plan:1: expected an action such as (migrate v0-vm1 h0-host1 h1-host2), found "(migrate v0-web-1 h0-host-a h1-host_b) [1] x"`,
	} {
		if _, err := (planReader{}).ReadPlan(in, "plan", []byte(text)); err == nil || err.Error() != want {
			t.Errorf("%q:\ngot  %v\nwant %s", text, err, want)
		}
	}
}

// No text may break the reader, and what it accepts names VMs and hosts that exist.
func FuzzPlan(f *testing.F) {
	f.Add("0.0: (migrate v0-web-1 h0-host-a h1-host_b) [1]\n(suspend v1--- h1-host_b)\n; cost = 1\n----------\n")
	f.Add("=====UNKNOWN=====")
	f.Add("(resume v99999999999999999999 h0)")
	in := cloudOf(f)
	f.Fuzz(func(t *testing.T, text string) {
		plan, err := planReader{}.ReadPlan(in, "plan", []byte(text))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "plan:") {
				t.Errorf("the error names no line: %v", err)
			}
			return
		}
		for _, c := range plan.Migrations {
			if c.VM < 0 || int(c.VM) >= len(in.VMs) || c.From < cloud.Absent || int(c.From) >= len(in.Hosts) ||
				c.To < cloud.Absent || int(c.To) >= len(in.Hosts) || c.From == cloud.Absent && c.To == cloud.Absent {
				t.Errorf("%q reads as %v", text, c)
			}
		}
	})
}
