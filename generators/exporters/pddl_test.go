package exporters_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators/exporters"
)

// pddlRules are rules that PDDL can express, some of them discrete.
var pddlRules = []string{
	"anti-affinity(group=a)", "anti-affinity(group=b, by=zone)", "anti-affinity(group=b, by=disk)",
	"anti-affinity(group=a, by=zone, continuous=no)", "spread(group=a, min=2, continuous=no)",
}

// An export must mean what the instance means: read by the semantics of PDDL, the cheapest
// plan costs what A* says, there is none where A* proves that there is none, and the plan
// that comes back is sane.
func TestPDDLMeansWhatTheInstanceMeans(t *testing.T) {
	found := map[bool]int{}
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 1))
		in := small(rng, pddlRules)
		cost := []string{"ram", "count(suspend=1)"}[rng.IntN(2)]
		want, exists := optimum(t, in, cost)
		found[exists]++
		for _, numeric := range []string{"no", "yes"} {
			task := exportPDDL(t, in, fmt.Sprintf("pddl(cost=%s, numeric=%s)", cost, numeric))
			plan, got, ok := task.cheapest()
			if ok != exists || (ok && got != want) {
				t.Fatalf("seed %d, numeric=%s: the cheapest plan costs %d (there is one: %v), A* says %d (%v)", seed, numeric, got, ok, want, exists)
			}
			if ok {
				migrations := readPlan(t, in, strings.Join(plan, "\n"))
				judge(t, problem(t, in, cost), migrations, want)
			}
		}
	}
	if found[true] < 10 || found[false] < 10 {
		t.Errorf("the instances are too much alike: %v have a path", found)
	}
}

func exportPDDL(t *testing.T, in *cloud.Instance, format string) *pddlTask {
	t.Helper()
	files := exported(t, in, format)
	task, faults := readPDDL(files["domain.pddl"], files["problem.pddl"])
	if len(faults) > 0 {
		t.Fatalf("faulty PDDL: %s\n%s\n%s", strings.Join(faults, "\n"), files["domain.pddl"], files["problem.pddl"])
	}
	return task
}

func exported(t *testing.T, in *cloud.Instance, format string) map[string]string {
	t.Helper()
	files, lost, err := exporters.Export(spec.MustParse(format), in)
	if err != nil {
		t.Fatal(err)
	}
	if len(lost) > 0 {
		t.Fatalf("lost: %v", lost)
	}
	return contents(files)
}

func contents(files []fileio.File) map[string]string {
	out := map[string]string{}
	for _, f := range files {
		out[f.Name] = string(f.Data)
	}
	return out
}

func readPlan(t *testing.T, in *cloud.Instance, text string) []cloud.Change {
	t.Helper()
	file := filepath.Join(t.TempDir(), "plan")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	migrations, err := exporters.ReadPlan(spec.Named("pddl"), in, file)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return migrations
}
