//go:build soak

package report

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/experiments"
	"github.com/cloudrearrange/rearrange/results"
)

// A report on each of the reference results is the same, byte for byte, under a catalogue
// with other defaults.
func TestDefaultsOfTodayChangeAReferenceReport(t *testing.T) {
	folders, err := filepath.Glob("../../results/reference/*/records.jsonl.gz")
	if err != nil || len(folders) < 8 {
		t.Fatalf("%d reference results, %v", len(folders), err)
	}
	for _, file := range folders {
		dir := filepath.Dir(file)
		name := filepath.Base(dir)
		t.Run(name, func(t *testing.T) {
			records, problems, err := results.Read(dir)
			if err != nil || len(problems) > 0 || len(records) == 0 {
				t.Fatalf("%d records, %v, %v", len(records), problems, err)
			}
			if _, err := os.Stat(filepath.Join(dir, "suite.yaml")); err != nil {
				t.Fatal(err)
			}
			made := func(c *spec.Catalogue) map[string]string {
				// The suite names algorithms and families that only the standard catalogue can build.
				_, content, err := experiments.ReadReport(catalogue.Standard(), filepath.Join(dir, "suite.yaml"))
				if err != nil {
					t.Fatal(err)
				}
				return files(t, writeTo(t, t.TempDir(), newReport(t, records, problems, Options{Catalogue: c, Content: content})))
			}
			today, tomorrow := made(catalogue.Standard()), made(otherDefaults(t))
			for path, text := range today {
				if tomorrow[path] != text {
					t.Errorf("%s differs:\n%s", path, cmp.Diff(text, tomorrow[path]))
				}
			}
			if len(today) != len(tomorrow) || len(today) < 8 {
				t.Errorf("%d files, and then %d", len(today), len(tomorrow))
			}
		})
	}
}
