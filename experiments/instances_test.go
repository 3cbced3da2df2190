package experiments

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/results"
)

// expandIn expands a suite that stands in a folder, and collects its notes.
func expandIn(t *testing.T, dir, body string) (tasks []Task, notes []string, err error) {
	t.Helper()
	s, err := DecodeSuite(catalogue.Standard(), filepath.Join(dir, "suite.yaml"), []byte("format: rearrange/suite/1\nname: t\n"+body))
	if err != nil {
		t.Fatal(err)
	}
	tasks, err = s.Expand(t.Context(), func(note string) { notes = append(notes, note) })
	return tasks, notes, err
}

// Reports group by class, family and parameters, and must not have to guess them from names.
func TestNamesTellWhatMadeAnInstance(t *testing.T) {
	dir := t.TempDir()
	writeInstance(t, filepath.Join(dir, "a.json"), "classic(case=weird)", func(in *cloud.Instance) { in.Name = "measured#1" })
	tasks, _, err := expandIn(t, dir, `
instances:
  - classic(case=tricky)
  - {spec: "swaps( pairs = 3 )", seeds: [7], role: test}
  - {spec: drift(migrations=2), grid: {of: ["swaps(pairs=2)"]}, seeds: 3}
  - {file: "*.json", role: tuning}
algorithms: [astar]
`)
	if err != nil {
		t.Fatal(err)
	}
	var got []results.Name
	for _, task := range tasks {
		got = append(got, task.Names...)
	}
	if len(got) != 4 {
		t.Fatalf("names %v", got)
	}
	for i, want := range []results.Name{
		{Instance: "tricky", Class: "tricky", Family: "classic", Parameters: results.Values{"case": "tricky"}},
		{Instance: got[1].Class + "#7", Class: got[1].Class, Family: "swaps", Parameters: got[1].Parameters, Role: "test"},
		{Instance: got[2].Class + "#3", Class: got[2].Class, Family: "drift", Parameters: got[2].Parameters},
		{Instance: "measured#1", Class: "measured#1", Family: "file", Parameters: results.Values{"path": "a.json"}, Role: "tuning"},
	} {
		if d := cmp.Diff(want, got[i]); d != "" {
			t.Error(d)
		}
	}
	if p := got[1].Parameters; p["pairs"] != 3.0 || len(p) < 2 {
		t.Errorf("parameters %v, want those left out as well", p)
	}
	if p := got[2].Parameters; p["of"] != "swaps" || p["of.pairs"] != 2.0 || p["direction"] != "back" || p["migrations"] != 2.0 {
		t.Errorf("parameters %v", p)
	}
}

// An instance counts once, however often and under whatever name a suite has it.
func TestDuplicatesAreOneTaskWithAllTheirNames(t *testing.T) {
	dir := t.TempDir()
	writeInstance(t, filepath.Join(dir, "copy.json"), "classic(case=tricky)", func(in *cloud.Instance) { in.Name, in.Description = "another name", "d" })
	tasks, notes, err := expandIn(t, dir, `
instances:
  - classic(case=tricky)
  - {file: copy.json}
  - {spec: classic(case=tricky), role: test}
  - classic(case=weird)
algorithms: [astar, dijkstra]
`)
	if err != nil || len(tasks) != 4 {
		t.Fatalf("%d tasks, error %v", len(tasks), err)
	}
	want := []results.Name{
		{Instance: "tricky", Class: "tricky", Family: "classic", Parameters: results.Values{"case": "tricky"}, Role: "test"},
		{Instance: "another name", Class: "another name", Family: "file", Parameters: results.Values{"path": "copy.json"}, Role: "test"},
	}
	rec := tasks[1].Record()
	if d := cmp.Diff(want, rec.Names()); d != "" {
		t.Error(d)
	}
	if n := Duplicates(tasks); n != 1 || notes != nil { // an entry that is listed twice is none
		t.Errorf("%d duplicates, notes %q", n, notes)
	}
	var records []results.Record
	for _, task := range tasks {
		records = append(records, task.Record())
	}
	if n := summary.Of(records).Duplicates; n != 1 {
		t.Errorf("reports count %d duplicates", n)
	}
	// Under other limits they are other runs.
	if tasks, _, err = expandIn(t, dir, "instances: [classic(case=tricky), {file: copy.json, limits: {expansions: 3}}]\nalgorithms: [astar]\n"); err != nil || len(tasks) != 2 {
		t.Errorf("%d tasks, error %v", len(tasks), err)
	}
}

