package btrplace

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/gentest"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/internal/realdata"
)

// read imports a file.
func read(t testing.TB, path string, ignore ...string) *cloud.Instance {
	t.Helper()
	in, err := importer{ignore}.Import([]string{path})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

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

// spelledOut is the content of an instance with its rules spelled out in full and sorted,
// without rule arch where nobody has to do with it.
func spelledOut(t *rapid.T, in *cloud.Instance) string {
	binds := newWriter(in).archBinds()
	var texts []string
	for _, r := range rules.Specs(in, nil) {
		_, args, err := spec.Build[rules.Binder](gentest.Catalogue(), rules.Kind, r)
		if err != nil {
			t.Fatal(err)
		}
		if text := args.Full().String(); binds || text != "arch" {
			texts = append(texts, text)
		}
	}
	slices.Sort(texts)
	bare := *in
	bare.Rules = nil
	return gentest.Content(&bare) + strings.Join(slices.Compact(texts), "\n")
}

func TestNothingIsLostUnlessSaid(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		in := gentest.Instance(t, gentest.Plain(rapid.Bool().Draw(t, "plain")))
		if rapid.Bool().Draw(t, "without units") {
			for r := range in.Resources {
				in.Resources[r].Unit = ""
			}
		} else if rapid.Bool().Draw(t, "with memory") {
			in.Resources[0] = cloud.Resource{Name: "ram", Unit: "MiB"}
			in.Rules = nil
			if in.Check() != nil {
				t.Skip("another resource is called ram")
			}
		}
		if rapid.Bool().Draw(t, "sayable") {
			sayable(in)
		}
		out, lost, err := again(in, dir)
		if err != nil {
			t.Fatal(err)
		}
		diff := cmp.Diff(spelledOut(t, in), spelledOut(t, out))
		if (diff != "") != (len(lost) > 0) {
			t.Errorf("said to be lost: %q; (-exported +imported):\n%s", lost, diff)
		}
	})
}

// sayable takes off most of what is lost, so that enough instances lose nothing.
func sayable(in *cloud.Instance) {
	for r := range in.Resources {
		in.Resources[r].Unit = ""
	}
	in.Groups = slices.DeleteFunc(in.Groups, func(g cloud.Group) bool { return len(g.VMs) == 0 })
	for g := range in.Groups {
		slices.Sort(in.Groups[g].VMs)
	}
	for h := range in.Hosts {
		in.Hosts[h].Arch = ""
	}
	in.Rules = []spec.Spec{spec.Named("capacity")}
	for _, g := range in.Groups {
		in.Rules = append(in.Rules,
			spec.Named("anti-affinity").With("group", g.Name),
			spec.Named("affinity").With("group", g.Name).With("continuous", "no"))
	}
}

// What came from BtrPlace comes back to the byte, name aside, which is that of the file.
func TestInstancesOfBtrPlaceComeBackTheSame(t *testing.T) {
	files := []string{"testdata/small.json", "testdata/waiting.json"}
	if real, err := filepath.Glob(filepath.Join(realdata.Dir(t, "mvm"), "*.json")); err == nil {
		files = append(files, real...)
	}
	for _, file := range files {
		in := read(t, file, "seq")
		out, lost, err := again(in, t.TempDir())
		if err != nil || len(lost) > 0 {
			t.Errorf("%s: lost %v, error %v", file, lost, err)
			continue
		}
		out.Name = in.Name
		if strings.Contains(file, "small") { // ignores and what is kept are told once
			out.Description = in.Description
		}
		var a, b bytes.Buffer
		if in.Encode(&a) != nil || out.Encode(&b) != nil {
			t.Fatal("an instance cannot be written")
		}
		if diff := cmp.Diff(a.String(), b.String()); diff != "" {
			t.Errorf("%s (-exported +imported):\n%s", file, diff)
		}
	}
}

func BenchmarkExportAndImport(b *testing.B) {
	in, dir := gentest.Large(10_000, 150_000), b.TempDir()
	for b.Loop() {
		if _, _, err := again(in, dir); err != nil {
			b.Fatal(err)
		}
	}
}
