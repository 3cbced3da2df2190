package rearrange_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
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
	".",          // the embedded source: no code
	"internal/*", // what packages of all layers share, or their tests
	"cloud/spec",
	"cloud/prose",
	"cloud/fileio",
	"cloud/schema",
	"cloud/strictyaml",
	"cloud",
	"cloud/internal/*", // what tests share, here and below
	"cloud/internal/amounts",
	"cloud/expression",
	"cloud/rules",
	"cloud/durations",
	"cloud/costs",
	"cloud/objectives",
	"cloud/concurrency",
	"cloud/drivers",
	"cloud/slas",
	"cloud/validate",
	"cloud/formats",
	"cloud/formats/internal/lost",
	"cloud/formats/internal/*",
	"cloud/formats/*", // one folder per format
	"cloud/features",
	"cloud/occupancy",
	"algorithms/paths",
	"algorithms/paths/internal/*",
	"algorithms/paths/pathtest",
	"algorithms/paths/space",
	"algorithms/paths/bounds",
	"algorithms/paths/part",
	"algorithms/paths/*", // one folder per family of algorithms
	"algorithms/paths/largefirst",
	"algorithms/paths/improve",
	"algorithms/paths/auto",
	"algorithms/paths/all",
	"algorithms/schedules/timetable",
	"algorithms/schedules/scheduletest",
	"algorithms/schedules/bounds",
	"algorithms/schedules",
	"algorithms/targets/bounds",
	"algorithms/targets/exact",
	"algorithms/targets/packing",
	"algorithms/targets/reassign",
	"algorithms/targets",
	"algorithms/execution",
	"generators",
	"results/internal/*",
	"results",
	"results/best",
	"experiments/source",
	"experiments",
	"experiments/bundle",
	"metrics/stats",
	"metrics/summary",
	"metrics/where",
	"metrics/tables",
	"metrics/gate",
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

// layerFaults tells what is wrong with the imports of a package, all of them named without
// the module.
func layerFaults(pkg string, imports []string) []string {
	at := layerOf(pkg)
	if at < 0 {
		return []string{fmt.Sprintf("package %s stands in no layer: add it to the list, where it belongs", pkg)}
	}
	var faults []string
	for _, other := range imports {
		if layerOf(other) >= at {
			faults = append(faults, fmt.Sprintf("%s imports %s, which stands on its own line or below it", pkg, other))
		}
	}
	return faults
}

// Imports must point up the list of layers, or the house becomes a knot.
func TestImportsPointUpwards(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	checked := 0
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		var ours []string
		for _, pkg := range strings.Fields(line) {
			if pkg == module {
				ours = append(ours, ".")
			} else if name, ok := strings.CutPrefix(pkg, module+"/"); ok {
				ours = append(ours, name)
			}
		}
		checked += len(ours) - 1
		for _, fault := range layerFaults(ours[0], ours[1:]) {
			t.Error(fault)
		}
	}
	if checked < 20 {
		t.Errorf("only %d imports were checked: the test has lost sight of the code", checked)
	}
}

// An algorithm that calls another solver needs that solver's format; a format must not need
// an algorithm.
func TestAlgorithmsMayUseFormats(t *testing.T) {
	for _, c := range []struct {
		pkg, imported string
		fine          bool
	}{
		{"algorithms/paths/external", "cloud/formats/pddl", true},
		{"algorithms/paths/external", "cloud/formats", true},
		{"algorithms/paths/external", "algorithms/paths", true},
		{"algorithms/targets", "cloud/formats/minizinc", true},
		{"generators", "cloud/formats/roadef", true},
		{"algorithms/paths/external", "generators", false},
		{"algorithms/paths/external", "algorithms/paths/other", false},
		{"cloud/formats/pddl", "algorithms/paths", false},
		{"cloud/formats/pddl", "algorithms/paths/external", false},
		{"cloud/formats/pddl", "cloud/formats/minizinc", false},
		{"cloud/formats/pddl", "generators", false},
		{"cloud/formats/internal/formulation", "algorithms/paths", false},
		{"cloud/formats", "cloud/formats/pddl", false},
		{"cloud/validate", "cloud/formats", false},
		{"nowhere", "cloud", false},
	} {
		if faults := layerFaults(c.pkg, []string{"cloud/spec", c.imported}); (len(faults) == 0) != c.fine {
			t.Errorf("%s imports %s: got %q", c.pkg, c.imported, faults)
		}
	}
}

// A cost may be made of a duration; a duration must not know what it costs.
func TestDurationKnowsItsCost(t *testing.T) {
	if f := layerFaults("cloud/costs", []string{"cloud/durations"}); len(f) > 0 {
		t.Errorf("costs may not be made of durations: %q", f)
	}
	if f := layerFaults("cloud/durations", []string{"cloud/costs"}); len(f) == 0 {
		t.Error("durations may be made of costs")
	}
}

// Whoever asked a global list for what is pluggable would not know what another module
// adds: outside of cmd and of test kits, no package makes a catalogue or lists entries.
func TestNoPackageAsksAGlobalRegistry(t *testing.T) {
	allowed := []string{"cmd/", "algorithms/paths/pathtest/", "algorithms/schedules/scheduletest/", "cloud/formats/internal/gentest/", "cloud/spec/", "testdata/"}
	seen := 0
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		file = filepath.ToSlash(file)
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") ||
			slices.ContainsFunc(allowed, func(dir string) bool { return strings.HasPrefix(file, dir) }) {
			return err
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			return err
		}
		seen++
		ast.Inspect(tree, func(n ast.Node) bool {
			call, isCall := n.(*ast.CallExpr)
			if !isCall {
				return true
			}
			if of, ok := call.Fun.(*ast.SelectorExpr); ok && slices.Contains([]string{"NewCatalogue", "Registry", "Entries", "Standard"}, of.Sel.Name) {
				t.Errorf("%s calls %s: take the catalogue from the caller", file, of.Sel.Name)
			}
			return true
		})
		return nil
	})
	if err != nil || seen < 200 {
		t.Errorf("%d files were read: %v", seen, err)
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

// The design asks all algorithms to repeat themselves.
func TestAlgorithmsAreDeterministic(t *testing.T) {
	for _, d := range catalogue.Standard().Descriptors(paths.Kind) {
		if !d.Has(paths.Deterministic) {
			t.Errorf("algorithm %s is not declared deterministic", d.Name)
		}
	}
}
