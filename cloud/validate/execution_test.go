package validate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// what happens to a step, at a time.
func at(t int64, what drivers.What, r drivers.Request) drivers.LogEntry {
	return drivers.LogEntry{At: t, What: what, Request: r}
}

func TestJudgeOverlooksAFaultOfAnExecution(t *testing.T) {
	ask := func(id int64, a cloud.Action, vm, from, to string) drivers.Request {
		return drivers.Request{ID: id, Action: a, VM: vm, From: from, To: to}
	}
	// Hosts have room for 10. x (6) and y (6) change places by way of h3; z (3) is on h3.
	in := &cloud.Instance{
		Name: "swap", Resources: []cloud.Resource{{Name: "ram"}},
		Hosts: []cloud.Host{{Name: "h1", Capacity: []int64{10}, Reserved: []int64{0}}, {Name: "h2", Capacity: []int64{10}, Reserved: []int64{0}}, {Name: "h3", Capacity: []int64{10}, Reserved: []int64{0}}},
		VMs: []cloud.VM{
			{Name: "x", Demand: []int64{6}}, {Name: "y", Demand: []int64{6}}, {Name: "z", Demand: []int64{3}}, {Name: "down", Demand: []int64{5}},
		},
		Initial: cloud.Placement{0, 1, 2, cloud.Absent}, Target: cloud.Placement{1, 0, 2, 0},
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	x1, y, x2 := ask(1, cloud.Migrate, "x", "h1", "h3"), ask(2, cloud.Migrate, "y", "h2", "h1"), ask(3, cloud.Migrate, "x", "h3", "h2")
	good := []drivers.LogEntry{
		at(0, drivers.Accepted, x1), at(5, drivers.Failed, x1), at(5, drivers.Refused, y), at(9, drivers.Accepted, ask(5, cloud.Migrate, "x", "h1", "h3")),
		at(20, drivers.Ended, ask(5, cloud.Migrate, "x", "h1", "h3")), at(20, drivers.Accepted, ask(6, cloud.Migrate, "y", "h2", "h1")),
		at(30, drivers.Ended, ask(6, cloud.Migrate, "y", "h2", "h1")), at(31, drivers.Accepted, x2), at(40, drivers.Ended, x2),
	}
	died := func(t int64, host string) drivers.LogEntry { return at(t, drivers.Died, drivers.Request{From: host}) }
	for name, c := range map[string]struct {
		log  []drivers.LogEntry
		want []string
	}{
		"nothing":       {nil, nil},
		"nothing wrong": {good, nil},
		"no room, while x is still there": {[]drivers.LogEntry{at(0, drivers.Accepted, x1), at(1, drivers.Accepted, y), at(2, drivers.Ended, x1), at(3, drivers.Ended, y)}, []string{
			`capacity: at 1 ms, migration of VM "y" to "h1" (request 2): host "h1" holds`,
		}},
		"no room, for x is there again": {[]drivers.LogEntry{at(0, drivers.Accepted, x1), at(1, drivers.Aborted, x1), at(2, drivers.Accepted, y), at(3, drivers.Ended, y)}, []string{
			`capacity: at 2 ms, migration of VM "y"`,
		}},
		"twice":                 {[]drivers.LogEntry{at(0, drivers.Accepted, x1), at(1, drivers.Accepted, ask(7, cloud.Migrate, "x", "h1", "h2")), at(2, drivers.Ended, x1)}, []string{"it was started twice: its VM is under way"}},
		"twice, one by one":     {[]drivers.LogEntry{at(0, drivers.Accepted, x1), at(1, drivers.Failed, x1), at(2, drivers.Accepted, x1), at(3, drivers.Failed, x1)}, []string{"(request 1): it was started twice"}},
		"asked twice":           {[]drivers.LogEntry{at(0, drivers.Accepted, x1), at(1, drivers.Twice, y), at(2, drivers.Ended, x1)}, []string{"its VM was asked to go while it was under way"}},
		"from elsewhere":        {[]drivers.LogEntry{at(0, drivers.Accepted, x2), at(1, drivers.Failed, x2)}, []string{"its VM stands elsewhere", `host "h2" holds`}},
		"no VM":                 {[]drivers.LogEntry{at(0, drivers.Accepted, ask(1, cloud.Migrate, "w", "h1", "h2"))}, []string{"its VM is none of the instance"}},
		"never over":            {[]drivers.LogEntry{at(0, drivers.Accepted, x1)}, []string{"it is under way in the end"}},
		"over, and never begun": {[]drivers.LogEntry{at(0, drivers.Ended, x1)}, []string{"it is over, and was not under way"}},
		"a dead end":            {[]drivers.LogEntry{died(0, "h3"), at(1, drivers.Accepted, x1), at(2, drivers.Failed, x1)}, []string{"a host is dead"}},
		"from the dead":         {[]drivers.LogEntry{died(0, "h1"), at(1, drivers.Accepted, x1), at(2, drivers.Failed, x1)}, []string{"a host is dead"}},
		"a host dies":           {[]drivers.LogEntry{at(0, drivers.Accepted, x1), died(1, "h1"), at(1, drivers.Failed, x1), at(2, drivers.Accepted, ask(2, cloud.Provision, "x", "", "h3")), at(3, drivers.Ended, ask(2, cloud.Provision, "x", "", "h3"))}, nil},
		"provisions side by side": {[]drivers.LogEntry{died(1, "h1"), at(2, drivers.Accepted, ask(2, cloud.Provision, "x", "", "h3")), at(2, drivers.Accepted, ask(4, cloud.Provision, "down", "", "h3")), at(3, drivers.Ended, ask(2, cloud.Provision, "x", "", "h3")), at(3, drivers.Ended, ask(4, cloud.Provision, "down", "", "h3"))}, []string{
			`(request 2): host "h3" holds`, `(request 4): host "h3" holds`,
		}},
		"a stranger takes the room": {slices.Concat(good[:2], []drivers.LogEntry{at(6, drivers.Arrived, drivers.Request{VM: "stranger", To: "h3"})}, good[3:]), []string{
			`capacity: at 9 ms, migration of VM "x" to "h3" (request 5)`,
		}},
		"what a stranger broke does not count": {[]drivers.LogEntry{at(0, drivers.Arrived, drivers.Request{VM: "stranger", To: "h1"}), at(1, drivers.Accepted, x1), at(2, drivers.Ended, x1)}, nil},
		"what breaks again": {[]drivers.LogEntry{at(0, drivers.Arrived, drivers.Request{VM: "stranger", To: "h1"}), at(1, drivers.Accepted, x1), at(2, drivers.Ended, x1), at(3, drivers.Accepted, y), at(4, drivers.Ended, y)}, []string{
			`(request 2): host "h1"`,
		}},
	} {
		cat := catalogue.Standard()
		cost, err := costs.Bind(cat, in, spec.Named("count"))
		if err != nil {
			t.Fatal(err)
		}
		bind := func(in *cloud.Instance) ([]cloud.Rule, error) { return rules.Bind(cat, in, nil) }
		got, err := validate.Execution(in, []cloud.VM{{Name: "stranger", Demand: []int64{5}}}, bind, cost, c.log)
		if err != nil {
			t.Fatal(err)
		}
		ok := len(got.Findings) == len(c.want)
		for i := range min(len(got.Findings), len(c.want)) {
			ok = ok && strings.Contains(got.Findings[i].String(), c.want[i])
		}
		if !ok {
			t.Errorf("%s: %q\nexpected %q", name, got.Findings, c.want)
		}
		if name == "nothing wrong" && (got.Cost != 4 || got.Steps != 4 || got.Ends != 3 || got.Failures != 1 || got.Refusals != 1 || got.Makespan != 40 || !got.Final.Equal(cloud.Placement{1, 0, 2, cloud.Absent, cloud.Absent})) {
			t.Errorf("%+v", got)
		}
	}
}
