package btrplace

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
)

func small(t testing.TB) *cloud.Instance {
	t.Helper()
	in, err := importer{ignore: []string{"seq"}}.Import([]string{"testdata/small.json"})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestHostsAndVMsOfTheFixture(t *testing.T) {
	in := small(t)
	hosts := []cloud.Host{
		{
			Name: "node2", Capacity: []int64{16, 6}, Rack: "switch0", NICMbps: 1000, Switch: "switch0", // 4 CPUs, overbooked by half
			Labels: map[string]string{"boot": "120", "disk": "ssd", "btrplace.among0": "0"},
		},
		{Name: "node3", Capacity: []int64{16, 4}, Rack: "switch0", NICMbps: 1000, Switch: "switch0", Labels: map[string]string{"btrplace.among0": "0"}},
		{Name: "node4", Capacity: []int64{16, 4}, Rack: "switch1", NICMbps: 10000, Switch: "switch1"},
		{Name: "node5", Capacity: []int64{16, 4}, Labels: map[string]string{labelOffline: "yes"}},
		{Name: "node10", Capacity: []int64{32, 4}, Labels: map[string]string{"btrplace.among0": "1"}},
	}
	for i := range hosts {
		hosts[i].Reserved = []int64{0, 0}
	}
	if diff := cmp.Diff(hosts, in.Hosts); diff != "" {
		t.Errorf("hosts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]cloud.Switch{{Name: "switch0", Up: "switch1", UpMbps: 20000}, {Name: "switch1", Mbps: 40000}}, in.Switches); diff != "" {
		t.Errorf("switches (-want +got):\n%s", diff)
	}
	vm0 := cloud.VM{
		Name: "vm0", Demand: []int64{2, 1}, WorkingSetMiB: 96 * mibPerMB, DirtyMiBPerS: new(51 * mibPerMB),
		Labels: map[string]string{"memUsed": "2000", "hotDirtySize": "96", "hotDirtyDuration": "2", "coldDirtyRate": "3.0", "clone": "true"},
	}
	if diff := cmp.Diff(vm0, in.VMs[0]); diff != "" {
		t.Errorf("vm0 (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(cloud.VM{Name: "vm5", Demand: []int64{2, 1}, Labels: map[string]string{labelAsleep: "2"}}, in.VMs[5]); diff != "" {
		t.Errorf("vm5 (-want +got):\n%s", diff)
	}
	if want := (cloud.Placement{0, 0, 1, 4, 4, -1, -1}); !in.Initial.Equal(want) {
		t.Errorf("initial %v, want %v", in.Initial, want)
	}
	if want := (cloud.Placement{1, -1, 1, 4, 4, -1, 0}); !in.Target.Equal(want) {
		t.Errorf("target %v, want %v", in.Target, want)
	}
}

func TestConstraintsOfTheFixtureAreRules(t *testing.T) {
	in := small(t)
	var texts []string
	for _, r := range in.Rules {
		texts = append(texts, r.String())
	}
	if diff := cmp.Diff([]string{
		"capacity",
		"fence(vms=[vm1, vm2], hosts=[node2, node3])",
		"anti-affinity(group=spread0)",
		"fence(vms=[vm4], hosts=[node2, node10], continuous=no)",
		"ban(vms=[vm3], hosts=[node3], continuous=no)",
		"affinity(group=gather0, continuous=no)",
		"anti-affinity(group=spread1, continuous=no)",
		"pin(vms=[vm2])",
		"quarantine(hosts=[node4])",
		"interference(group=lonely0, with=others0, max=0, continuous=no)",
		"interference(group=split0, with=lonely0, max=0)",
		"interference(group=split0, with=gather0, max=0)",
		"interference(group=lonely0, with=gather0, max=0)",
		"affinity(group=gather0, by=btrplace.among0, continuous=no)",
		"fence(vms=[vm3, vm4], hosts=[node2, node3, node10], continuous=no)",
		"max-vms(max=3, hosts=[node4], continuous=no)",
		"max-vms(max=0, hosts=[node5])",
		"max-vms(max=0, hosts=[node4], continuous=no)",
	}, texts); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	groups := []cloud.Group{
		{Name: "spread0", VMs: []cloud.VMID{0, 1}},
		{Name: "gather0", VMs: []cloud.VMID{3, 4}},
		{Name: "spread1", VMs: []cloud.VMID{0, 3}},
		{Name: "lonely0", VMs: []cloud.VMID{2}},
		{Name: "others0", VMs: []cloud.VMID{0, 1, 3, 4, 5, 6}},
		{Name: "split0", VMs: []cloud.VMID{0}},
	}
	if diff := cmp.Diff(groups, in.Groups); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	findings(t, in, in.Initial, false) // every rule binds
}

// A VM that shall have more demands it at once: who stands with it may have to go.
func TestVMsThatGrowDemandWhatTheyShallHave(t *testing.T) {
	in, err := importer{}.decode("x.json", []byte(constraint(`{"id": "preserve", "vm": 0, "rc": "mem", "amount": 9}, `+
		`{"id": "preserve", "vm": 0, "rc": "mem", "amount": 5}, {"id": "preserve", "vm": 0, "rc": "mem", "amount": -1}`)))
	if err != nil {
		t.Fatal(err)
	}
	if got := in.VMs[0].Demand[0]; got != 9 {
		t.Errorf("the VM demands %d, expected 9", got)
	}
	if want := "BtrPlace instance; VMs that grow: 1, which demand from the start what they shall have"; in.Description != want {
		t.Errorf("description %q, expected %q", in.Description, want)
	}
	if f := findings(t, in, in.Initial, false); len(f) != 1 || f[0].Rule != "capacity" {
		t.Errorf("a VM of 9 on a node of 8: found %v", f)
	}
	in, err = importer{ignore: []string{"preserve"}}.decode("x.json", []byte(constraint(`{"id": "preserve", "vm": 0, "rc": "mem", "amount": 9}`)))
	if err != nil || in.VMs[0].Demand[0] != 2 {
		t.Errorf("left out, it changes the instance all the same: %v", err)
	}
}

func TestWhatIsLeftOutIsDescribed(t *testing.T) {
	want := "BtrPlace instance; sleeping VMs: 1, which hold nothing and are nowhere; offline nodes: 1, which hold no VM; VMs without a fence to one node: 3, whose host is their target; " +
		"left out: 1 × constraint seq"
	if got := small(t).Description; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// minimal is a document with one node, 0, and one VM, 0, that stands there.
func minimal(replace ...string) string {
	return strings.NewReplacer(replace...).Replace(`{"model": {
 "mapping": {"onlineNodes": {"0": {"runningVMs": [0], "sleepingVMs": []}}, "offlineNodes": [], "readyVMs": []},
 "attributes": {"nodes": {}, "vms": {}},
 "views": [{"id": "shareableResource", "rcId": "mem", "defCapacity": 8, "defConsumption": 2, "nodes": {}, "vms": {}}]},
 "constraints": [],
 "objective": {"id": "minimizeMTTR"}}`)
}

func constraint(text string) string { return minimal(`"constraints": []`, `"constraints": [`+text+`]`) }

func view(text string) string { return minimal(`"vms": {}}]}`, `"vms": {}}, `+text+`]}`) }

func TestFencesDecideWhetherThereIsATarget(t *testing.T) {
	for text, want := range map[string]bool{
		minimal(): false,
		constraint(`{"id": "fence", "vm": 0, "nodes": [0], "continuous": false}`): true,
		constraint(`{"id": "ready", "vm": 0}`):                                    true,
		constraint(`{"id": "running", "vm": 0}`):                                  false,
		strings.NewReplacer(`[0], "sl`, `[], "sl`, `"readyVMs": []`, `"readyVMs": [0]`).Replace(constraint(`{"id": "running", "vm": 0}`)): false,
	} {
		in, err := importer{}.decode("x.json", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if (in.Target != nil) != want {
			t.Errorf("%s: got the target %v", text, in.Target)
		}
	}
}

// Which VMs wait for a place, and which of the nodes that are off may take them. VM 3 has its place: a fence
// boots node 3.
func TestVMsThatWaitAndNodesThatAreOff(t *testing.T) {
	in := read(t, "testdata/waiting.json")
	if want := (cloud.Placement{0, -1, -1, -1, -1}); !in.Initial.Equal(want) {
		t.Errorf("initial %v, want %v", in.Initial, want)
	}
	if want := (cloud.Placement{0, -1, -1, 3, -1}); !in.Target.Equal(want) {
		t.Errorf("target %v, want %v", in.Target, want)
	}
	for v, want := range []string{"", "yes", "", "", "yes"} {
		if got := in.VMs[v].Labels[labelWaits]; got != want {
			t.Errorf("VM %d: waits: %q, want %q", v, got, want)
		}
	}
	var texts []string
	for _, r := range in.Rules {
		texts = append(texts, r.String())
	}
	if diff := cmp.Diff([]string{
		"capacity", "fence(vms=[vm4], hosts=[node0, node1])", "fence(vms=[vm3], hosts=[node3])", "max-vms(max=0, hosts=[node2])",
	}, texts); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	if want := "BtrPlace instance; sleeping VMs: 1, which hold nothing and are nowhere; VMs that wait to be placed: 2; offline nodes: 1, which hold no VM; " +
		"offline nodes that are to be used: 2, which have to be booted first"; in.Description != want {
		t.Errorf("got  %s\nwant %s", in.Description, want)
	}
}

func TestOverbookOfAllNodesIsARatio(t *testing.T) {
	in, err := importer{}.decode("x.json", []byte(constraint(`{"id": "overbook", "node": 0, "rc": "mem", "ratio": 1.5, "continuous": true}`)))
	if err != nil {
		t.Fatal(err)
	}
	if got := in.Rules[0].String(); got != "capacity(overcommit.mem=3/2)" || in.Hosts[0].Capacity[0] != 8 {
		t.Errorf("got %s and the capacity %d", got, in.Hosts[0].Capacity[0])
	}
}

func TestNetworksThatAreNoTreesAreLeftOut(t *testing.T) {
	const links = `{"id": 0, "capacity": 10, "switch": 0, "physicalElement": {"id": 0, "type": "node"}}`
	for name, c := range map[string]struct {
		links, routing string
		tree           bool
	}{
		"tree":               {links, "default", true},
		"two links":          {links + `, {"id": 1, "capacity": 10, "switch": 1, "physicalElement": {"id": 0, "type": "node"}}`, "default", false},
		"ring":               {links + `, {"id": 1, "capacity": 1, "switch": 0, "physicalElement": {"id": 1, "type": "switch"}}, {"id": 2, "capacity": 1, "switch": 1, "physicalElement": {"id": 0, "type": "switch"}}`, "default", false},
		"own routes":         {links, "static", false},
		"switch over itself": {links + `, {"id": 1, "capacity": 1, "switch": 0, "physicalElement": {"id": 0, "type": "switch"}}`, "default", false},
	} {
		text := view(`{"id": "net", "routing": {"type": "` + c.routing + `"}, "switches": [{"id": 0, "capacity": 5}, {"id": 1, "capacity": 5}], "links": [` + c.links + `]}`)
		in, err := importer{}.decode("x.json", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := in.Hosts[0].NICMbps == 10 && len(in.Switches) == 2; got != c.tree || strings.Contains(in.Description, "no tree") == c.tree {
			t.Errorf("%s: bandwidth %d, description %q", name, in.Hosts[0].NICMbps, in.Description)
		}
	}
}

// A plan says where VMs stand, and where they shall stand.
func TestAPlanIsNoInstance(t *testing.T) {
	in, err := importer{}.decode("x.json", []byte(`{"origin": {
		"mapping": {"onlineNodes": {"0": {"runningVMs": [0, 1], "sleepingVMs": [3]}, "1": {"runningVMs": [4]}}, "offlineNodes": [2], "readyVMs": [2]},
		"attributes": {"vms": {"0": {"memUsed": 2000, "maxDirtySize": 96, "maxDirtyDuration": 2, "dirtyRate": 2.0}}},
		"views": [{"id": "shareableResource", "rcId": "mem", "defCapacity": 9, "defConsumption": 1}]},
	 "actions": [
		{"id": "migrateVM", "vm": 0, "from": 1, "to": 2, "start": 8, "end": 9},
		{"id": "migrateVM", "vm": 0, "from": 0, "to": 1, "start": 0, "end": 8},
		{"id": "shutdownVM", "vm": 1, "on": 0, "start": 0, "end": 1},
		{"id": "bootVM", "vm": 2, "on": 1, "start": 0, "end": 1},
		{"id": "resumeVM", "vm": 3, "from": 0, "to": 1, "start": 0, "end": 1},
		{"id": "bootNode", "node": 2, "start": 0, "end": 1}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if want := (cloud.Placement{2, -1, 1, 1, 1}); !in.Target.Equal(want) || !in.Initial.Equal(cloud.Placement{0, 0, -1, -1, 1}) {
		t.Errorf("from %v to %v, want %v", in.Initial, in.Target, want)
	}
	if vm := in.VMs[0]; vm.WorkingSetMiB != 96*mibPerMB || *vm.DirtyMiBPerS != 50*mibPerMB || vm.Labels[hotDirtySize] != "96" {
		t.Errorf("what is known of its memory is %v", vm)
	}
	if f := findings(t, in, in.Target, true); len(f) > 0 {
		t.Errorf("the target breaks %v", f)
	}
}

func TestAmongUsesWhatTellsTheNodesApart(t *testing.T) {
	text := minimal(
		`{"0": {"runningVMs": [0], "sleepingVMs": []}}`, `{"0": {"runningVMs": [0], "sleepingVMs": []}, "1": {"runningVMs": [1], "sleepingVMs": []}}`,
		`"nodes": {}, "vms": {}},`, `"nodes": {"0": {"room": "a"}, "1": {"room": "b"}}, "vms": {}},`,
		`"constraints": []`, `"constraints": [{"id": "among", "vms": [0, 1], "parts": [[1], [0]], "continuous": true}]`)
	in, err := importer{}.decode("x.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(in.Rules) != 2 || in.Rules[1].String() != "affinity(group=among0, by=room)" || len(in.Hosts[0].Labels) != 1 {
		t.Errorf("got %v and the labels %v", in.Rules, in.Hosts[0].Labels)
	}
}

func TestFaultsAreNamedWithTheirPlace(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"nothing at all", "", "x.json:1:1: expected a JSON document, found an empty file"},
		{"no JSON", "{", "x.json:1:2: invalid JSON: the file ends too early"},
		{"a plan without a model", `{"actions": []}`, `x.json:1:1: expected "origin", an object, found nothing`},
		{"an instance and a plan", `{"model": {}, "constraints": [], "actions": []}`, `x.json:1:1: expected an instance or a plan, found both`},
		{"an unknown VM of a plan", `{"origin": {"mapping": {"onlineNodes": {"0": {}}}, "views": [{"id": "shareableResource", "rcId": "mem", "defCapacity": 1, "defConsumption": 1}]},
			"actions": [{"id": "killVM", "vm": 9}]}`, `x.json:2:16: /actions/0: unknown VM 9`},
		{"no model", `{"constraints": []}`, `x.json:1:1: expected "model", an object, found nothing`},
		{"another document", `{"format": "rearrange/instance/1"}`, `x.json:1:2: /format: unknown field "format"; known are model, origin, actions, constraints, objective`},
		{"no constraints", `{"model": {}}`, `x.json:1:1: expected "constraints", an array, found nothing`},
		{"node without a number", minimal(`"0": {"run`, `"n0": {"run`), `x.json:2:30: /model/mapping/onlineNodes/n0: expected the number of a node, found "n0"`},
		{"node twice", minimal(`"offlineNodes": []`, `"offlineNodes": [0]`), `x.json:2:93: /model/mapping/offlineNodes/0: node 0 is there already`},
		{"VM twice", minimal(`"readyVMs": []`, `"readyVMs": [0]`), `x.json:2:109: /model/mapping/readyVMs/0: VM 0 is there already`},
		{"text for a number", minimal(`[0], "sl`, `["0"], "sl`), `x.json:2:51: /model/mapping/onlineNodes/0/runningVMs/0: expected an integer, found a string`},
		{"no resource", minimal(`"id": "shareableResource", "rcId": "mem", "defCapacity": 8, "defConsumption": 2, "nodes": {}, "vms": {}`, `"id": "net"`), `x.json:4:2: /model/views: expected a view "shareableResource": an instance needs a resource; found none`},
		{"unknown view", view(`{"id": "power"}`), `x.json:4:120: /model/views/1/id: no rule or resource says what the view "power" does; ignore=[power] leaves it out`},
		{"capacity of an unknown node", minimal(`"nodes": {}, "vms": {}}]`, `"nodes": {"7": 1}, "vms": {}}]`), `x.json:4:104: /model/views/0/nodes/7: unknown node 7`},
		{"negative capacity", minimal(`"defCapacity": 8`, `"defCapacity": -8`), `x.json:4:55: /model/views/0/defCapacity: expected an integer from 0 to 2147483647, found -8`},
		{"attribute that is a list", minimal(`"vms": {}},`, `"vms": {"0": {"a": []}}},`), `x.json:3:44: /model/attributes/vms/0/a: expected a text, a number, true or false, found an array`},
		{"attribute of an unknown VM", minimal(`"vms": {}},`, `"vms": {"3": {}}},`), `x.json:3:38: /model/attributes/vms/3: unknown VM 3`},
		{"rate that is none", minimal(`"vms": {}},`, `"vms": {"0": {"coldDirtyRate": "much"}}},`), `x.json:3:44: /model/attributes/vms/0/coldDirtyRate: expected a number of at least 0, found "much"`},
		{"unknown constraint", constraint(`{"id": "fance"}`), `x.json:5:19: /constraints/0/id: unknown constraint "fance", did you mean "fence"?`},
		{"order", constraint(`{"id": "seq", "vms": [0]}`), `x.json:5:18: /constraints/0: constraint seq is about when migrations start and end, and a path knows only their order; ignore=[seq] leaves out all of them`},
		{"fence without nodes", constraint(`{"id": "fence", "vm": 0, "continuous": false}`), `x.json:5:18: /constraints/0: expected "nodes", an array of numbers of nodes, found nothing`},
		{"fence without a time", constraint(`{"id": "fence", "vm": 0, "nodes": [0]}`), `x.json:5:18: /constraints/0: expected "continuous", true or false, found nothing`},
		{"fence with too much", constraint(`{"id": "fence", "vm": 0, "nodes": [0], "continuous": true, "amount": 1}`), `x.json:5:77: /constraints/0/amount: unknown field "amount" of a constraint fence`},
		{"fence with something", constraint(`{"id": "fence", "vm": 0, "nodes": [0], "continuous": true, "why": 1}`), `x.json:5:77: /constraints/0/why: unknown field "why" of a constraint fence`},
		{"unknown VM", constraint(`{"id": "root", "vm": 1}`), `x.json:5:18: /constraints/0: unknown VM 1`},
		{"unknown node", constraint(`{"id": "offline", "node": 1}`), `x.json:5:18: /constraints/0: unknown node 1`},
		{"gone and fenced", constraint(`{"id": "fence", "vm": 0, "nodes": [0], "continuous": false}, {"id": "killed", "vm": 0}`), `x.json:5:79: /constraints/1: an earlier fence keeps VM 0 on node 0`},
		{"started and gone", minimal(`"runningVMs": [0]`, `"runningVMs": []`, `"readyVMs": []`, `"readyVMs": [0]`, `"constraints": []`, `"constraints": [{"id": "running", "vm": 0}, {"id": "ready", "vm": 0}]`), `x.json:5:46: /constraints/1: an earlier constraint says that VM 0 shall run`},
		{"growing too much", constraint(`{"id": "preserve", "vm": 0, "rc": "mem", "amount": 2147483648}`), `x.json:5:59: /constraints/0/amount: expected an integer of at most 2147483647, found 2147483648`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := importer{}.decode("x.json", []byte(c.data))
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func FuzzImport(f *testing.F) {
	data, err := os.ReadFile("testdata/small.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(minimal()))
	f.Add([]byte(view(`{"id": "ns", "type": "vm", "map": {"web": 0}}`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := importer{ignore: []string{"seq"}}.decode("x.json", data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "x.json:") {
				t.Errorf("the error does not name the file: %v", err)
			}
			return
		}
		if err := in.Check(); err != nil {
			t.Errorf("an instance that does not hold what the model demands: %v", err)
		}
		findings(t, in, in.Initial, false) // binds every rule
		if err := in.Encode(&bytes.Buffer{}); err != nil {
			t.Error(err)
		}
	})
}
