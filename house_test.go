package rearrange_test

import (
	"errors"
	"os/exec"
	"path"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

const module = "github.com/cloudrearrange/rearrange"

// layers lists the packages of the house from the top down, `*` standing for each
// folder of a kind. A package may import those of earlier lines, and none of its own
// line or of later ones.
var layers = []string{
	"cloud/spec",
	"cloud/fileio",
	"cloud/schema",
	"cloud/strictyaml",
	"cloud",
	"cloud/internal/*", // what tests share, here and below
	"cloud/expression",
	"cloud/rules",
	"cloud/costs",
	"cloud/validate",
	"cloud/features",
	"algorithms/paths",
	"algorithms/paths/pathtest",
	"algorithms/paths/space",
	"algorithms/paths/bounds",
	"algorithms/paths/part",
	"algorithms/paths/*", // one folder per family of algorithms
	"algorithms/paths/largefirst",
	"algorithms/paths/improve",
	"algorithms/paths/auto",
	"algorithms/paths/all",
	"algorithms/targets",
	"generators",
	"generators/internal/lost",
	"generators/internal/*",
	"generators/importers/*", // one folder per format
	"generators/importers",
	"generators/exporters/*", // one folder per format
	"generators/exporters",
	"results/internal/*",
	"results",
	"results/best",
	"experiments",
	"metrics/stats",
	"metrics/summary",
	"metrics/gate",
	"metrics/where",
	"metrics/tables",
	"metrics/plots",
	"metrics/report",
	"cmd/catalogue",
	"cmd/cli",
	"cmd/rearrange",
}

// layerOf finds the line of a package: its own, before that of its kind.
func layerOf(pkg string) int {
	byKind := -1
	for i, l := range layers {
		if l == pkg {
			return i
		}
		if ok, _ := path.Match(l, pkg); ok {
			byKind = i
		}
	}
	return byKind
}

// Imports must point up the list of layers, or the house becomes a knot.
func TestImportsPointUpwards(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	checked := 0
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		words := strings.Fields(line)
		pkg, ok := strings.CutPrefix(words[0], module+"/")
		if !ok {
			continue
		}
		at := layerOf(pkg)
		if at < 0 {
			t.Errorf("package %s stands in no layer: add it to the list, where it belongs", pkg)
			continue
		}
		for _, imported := range words[1:] {
			other, ours := strings.CutPrefix(imported, module+"/")
			if !ours {
				continue
			}
			checked++
			if layerOf(other) >= at {
				t.Errorf("%s imports %s, which stands on its own line or below it", pkg, other)
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d imports were checked: the test has lost sight of the code", checked)
	}
}

// The judge must share no code with those it judges.
func TestValidatorSharesNoCodeWithSolvers(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "./cloud/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for _, pkg := range strings.Fields(string(out)) {
		for _, below := range []string{"/algorithms", "/generators", "/experiments", "/metrics", "/results"} {
			if strings.HasPrefix(pkg, module+below) {
				t.Errorf("the model or its judge depends on %s", pkg)
			}
		}
	}
}

// All faults of the catalogue are reported together, so that they can be mended together.
func TestCatalogueHasNoFaults(t *testing.T) {
	if err := errors.Join(catalogue.Standard().Problems()...); err != nil {
		t.Error(err)
	}
}

// Whatever claims to be an algorithm must have said where it comes from.
func TestAlgorithmsCiteTheirSource(t *testing.T) {
	for _, d := range catalogue.Standard().Descriptors(paths.Kind) {
		if d.Citation == "" {
			t.Errorf("algorithm %s has no citation", d.Name)
		}
		if !d.Has(paths.Deterministic) {
			t.Errorf("algorithm %s does not promise to be deterministic, which the design asks of all", d.Name)
		}
	}
}
