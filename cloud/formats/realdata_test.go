package formats_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/formats/internal/gentest"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/internal/realdata"
)

// real lists the files of real instances, by format of import.
func real(t *testing.T) map[string][][]string {
	t.Helper()
	out := map[string][][]string{}
	for format, pattern := range map[string]string{
		"json":     filepath.Join(realdata.Dir(t, "migrationpaths"), "*.json"),
		"btrplace": filepath.Join(realdata.Dir(t, "mvm"), "*.json"),
	} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no files (%v)", pattern, err)
		}
		for _, f := range files {
			out[format] = append(out[format], []string{f})
		}
	}
	for _, name := range []string{"a1_1.txt", "a1_4.txt", "a2_5.txt", "b_1.txt"} {
		dir := realdata.Dir(t, "roadef2012")
		out["roadef"] = append(out["roadef"], []string{filepath.Join(dir, "model_"+name), filepath.Join(dir, "assignment_"+name)})
	}
	return out
}

// What the formats of ours and tables say of real instances is all there is, switches apart; what BtrPlace's
// and the problem's formats say is all but what is told to be lost.
func TestRealInstancesComeBackFromEachFormat(t *testing.T) {
	dir := t.TempDir()
	for from, inputs := range real(t) {
		for _, input := range inputs {
			in, err := formats.Import(catalogue.Standard(), spec.Named(from), input)
			if err != nil {
				t.Fatal(err)
			}
			for _, to := range []string{"json", "btrplace", "csv", "fixing-the-cloud"} {
				if to == "csv" { // which has no switches, so that these come last
					in.Switches = nil
					for h := range in.Hosts {
						in.Hosts[h].Switch = ""
					}
				}
				out, lost, err := again(in, to, dir)
				switch {
				case in.Target == nil && to == "fixing-the-cloud":
					if err == nil {
						t.Errorf("%s: a problem without a target", in.Name)
					}
				case err != nil:
					t.Errorf("%s by way of %s: %v", in.Name, to, err)
				case len(lost) == 0:
					if diff := cmp.Diff(gentest.Content(in), gentest.Content(out)); diff != "" {
						t.Errorf("%s by way of %s (-exported +imported):\n%.2000s", in.Name, to, diff)
					}
				case to == "json" || to == "csv" && in.Objective == nil || to == from:
					t.Errorf("%s by way of %s: lost %v", in.Name, to, lost)
				}
			}
		}
	}
}

// again exports to a format and imports from it.
func again(in *cloud.Instance, format, dir string) (out *cloud.Instance, lost []string, err error) {
	files, lost, err := formats.Export(catalogue.Standard(), spec.Named(format), in)
	if err != nil {
		return nil, nil, err
	}
	var paths []string
	for _, f := range files {
		paths = append(paths, filepath.Join(dir, f.Name))
		if err := os.WriteFile(paths[len(paths)-1], f.Data, 0o600); err != nil {
			return nil, nil, err
		}
	}
	out, err = formats.Import(catalogue.Standard(), spec.Named(format), paths)
	return out, lost, err
}
