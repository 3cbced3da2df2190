package btrplace

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// some is an instance of three hosts in two racks, and four VMs of which one goes and one
// comes.
func some(t testing.TB, rules ...string) *cloud.Instance {
	t.Helper()
	in := &cloud.Instance{
		Name: "some", Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}},
		Hosts: []cloud.Host{
			{Name: "a", Capacity: []int64{100}, Reserved: []int64{10}, Rack: "r1", NICMbps: 1000},
			{Name: "b", Capacity: []int64{100}, Reserved: []int64{0}, Rack: "r1", NICMbps: 1000},
			{Name: "c", Capacity: []int64{100}, Reserved: []int64{0}, Rack: "r2", NICMbps: 10000},
		},
		VMs: []cloud.VM{
			{Name: "goes", Demand: []int64{10}},
			{Name: "stays", Demand: []int64{20}, DirtyMiBPerS: new(4.0), WorkingSetMiB: 8},
			{Name: "moves", Demand: []int64{30}, Interruptible: true},
			{Name: "comes", Demand: []int64{40}},
		},
		Groups:  []cloud.Group{{Name: "g1", VMs: []cloud.VMID{0, 1}}, {Name: "g2", VMs: []cloud.VMID{2, 3}}, {Name: "h", VMs: []cloud.VMID{2}}},
		Rules:   []spec.Spec{},
		Initial: cloud.Placement{0, 1, 1, -1},
		Target:  cloud.Placement{-1, 1, 2, 0},
	}
	for _, text := range rules {
		in.Rules = append(in.Rules, spec.MustParse(text))
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return in
}

