package csv

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/gentest"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// again exports and imports.
func again(in *cloud.Instance, dir string) (out *cloud.Instance, names, lost []string, err error) {
	files, lost, err := exporter{}.Export(in)
	if err != nil {
		return nil, nil, nil, err
	}
	var paths []string
	for _, f := range files {
		names = append(names, f.Name)
		paths = append(paths, filepath.Join(dir, f.Name))
		if err := os.WriteFile(paths[len(paths)-1], f.Data, 0o600); err != nil {
			return nil, nil, nil, err
		}
	}
	out, err = importer{gentest.Catalogue()}.Import(paths)
	return out, names, lost, err
}

func TestNothingIsLostUnlessSaid(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		in := gentest.Instance(t, gentest.Plain(rapid.Bool().Draw(t, "plain")))
		out, _, lost, err := again(in, dir)
		if err != nil {
			if len(lost) == 0 { // a name that has lost its line break may be that of another
				t.Fatal(err)
			}
			return
		}
		diff := cmp.Diff(gentest.Content(in), gentest.Content(out))
		if (diff != "") != (len(lost) > 0) {
			t.Errorf("said to be lost: %q; (-exported +imported):\n%s", lost, diff)
		}
	})
}

func TestFilesAreThoseThatAreNeeded(t *testing.T) {
	for _, c := range []struct {
		name   string
		rules  []spec.Spec
		groups []cloud.Group
		want   []string
	}{
		{"default rules", nil, nil, []string{"hosts.csv", "vms.csv"}},
		{"no rules", []spec.Spec{}, nil, []string{"hosts.csv", "vms.csv", "rules.csv"}},
		{"groups in order", nil, []cloud.Group{{Name: "g", VMs: []cloud.VMID{0}}, {Name: "h", VMs: []cloud.VMID{0, 1}}}, []string{"hosts.csv", "vms.csv"}},
		{"groups out of order", nil, []cloud.Group{{Name: "g", VMs: []cloud.VMID{1}}, {Name: "h", VMs: []cloud.VMID{0, 1}}}, []string{"hosts.csv", "vms.csv", "groups.csv"}},
		{"members out of order", nil, []cloud.Group{{Name: "g", VMs: []cloud.VMID{1, 0}}}, []string{"hosts.csv", "vms.csv", "groups.csv"}},
		{"an empty group", nil, []cloud.Group{{Name: "g"}}, []string{"hosts.csv", "vms.csv", "groups.csv"}},
	} {
		in := &cloud.Instance{
			Name: "x", Resources: []cloud.Resource{{Name: "ram"}}, Rules: c.rules, Groups: c.groups,
			VMs:     []cloud.VM{{Name: "a", Demand: []int64{1}}, {Name: "b", Demand: []int64{1}}},
			Initial: cloud.Placement{-1, -1},
		}
		if err := in.Check(); err != nil {
			t.Fatal(err)
		}
		out, names, lost, err := again(in, t.TempDir())
		if err != nil || len(lost) > 0 || !slices.Equal(names, c.want) {
			t.Errorf("%s: got the files %v (lost %v, error %v), want %v", c.name, names, lost, err, c.want)
		} else if diff := cmp.Diff(gentest.Content(in), gentest.Content(out)); diff != "" {
			t.Errorf("%s (-exported +imported):\n%s", c.name, diff)
		}
	}
}

func BenchmarkExportAndImport(b *testing.B) {
	in, dir := gentest.Large(10_000, 150_000), b.TempDir()
	for b.Loop() {
		if _, _, _, err := again(in, dir); err != nil {
			b.Fatal(err)
		}
	}
}
