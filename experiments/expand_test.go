package experiments

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/generators"
	"github.com/cloudrearrange/rearrange/results"
)

// suiteOf decodes a suite given without its head.
func suiteOf(t *testing.T, body string) *Suite {
	t.Helper()
	s, err := DecodeSuite(catalogue.Standard(), "suite.yaml", []byte("format: rearrange/suite/1\nname: t\n"+body))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func expand(t *testing.T, body string) []Task {
	t.Helper()
	tasks, err := suiteOf(t, body).Expand(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return tasks
}

func TestTasksComeInTheOrderOfTheSuite(t *testing.T) {
	var got []string
	for _, task := range expand(t, `
instances:
  - classic(case=weird)
  - {spec: random, grid: {hosts: [5, 4], migrations: [1, 2]}, seeds: [2, 1]}
algorithms: [auto, astar]
costs: [ram, count]
seeds: 5-6
`) {
		got = append(got, fmt.Sprint(task.Instance.Name, " ", task.Algorithm, " ", task.Cost, " ", task.Seed))
	}
	var want []string
	for _, in := range []string{
		"weird",
		"random(hosts=5, migrations=1)#2", "random(hosts=5, migrations=1)#1", "random(hosts=5, migrations=2)#2", "random(hosts=5, migrations=2)#1",
		"random(hosts=4, migrations=1)#2", "random(hosts=4, migrations=1)#1", "random(hosts=4, migrations=2)#2", "random(hosts=4, migrations=2)#1",
	} {
		for _, way := range []string{"auto ram 5", "auto ram 6", "auto count 5", "auto count 6", "astar ram 0", "astar count 0"} {
			want = append(want, in+" "+way)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Limits of an entry hold for its instances alone, each in place of the suite's.
func TestLimitsOfAnEntryReplaceThoseOfTheSuite(t *testing.T) {
	tasks := expand(t, `
instances:
  - classic(case=weird)
  - {spec: classic(case=tricky), limits: {timeout: 5s, memory: 1MiB}}
  - {spec: classic(case=circles), limits: {}}
algorithms: [astar]
limits: {timeout: 2s, expansions: 10}
`)
	want := []results.Limits{
		{TimeoutS: 2, Expansions: 10}, {TimeoutS: 5, MemoryBytes: 1 << 20, Expansions: 10}, {TimeoutS: 2, Expansions: 10},
	}
	for i, task := range tasks {
		if task.Limits != want[i] {
			t.Errorf("%s runs under %+v, expected %+v", task.Instance.Name, task.Limits, want[i])
		}
	}
}

func TestGridReplacesParametersOfTheSpec(t *testing.T) {
	tasks := expand(t, `
instances: [{spec: "random(hosts=9, migrations=3)", grid: {hosts: 2}}]
algorithms: [astar]
`)
	if len(tasks) != 1 || tasks[0].Instance.Name != "random(hosts=2, migrations=3)#1" {
		t.Errorf("%d tasks, the first on %s", len(tasks), tasks[0].Instance.Name)
	}
}

func TestGridOfNestedSpecs(t *testing.T) {
	tasks := expand(t, `
instances: [{spec: drift(migrations=3), grid: {of: ["random(hosts=4)", "random(hosts=3)"]}, seeds: 1-2}]
algorithms: [astar]
`)
	if len(tasks) != 4 {
		t.Errorf("%d tasks", len(tasks))
	}
}

func TestSameRunIsMadeOnce(t *testing.T) {
	for name, body := range map[string]string{
		"seeds that make no difference":    "instances: [{spec: classic(case=tricky), seeds: 1-5}]",
		"an instance in two entries":       "instances: [classic, classic(case=tricky), random(hosts=2), {spec: random, grid: {hosts: [2, 2]}}]",
		"a seed that is listed twice":      "instances: [classic(case=tricky)]\nseeds: [1, 1, 1-1]",
		"a default written out in another": "instances: [random(hosts=2), 'random(hosts=2, sizes=uniform)']",
	} {
		t.Run(name, func(t *testing.T) {
			seen := map[string]bool{}
			for _, task := range expand(t, body+"\nalgorithms: [astar]\n") {
				what := fmt.Sprint(task.SHA256, task.Seed)
				if seen[what] {
					t.Errorf("%s is run twice", task.Instance.Name)
				}
				seen[what] = true
			}
			if len(seen) == 0 {
				t.Error("nothing is run")
			}
		})
	}
}

// keyOf is the key of the only task of a suite.
func keyOf(t *testing.T, body string) string {
	t.Helper()
	tasks := expand(t, body)
	if len(tasks) != 1 {
		t.Fatalf("%d tasks", len(tasks))
	}
	return tasks[0].Key
}

const (
	plain  = "instances: [classic(case=tricky)]\nalgorithms: [astar]\n"
	seeded = "instances: [classic(case=tricky)]\nalgorithms: [auto]\n"
)

func TestKeyIsStableFromReleaseToRelease(t *testing.T) {
	// A change here makes every user repeat every run: it must be meant.
	got := ingredients{
		Instance: "71655c35c91d1b1fcee08e142648b3e79856fea82af7f7a0d196772835267fd2", Algorithm: "astar(heuristic=misplaced)",
		Cost: "ram", Rules: []string{"capacity", "arch"}, Seed: 1,
		Limits: results.Limits{TimeoutS: 60, MemoryBytes: 1 << 29, Expansions: 200_000},
	}.hash()
	if want := "08eda3f6de550fb6a292ae0a7ddd235f"; got != want {
		t.Errorf("key %s, want %s", got, want)
	}
}

func TestKeyDoesNotDependOnHowSpecsAreWritten(t *testing.T) {
	want := keyOf(t, plain)
	for name, body := range map[string]string{
		"spacing":                  "instances: ['classic( case = tricky )']\nalgorithms: ['  astar  ()']\n",
		"default written out":      "instances: [classic(case=tricky)]\nalgorithms: [astar(heuristic=deadlock)]\n",
		"quotes":                   "instances: ['classic(case=\"tricky\")']\nalgorithms: ['astar(heuristic=\"deadlock\")']\n",
		"default cost":             plain + "costs: [ram]\n",
		"default seed":             plain + "seeds: 1\n",
		"default rules":            plain + "rules: [capacity, arch]\n",
		"rule with its braces":     plain + "rules: [capacity(), arch]\n",
		"name and description":     plain + "description: something else\n",
		"seed that is not used":    plain + "seeds: 7\n",
		"role":                     "instances: [{spec: classic(case=tricky), role: test}]\nalgorithms: [astar]\n",
		"the instance's own rules": "instances: ['with(of=classic(case=tricky), rules=[arch, max-vms(max=5)])']\nalgorithms: [astar]\nrules: [capacity, arch]\n",
		"empty limits":             plain + "limits: {}\n",
	} {
		if got := keyOf(t, body); got != want {
			t.Errorf("%s changes the key", name)
		}
	}
	if keyOf(t, plain+"limits: {timeout: 90s}\n") != keyOf(t, plain+"limits: {timeout: 1m30s}\n") {
		t.Error("how a duration is written changes the key")
	}
}

func TestKeyChangesWithEverythingThatTheOutcomeDependsOn(t *testing.T) {
	seen := map[string]string{}
	for name, body := range map[string]string{
		"plain":           plain,
		"instance":        "instances: [classic(case=weird)]\nalgorithms: [astar]\n",
		"algorithm":       "instances: [classic(case=tricky)]\nalgorithms: [dijkstra]\n",
		"parameter":       "instances: [classic(case=tricky)]\nalgorithms: [astar(heuristic=blind)]\n",
		"cost":            plain + "costs: [count]\n",
		"rules":           plain + "rules: [capacity]\n",
		"order of rules":  plain + "rules: [arch, capacity]\n",
		"rule parameter":  plain + "rules: [capacity(overcommit.ram=2), arch]\n",
		"no rules":        plain + "rules: []\n",
		"seed":            seeded + "seeds: 2\n",
		"another seed":    seeded,
		"timeout":         plain + "limits: {timeout: 1s}\n",
		"another timeout": plain + "limits: {timeout: 1001ms}\n",
		"memory":          plain + "limits: {memory: 1000000000B}\n",
		"expansions":      plain + "limits: {expansions: 1000000000}\n",
		"cores":           plain + "limits: {cores: 1}\n",
		"entry's limits":  "instances: [{spec: classic(case=tricky), limits: {expansions: 5}}]\nalgorithms: [astar]\n",
	} {
		key := keyOf(t, body)
		if other, dup := seen[key]; dup {
			t.Errorf("%s and %s have the same key", name, other)
		}
		seen[key] = name
		if len(key) != 32 || strings.Trim(key, "0123456789abcdef") != "" {
			t.Errorf("key %q is not of 32 hexadecimal digits", key)
		}
	}
}

// writeInstance puts the instance of a spec into a file.
func writeInstance(t *testing.T, path, family string, change func(*cloud.Instance)) {
	t.Helper()
	instances, err := generators.Generate(catalogue.Standard(), spec.MustParse(family), 1)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(instances[0])
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := instances[0].Encode(f); err != nil {
		t.Fatal(err)
	}
}

func TestFilesAreFoundBesideTheSuite(t *testing.T) {
	for _, folder := range []string{"plain", "with [brackets] and *"} {
		t.Run(folder, func(t *testing.T) {
			t.Chdir(t.TempDir())
			dir := filepath.Join("suites", folder)
			writeInstance(t, filepath.Join(dir, "b.json"), "classic(case=tricky)", nil)
			writeInstance(t, filepath.Join(dir, "a.json"), "classic(case=weird)", nil)
			writeInstance(t, filepath.Join(dir, "sub", "odd, name).json"), "classic(case=circles)", nil)
			abs, err := filepath.Abs("elsewhere.json")
			if err != nil {
				t.Fatal(err)
			}
			writeInstance(t, abs, "classic(case=chain4)", nil)
			suite := filepath.Join(dir, "suite.yaml")
			text := fmt.Sprintf(`
format: rearrange/suite/1
name: files
instances:
  - file: "*.json"
  - file: sub/odd*
  - file: %q
  - drift(of=file(path=b.json), migrations=2)
algorithms: [astar]
`, abs)
			if err := os.WriteFile(suite, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			s, err := ReadSuite(catalogue.Standard(), suite)
			if err != nil {
				t.Fatal(err)
			}
			tasks, err := s.Expand(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, task := range tasks {
				names = append(names, task.Instance.Name)
			}
			if len(names) != 5 || !slices.Equal(names[:4], []string{"weird", "tricky", "circles", "chain4"}) {
				t.Errorf("instances %q", names)
			}
		})
	}
}

func TestInstancesThatCannotBeRunAreNamedWithTheirPlaceInTheSuite(t *testing.T) {
	dir := t.TempDir()
	writeInstance(t, filepath.Join(dir, "no-target.json"), "classic(case=tricky)", func(in *cloud.Instance) { in.Target = nil })
	if err := os.WriteFile(filepath.Join(dir, "torn.json"), []byte(`{"format": "rearrange/instance/1",`), 0o644); err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string][]string{
		"instances: [classic, {file: no-target.json}]\nalgorithms: [astar]":              {"suite.yaml:3: instances[1]: ", "tricky", "has no target placement", "drift(of=…)"},
		"instances:\n- classic\n- file: torn.json\nalgorithms: [astar]":                  {"suite.yaml:5: instances[1]: ", "torn.json:1"},
		"instances: ['file(path=gone.json)']\nalgorithms: [astar]":                       {"suite.yaml:3: instances[0]: ", "gone.json", "no such file"},
		"instances: [classic]\nalgorithms: [astar]\nrules: [capacity(overcommit.cpu=2)]": {"suite.yaml:3: instances[0]: ", "simple_swap", "cpu"},
		"instances: [\"random(min=50, max=3)\"]\nalgorithms: [astar]":                    {"suite.yaml:3: instances[0]: ", "min"},
	} {
		s, err := DecodeSuite(catalogue.Standard(), filepath.Join(dir, "suite.yaml"), []byte("format: rearrange/suite/1\nname: t\n"+body))
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Expand(t.Context(), nil)
		for _, part := range want {
			if !strings.Contains(fmt.Sprint(err), part) {
				t.Errorf("%s:\n%v\nwant in it: %q", body, err, part)
			}
		}
	}
}

// Data that lie outside of the repository must not keep a suite from running where they
// are missing, and nobody should believe that they were part of it.
func TestOptionalEntriesAreSkippedWithANote(t *testing.T) {
	dir := t.TempDir()
	writeInstance(t, filepath.Join(dir, "there.json"), "classic(case=tricky)", nil)
	s, err := DecodeSuite(catalogue.Standard(), filepath.Join(dir, "suite.yaml"), []byte(`
format: rearrange/suite/1
name: t
instances:
- {file: "gone-*.json", optional: yes}
- {optional: yes, file: "there*.json"}
- {spec: file(path=gone.json), optional: yes}
- {spec: "drift(of=import(format=roadef, files=[gone/model.txt, gone/assignment.txt]))", seeds: 1-2, optional: yes}
algorithms: [astar]
`))
	if err != nil {
		t.Fatal(err)
	}
	var notes []string
	tasks, err := s.Expand(t.Context(), func(note string) { notes = append(notes, strings.ReplaceAll(note, dir, "DIR")) })
	if err != nil || len(tasks) != 1 || tasks[0].Instance.Name != "tricky" {
		t.Errorf("%d tasks, error %v", len(tasks), err)
	}
	want := []string{
		`DIR/suite.yaml:5: instances[0]: skipped: no file matches "gone-*.json" in the folder DIR`,
		`DIR/suite.yaml:7: instances[2]: skipped: open DIR/gone.json: no such file or directory`,
		`DIR/suite.yaml:8: instances[3]: skipped: 2 of 2, the first: open DIR/gone/model.txt: no such file or directory`,
	}
	if d := cmp.Diff(want, notes); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	// What is there and faulty is no reason to skip.
	if err := os.WriteFile(filepath.Join(dir, "there2.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if s, err = DecodeSuite(catalogue.Standard(), filepath.Join(dir, "suite.yaml"), s.Source); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Expand(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "there2.json") {
		t.Errorf("a torn file: %v", err)
	}
}

func TestCommittedSuitesDecodeAndExpand(t *testing.T) {
	committedSuites(t, "real", "scale", "near-capacity")
}

// committedSuites expands all committed suites but those that are named, for their
// instances are large.
func committedSuites(t *testing.T, large ...string) {
	t.Helper()
	files, err := filepath.Glob("suites/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		s, err := ReadSuite(catalogue.Standard(), file)
		if err != nil {
			t.Error(err)
			continue
		}
		if want := strings.TrimSuffix(filepath.Base(file), ".yaml"); s.Name != want {
			t.Errorf("%s: the name is %q", file, s.Name)
		}
		if s.Description == "" {
			t.Errorf("%s: no description", file)
		}
		if slices.Contains(large, s.Name) {
			continue
		}
		tasks, err := s.Expand(t.Context(), func(note string) { t.Log(note) })
		if err != nil {
			t.Error(err)
		}
		t.Logf("%s: %d runs", file, len(tasks))
	}
}

// The suite is to compare all that there is: a new algorithm belongs into it.
func TestClassicSuiteHasEveryAlgorithm(t *testing.T) {
	s, err := ReadSuite(catalogue.Standard(), "suites/classic.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range catalogue.Standard().Descriptors(paths.Kind) {
		if !slices.ContainsFunc(s.Algorithms, func(a spec.Spec) bool { return a.Name == d.Name }) {
			t.Errorf("%s is not in it", d.Name)
		}
	}
}

func TestSuiteOfTooManyRunsIsPlanned(t *testing.T) {
	s := suiteOf(t, "instances:\n- {spec: random, seeds: 1-10000, grid: {hosts: [2, 3, 4], utilisation: [0.5, 0.6]}}\nalgorithms: [auto, greedy]\nseeds: 1-5000\n")
	if _, err := s.Expand(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "more than the limit of 1000000") {
		t.Errorf("found %v", err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	s = suiteOf(t, "instances: [classic]\nalgorithms: [astar]\n")
	if _, err := s.Expand(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("an interrupted suite: %v", err)
	}
}
