package json

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud/formats/internal/gentest"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/validate"
	"github.com/cloudrearrange/rearrange/internal/realdata"
)

// The numbers of hosts and VMs are those of the published cases.
func TestRealFilesAreReadWithTheirCounts(t *testing.T) {
	dir := realdata.Dir(t, "migrationpaths")
	counts := map[string][2]int{
		"chain4": {5, 12}, "chain6": {7, 18}, "circles": {3, 5}, "complex_pair_swap": {2, 4}, "complex_swap": {3, 3},
		"shutdown_and_swap": {4, 9}, "simple_cessation": {3, 2}, "simple_deadlock": {2, 2}, "simple_swap": {2, 2},
		"slow": {5, 9}, "swap_with_one_temp": {3, 2}, "tricky": {3, 6}, "weird": {3, 4},
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) != len(counts) {
		t.Fatalf("found %d cases (%v), expected %d", len(files), err, len(counts))
	}
	for _, file := range files {
		in, err := importer{}.Import([]string{file})
		if err != nil {
			t.Error(err)
			continue
		}
		if got := [2]int{len(in.Hosts), len(in.VMs)}; got != counts[in.Name] {
			t.Errorf("%s: got %d hosts and %d VMs, want %d", in.Name, got[0], got[1], counts[in.Name])
		}
		bound, err := rules.Bind(gentest.Catalogue(), in, nil)
		if err != nil {
			t.Fatal(err)
		}
		if f := validate.Placement(in, bound, in.Initial, false); len(f) > 0 {
			t.Errorf("%s: the initial placement breaks %d rules, first %s", in.Name, len(f), f[0])
		}
		if f := validate.Placement(in, bound, in.Target, true); len(f) > 0 {
			t.Errorf("%s: the target breaks %d rules, first %s", in.Name, len(f), f[0])
		}
	}
}

func TestFaultsAreNamedWithTheirPlace(t *testing.T) {
	_, err := importer{}.Import([]string{"testdata/faulty.json"})
	if err == nil || !strings.HasPrefix(err.Error(), "testdata/faulty.json:4:") || !strings.Contains(err.Error(), "/hosts/0/capacity/ram") {
		t.Errorf("got %v", err)
	}
}
