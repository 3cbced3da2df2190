package rules_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// oneHost is an instance of one host with the given free capacity of "ram".
func oneHost(t *testing.T, capacity, reserved int64) *cloud.Instance {
	t.Helper()
	in := &cloud.Instance{
		Name:      "one",
		Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}},
		Hosts:     []cloud.Host{{Name: "h", Capacity: []int64{capacity}, Reserved: []int64{reserved}, Rack: "r"}},
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return in
}

func TestOvercommitIsRounded(t *testing.T) {
	for _, c := range []struct {
		capacity, reserved int64
		ratio              string
		want               int64 // -1: an error
	}{
		{100, 0, "1", 100},
		{100, 20, "1.5", 120},
		{100, 0, "4/3", 133},
		{3, 0, "1/3", 1},
		{10, 0, "0.1", 1},
		{10, 0, "0", 0},
		{7, 0, "0.9999999999999999999", 6},
		{7, 0, "1.0000000000000000001", 7},
		{49, 0, "1.1", 53}, // 53.9; in floating point 53.900000000000006
		{1000000007, 0, "1.1", 1100000007},
		{10, 0, "1.1", 11},                                         // 11.000000000000002 in floating point
		{100, 0, "0.29", 29},                                       // 28.999999999999996 in floating point
		{math.MaxInt64, 0, "1", math.MaxInt64},                     // not representable in floating point
		{math.MaxInt64, 1, "1", math.MaxInt64 - 1},                 // "
		{math.MaxInt64 / 2, 0, "2", math.MaxInt64 - 1},             // "
		{math.MaxInt64/2 + 1, 0, "2", -1},                          // one too many
		{math.MaxInt64, 0, "1.0000000000000000001", math.MaxInt64}, // by less than one
		{math.MaxInt64, 0, "1.0000000000000000002", -1},            // just too many
		{math.MaxInt64, 0, "0.9999999999999999999", 9223372036854775806},
		{math.MaxInt64, math.MaxInt64, "1000000", 0},
	} {
		in := oneHost(t, c.capacity, c.reserved)
		bound, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{spec.Named("capacity").With("overcommit.ram", c.ratio)})
		if c.want < 0 {
			if err == nil || !strings.Contains(err.Error(), "does not fit in 64 bits") {
				t.Errorf("%d × %s: expected an overflow, found %v", c.capacity, c.ratio, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%d × %s: %v", c.capacity, c.ratio, err)
			continue
		}
		if got := bound[0].(cloud.Limiter).Limit(0, 0); got != c.want {
			t.Errorf("(%d - %d) × %s = %d, found %d", c.capacity, c.reserved, c.ratio, c.want, got)
		}
	}
}

func TestBindingErrorSaysTooLittle(t *testing.T) {
	in := oneHost(t, 10, 0)
	in.Hosts[0].Labels = map[string]string{"disk": "ssd"}
	in.Groups = []cloud.Group{{Name: "web-a"}, {Name: "web-b"}}
	for _, c := range []struct{ spec, want string }{
		{"capcity", `unknown rule "capcity", did you mean "capacity"?`},
		{"quota", `unknown rule "quota"; known are capacity, arch`},
		{"capacity(overcommit.rma=2)", `rule capacity(overcommit.rma=2): unknown resource "rma", did you mean "ram"?`},
		{"capacity(transient=vcpu)", `unknown resource "vcpu"; the instance has ram`},
		{"capacity(overcomit.ram=2)", `unknown parameter "overcomit.ram" of capacity, did you mean "overcommit.ram"?`},
		{"capacity(overcommit=2)", `unknown parameter "overcommit" of capacity, did you mean "overcommit.<key>"?`},
		{"capacity(overcommit.ram=-1)", `parameter "overcommit.ram" of capacity: expected a ratio from 0 to 1000000, found "-1"`},
		{"capacity(overcommit.ram=1e3)", `expected a ratio from 0 to 1000000, found "1e3"`},
		{"capacity(overcommit.ram=1/0)", `expected a ratio from 0 to 1000000, found "1/0"`},
		{"anti-affinity", `anti-affinity needs parameter "group": name of a group`},
		{"anti-affinity(group=wbe-a)", `unknown group "wbe-a", did you mean "web-a"?`},
		{"anti-affinity(group=\"[\")", `group pattern "[": syntax error in pattern`},
		{"anti-affinity(group=web-a, by=rak)", `no host has the label "rak", did you mean "rack"?`},
		{"spread(group=web-a)", `spread needs parameter "min": number of different places at the least`},
		{"spread(group=web-a, min=0)", `expected an integer from 1 to 2147483647 (places), found "0"`},
		{"depends(group=web-*, on=web-a)", `"web-*" stands for 2 groups, expected one`},
		{"depends(group=web-a, on=db)", `unknown group "db"; the instance has web-a, web-b`},
		{"depends(group=web-a, on=web-b, continuous=maybe)", `expected yes or no, found "maybe"`},
		{"fence(hosts=h)", `fence(hosts=h): expected group or vms, to say which VMs it is about`},
		{"fence(group=web-a)", `expected hosts, racks or zones, to say which hosts it is about`},
		{"fence(group=web-c, hosts=h)", `unknown group "web-c", did you mean "web-a"?`},
		{"pin(vms=vm1)", `rule pin(vms=vm1): unknown VM "vm1"`},
		{"maintenance(hosts=hh)", `unknown host "hh", did you mean "h"?`},
		{"maintenance(hosts=[h, x, y])", `unknown host "x", did you mean "h"?`},
		{"quarantine(racks=[q])", `unknown rack "q", did you mean "r"?`},
		{"quarantine(zones=[q])", `unknown zone "q"`},
		{"affinity(group=web-a, by=rak)", `no host has the label "rak", did you mean "rack"?`},
		{"max-per-rack(group=web-a)", `max-per-rack needs parameter "max": number of VMs of the group in one rack at the most`},
		{"max-per-zone(group=web-a, max=0)", `expected an integer from 1 to 2147483647 (VMs), found "0"`},
		{"interference(group=web-a, with=web-q, max=0)", `unknown group "web-q", did you mean "web-a"?`},
		{"max-vms(max=3, hosts=g)", `unknown host "g", did you mean "h"?`},
		{"labels(needs.dsik=ssd)", `no host has the label "dsik", did you mean "disk"?`},
		{"labels(needs.disk=sdd)", `no host has the label "disk" with the value "sdd", did you mean "ssd"?`},
		{"direction(label=dsik, order=[ssd])", `no host has the label "dsik", did you mean "disk"?`},
		{"direction(label=disk, order=[sdd, hdd])", `host "h" has the label disk=ssd, which is not in the order, did you mean "sdd"?`},
		{"direction(label=disk, order=[ssd, ssd])", `the order lists "ssd" twice`},
		{`expression(test="from.zone == host.zone")`, `the test speaks of from or to and of host, used or vms`},
		{`expression(test="from.zone == to.zone && vms < 3")`, `the test speaks of from or to and of host, used or vms`},
		{"labels(keys=[disk])", `no VM has the label "disk"`},
		{"ban(vms=*, hosts=\"[\")", `host pattern "[": syntax error in pattern`},
	} {
		s, err := spec.Parse(c.spec)
		if err != nil {
			t.Fatal(err)
		}
		_, err = rules.Bind(catalogue.Standard(), in, []spec.Spec{s})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\nfound    %v\nexpected … %s …", c.spec, err, c.want)
		}
	}
	in.Rules = []spec.Spec{spec.Named("capacity"), spec.Named("x"), spec.Named("y")}
	_, err := rules.Bind(catalogue.Standard(), in, nil)
	if err == nil || !strings.Contains(err.Error(), "/rules/1: ") || !strings.Contains(err.Error(), "/rules/2: ") {
		t.Errorf("expected both faults with their places, found %v", err)
	}
	in.Rules = []spec.Spec{spec.MustParse("affinity(by=host, max=2)")}
	if _, err = rules.Bind(catalogue.Standard(), in, nil); strings.Count(fmt.Sprint(err), "/rules/0: ") != 2 {
		t.Errorf("expected the place of each of two faults of one rule, found %v", err)
	}
}