// What was adjusted on an instance proves nothing on it.
func TestInstanceForTuningAndTestIsAnError(t *testing.T) {
	_, _, err := expandIn(t, "dir", `
instances:
  - {spec: classic(case=tricky), role: tuning}
  - classic
  - {spec: classic, role: test, limits: {expansions: 5}}
algorithms: [astar]
`)
	want := "dir/suite.yaml:7: instances[2]: instance tricky is for test here, and for tuning in dir/suite.yaml:5: instances[0]"
	if fmt.Sprint(err) != want {
		t.Errorf("error %v\nwant  %s", err, want)
	}
}

func TestInstancesThatDifferInRulesOutOfForceAreTheSame(t *testing.T) {
	const instances = "instances: [classic(case=tricky), 'with(of=classic(case=tricky), rules=[capacity, max-vms(max=5)])', 'with(of=classic(case=tricky), rules=[capacity, arch])']\nalgorithms: [astar]\n"
	for rules, want := range map[string]int{"": 2, "rules: [capacity]\n": 1, "rules: [capacity, arch]\n": 1, "rules: []\n": 1} {
		tasks, _, err := expandIn(t, ".", instances+rules)
		if err != nil || len(tasks) != want {
			t.Errorf("%q: %d tasks, want %d, error %v", rules, len(tasks), want, err)
		}
	}
	tasks, _, err := expandIn(t, ".", instances)
	if err != nil || tasks[0].SHA256 != tasks[0].Instance.SHA256() || tasks[0].Source != tasks[1].Source {
		t.Errorf("hashes %s, %s; error %v", tasks[0].SHA256, tasks[0].Instance.SHA256(), err)
	}
}

