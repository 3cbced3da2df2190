package openstack

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/gentest"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

func built(t testing.TB, text string) importer {
	t.Helper()
	s, err := spec.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	i, _, err := spec.Build[formats.Importer](gentest.Catalogue().With(formats.Importers(Importer())), formats.ImporterKind, s)
	if err != nil {
		t.Fatal(err)
	}
	return i.(importer)
}

// fixture imports the small cloud as a generation of the client lists it.
func fixture(t testing.TB, format, generation string) *cloud.Instance {
	t.Helper()
	var files []string
	for _, list := range []string{"servers", "hypervisors", "flavors", "groups"} {
		files = append(files, "testdata/"+generation+"/"+list+".json")
	}
	in, err := built(t, format).Import(files)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func findings(t testing.TB, in *cloud.Instance) []validate.Finding {
	t.Helper()
	bound, err := rules.Bind(gentest.Catalogue(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return validate.Placement(in, bound, in.Initial, true)
}

func ruleTexts(in *cloud.Instance) []string {
	var out []string
	for _, r := range in.Rules {
		out = append(out, r.String())
	}
	return out
}

func TestNewListsAreTranslatedWhole(t *testing.T) {
	in := fixture(t, "openstack", "new")
	if len(in.Hosts) != 4 || len(in.VMs) != 12 {
		t.Errorf("got %d hosts and %d VMs", len(in.Hosts), len(in.VMs))
	}
	want := []string{
		"capacity(overcommit.vcpu=4)",
		"arch",
		"maintenance(hosts=[compute-4.example.org])",
		"fence(vms=[web-1, web-2], zones=[az1])",
		"fence(vms=[ci-runner], zones=[az2])",
		"anti-affinity(group=web)",
		"anti-affinity(group=dbs)",
	}
	if diff := cmp.Diff(want, ruleTexts(in)); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	host := cloud.Host{Name: "compute-3.example.org", Capacity: []int64{32768, 16}, Reserved: []int64{512, 0}, Zone: "az2"}
	if diff := cmp.Diff(host, in.Hosts[2]); diff != "" {
		t.Errorf("host (-want +got):\n%s", diff)
	}
	vm := cloud.VM{
		Name: "arm-build", Demand: []int64{2048, 1}, Arch: "aarch64",
		Labels: map[string]string{
			"id": "5a3d0778-0f1e-4d2c-9b3a-0000000cc8c8", "project": "9c8b7a6f5e4d3c2b1a0f9e8d7c6b5a49",
			"flavor": "arm.small", "status": "PAUSED", "power_state": "Paused",
		},
	}
	if diff := cmp.Diff(vm, in.VMs[8]); diff != "" {
		t.Errorf("VM (-want +got):\n%s", diff)
	}
	if got := in.VMs[3].Labels["cpu_policy"]; got != "dedicated" {
		t.Errorf("the VM with dedicated cores has cpu_policy %q", got)
	}
	if want := (cloud.Placement{0, 1, 2, 0, 2, 1, 1, 3, 3, cloud.Absent, cloud.Absent, cloud.Absent}); !in.Initial.Equal(want) || in.Target != nil {
		t.Errorf("initial %v, want %v; target %v", in.Initial, want, in.Target)
	}
	if f := findings(t, in); len(f) > 0 {
		t.Errorf("the initial placement is not sane: %v", f)
	}
}

// What old clients leave out is all that may differ.
func TestOldListsMeanTheSame(t *testing.T) {
	old, current := fixture(t, "openstack", "old"), fixture(t, "openstack", "new")
	for v := range current.VMs {
		delete(current.VMs[v].Labels, "project")
	}
	current.Rules = slices.DeleteFunc(current.Rules, func(s spec.Spec) bool { return s.Name == "fence" })
	var a, b strings.Builder
	for in, w := range map[*cloud.Instance]*strings.Builder{old: &a, current: &b} {
		if err := in.Encode(w); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(b.String(), a.String()); diff != "" {
		t.Errorf("(-new +old):\n%s", diff)
	}
}

func TestServersWithoutAHostAreAbsentOrDropped(t *testing.T) {
	in := fixture(t, "openstack(unplaced=drop)", "new")
	if len(in.VMs) != 9 || slices.Contains(in.Initial, cloud.Absent) {
		t.Errorf("got %d VMs with the placement %v", len(in.VMs), in.Initial)
	}
}

func TestServersThatShareANameAreToldApartByTheirIDs(t *testing.T) {
	in := fixture(t, "openstack", "new")
	for _, name := range []string{"db/5a3c6ccd-0f1e-4d2c-9b3a-00000004cb4b", "db/5a3c8bbc-0f1e-4d2c-9b3a-000000066464"} {
		if _, ok := in.VM(name); !ok {
			t.Errorf("there is no VM %s", name)
		}
	}
}

func TestParametersReachCapacity(t *testing.T) {
	for _, c := range []struct {
		format, rule string
		reserved     int64
	}{
		{"openstack", "capacity(overcommit.vcpu=4)", 512},
		{"openstack(cpu-ratio=1)", "capacity", 512},
		{"openstack(cpu-ratio=16, ram-ratio=1.5, reserved-ram=0)", "capacity(overcommit.vcpu=16, overcommit.ram=1.5)", 0},
		{"openstack(reserved-ram=1000000)", "capacity(overcommit.vcpu=4)", 32768},
	} {
		in := fixture(t, c.format, "new")
		if got := in.Rules[0].String(); got != c.rule || in.Hosts[3].Reserved[0] != c.reserved {
			t.Errorf("%s: got %s and %d MiB reserved, want %s and %d", c.format, got, in.Hosts[3].Reserved[0], c.rule, c.reserved)
		}
	}
}

func TestCapacityThatTheListHidesComesFromParameters(t *testing.T) {
	files := []string{"testdata/new/servers.json", "testdata/new/hypervisors-2.88.json", "testdata/new/flavors.json"}
	in, err := built(t, "openstack(host-vcpus=24, host-ram=98304)").Import(files)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range in.Hosts {
		if h.Capacity[0] != 98304 || h.Capacity[1] != 24 {
			t.Errorf("host %s has %v", h.Name, h.Capacity)
		}
	}
	for _, given := range []string{"openstack", "openstack(host-ram=98304)", "openstack(host-vcpus=24)"} {
		_, err = built(t, given).Import(files)
		if err == nil || !strings.Contains(err.Error(), "give the parameters host-vcpus and host-ram") {
			t.Errorf("%s: got %v", given, err)
		}
	}
}

// decoded imports lists that are given as texts.
func decoded(t *testing.T, lists ...string) (*cloud.Instance, error) {
	t.Helper()
	var contents [][]byte
	for _, l := range lists {
		contents = append(contents, []byte(l))
	}
	return built(t, "openstack").decode([]string{"s.json", "h.json", "f.json", "g.json"}[:len(lists)], contents)
}

const (
	oneFlavor = `[{"ID": "1", "Name": "small", "RAM": 1024, "VCPUs": 1}]`
	twoHosts  = `[{"Hypervisor Hostname": "a.x", "vCPUs": 8, "Memory MB": 8192, "State": "up"},
 {"Hypervisor Hostname": "b.x", "vCPUs": 8, "Memory MB": 8192, "State": "up", "Status": "disabled"}]`
)

func TestZoneOfAHostIsTheOneThatMostServersName(t *testing.T) {
	in, err := decoded(t, `[
		{"ID": "1", "Name": "v1", "Status": "ACTIVE", "Host": "a", "Flavor": "small", "Availability Zone": "west"},
		{"ID": "2", "Name": "v2", "Status": "ACTIVE", "Host": "a", "Flavor": "small", "Availability Zone": "east"},
		{"ID": "3", "Name": "v3", "Status": "ACTIVE", "Host": "b", "Flavor": "small", "Availability Zone": "west"},
		{"ID": "4", "Name": "v4", "Status": "ACTIVE", "Host": "b", "Flavor": "small", "Availability Zone": "west"},
		{"ID": "5", "Name": "v5", "Status": "ACTIVE", "Host": "b", "Flavor": "small", "Availability Zone": "east"}
	]`, twoHosts, oneFlavor)
	if err != nil {
		t.Fatal(err)
	}
	if in.Hosts[0].Zone != "east" || in.Hosts[1].Zone != "west" {
		t.Errorf("got zones %q and %q, want east, the first of equals, and west, of the majority", in.Hosts[0].Zone, in.Hosts[1].Zone)
	}
}

func TestNothingArrivesOnHostsThatAreNotUp(t *testing.T) {
	const server = `[{"ID": "1", "Name": "v", "Status": "ACTIVE", "Host": "a.x", "Flavor": "small", "Host Status": "STATUS"}]`
	for status, want := range map[string]string{
		"": "[b.x]", "UP": "[b.x]", "MAINTENANCE": "[a.x, b.x]", "DOWN": "[a.x, b.x]", "UNKNOWN": "[a.x, b.x]",
	} {
		in, err := decoded(t, strings.Replace(server, "STATUS", status, 1), twoHosts, oneFlavor)
		if err != nil {
			t.Fatal(err)
		}
		if got := ruleTexts(in); !slices.Contains(got, "maintenance(hosts="+want+")") {
			t.Errorf("host status %q: got %v", status, got)
		}
	}
}

func TestDeletedServersAreLeftOut(t *testing.T) {
	in, err := decoded(t, `[
		{"ID": "1", "Name": "v", "Status": "DELETED", "Host": "a.x", "Flavor": "small"},
		{"ID": "2", "Name": "v", "Status": "ACTIVE", "Host": "a.x", "Flavor": "small"}
	]`, twoHosts, oneFlavor, `[{"ID": "g", "Name": "pair", "Policies": ["affinity"], "Members": ["1", "2", "2"]}]`)
	if err != nil {
		t.Fatal(err)
	}
	if len(in.VMs) != 1 || in.VMs[0].Name != "v" || len(in.Groups[0].VMs) != 1 {
		t.Errorf("got VMs %v and groups %v", in.VMs, in.Groups)
	}
}

func TestArchitectureComesFromTheFlavor(t *testing.T) {
	for want, properties := range map[string]map[string]string{
		"":        {"trait:HW_ARCH_X86_64": "forbidden", "hw:cpu_policy": "shared"},
		"x86_64":  {"trait:HW_ARCH_X86_64": "required"},
		"i386":    {"capabilities:cpu_info:arch": "i686", "trait:HW_ARCH_X86_64": "required"},
		"aarch64": {"capabilities:cpu_info:arch": "aarch64"},
	} {
		if got := archOf(properties); got != want {
			t.Errorf("%v: got %q, want %q", properties, got, want)
		}
	}
}
