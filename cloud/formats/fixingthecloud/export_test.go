package fixingthecloud

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/gentest"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// again exports and imports.
func again(in *cloud.Instance, dir string) (out *cloud.Instance, lost []string, err error) {
	files, lost, err := exporter{}.Export(in)
	if err != nil {
		return nil, nil, err
	}
	path := filepath.Join(dir, files[0].Name)
	if err := os.WriteFile(path, files[0].Data, 0o600); err != nil {
		return nil, nil, err
	}
	out, err = importer{}.Import([]string{path})
	return out, lost, err
}

// The file is whatever the instance is, and as many VMs migrate.
func TestNothingIsLostUnlessSaid(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		in := gentest.Instance(t, gentest.Plain(rapid.Bool().Draw(t, "plain")))
		if in.Target == nil {
			in.Target = in.Initial.Clone()
		}
		if rapid.Bool().Draw(t, "bare") {
			in = bare(in)
		}
		out, lost, err := again(in, dir)
		if err != nil {
			t.Fatal(err)
		}
		if len(lost) == 0 {
			in.Rules = nil // what is left of them are the default ones
		}
		diff := cmp.Diff(gentest.Content(in), gentest.Content(out))
		if (diff != "") != (len(lost) > 0) {
			t.Errorf("said to be lost: %q; (-exported +imported):\n%s", lost, diff)
		}
		if a, b := in.Start(), out.Start(); len(slices.DeleteFunc(a, func(h cloud.HostID) bool { return h == cloud.Absent })) < len(b) {
			t.Errorf("%d VMs are there at the start, %d were", len(b), len(a))
		}
	})
}

// bare takes off what the format does not know.
func bare(in *cloud.Instance) *cloud.Instance {
	out := &cloud.Instance{Name: "bare", Resources: []cloud.Resource{{Name: "ram"}, {Name: "cpu"}}, Target: cloud.Placement{}}
	for h, host := range in.Hosts {
		out.Hosts = append(out.Hosts, cloud.Host{Name: hostName(h), Capacity: []int64{host.Capacity[0], 7}, Reserved: []int64{0, 0}})
	}
	for v, vm := range in.VMs {
		if in.Initial[v] != cloud.Absent && in.Target[v] != cloud.Absent {
			out.VMs = append(out.VMs, cloud.VM{Name: vmName(len(out.VMs)), Demand: []int64{vm.Demand[0], 1}})
			out.Initial = append(out.Initial, in.Initial[v])
			out.Target = append(out.Target, in.Target[v])
		}
	}
	if in.Rules != nil {
		out.Rules = []spec.Spec{spec.Named("capacity")}
	}
	if err := out.Check(); err != nil {
		panic(err)
	}
	return out
}

