package btrplace

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/gentest"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/internal/realdata"
)

func findings(t testing.TB, in *cloud.Instance, p cloud.Placement, final bool) []validate.Finding {
	t.Helper()
	bound, err := rules.Bind(gentest.Catalogue(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return validate.Placement(in, bound, p, final)
}

// The study scales 24 nodes a rack, of which there are three, and 96 VMs: the racks by as
// much as infra_scale says, and the VMs by that or by what vms_scale says.
func TestRealFilesAreReadWithTheirCounts(t *testing.T) {
	dir := realdata.Dir(t, "mvm")
	counts := map[string][2]int{ // hosts and VMs
		"infra_scale-x1": {72, 96}, "infra_scale-x2": {144, 192}, "infra_scale-x4": {288, 384}, "infra_scale-x10": {720, 960},
		"vms_scale-x1": {72, 96}, "vms_scale-x2": {72, 192}, "vms_scale-x4": {72, 384}, "vms_scale-x18": {72, 1728},
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) != 4*len(counts) {
		t.Fatalf("found %d instances (%v), expected %d", len(files), err, 4*len(counts))
	}
	for _, file := range files {
		in, err := importer{}.Import([]string{file})
		if err != nil {
			t.Error(err)
			continue
		}
		name, decommissioning := strings.CutPrefix(in.Name, "decommissioning_")
		if got := [2]int{len(in.Hosts), len(in.VMs)}; got != counts[name[:len(name)-2]] {
			t.Errorf("%s: got %d hosts and %d VMs, want %d", in.Name, got[0], got[1], counts[name[:len(name)-2]])
		}
		if f := findings(t, in, in.Initial, false); len(f) > 0 {
			t.Errorf("%s: the initial placement breaks %d rules, first %s", in.Name, len(f), f[0])
		}
		if f := findings(t, in, in.Target, true); len(f) > 0 {
			t.Errorf("%s: the target breaks %d rules, first %s", in.Name, len(f), f[0])
		}
		if want := map[bool]int{false: 1, true: 2}[decommissioning]; len(in.Rules) != want {
			t.Errorf("%s: got the rules %v, want %d", in.Name, in.Rules, want)
		}
		moved := 0
		for v := range in.VMs {
			if in.Initial[v] != in.Target[v] {
				moved++
			}
			if in.VMs[v].WorkingSetMiB <= 0 || in.VMs[v].DirtyMiBPerS == nil || *in.VMs[v].DirtyMiBPerS <= 0 || in.VMs[v].Labels[memUsed] == "" {
				t.Fatalf("%s: VM %v has lost its attributes", in.Name, in.VMs[v])
			}
		}
		if moved == 0 {
			t.Errorf("%s: no VM moves", in.Name)
		}
		for h := range in.Hosts {
			if in.Hosts[h].NICMbps != 1000 || in.Hosts[h].Rack == "" || in.Hosts[h].Switch != in.Hosts[h].Rack {
				t.Fatalf("%s: host %v has lost its network", in.Name, in.Hosts[h])
			}
		}
	}
}

// The larger VMs of an instance with the load that is to grow no longer fit on three nodes.
func TestARealInstanceBeginsWithOverfullHosts(t *testing.T) {
	in := read(t, filepath.Join(realdata.Dir(t, "btrplace-tdsc"), "li-r3-p5000-c0-1.json.zst"))
	if len(in.Hosts) != 5000 || len(in.VMs) != 15000 {
		t.Fatalf("got %d hosts and %d VMs, want 5,000 and 15,000", len(in.Hosts), len(in.VMs))
	}
	f := findings(t, in, in.Initial, false)
	for _, broken := range f {
		if broken.Rule != "capacity" {
			t.Errorf("found %s", broken)
		}
	}
	if len(f) != 3 {
		t.Errorf("found %d hosts that are too full, want 3", len(f))
	}
	calm := read(t, filepath.Join(realdata.Dir(t, "btrplace-tdsc"), "li-r3-p5000-c0-1.json.zst"), "preserve")
	if f := findings(t, calm, calm.Initial, false); len(f) > 0 {
		t.Errorf("without growth: %s", f[0])
	}
}

// unpacked is a file of which the compression is not one that the program reads.
func unpacked(t *testing.T, file string) string {
	t.Helper()
	data, err := exec.Command("xz", "-dc", file).Output()
	if err != nil {
		t.Skipf("xz does not unpack it: %v", err)
	}
	out := filepath.Join(t.TempDir(), "unpacked.json")
	if err := os.WriteFile(out, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return out
}

// 250 nodes go off, and the VMs that they held wait for another place.
func TestARealInstanceHasVMsThatWait(t *testing.T) {
	in := read(t, unpacked(t, filepath.Join(realdata.Dir(t, "btrplace-tdsc"), "nr-r3-p5000-c0-1.json.xz")))
	if len(in.Hosts) != 5000 || len(in.VMs) != 15000 || in.Target != nil {
		t.Fatalf("got %d hosts, %d VMs and a target: %t, want 5,000, 15,000 and none", len(in.Hosts), len(in.VMs), in.Target != nil)
	}
	off, waiting := 0, 0
	for h := range in.Hosts {
		if in.Hosts[h].Labels[labelOffline] == "yes" {
			off++
		}
	}
	for v := range in.VMs {
		if in.VMs[v].Labels[labelWaits] == "yes" && in.Initial[v] == cloud.Absent {
			waiting++
		}
	}
	if off != 250 || waiting != 753 {
		t.Errorf("got %d hosts that are off and %d VMs that wait, want 250 and 753", off, waiting)
	}
	if f := findings(t, in, in.Initial, false); len(f) > 0 {
		t.Errorf("the initial placement breaks %d rules, first %s", len(f), f[0])
	}
	there := in.Initial.Clone()
	for h := range in.Hosts {
		if in.Hosts[h].Labels[labelOffline] == "yes" {
			there[slices.Index(in.Initial, cloud.Absent)] = cloud.HostID(h)
			break
		}
	}
	if f := findings(t, in, there, false); len(f) != 1 || !strings.HasPrefix(f[0].Rule, "max-vms(") {
		t.Errorf("a VM on a host that is off: found %d violations", len(f))
	}
}