// With five seeds, an algorithm that uses none would count as five that agree.
func TestAlgorithmsThatUseNoSeedRunOnce(t *testing.T) {
	var got []string
	for _, task := range expand(t, "instances: [{spec: classic(case=tricky), seeds: 1-3}]\nalgorithms: [astar, auto, improve(base=greedy), greedy]\nseeds: [4, 2, 4, 2-3]\n") {
		got = append(got, fmt.Sprint(task.Algorithm, " ", task.Seed))
	}
	want := []string{"astar 0", "auto 4", "auto 2", "auto 3", "improve(base=greedy) 4", "improve(base=greedy) 2", "improve(base=greedy) 3", "greedy 0"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// The set of runs is that of the questions: it does not depend on how often or in which order a
// suite asks them, nor under which names.
func TestRunsDoNotDependOnNamesDuplicatesAndOrder(t *testing.T) {
	dir := t.TempDir()
	families := []string{"classic(case=tricky)", "classic(case=weird)", "random(hosts=3)", "drift(of=swaps(pairs=2), migrations=3)"}
	for i, family := range families {
		writeInstance(t, filepath.Join(dir, fmt.Sprintf("%d.json", i)), family, func(in *cloud.Instance) { in.Name = fmt.Sprint("renamed ", i) })
	}
	algorithms := []string{"astar", "auto", "greedy", "improve(base=greedy)", "astar(weight=2)"}
	rapid.Check(t, func(rt *rapid.T) {
		some := func(label string, of []string) []string {
			return rapid.SliceOfNDistinct(rapid.SampledFrom(of), 1, -1, rapid.ID[string]).Draw(rt, label)
		}
		instances, solvers, seeds := some("instances", []string{"0", "1", "2", "3"}), some("algorithms", algorithms), some("seeds", []string{"1", "2", "3", "9"})
		keys := func(entries, solvers, seeds []string) []string {
			text := "instances:\n"
			for _, e := range entries {
				text += "- " + e + "\n"
			}
			text += "algorithms: ['" + strings.Join(solvers, "', '") + "']\nseeds: [" + strings.Join(seeds, ", ") + "]\n"
			tasks, _, err := expandIn(t, dir, text)
			if err != nil {
				rt.Fatal(err)
			}
			var out []string
			for _, task := range tasks {
				out = append(out, task.Key)
			}
			slices.Sort(out)
			if n := len(out); n != len(slices.Compact(slices.Clone(out))) {
				rt.Fatal("two tasks have one key")
			}
			return out
		}
		var plain, varied []string
		for i, digit := range instances {
			family, file := families[digit[0]-'0'], "{file: "+digit+".json}"
			plain = append(plain, fmt.Sprintf("%q", family))
			varied = append(varied, rapid.SampledFrom([][]string{{file}, {file, plain[i]}, {plain[i], plain[i], file}}).Draw(rt, "entries")...)
		}
		varied = rapid.Permutation(varied).Draw(rt, "order")
		more := append(rapid.Permutation(seeds).Draw(rt, "order of seeds"), seeds[0])
		if d := cmp.Diff(keys(plain, solvers, seeds), keys(varied, rapid.Permutation(solvers).Draw(rt, "order of algorithms"), more)); d != "" {
			rt.Error(d)
		}
	})
}

// What takes several cores has CPU time that nobody can tell from that of the process.
func TestCPUTimeIsToldWhereItIsAllThatTheSolverTook(t *testing.T) {
	if threadCPU() == 0 {
		t.Skip("this system does not tell the CPU time of threads")
	}
	for limits, want := range map[string]bool{"{cores: 1}": true, "{cores: 2}": false, "{}": false} {
		got, err := execute(t, t.Context(), expand(t, "instances: [random(hosts=8)]\nalgorithms: [auto]\nlimits: "+limits+"\n"), Options{})
		if err != nil || len(got) != 1 {
			t.Fatal(len(got), err)
		}
		for _, o := range got {
			if r := o.record; (r.CPUS > 0) != want || r.CPUS > r.WallS+0.01 {
				t.Errorf("limits %s: %v s of CPU in %v s", limits, r.CPUS, r.WallS)
			}
		}
	}
}

// Only if cores change nothing but times may records with and without the limit be compared.
func TestLimitOfCoresChangesNoResult(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	of := func(cores string) (out []results.Record) {
		tasks := expand(t, `
instances: [random(hosts=12), "random(hosts=8, utilisation=0.9)", "random(hosts=400, vms=2400, max=512)"]
algorithms: [auto, improve, largefirst, greedy]
limits: {expansions: 3000, memory: 64MiB`+cores+"}\n")
		got, err := execute(t, t.Context(), tasks, Options{Jobs: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, task := range tasks {
			out = append(out, got[task.Key].record)
		}
		return out
	}
	timed := cmpopts.IgnoreFields(results.Record{}, "RunKey", "WallS", "CPUS", "Limits", "Enforced", "Incumbents", "Provenance")
	if d := cmp.Diff(of(""), of(", cores: 1"), timed); d != "" {
		t.Error(d)
	}
}

func TestCodeIsAskedOnceForEachSetOfPackages(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]int{}
	got, err := execute(t, t.Context(), expand(t, "instances: [classic]\nalgorithms: [astar, greedy, improve(base=greedy)]\n"), Options{
		Jobs: 3,
		Code: func(packages []string) string {
			mu.Lock()
			defer mu.Unlock()
			set := strings.Join(packages, " ")
			asked[set]++
			if !slices.IsSorted(packages) || !strings.Contains(set, "/cloud/rules") || !strings.Contains(set, "/cloud/costs") {
				t.Errorf("asked for %v", packages)
			}
			return "code of " + set
		},
	})
	if err != nil || len(asked) != 3 {
		t.Errorf("asked for %v, error %v", asked, err)
	}
	for set, n := range asked {
		if n != 1 {
			t.Errorf("asked %d times for %s", n, set)
		}
	}
	for _, o := range got {
		if r := o.record; !strings.HasPrefix(r.Provenance.Code, "code of ") || !strings.Contains(r.Provenance.Code, "/paths/") {
			t.Errorf("%s: code %q", r.Algorithm, r.Provenance.Code)
		}
	}
}

// If runs came in the order of the suite, a machine that gets slower would favour what stands
// first.
func TestRunsAreInterleavedAndAlwaysInTheSameOrder(t *testing.T) {
	tasks := expand(t, "instances: [classic]\nalgorithms: [astar, dijkstra]\n")
	order := func(tasks []Task) (out []string) {
		err := Execute(t.Context(), tasks, Options{Jobs: 1, Done: func(task Task, _ results.Record, _ *cloud.Plan) error {
			out = append(out, task.Key)
			return nil
		}, newSolver: instead(func(context.Context, *paths.Problem, paths.Options) (paths.Result, error) {
			return paths.Result{Status: cloud.Unknown}, nil
		})})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	reversed := slices.Clone(tasks)
	slices.Reverse(reversed)
	got := order(tasks)
	if d := cmp.Diff(got, order(reversed)); d != "" {
		t.Errorf("the order of the suite changes that of the runs: %s", d)
	}
	at := map[string]int{}
	for i, task := range tasks {
		at[task.Key] = i
	}
	turns := 0
	for i := 1; i < len(got); i++ {
		if at[got[i]] != at[got[i-1]]+1 {
			turns++
		}
	}
	if turns < len(got)/2 {
		t.Errorf("runs come nearly in the order of the suite: %d turns in %d", turns, len(got))
	}
}

func TestProvenanceTellsBuildAndMachine(t *testing.T) {
	p := Provenance("v")
	if p.Build == "" || p.Build != Provenance("v").Build || p.GOMAXPROCS < 1 || p.Version != "v" {
		t.Errorf("%+v", p)
	}
	if _, err := os.Stat("/proc/meminfo"); err == nil && p.MemoryBytes < 1<<28 {
		t.Errorf("%d bytes of memory", p.MemoryBytes)
	}
}