// Ten thousands of rules that name a missing group would take minutes to look for similar names.
func TestFaultsHaveNoEnd(t *testing.T) {
	specs := slices.Repeat([]spec.Spec{spec.MustParse("pin(group=none)")}, 100)
	_, err := rules.Bind(catalogue.Standard(), oneHost(t, 1, 0), specs)
	if n := strings.Count(err.Error(), "\n") + 1; n != 21 || !strings.HasSuffix(err.Error(), "looked no further") {
		t.Errorf("expected 20 faults and a last word, found %d lines: %v", n, err)
	}
}

// instance places VMs named by group letters: "a1 a2b3 -" is two VMs in group a…
// one word a VM: its groups' letters, then its host's number, or "-" for none.
func instance(t *testing.T, hosts int, words string) *cloud.Instance {
	t.Helper()
	in := &cloud.Instance{Name: "i", Resources: []cloud.Resource{{Name: "ram"}}}
	for h := range hosts {
		in.Hosts = append(in.Hosts, cloud.Host{
			Name: "h" + string(rune('0'+h)), Capacity: []int64{100}, Reserved: []int64{0},
		})
	}
	groups := map[rune]int{}
	for v, w := range strings.Fields(words) {
		in.VMs = append(in.VMs, cloud.VM{Name: w + "#" + string(rune('0'+v)), Demand: []int64{1}})
		in.Initial = append(in.Initial, cloud.Absent)
		for _, r := range w {
			if r >= '0' && r <= '9' {
				in.Initial[v] = cloud.HostID(r - '0')
				continue
			}
			if r == '-' {
				continue
			}
			g, ok := groups[r]
			if !ok {
				g = len(in.Groups)
				groups[r] = g
				in.Groups = append(in.Groups, cloud.Group{Name: string(r)})
			}
			in.Groups[g].VMs = append(in.Groups[g].VMs, cloud.VMID(v))
		}
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return in
}

// What each rule means, in the cases that its Doc decides. The first VM goes to the
// host.
func TestRuleMeansSomethingElse(t *testing.T) {
	for _, c := range []struct {
		name, rule, vms string
		to              cloud.HostID
		want            bool
	}{
		{"a group stays apart", "anti-affinity(group=a)", "a0 a1", 1, false},
		{"others do not matter", "anti-affinity(group=a)", "a0 b1", 1, true},
		{"spread is kept", "spread(group=a, min=2)", "a0 a1", 1, false},
		{"spread is kept elsewhere", "spread(group=a, min=2)", "a0 a1", 2, true},
		{"the last of a group may leave", "spread(group=a, min=1)", "a0", cloud.Absent, true},
		{"one of two may not leave alone", "spread(group=a, min=2)", "a0 a1", cloud.Absent, false},
		{"one alone may not arrive", "spread(group=a, min=2)", "a-", 0, false},
		{"no service at the target", "depends(group=a, on=b, by=host)", "a0 b0 b1", 2, false},
		{"service at the target", "depends(group=a, on=b, by=host)", "a0 b0 b1", 1, true},
		{"the last server may not leave", "depends(group=a, on=b, by=host)", "b0 a0", 1, false},
		{"one of two servers may leave", "depends(group=a, on=b, by=host)", "b0 b0 a0", 1, true},
		{"who serves itself needs no other", "depends(group=a, on=b, by=host)", "ab0", 1, true},
		{"but does not leave others alone", "depends(group=a, on=b, by=host)", "ab0 a0", 1, false},
		{"a server on its way serves at its source", "depends(group=a, on=b, by=host)", "b0 b0 a0", 2, true},
		{"two that are together part", "affinity(group=a)", "a0 a0", 1, false},
		{"one alone moves", "affinity(group=a)", "a0 a- b0", 1, true},
		{"two that are together move within their place", "affinity(group=a, by=zone)", "a0 a0", 1, true},
		{"one joins the others", "affinity(group=a)", "a- a1 a1", 1, true},
		{"one arrives beside the others", "affinity(group=a)", "a- a1", 0, false},
		{"one of two that are together is suspended", "affinity(group=a)", "a0 a0", cloud.Absent, true},
		{"one too many on a host", "max-per-host(group=a, max=2)", "a0 a1 a1", 1, false},
		{"others on the host do not matter", "max-per-host(group=a, max=2)", "a0 a1 b1 a2", 1, true},
		{"one too many in a rack", "max-per-rack(group=a, max=1)", "a0 a4", 3, false},
		{"within a full rack", "max-per-rack(group=a, max=2)", "a3 a4", 4, true},
		{"one too many in a zone", "max-per-zone(group=a, max=1)", "a- a0", 1, false},
		{"one too many beside", "interference(group=a, with=b, max=1)", "b0 a1 b1", 1, false},
		{"beside too many", "interference(group=a, with=b, max=1)", "a0 b1 b1", 1, false},
		{"not too many beside", "interference(group=a, with=b, max=2)", "b0 a1 b1", 1, true},
		{"nobody is disturbed", "interference(group=a, with=b, max=0)", "b0 b1 b1 a0 a2", 1, true},
		{"the converse is not said", "interference(group=b, with=a, max=1)", "b0 a1 b1", 1, true},
		{"one further of its own", "interference(group=a, with=a, max=1)", "a0 a1 a0", 1, true},
		{"two further of its own", "interference(group=a, with=a, max=1)", "a0 a1 a1", 1, false},
		{"one VM too many", "max-vms(max=2)", "a0 b1 c1", 1, false},
		{"room for one VM", "max-vms(max=2)", "a0 b1", 1, true},
		{"a host without a bound", "max-vms(max=2, hosts=[h0, h2])", "a0 b1 c1", 1, true},
		{"carries the label", "labels(needs.disk=ssd, vms=a*)", "a0", 2, true},
		{"carries another value", "labels(needs.disk=ssd, vms=a*)", "a0", 3, false},
		{"carries no label", "labels(needs.disk=ssd, vms=a*)", "a0", 1, false},
		{"inside the fence", "fence(group=a, hosts=[h0, h1])", "a0", 1, true},
		{"outside the fence", "fence(group=a, hosts=[h0, h1])", "a0", 2, false},
		{"off every host", "fence(group=a, hosts=h0)", "a0", cloud.Absent, true},
		{"somebody else's fence", "fence(group=a, hosts=h0)", "b0 a0", 2, true},
		{"banned", "ban(vms=\"a0#*\", hosts=h2)", "a0", 2, false},
		{"not banned from there", "ban(group=a, hosts=h2)", "a0", 1, true},
		{"pinned", "pin(group=a)", "a0", 1, false},
		{"nowhere to be pinned to", "pin(group=a)", "a-", 1, true},
		{"into the quarantine", "quarantine(hosts=h1)", "a0", 1, false},
		{"out of the quarantine", "quarantine(hosts=h0)", "a0", 1, false},
		{"within the quarantine", "quarantine(hosts=[h0, h1])", "a0", 1, false},
		{"past the quarantine", "quarantine(hosts=h1)", "a0", 2, true},
		{"into maintenance", "maintenance(hosts=h1)", "a0", 1, false},
		{"out of maintenance", "maintenance(hosts=h0)", "a0", 1, true},
		{"from one maintenance to another", "maintenance(hosts=[h0, h1])", "a0", 1, false},
		{"to a newer host", "direction(label=disk, order=[ssd, hdd])", "a0", 3, true},
		{"to an older host", "direction(label=disk, order=[hdd, ssd])", "a0", 3, false},
		{"to an equal host", "direction(label=disk, order=[hdd, ssd])", "a0", 2, true},
		{"to a host without the label", "direction(label=disk, order=[hdd, ssd])", "a0", 1, true},
		{"from a host without the label", "direction(label=disk, order=[ssd, hdd])", "a1", 0, true},
		{"another VM goes back", "direction(label=disk, order=[hdd, ssd], group=b)", "a0 b0", 3, true},
		{"ends back in the order", "direction(label=disk, order=[hdd, ssd], continuous=no)", "a0", 3, true},
		{"between zones", `expression(test="from.zone == to.zone")`, "a0", 3, false},
		{"within a zone", `expression(test="from.zone == to.zone")`, "a0", 1, true},
		{"a VM of its own test", `expression(test="from.zone == to.zone || 'a' in vm.groups")`, "a0", 3, true},
		{"resumes in maintenance", "maintenance(hosts=h1)", "a-", 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := instance(t, 5, c.vms)
			for h, host := range []cloud.Host{
				{Labels: map[string]string{"disk": "ssd"}},
				{},
				{Labels: map[string]string{"disk": "ssd", "gpu": "a"}},
				{Rack: "r", Zone: "z", Labels: map[string]string{"disk": "hdd"}},
				{Rack: "r", Zone: "z"},
			} {
				in.Hosts[h].Rack, in.Hosts[h].Zone, in.Hosts[h].Labels = host.Rack, host.Zone, host.Labels
			}
			bound, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{spec.MustParse(c.rule)})
			if err != nil {
				t.Fatal(err)
			}
			if got := cloud.NewState(in, bound, in.Initial).Allows(0, c.to); got != c.want {
				t.Errorf("%s, %s: may %s go to %d? found %v", c.rule, c.vms, in.VMs[0].Name, c.to, got)
			}
		})
	}
}