// exported lists the constraints, one text each, and what is lost.
func exported(t testing.TB, in *cloud.Instance) (constraints, lost []string, text string) {
	t.Helper()
	files, lost, err := exporter{}.Export(in)
	if err != nil {
		t.Fatal(err)
	}
	var doc wireDocument
	if err := cloud.DecodeForeign("x.json", files[0].Data, &doc); err != nil {
		t.Fatal(err)
	}
	for _, c := range doc.Constraints {
		data, err := json.Marshal(c, json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		constraints = append(constraints, string(data))
	}
	return constraints, lost, string(files[0].Data)
}

func TestTargetsAreFencesToOneNode(t *testing.T) {
	constraints, _, _ := exported(t, some(t, "capacity"))
	if diff := cmp.Diff([]string{
		`{"id":"ready","vm":0}`,
		`{"id":"fence","continuous":false,"vm":1,"nodes":[1]}`,
		`{"id":"fence","continuous":false,"vm":2,"nodes":[2]}`,
		`{"id":"fence","continuous":false,"vm":3,"nodes":[0]}`,
		`{"id":"running","vm":3}`,
	}, constraints); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRulesAreConstraintsWhereThereAreSuch(t *testing.T) {
	for rule, want := range map[string]string{ // "" where it is lost
		"capacity":                                     "-",
		"capacity(overcommit.ram=1.5)":                 `{"id":"overbook","continuous":true,"node":0,"rc":"ram","ratio":1.5} and 2 more`,
		"capacity(overcommit.ram=4/3)":                 "",
		"arch":                                         "-",
		"anti-affinity(group=g1)":                      `{"id":"spread","continuous":true,"vms":[0,1]}`,
		"anti-affinity(group=g*)":                      `{"id":"spread","continuous":true,"vms":[0,1]} and 1 more`,
		"anti-affinity(group=g1, by=rack)":             "",
		"affinity(group=g1, continuous=no)":            `{"id":"gather","continuous":false,"vms":[0,1]}`,
		"affinity(group=g1, by=rack)":                  `{"id":"among","continuous":true,"vms":[0,1],"parts":[[0,1],[2]]}`,
		"interference(group=g1, with=h, max=0)":        `{"id":"split","continuous":true,"parts":[[0,1],[2]]}`,
		"interference(group=g1, with=g2, max=0)":       `{"id":"lonely","continuous":true,"vms":[0,1]}`,
		"interference(group=g2, with=h, max=0)":        "",
		"interference(group=g1, with=h, max=1)":        "",
		"fence(vms=[goes], hosts=[a, b])":              `{"id":"fence","continuous":true,"vm":0,"nodes":[0,1]}`,
		"fence(vms=[goes], hosts=[a], racks=[r*])":     `{"id":"fence","continuous":true,"vm":0,"nodes":[0,1,2]}`,
		"fence(vms=[stays], hosts=[b], continuous=no)": "",
		"ban(group=g2, hosts=[c], continuous=no)":      `{"id":"ban","continuous":false,"vm":2,"nodes":[2]} and 1 more`,
		"pin(vms=[stays])":                             `{"id":"root","vm":1}`,
		"pin(vms=[stays], continuous=no)":              "",
		"quarantine(hosts=c)":                          `{"id":"quarantine","node":2}`,
		"max-vms(max=0, hosts=[b], continuous=no)":     `{"id":"offline","node":1}`,
		"max-vms(max=7, racks=[r2], continuous=no)":    `{"id":"runningCapacity","nodes":[2],"amount":7}`,
		"max-vms(max=7)":                               "",
		"maintenance(hosts=[a])":                       "",
		"spread(group=g1, min=2)":                      "",
		"max-per-host(group=g1, max=1)":                "",
	} {
		in := some(t, rule)
		in.Target = nil
		constraints, lost, _ := exported(t, in)
		got := "-"
		if len(constraints) > 0 {
			got = constraints[0]
		}
		if n := len(constraints); n > 1 {
			got += " and " + string(rune('0'+n-1)) + " more"
		}
		said := false
		for _, l := range lost {
			said = said || strings.HasPrefix(l, "rule ")
		}
		if want == "" {
			if !said || len(constraints) > 0 {
				t.Errorf("%s: got %s, lost %v; want it lost", rule, got, lost)
			}
		} else if got != want || said {
			t.Errorf("%s: got %s, lost %v; want %s", rule, got, lost, want)
		}
	}
}

func TestOfflineNodesHoldNothingEver(t *testing.T) {
	in := some(t, "capacity", "max-vms(max=0, hosts=[c])")
	in.Hosts[2].Labels = map[string]string{labelOffline: "yes"}
	in.Target = nil
	constraints, lost, text := exported(t, in)
	if len(constraints) != 1 || constraints[0] != `{"id":"offline","node":2}` || len(lost) != 1 || !strings.Contains(text, `"offlineNodes":[2]`) {
		t.Errorf("got %v, lost %v, in %s", constraints, lost, text)
	}
}

// BtrPlace's scheduler of migrations refuses VMs of which the memory is not known.
func TestNetworksComeWithTheMemoryOfVMs(t *testing.T) {
	_, _, text := exported(t, some(t))
	for _, part := range []string{
		`"id":"net"`, `"objective":{"id":"minimizeMTTRMigrationScheduling"}`, `"memUsed":21`, `"hotDirtyDuration":2`,
		`{"id":2,"capacity":1000,"switch":1,"physicalElement":{"type":"node","id":0}}`,
	} {
		if !strings.Contains(text, part) {
			t.Errorf("expected %s in %s", part, text)
		}
	}
	in := some(t)
	in.Resources[0].Unit = "unit"
	if _, _, text := exported(t, in); strings.Contains(text, `"net"`) || strings.Contains(text, "memUsed") {
		t.Errorf("what is memory is not known, and yet it says %s", text)
	}
}

// BtrPlace has attributes for a rate of 0, and none for one that is not known.
func TestUnknownDirtyRateIsZero(t *testing.T) {
	dir := t.TempDir()
	in := some(t)
	in.VMs[1].DirtyMiBPerS = new(0.0)
	in.VMs[2].Labels = map[string]string{coldDirtyRate: "3"} // which our own attribute overrules
	_, _, text := exported(t, in)
	for _, part := range []string{`"coldDirtyRate":0`, `"` + attrDirtyMiBPerS + `":""`} {
		if strings.Count(text, part) != 1 {
			t.Errorf("expected one %s in %s", part, text)
		}
	}
	out, _, err := again(in, dir)
	if err != nil {
		t.Fatal(err)
	}
	for v := range in.VMs {
		if diff := cmp.Diff(in.VMs[v].DirtyMiBPerS, out.VMs[v].DirtyMiBPerS); diff != "" {
			t.Errorf("%s (-exported +imported):\n%s", in.VMs[v].Name, diff)
		}
	}
}

func TestWhatIsLostIsSaid(t *testing.T) {
	in := some(t, "maintenance(hosts=[a])")
	in.Objective = new(spec.Named("hosts"))
	in.Groups = append(in.Groups, cloud.Group{Name: "none"}, cloud.Group{Name: "turned", VMs: []cloud.VMID{1, 0}})
	_, lost, _ := exported(t, in)
	if diff := cmp.Diff([]string{
		"units of resources", "empty groups", "the order of the VMs in groups", "rule maintenance(hosts=[a])", "objective hosts",
		"that capacities do not bind",
	}, lost); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAmountsBeyond32BitsAreRefused(t *testing.T) {
	in := some(t)
	in.VMs[1].Demand[0] = 1 << 31
	_, _, err := exporter{}.Export(in)
	if want := `VM "stays": expected amounts of "ram" up to 2147483647, found 2147483648`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
