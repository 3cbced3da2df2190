package ganeti_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

func instance(t *testing.T) *cloud.Instance {
	t.Helper()
	in := &cloud.Instance{
		Name:      "web",
		Resources: []cloud.Resource{{Name: "ram", Unit: "MiB"}, {Name: "vcpu"}},
		Groups:    []cloud.Group{{Name: "front", VMs: []cloud.VMID{0, 1}}},
		Rules:     []spec.Spec{spec.MustParse("capacity(overcommit.vcpu=4)"), spec.MustParse("arch"), spec.MustParse("anti-affinity(group=front)")},
		Initial:   cloud.Placement{0, 1, 1, cloud.Absent},
	}
	for _, name := range []string{"node1.example.org", "node2.example.org", "node10.example.org"} {
		in.Hosts = append(in.Hosts, cloud.Host{Name: name, Capacity: []int64{65536, 18}, Reserved: []int64{1024, 2}})
	}
	for i, name := range []string{"web1.example.org", "web2.example.org", "db1.example.org", "old.example.org"} {
		in.VMs = append(in.VMs, cloud.VM{Name: name, Demand: []int64{8192 * int64(i+1), 4}})
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return in
}

func TestClusterIsWrittenOtherwise(t *testing.T) {
	in := instance(t)
	in.Rules = append(in.Rules, spec.MustParse("pin(vms=db1.example.org)"))
	files, lost, err := formats.Export(catalogue.Standard(), spec.Named("ganeti"), in)
	if err != nil {
		t.Fatal(err)
	}
	const want = `default|default|preferred||

node1.example.org|65536|1024|56320|0|0|16|N|default|1||N|0|0|1
node2.example.org|65536|1024|23552|0|0|16|N|default|1||N|0|0|1
node10.example.org|65536|1024|64512|0|0|16|N|default|1||N|0|0|1

web1.example.org|8192|0|4|running|Y|node1.example.org||ext|apart:1|0|-|N
web2.example.org|16384|0|4|running|Y|node2.example.org||ext|apart:1|0|-|N
db1.example.org|24576|0|4|running|Y|node2.example.org||ext||0|-|N

htools:iextags:apart

|16384,4,0,0,0,0|0,0,0,0,0,0;24576,4,0,1,1,0|ext|4|1
default|16384,4,0,0,0,0|0,0,0,0,0,0;24576,4,0,1,1,0|ext|4|1
`
	if diff := cmp.Diff(want, string(files[0].Data)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"VMs that stand nowhere at the start (1)", "rule pin(vms=[db1.example.org], continuous=yes)"}, lost); diff != "" {
		t.Errorf("lost (-want +got):\n%s", diff)
	}
}

// hbal must read the file, and take no offence at it.
func TestHbalRefusesTheCluster(t *testing.T) {
	if _, err := exec.LookPath("hbal"); err != nil {
		t.Skip("hbal is not installed (Debian: ganeti-htools)")
	}
	in := instance(t)
	files, _, err := formats.Export(catalogue.Standard(), spec.Named("ganeti"), in)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), files[0].Name)
	if err := os.WriteFile(file, files[0].Data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "hbal", "-t", file, "-C").CombinedOutput()
	if err != nil || strings.Contains(string(out), "Warning") || !strings.Contains(string(out), "Initial check done: 0 bad nodes, 0 bad instances") {
		t.Fatalf("%v\n%s", err, out)
	}
	plan, err := formats.ReadPlan(catalogue.Standard(), spec.Named("ganeti"), in, "-", strings.NewReader(string(out)))
	path := plan.Migrations
	if err != nil || len(path) == 0 || path[0].From != 1 || path[0].To != 2 {
		t.Errorf("found %v, %v: expected that a VM leaves the host with two for the one with none\n%s", path, err, out)
	}
}

func TestCommandsAreReadOtherwise(t *testing.T) {
	in := instance(t)
	read := func(text string) (formats.Plan, error) {
		return formats.ReadPlan(catalogue.Standard(), spec.Named("ganeti"), in, "-", strings.NewReader(text))
	}
	// Domains are left out as hbal leaves them out: node1 is not node10.
	got, err := read("Solution length=2\n  echo job 1/1\n    gnt-instance migrate -f -n node1 db1\n" +
		"gnt-instance failover -f -n node10.example.org db1.example.org\n  gnt-node power -f off node1\n")
	want := []cloud.Change{{VM: 2, From: 1, To: 0}, {VM: 2, From: 0, To: 2}}
	if err != nil || !cmp.Equal(got.Migrations, want) {
		t.Errorf("found %v, %v, expected %v", got, err, want)
	}
	for text, want := range map[string]string{
		"\ngnt-instance replace-disks -n node1 db1": "-:2: gnt-instance replace-disks moves disks or changes VMs: expected migrate or failover",
		"gnt-instance migrate -f db1":               "-:1: expected gnt-instance migrate -n NODE INSTANCE",
		"gnt-instance migrate -f -n node db1":       `-:1: unknown host "node"`,
		"gnt-instance migrate -f -n node1 d":        `-:1: unknown VM "d"`,
	} {
		if _, err := read(text); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: found %v, expected %s", text, err, want)
		}
	}
}

func TestNamesBreakTheFile(t *testing.T) {
	in := instance(t)
	in.VMs[0].Name = "a|b"
	if _, _, err := formats.Export(catalogue.Standard(), spec.Named("ganeti"), in); err == nil || !strings.Contains(err.Error(), `"a|b"`) {
		t.Errorf("found %v", err)
	}
}
