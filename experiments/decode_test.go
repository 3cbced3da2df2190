package experiments

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/metrics/where"
	"github.com/cloudrearrange/rearrange/results"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestBadSuitesAreToldWhatIsWrong holds the messages of testdata/bad/*.yaml against
// testdata/bad.golden, which is to be read aloud when it changes.
func TestBadSuitesAreToldWhatIsWrong(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var got strings.Builder
	for _, file := range files {
		s, err := ReadSuite(catalogue.Standard(), file)
		if err == nil {
			t.Errorf("%s: no error, decoded as %+v", file, s)
			continue
		}
		if s != nil {
			t.Errorf("%s: a suite beside the error", file)
		}
		fmt.Fprintf(&got, "%v\n\n", err)
	}
	const golden = "testdata/bad.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Error(diff)
	}
}

func TestUnreadableSuites(t *testing.T) {
	dir := t.TempDir()
	zipped := filepath.Join(dir, "suite.yaml.gz")
	if err := os.WriteFile(zipped, []byte("format: rearrange/suite/1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		filepath.Join(dir, "none.yaml"): "cannot read the suite " + filepath.Join(dir, "none.yaml") + ": no such file or directory",
		dir:                             "cannot read the suite " + dir + ": is a directory",
		zipped:                          zipped + ": expected gzip-compressed data",
	} {
		if _, err := ReadSuite(catalogue.Standard(), file); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s:\n got %v\nwant %s", file, err, want)
		}
	}
}

// hostile documents are large, deep or both.
func hostile() map[string][]byte {
	const head = "format: rearrange/suite/1\nname: hostile\n"
	rng := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 10<<20)
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	text := make([]byte, 10<<20)
	for i := range text {
		text[i] = "abc: -[]{},\n\t\"'&*#|>"[rng.IntN(20)]
	}
	deep := func(s string, n int) []byte { return []byte(head + "instances: " + strings.Repeat(s, n)) }
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
	for i := range 40 {
		bomb += fmt.Sprintf("a%d: &a%d [%s*a%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 8), i)
	}
	var aliases strings.Builder
	fmt.Fprintf(&aliases, "instances:\n  - &e {spec: random, grid: &g {hosts: &h [%s]}}\n", strings.Repeat("3, ", 1000))
	for range 2000 {
		aliases.WriteString("  - *e\n")
	}
	var labels strings.Builder
	labels.WriteString("instances: [classic]\nalgorithms:\n")
	for i := range 30_000 {
		fmt.Fprintf(&labels, "  - astar(weight=%d.%d)\n", 1+i%9, i)
	}
	labels.WriteString("report:\n  labels:\n")
	for i := range 60_000 {
		fmt.Fprintf(&labels, "    astar(weight=1.%d1): x\n", i)
	}
	var fields strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&fields, "f%d: 1\n", i)
	}
	return map[string][]byte{
		"noise":           noise,
		"noise of YAML":   text,
		"less noise":      append([]byte(head), text[:1<<20]...),
		"deep lists":      deep("[", 1<<20),
		"deep mappings":   deep("{a: ", 1<<18),
		"deep indents":    deep("- ", 1<<20),
		"bomb of aliases": []byte(head + bomb + "instances: *a40\nalgorithms: *a40\n"),
		"many aliases":    []byte(head + aliases.String() + "algorithms: [astar]\n"),
		"many labels":     []byte(head + labels.String()),
		"long label":      []byte(head + "instances: [classic]\nalgorithms: [astar]\nreport: {labels: {" + strings.Repeat("x", 3<<20) + ": x}}\n"),
		"many fields":     []byte(head + fields.String()),
		"long text":       []byte(head + "instances: [\"" + strings.Repeat("x", 3<<20) + "\"]\n"),
		"long spec":       []byte(head + "instances: [\"" + strings.Repeat("x(x=", 1<<19) + "\"]\n"),
		"large grid": []byte(head + "instances: [{spec: random, grid: {hosts: [3, 4, 5], vms: [1, 2, 3], min: [1, 2, 3], max: [7, 8, 9], " +
			"capacity: [7, 8, 9], reserved: [1, 2, 3], migrations: [1, 2, 3], tries: [1, 2, 3], resources: [1, 2, 3], sigma: [1, 2, 3], " +
			"median: [1, 2, 3], correlation: [0.1, 0.2, 0.3], moved: [0.1, 0.2, 0.3]}}]\nalgorithms: [astar]\n"),
	}
}

func TestHostileSuitesAreRefusedWithAShortMessage(t *testing.T) {
	for name, data := range hostile() {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			_, err := DecodeSuite(catalogue.Standard(), "suite.yaml", data)
			if err == nil {
				t.Fatal("no error")
			}
			if len(err.Error()) > 10_000 {
				t.Errorf("a message of %d bytes: %.300s…", len(err.Error()), err)
			}
			t.Logf("%v: %.200s", time.Since(began), err)
		})
	}
}

func TestSuiteOfEveryFieldIsDecoded(t *testing.T) {
	s, err := DecodeSuite(catalogue.Standard(), "dir/suite.yaml", []byte(`
format: rearrange/suite/1
name: everything
description: d
instances:
  - classic
  - spec: random(hosts=9, sizes=flavours)
    grid: {hosts: [3, 4], flavours: ["[1, 2]", 7]}
    seeds: [0, 2-4, 18446744073709551615, 3]
    limits: {timeout: 500ms, cores: 2}
    role: test
algorithms: [astar(  heuristic = blind ), dijkstra]
costs: [ram, count]
rules: []
seeds: 5
report:
  labels: {'astar(heuristic=blind, weight=1)': A*}
  titles: {expanded: States}
limits: {timeout: 1m30s, memory: 2GB, expansions: 9223372036854775807, cores: 1}
`))
	if err != nil {
		t.Fatal(err)
	}
	list := spec.MustParse("x(x=[1, 2])").Args[0].Value
	want := &Suite{
		Name: "everything", Description: "d", Dir: "dir", Source: s.Source,
		Instances: []InstanceSet{
			{Spec: spec.Named("classic"), Seeds: []uint64{1}, Where: "dir/suite.yaml:6: instances[0]"},
			{
				Spec: spec.MustParse("random(hosts=9, sizes=flavours)"), Seeds: []uint64{0, 2, 3, 4, 1<<64 - 1}, Where: "dir/suite.yaml:7: instances[1]",
				Grid:   []Axis{{"hosts", []spec.Value{{Text: "3"}, {Text: "4"}}}, {"flavours", []spec.Value{list, {Text: "7"}}}},
				Limits: results.Limits{TimeoutS: 0.5, Cores: 2}, Role: "test",
			},
		},
		Algorithms: []spec.Spec{spec.MustParse("astar(heuristic=blind)"), spec.Named("dijkstra")},
		Costs:      []spec.Spec{spec.Named("ram"), spec.Named("count")},
		Rules:      []spec.Spec{}, Seeds: []uint64{5},
		Limits: results.Limits{TimeoutS: 90, MemoryBytes: 2_000_000_000, Expansions: 1<<63 - 1, Cores: 1},
		Report: Report{Labels: map[string]string{"astar(heuristic=blind)": "A*"}, Titles: map[string]string{"expanded": "States"}},
	}
	if diff := cmp.Diff(want, s, cmpopts.IgnoreFields(Suite{}, "Catalogue")); diff != "" {
		t.Error(diff)
	}
	if want.Rules == nil || s.Rules == nil {
		t.Error("an empty list of rules is not the same as none")
	}
}

// Labels are found by the algorithms that the records have, also where this program does not
// know these any more, or the files of the suite are gone.
func TestReportOfASuiteIsReadWithoutTheRest(t *testing.T) {
	file := filepath.Join(t.TempDir(), "suite.yaml")
	text := `
format: rearrange/suite/1
name: old
report:
  labels: {"astar( heuristic = deadlock )": A*, "retired(width=3)": "then"}
instances: [{file: gone.json}]
algorithms: [astar, retired(width=3), "broken("]
`
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	name, report, err := ReadReport(catalogue.Standard(), file)
	if d := cmp.Diff(map[string]string{"astar": "A*", "retired(width=3)": "then"}, report.Labels); err != nil || d != "" || name != "old" {
		t.Errorf("%s, error %v: %s", name, err, d)
	}
}

// What was run under another catalogue is shown as far as the records allow.
func TestReportOfResultsIsNotHeldAgainstTheCatalogue(t *testing.T) {
	const text = `
format: rearrange/suite/1
name: old
algorithms: [astar, astar(heuristic=deadlock), gone]
report:
  where: param.retired > 3
  labels: {astar: A, astar(heuristic=deadlock): B, lost(x=1): C}
  titles: {retired: R}
  tables: [retired, outcomes(by=lost)]
  groups: [{name: g, where: "lost == 1", plots: ["heat-map(x=lost, y=gone)"]}]
`
	_, report, err := decodeReport(catalogue.Standard(), "suite.yaml", []byte(text))
	want := map[string]string{"astar": "A", "astar(heuristic=deadlock)": "B", "lost(x=1)": "C"}
	if d := cmp.Diff(want, report.Labels); err != nil || d != "" || len(report.Tables) != 2 {
		t.Errorf("error %v: %s", err, d)
	}
	for old, faulty := range map[string]string{"> 3": "> 3 &&", "retired, ": "'x(', ", ": B": ": A"} {
		if _, _, err := decodeReport(catalogue.Standard(), "suite.yaml", []byte(strings.Replace(text, old, faulty, 1))); err == nil {
			t.Errorf("%s: no error", faulty)
		}
	}
	if _, err := DecodeSuite(catalogue.Standard(), "suite.yaml", []byte(text+"instances: [classic]\n")); err == nil || !strings.Contains(err.Error(), `unknown column "retired"`) {
		t.Errorf("a suite to be run: %v", err)
	}
}

func TestSuiteOfTheLeastHasDefaults(t *testing.T) {
	s, err := DecodeSuite(catalogue.Standard(), "suite.yaml", []byte("{format: rearrange/suite/1, name: least, instances: [classic], algorithms: [astar]}"))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Costs) != 1 || s.Costs[0].String() != "ram" || s.Rules != nil || !reflect.DeepEqual(s.Seeds, []uint64{1}) || s.Limits != (results.Limits{}) {
		t.Errorf("%+v", s)
	}
}

func TestAliasesStandForWhatTheyName(t *testing.T) {
	s, err := DecodeSuite(catalogue.Standard(), "suite.yaml", []byte(`
format: rearrange/suite/1
name: &name aliases
description: *name
instances:
  - {spec: random, seeds: &seeds [1, 2]}
  - {spec: random(hosts=3), seeds: *seeds}
algorithms: [astar]
seeds: *seeds
`))
	if err != nil {
		t.Fatal(err)
	}
	if s.Description != "aliases" || len(s.Instances[1].Seeds) != 2 || len(s.Seeds) != 2 {
		t.Errorf("%+v", s)
	}
}

// TestFormatDocumentIsRight holds FORMAT.md against the code: its examples decode and
// expand, and it names every field.
func TestFormatDocumentIsRight(t *testing.T) {
	doc, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(doc), "```yaml\n")[1:]
	if len(blocks) == 0 {
		t.Fatal("no example")
	}
	for _, b := range blocks {
		code, _, _ := strings.Cut(b, "```")
		s, err := DecodeSuite(catalogue.Standard(), "FORMAT.md", []byte(code))
		if err != nil {
			t.Fatal(err)
		}
		tasks, err := s.Expand(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		// 13 classic cases, of which the second entry is one; 2 × 3 × 5 random
		// instances; 1 drifted one; 2 algorithms that use no seed, 2 costs.
		if want := (13 + 30 + 1) * 2 * 2; len(tasks) != want {
			t.Errorf("%d runs, want %d", len(tasks), want)
		}
		checkReport(t, &s.Report, tasks)
	}
	for _, fields := range []string{ // where each set of fields is listed in an error
		"format: rearrange/suite/1\nname: x\nbogus: 1\n",
		"format: rearrange/suite/1\nname: x\ninstances: [{bogus: 1}]\n",
		"format: rearrange/suite/1\nname: x\nlimits: {bogus: 1}\n",
		"format: rearrange/suite/1\nname: x\nreport: {bogus: 1}\n",
	} {
		_, err := DecodeSuite(catalogue.Standard(), "suite.yaml", []byte(fields))
		_, known, ok := strings.Cut(fmt.Sprint(err), "known are ")
		if !ok {
			t.Fatal(err)
		}
		known, _, _ = strings.Cut(known, "\n")
		known, _, _ = strings.Cut(known, " … (") // a long list is cut short
		for _, field := range strings.Split(known, ", ") {
			if !bytes.Contains(doc, []byte("\n| `"+field+"` |")) {
				t.Errorf("FORMAT.md does not document the field %q", field)
			}
		}
	}
}

// checkReport holds names in a report against the runs: they mean one thing, and groups hold for
// some of them.
func checkReport(t *testing.T, report *Report, tasks []Task) {
	t.Helper()
	records := make([]results.Record, len(tasks))
	for i := range tasks {
		records[i] = tasks[i].Record()
		records[i].Outcome = results.Unknown
	}
	sum := summary.Of(records, summary.WithCatalogue(catalogue.Standard()))
	for _, group := range report.Groups {
		filter, err := where.Parse(sum, group.Where)
		if err != nil {
			t.Fatal(err)
		}
		if _, choice := filter.Of(sum); choice.Chosen == 0 {
			t.Errorf("%s: %s", group.Name, choice)
		}
	}
	for _, plot := range report.Plots {
		for _, arg := range plot.Args {
			if _, err := sum.Column(arg.Value.Text); err != nil {
				t.Errorf("%s: %v", plot, err)
			}
		}
	}
}

func FuzzDecodeSuite(f *testing.F) {
	for _, pattern := range []string{"testdata/bad/*.yaml", "suites/*.yaml"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	doc, _ := os.ReadFile("FORMAT.md")
	f.Add(doc)
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := DecodeSuite(catalogue.Standard(), "suite.yaml", data)
		if (s == nil) == (err == nil) {
			t.Fatalf("suite %v, error %v", s, err)
		}
		if err != nil {
			if !strings.HasPrefix(err.Error(), "suite.yaml:") {
				t.Fatalf("the error names no place: %v", err)
			}
			return
		}
		if s.Name == "" || len(s.Instances) == 0 || len(s.Algorithms) == 0 || len(s.Costs) == 0 || len(s.Seeds) == 0 {
			t.Fatalf("decoded without an error: %+v", s)
		}
		s.Catalogue = nil
		again, err := DecodeSuite(catalogue.Standard(), "suite.yaml", data)
		if again != nil {
			again.Catalogue = nil
		}
		if err != nil || !reflect.DeepEqual(s, again) {
			t.Fatalf("decoded differently a second time: %v", err)
		}
	})
}