// A VM asks for its own labels, and the reader of a plan is told which one is missing.
func TestLabelsAreNotCompared(t *testing.T) {
	in := instance(t, 4, "a0 b-")
	in.VMs[0].Labels = map[string]string{"disk": "ssd", "app": "web"}
	in.Hosts[0].Labels = map[string]string{"disk": "ssd", "app": "web", "gpu": "none"}
	in.Hosts[1].Labels = map[string]string{"disk": "ssd"}
	in.Hosts[2].Labels = map[string]string{"disk": "hdd", "app": "web"}
	for _, c := range []struct {
		rule string
		want []bool // by host, for the first VM
		msg  string // on the last host
	}{
		{"labels", []bool{true, false, false, false}, `VM "a0#0" asks for the label app=web and stands on host "h3", which does not have it`},
		{"labels(keys=disk)", []bool{true, true, false, false}, `asks for the label disk=ssd and stands`},
		{"labels(keys=disk, needs.gpu=none)", []bool{true, false, false, false}, `the label disk=ssd`},
		{"labels(keys=disk, needs.disk=hdd)", []bool{false, false, false, false}, `the label disk=hdd`},
	} {
		bound, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{spec.MustParse(c.rule)})
		if err != nil || len(bound) != 1 {
			t.Fatalf("%s: found %v, %v", c.rule, bound, err)
		}
		for h, want := range c.want {
			if got := bound[0].(cloud.HostFilter).Admits(0, cloud.HostID(h)); got != want {
				t.Errorf("%s: may the VM stand on h%d? found %v", c.rule, h, got)
			}
		}
		found := bound[0].Violations(still(cloud.Placement{3, cloud.Absent}), nil)
		if len(found) == 0 || !strings.Contains(found[0].Msg, c.msg) {
			t.Errorf("%s: expected … %s …, found %v", c.rule, c.msg, found)
		}
	}
}

