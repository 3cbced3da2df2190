package json

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud/formats/internal/gentest"
)

func TestNothingIsLost(t *testing.T) {
	path := filepath.Join(t.TempDir(), "instance.json")
	rapid.Check(t, func(t *rapid.T) {
		in := gentest.Instance(t, false)
		files, lost, err := exporter{}.Export(in)
		if err != nil || len(files) != 1 || len(lost) > 0 {
			t.Fatalf("got %d files, lost %v, error %v", len(files), lost, err)
		}
		if err := os.WriteFile(path, files[0].Data, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := importer{}.Import([]string{path})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(gentest.Content(in), gentest.Content(out)); diff != "" || in.Name != out.Name || in.Description != out.Description {
			t.Errorf("%q %q became %q %q (-exported +imported):\n%s", in.Name, in.Description, out.Name, out.Description, diff)
		}
	})
}
