package generators

import (
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bestfirst"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/displacement"
	"github.com/cloudrearrange/rearrange/algorithms/paths/greedy"
	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/formats/json"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/internal/realdata"
)

func generate(t testing.TB, text string, seed uint64) []*cloud.Instance {
	t.Helper()
	family, _, err := spec.Build[Family](testCatalogue(), Kind, spec.MustParse(text))
	if err != nil {
		t.Fatal(err)
	}
	out, err := family(seed)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// testCatalogue knows what families need.
func testCatalogue() *spec.Catalogue { return families() }

var families = sync.OnceValue(func() *spec.Catalogue {
	return spec.NewCatalogue(Registry(Entries()...), targets.Registry(targets.Entries()...), rules.Registry(rules.Entries()...), costs.Registry(costs.Entries()...), objectives.Registry(objectives.Entries()...), bounds.Registry(bounds.Entries()...),
		paths.Registry(bestfirst.AStar(), bestfirst.Dijkstra(), greedy.Entry(), displacement.Entry()), formats.Importers(json.Importer()))
})

// The tables are a second writing of the published files; a slip of the pen in either
// shows here.
func TestClassicCasesEqualThePublishedOnes(t *testing.T) {
	dir := realdata.Dir(t, "migrationpaths")
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) != 13 {
		t.Fatalf("found %d files (%v), expected 13", len(files), err)
	}
	ours := map[string]*cloud.Instance{}
	for _, in := range generate(t, "classic", 0) {
		ours[in.Name] = in
	}
	for _, file := range files {
		want, err := cloud.ReadInstance(file)
		if err != nil {
			t.Error(err)
			continue
		}
		got := ours[want.Name]
		if got == nil {
			t.Errorf("no case %q", want.Name)
			continue
		}
		if diff := cmp.Diff(parts(want), parts(got)); diff != "" {
			t.Errorf("%s (-published +ours):\n%s", want.Name, diff)
		}
	}
}

func parts(in *cloud.Instance) []any {
	return []any{in.Resources, in.Hosts, in.VMs, in.Groups, in.Rules, in.Initial, in.Target}
}

func TestClassicYieldsOneCaseWhenAsked(t *testing.T) {
	in := generate(t, "classic(case=tricky)", 3)
	if len(in) != 1 || in[0].Name != "tricky" {
		t.Errorf("got %d instances", len(in))
	}
}

func TestClassicOptimaGoWithTheCases(t *testing.T) {
	cases, optima := generate(t, "classic", 0), ClassicOptima()
	if len(cases) != 13 || len(optima) != 13 {
		t.Fatalf("got %d cases and %d optima", len(cases), len(optima))
	}
	for i, o := range optima {
		if o.Case != cases[i].Name {
			t.Errorf("optimum %d is of %q, the case is %q", i, o.Case, cases[i].Name)
		}
		if o.Infeasible != (o.Case == "simple_deadlock") || o.Infeasible != (o.Optimum == 0) || o.Optimum > o.Published {
			t.Errorf("%+v", o)
		}
	}
}