// A group without VMs once made its rule watch all of them.
func TestEmptyGroupForbidsEverything(t *testing.T) {
	in := instance(t, 2, "a0")
	in.Groups = append(in.Groups, cloud.Group{Name: "none"})
	bound, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{
		spec.MustParse("spread(group=none, min=2)"), spec.MustParse("depends(group=none, on=none)"),
		spec.MustParse("anti-affinity(group=none)"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if !cloud.NewState(in, bound, in.Initial).Allows(0, 1) {
		t.Error("an empty group's rule refuses a VM that is not of the group")
	}
}

// A group whose name looks like a pattern can be named.
func TestPatternShadowsName(t *testing.T) {
	in := instance(t, 2, "a0 a1")
	in.Groups = append(in.Groups, cloud.Group{Name: "*", VMs: []cloud.VMID{0}})
	bound, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{spec.MustParse("spread(group=*, min=1)")})
	if err != nil || len(bound) != 1 {
		t.Fatalf("found %v, %v", bound, err)
	}
}

// A name that looks like a pattern is a name, and what the instance's index does not know
// yet is found all the same.
func TestSelectionMissesAName(t *testing.T) {
	in := &cloud.Instance{
		Hosts: []cloud.Host{
			{Name: "h1", Rack: "r1", Zone: "z"}, {Name: "h?", Rack: "r2"}, {Name: "h2", Rack: "r1", Zone: "y"}, {Name: "x"},
		},
		VMs:     []cloud.VM{{Name: "vm"}},
		Initial: cloud.Placement{cloud.Absent},
	}
	for range 2 { // before and after the indexes are built
		for _, c := range []struct {
			by   string
			want []int
		}{
			{"hosts=h1", []int{0}},
			{"hosts=h?", []int{1}},
			{"hosts=[h*, h1]", []int{0, 1, 2}},
			{"hosts=[x, y*]", []int{3}},
			{"hosts=y*", nil},
			{"racks=r1", []int{0, 2}},
			{"racks=*", []int{0, 1, 2}},
			{"zones=[y, z], hosts=x", []int{0, 2, 3}},
		} {
			bound, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{spec.MustParse("fence(vms=vm, " + c.by + ")")})
			if err != nil || len(bound) != 1 {
				t.Fatalf("%s: found %v, %v", c.by, bound, err)
			}
			var got []int
			for h := range in.Hosts {
				if bound[0].(cloud.HostFilter).Admits(0, cloud.HostID(h)) {
					got = append(got, h)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: expected hosts %v, found %v", c.by, c.want, got)
			}
		}
		for h := range in.Hosts {
			in.Hosts[h].Capacity, in.Hosts[h].Reserved = []int64{1}, []int64{0}
		}
		in.Name, in.Resources, in.VMs[0].Demand = "i", []cloud.Resource{{Name: "ram"}}, []int64{1}
		if err := in.Check(); err != nil {
			t.Fatal(err)
		}
	}
}

// Generators bind rules before VMs are placed: nobody stands anywhere then.
func TestRulesNeedAnInitialPlacement(t *testing.T) {
	in := instance(t, 2, "a0 a1")
	in.Initial = nil
	bound, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{
		spec.MustParse("pin(group=a)"), spec.MustParse("quarantine(hosts=h0)"), spec.MustParse("maintenance(hosts=h0)"),
	})
	if err != nil || len(bound) != 2 {
		t.Fatalf("expected a quarantine and a maintenance, found %v, %v", bound, err)
	}
	for _, r := range bound {
		if f := r.(cloud.HostFilter); f.Admits(0, 0) || !f.Admits(0, 1) {
			t.Errorf("%s takes VMs that do not stand there", r)
		}
	}
}