// losing is an instance with something of all that is lost.
func losing(t testing.TB) *cloud.Instance {
	t.Helper()
	in := &cloud.Instance{
		Name:      "losing",
		Resources: []cloud.Resource{{Name: "disk"}, {Name: "vCPU"}, {Name: "memory", Unit: "MiB"}},
		Hosts: []cloud.Host{
			{Name: "a", Capacity: []int64{1, 20, 300}, Reserved: []int64{0, 2, 30}, Rack: "r"},
			{Name: "b", Capacity: []int64{4, 50, 600}, Reserved: []int64{0, 0, 0}, NICMbps: 1},
		},
		VMs: []cloud.VM{
			{Name: "gone", Demand: []int64{1, 2, 3}},
			{Name: "here", Demand: []int64{4, 5, 6}, Interruptible: true},
			{Name: "there", Demand: []int64{7, 8, 9}},
		},
		Groups:    []cloud.Group{{Name: "g", VMs: []cloud.VMID{0}}},
		Rules:     []spec.Spec{spec.MustParse("capacity(overcommit.vCPU=2)"), spec.MustParse("anti-affinity(group=g)")},
		Objective: new(spec.Named("hosts")),
		Initial:   cloud.Placement{0, 0, 1},
		Target:    cloud.Placement{-1, 1, 0},
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	return in
}

func TestWhatIsLostIsSaid(t *testing.T) {
	files, lost, err := exporter{}.Export(losing(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 || files[0].Name != "problem.txt" {
		t.Errorf("got the files %v, want problem.txt", files)
	}
	want := "2 2\n18 270\n50 600\n5 6\n8 9\n0 1\n1 0\n"
	if diff := cmp.Diff(want, string(files[0].Data)); diff != "" {
		t.Errorf("problem (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{
		"VMs that no migration is about, because they are shut down, provisioned or never there (1)",
		"names of hosts and VMs",
		`resource "disk"`,
		`name, unit or rank of resource "vCPU", which is written as cpu`,
		`name, unit or rank of resource "memory", which is written as ram`,
		"reserved amounts, which are taken off the capacities",
		"racks",
		"network interfaces",
		"that VMs are interruptible",
		"groups",
		"rule capacity(overcommit.vCPU=2), in place of which capacity is in force",
		"rule anti-affinity(group=g)",
		"objective hosts",
	}, lost); diff != "" {
		t.Errorf("lost (-want +got):\n%s", diff)
	}
}

func TestOneResourceIsRAM(t *testing.T) {
	in := losing(t)
	in.Resources = []cloud.Resource{{Name: "size"}}
	if ram, cpu := columns(in); ram != 0 || cpu != -1 {
		t.Errorf("got %d and %d", ram, cpu)
	}
}

func TestInstancesWithoutATargetAreRefused(t *testing.T) {
	in := losing(t)
	in.Target = nil
	if _, _, err := (exporter{}).Export(in); err == nil || !strings.Contains(err.Error(), "no target") {
		t.Errorf("got %v", err)
	}
	if _, err := (planReader{}).ReadPlan(in, "p.txt", []byte("0")); err == nil || !strings.Contains(err.Error(), "no target") {
		t.Errorf("got %v", err)
	}
}

// VM 0 of the problem is the one called here: gone does not count.
func TestPlansCountAsTheProblemDoes(t *testing.T) {
	got, err := planReader{}.ReadPlan(losing(t), "p.txt", []byte("3\n0 1\n1 0\n0 0\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []cloud.Change{{VM: 1, From: 0, To: 1}, {VM: 2, From: 1, To: 0}, {VM: 1, From: 1, To: 0}}
	if diff := cmp.Diff(want, got.Migrations); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFaultsOfPlansAreNamedWithTheirPlace(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"nothing at all", "", "p.txt:1: expected the number of migrations (an integer of at least 0), found the end of the file"},
		{"cut short", "2\n0 1\n", "p.txt:3: expected the VM of migration 1 (an integer from 0 to 1), found the end of the file"},
		{"unknown VM", "1\n2 0\n", `p.txt:2: expected the VM of migration 0 (an integer from 0 to 1), found "2"`},
		{"unknown host", "1\n1 2\n", `p.txt:2: expected the host that migration 0 takes VM 1 to (an integer from 0 to 1), found "2"`},
		{"more than it says", "1\n1 1\n0 0\n", `p.txt:3: expected the end of the file, found "0"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := planReader{}.ReadPlan(losing(t), "p.txt", []byte(c.data))
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func FuzzReadPlan(f *testing.F) {
	in := losing(f)
	f.Add([]byte("2\n0 1\n1 0\n"))
	f.Add([]byte("0"))
	f.Fuzz(func(t *testing.T, data []byte) {
		plan, err := planReader{}.ReadPlan(in, "p.txt", data)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "p.txt:") {
				t.Errorf("the error does not name the file: %v", err)
			}
			return
		}
		for i, c := range plan.Migrations {
			if c.To < 0 || int(c.To) >= len(in.Hosts) || in.Initial[c.VM] == cloud.Absent {
				t.Errorf("change %d is %v", i, c)
			}
		}
	})
}

func BenchmarkExportAndImport(b *testing.B) {
	in, dir := gentest.Large(10_000, 150_000), b.TempDir()
	for b.Loop() {
		if _, _, err := again(in, dir); err != nil {
			b.Fatal(err)
		}
	}
}
