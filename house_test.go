package rearrange_test

import (
	"errors"
	"os/exec"
	"path"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	pathsall "github.com/cloudrearrange/rearrange/algorithms/paths/all"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	families "github.com/cloudrearrange/rearrange/generators/all"
	"github.com/cloudrearrange/rearrange/generators/exporters"
	"github.com/cloudrearrange/rearrange/generators/importers"
	"github.com/cloudrearrange/rearrange/metrics/plots"
	"github.com/cloudrearrange/rearrange/metrics/tables"
)

const module = "github.com/cloudrearrange/rearrange"

// layers lists the packages of the house from the top down, `*` standing for each
// folder of a kind. A package may import those of earlier lines, and none of its own
// line or of later ones.
var layers = []string{
	"cloud/spec",
	"cloud/prose",
	"cloud/fileio",
	"cloud/schema",
	"cloud",
	"cloud/internal/*", // what tests share, here and below
	"cloud/expression",
	"cloud/rules",
	"cloud/costs",
	"cloud/validate",
	"cloud/features",
	"algorithms/paths",
	"algorithms/paths/internal/*",
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
	"generators/all",
	"results/internal/*",
	"results",
	"results/best",
	"metrics/stats",
	"metrics/summary",
	"metrics/gate",
	"metrics/where",
	"metrics/tables",
	"metrics/plots",
	"metrics/report",
	"experiments",
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

// registries lists every registry of the program.
func registries() []spec.Resolver {
	return []spec.Resolver{
		rules.Registry(), costs.Registry(), bounds.Registry(), pathsall.Registry(), targets.Registry(),
		families.Registry(), importers.Registry(), exporters.Registry(), exporters.Plans(), tables.Registry(), tables.Renderers(), plots.Registry(),
	}
}

// All faults of all registries are reported together, so that they can be mended
// together.
func TestRegistriesHaveNoFaults(t *testing.T) {
	var faults []error
	for _, r := range registries() {
		faults = append(faults, r.Problems()...)
	}
	if err := errors.Join(faults...); err != nil {
		t.Error(err)
	}
}

// A registry full of faults must name every one of them in one go.
func TestEveryRegistryFaultIsReportedAtOnce(t *testing.T) {
	build := func(spec.Args) (int, error) { return 0, nil }
	entry := func(d spec.Descriptor) spec.Entry[int] { return spec.Entry[int]{Descriptor: d, New: build} }
	r := spec.NewRegistry("thing", []spec.Property{"good"},
		entry(spec.Descriptor{Name: "Bad Name", Synopsis: "x"}),
		entry(spec.Descriptor{Name: "twice", Synopsis: "x"}),
		entry(spec.Descriptor{Name: "twice"}),
		spec.Entry[int]{Descriptor: spec.Descriptor{Name: "unbuildable", Synopsis: "x"}},
		entry(spec.Descriptor{Name: "boaster", Synopsis: "x", Properties: []spec.Property{"perfect"}}),
		entry(spec.Descriptor{Name: "params", Synopsis: "x", Params: []spec.Param{
			{Name: "silent", Type: spec.Int},
			{Name: "choiceless", Doc: "d", Type: spec.Choice},
			{Name: "outside", Doc: "d", Type: spec.Int, Default: "9", Bounds: spec.Between(0, 5)},
			{Name: "empty", Doc: "d", Type: spec.Int, Bounds: spec.Between(5, 0)},
			{Name: "both", Doc: "d", Type: spec.Int, Default: "1", Required: true},
			{Name: "both", Doc: "d", Type: spec.Int},
		}}),
	)
	all := errors.Join(r.Problems()...)
	if all == nil {
		t.Fatal("no fault was found")
	}
	for _, want := range []string{
		`"Bad Name": the name`, "taken twice", "no synopsis", "no constructor", `"perfect" is not in the vocabulary`,
		`"silent": no text`, `"choiceless": choices`, `"outside": default "9"`, `"empty": bounds`,
		`"both": a required`, `"both" is declared twice`,
	} {
		if !strings.Contains(all.Error(), want) {
			t.Errorf("this fault was not reported: %s", want)
		}
	}
}

// Whatever claims to be an algorithm must have said where it comes from.
func TestAlgorithmsCiteTheirSource(t *testing.T) {
	for _, d := range pathsall.Registry().Descriptors() {
		if d.Citation == "" {
			t.Errorf("algorithm %s has no citation", d.Name)
		}
		if !d.Has(paths.Deterministic) {
			t.Errorf("algorithm %s does not promise to be deterministic, which the design asks of all", d.Name)
		}
	}
}