// Backwards, only who stood on a host in maintenance initially may step back in, and
// nobody steps out.
func TestMaintenanceWalkedBackwardsIsTheSame(t *testing.T) {
	in := instance(t, 3, "a0 b1")
	bound, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{spec.MustParse("maintenance(hosts=h0)")})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		place cloud.Placement
		vm    cloud.VMID
		to    cloud.HostID
		want  bool
	}{
		{"back where it began", cloud.Placement{1, 1}, 0, 0, true},
		{"back where another began", cloud.Placement{0, 1}, 1, 0, false},
		{"out of maintenance", cloud.Placement{0, 1}, 0, 1, false},
		{"elsewhere", cloud.Placement{0, 1}, 1, 2, true},
	} {
		if got := cloud.NewState(in, cloud.Reversed(bound), c.place).Allows(c.vm, c.to); got != c.want {
			t.Errorf("%s: expected %v, found %v", c.name, c.want, got)
		}
	}
}

func TestSpecsForgetTheirOrderOfPrecedence(t *testing.T) {
	in := oneHost(t, 1, 0)
	given, own := []spec.Spec{spec.Named("arch")}, []spec.Spec{spec.Named("capacity")}
	if got := rules.Specs(in, nil); len(got) != 2 {
		t.Errorf("no rules named: expected the default ones, found %v", got)
	}
	in.Rules = []spec.Spec{}
	if got := rules.Specs(in, nil); len(got) != 0 {
		t.Errorf("an empty list: expected no rules, found %v", got)
	}
	in.Rules = own
	if got := rules.Specs(in, nil); !got[0].Equal(own[0]) {
		t.Errorf("expected the instance's own, found %v", got)
	}
	if got := rules.Specs(in, given); !got[0].Equal(given[0]) {
		t.Errorf("expected the given ones, found %v", got)
	}
}

// A suspended VM resumes on its target: where it may not migrate there it must not be
// suspended, or the way over nowhere would lead back.
func TestSuspendsLeadBack(t *testing.T) {
	for _, c := range []struct {
		rule       string
		target, at cloud.HostID
		want       bool
	}{
		{"direction(label=gen, order=[old, new])", 1, 0, true},
		{"direction(label=gen, order=[old, new])", 0, 1, false},
		{"direction(label=gen, order=[old, new])", 1, 1, true},
		{"direction(label=gen, order=[old, new])", 0, 2, true},
		{`expression(test="from.name == 'h0'")`, 1, 0, true},
		{`expression(test="from.name == 'h0'")`, 1, 2, false},
		{`expression(test="from.name == 'h0'")`, 1, 1, true},
	} {
		in := instance(t, 3, "a0")
		in.Hosts[0].Labels, in.Hosts[1].Labels = map[string]string{"gen": "old"}, map[string]string{"gen": "new"}
		in.Target = cloud.Placement{c.target}
		bound, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{spec.MustParse(c.rule)})
		if err != nil {
			t.Fatal(err)
		}
		if got := cloud.NewState(in, bound, cloud.Placement{c.at}).Allows(0, cloud.Absent); got != c.want {
			t.Errorf("%s: suspended on h%d, bound for h%d: expected %v, found %v", c.rule, c.at, c.target, c.want, got)
		}
		if !cloud.NewState(in, bound, cloud.Placement{cloud.Absent}).Allows(0, c.target) {
			t.Errorf("%s: the VM may not resume", c.rule)
		}
	}
}
