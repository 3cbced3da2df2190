package experiments_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/experiments"
	"github.com/cloudrearrange/rearrange/metrics/report"
	"github.com/cloudrearrange/rearrange/results"
)

const experiment = `
instances:
  - classic(case=tricky)
  - classic(case=simple_deadlock)
  - {spec: random(sizes=flavours), grid: {hosts: [3, 4]}, seeds: 1-3}
algorithms: [dijkstra, astar]
costs: [ram, count]
limits: {expansions: 2000}
`

// carryOut makes the runs of a suite that have no record yet, at most so many of them
// unless most is 0, and tells how many it made.
func carryOut(t *testing.T, dir, body string, jobs, most int) (made int, records []results.Record) {
	t.Helper()
	s := suiteOf(t, body)
	tasks, err := s.Expand(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := experiments.OpenOutput(dir, s, false)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	err = experiments.Execute(ctx, missing(out, tasks), experiments.Options{
		Jobs: jobs, Provenance: experiments.Provenance("test"),
		Done: func(task experiments.Task, rec results.Record, plan *cloud.Plan) error {
			if made++; made == most {
				interrupt()
			}
			return out.Keep(task, rec, plan)
		},
	})
	if (err != nil) != (ctx.Err() != nil) {
		t.Fatal(err)
	}
	records = out.Of(tasks)
	r, err := report.New(records, nil, report.Options{Catalogue: catalogue.Standard(), Title: s.Name, Content: s.Report})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Write(dir); err != nil {
		t.Fatal(err)
	}
	return made, records
}

// filesIn reads every file below a folder.
func filesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		out[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSameSuiteYieldsTheSameBytesWhateverTheJobs(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	_, a := carryOut(t, one, experiment, 1, 0)
	_, b := carryOut(t, two, experiment, 4, 0)
	if len(a) != 32 {
		t.Errorf("%d records", len(a))
	}
	ignored := cmpopts.IgnoreFields(results.Record{}, "WallS", "CPUS", "Provenance.Date", "Provenance.Load", "Provenance.Jobs")
	elapsed := cmpopts.IgnoreFields(results.Incumbent{}, "ElapsedS")
	if diff := cmp.Diff(a, b, ignored, elapsed); diff != "" {
		t.Errorf("records differ:\n%s", diff)
	}
	first, second := filesIn(t, one), filesIn(t, two)
	timed := func(name string) bool {
		return name == results.FileName || name == "timing.md" || name != "report.md" && strings.Contains(first["timing.md"], "]("+strings.TrimSuffix(name, filepath.Ext(name))+".")
	}
	plans := 0
	for name, content := range first {
		if strings.HasPrefix(name, "plans/") {
			plans++
		}
		if !timed(name) && second[name] != content {
			t.Errorf("%s differs", name)
		}
	}
	want := 0
	for _, r := range a {
		if r.Outcome.HasPlan() {
			want++
		}
	}
	if len(first) != len(second) || plans != want || want < 20 {
		t.Errorf("%d and %d files, %d plans of %d", len(first), len(second), plans, want)
	}
}

func TestResumedSuiteRepeatsNothingAndEndsUpTheSame(t *testing.T) {
	whole, parts := t.TempDir(), t.TempDir()
	total, _ := carryOut(t, whole, experiment, 2, 0)
	sum := 0
	for range 100 {
		made, records := carryOut(t, parts, experiment, 2, 7)
		sum += made
		if len(records) != sum {
			t.Fatalf("%d records after %d runs", len(records), sum)
		}
		if made == 0 {
			break
		}
	}
	if sum != total {
		t.Errorf("%d runs in parts, %d as a whole", sum, total)
	}
	lines := bytes.Count([]byte(filesIn(t, parts)[results.FileName]), []byte("\n"))
	if lines != total {
		t.Errorf("%d lines of records, want %d", lines, total)
	}
	want, got := filesIn(t, whole), filesIn(t, parts)
	for name := range want {
		if strings.HasPrefix(name, "plans/") || name == "report.md" {
			if got[name] != want[name] {
				t.Errorf("%s differs", name)
			}
		}
	}
}

func TestGrownSuiteMakesOnlyWhatWasAdded(t *testing.T) {
	dir := t.TempDir()
	before := "instances: [classic(case=tricky)]\nalgorithms: [astar]\n"
	after := "instances: [classic(case=weird), classic(case=tricky)]\nalgorithms: [dijkstra, astar]\n"
	if made, _ := carryOut(t, dir, before, 1, 0); made != 1 {
		t.Errorf("%d runs", made)
	}
	made, records := carryOut(t, dir, after, 1, 0)
	if made != 3 || len(records) != 4 || records[3].Instance != "tricky" {
		t.Errorf("%d runs, %d records", made, len(records))
	}
	// And one that has shrunk reports on what is left.
	if made, records := carryOut(t, dir, before, 1, 0); made != 0 || len(records) != 1 {
		t.Errorf("%d runs, %d records", made, len(records))
	}
}

func TestTornRecordIsReportedAndItsRunMadeAgain(t *testing.T) {
	dir := t.TempDir()
	carryOut(t, dir, experiment, 2, 0)
	path := filepath.Join(dir, results.FileName)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data[:len(data)-20], 0o644); err != nil {
		t.Fatal(err)
	}
	s := suiteOf(t, experiment)
	out, err := experiments.OpenOutput(dir, s, false)
	if err != nil {
		t.Fatal(err)
	}
	if p := out.Problems(); len(p) != 1 {
		t.Errorf("problems %v", p)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if made, records := carryOut(t, dir, experiment, 2, 0); made != 1 || len(records) != 32 {
		t.Errorf("%d runs made again, %d records", made, len(records))
	}
}

func TestFreshSetsRecordsAsideAndLosesNone(t *testing.T) {
	dir := t.TempDir()
	body := "instances: [classic(case=tricky)]\nalgorithms: [astar]\n"
	s := suiteOf(t, body)
	for i, want := range []int{1, 1, 1} {
		out, err := experiments.OpenOutput(dir, s, true)
		if err != nil {
			t.Fatal(err)
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		if made, _ := carryOut(t, dir, body, 1, 0); made != want {
			t.Errorf("time %d: %d runs made, want %d", i, made, want)
		}
	}
	for _, name := range []string{"records.jsonl", "records.jsonl.old-1", "records.jsonl.old-2"} {
		if n := strings.Count(filesIn(t, dir)[name], "\n"); n != 1 {
			t.Errorf("%s has %d lines", name, n)
		}
	}
}

func TestOneProcessAtATimeWritesToAFolder(t *testing.T) {
	dir := t.TempDir()
	s := suiteOf(t, "instances: [classic(case=tricky)]\nalgorithms: [astar]\n")
	out, err := experiments.OpenOutput(dir, s, false)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	carried := filesIn(t, dir)
	for _, fresh := range []bool{false, true} {
		if _, err := experiments.OpenOutput(dir, s, fresh); err == nil || !strings.Contains(err.Error(), dir) {
			t.Errorf("fresh %v: error %v, want one that names the folder", fresh, err)
		}
	}
	if diff := cmp.Diff(carried, filesIn(t, dir)); diff != "" {
		t.Errorf("the second one has changed something:\n%s", diff)
	}
}

func TestRejectedPlanIsKeptBesideItsRecord(t *testing.T) {
	dir := t.TempDir()
	s := suiteOf(t, "instances: [classic(case=tricky)]\nalgorithms: [astar]\n")
	tasks, err := s.Expand(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	out, err := experiments.OpenOutput(dir, s, false)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	plan := &cloud.Plan{Instance: "tricky", InstanceSHA256: tasks[0].SHA256, Algorithm: "astar", CostFunction: "ram", Status: cloud.Optimal}
	cost := int64(0)
	rec := results.Record{
		RunKey: tasks[0].Key, Name: results.Name{Instance: "tricky"}, InstanceSHA256: tasks[0].SHA256, Algorithm: "astar", CostFunction: "ram",
		Outcome: results.Invalid, Cost: &cost,
	}
	if err := out.Keep(tasks[0], rec, plan); err != nil {
		t.Fatal(err)
	}
	if len(missing(out, tasks)) != 0 || out.Of(tasks)[0].Outcome != results.Invalid {
		t.Error("the record is not there")
	}
	if _, err := cloud.DecodePlan("plan", []byte(filesIn(t, dir)[fmt.Sprintf("plans/%s.json", rec.RunKey)]), tasks[0].Instance); err != nil {
		t.Error(err)
	}
}

func TestLeftoversOfAKilledProcessStay(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "plans"), 0o755); err != nil {
		t.Fatal(err)
	}
	stay := []string{"plans/0a1b.json", "plans/.notes.json.old", ".suite.yaml", "plans/.hidden", "records.jsonl.1"}
	left := []string{"plans/.0a1b.json.3141592653", ".suite.yaml.27182", "plans/.0a1b.json.cccc.next"}
	for _, name := range append(slices.Clone(stay), left...) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s := suiteOf(t, "instances: [classic]\nalgorithms: [astar]\n")
	out, err := experiments.OpenOutput(dir, s, false)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	for _, name := range left {
		if _, err := os.Stat(filepath.Join(dir, name)); !os.IsNotExist(err) {
			t.Errorf("%s is still there", name)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range stay {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	// While the folder is in use, nobody clears it.
	if second, err := experiments.OpenOutput(dir, s, false); err == nil {
		second.Close()
		t.Fatal("two processes use one folder")
	}
	for _, name := range left {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

func suiteOf(t *testing.T, body string) *experiments.Suite {
	t.Helper()
	s, err := experiments.DecodeSuite(catalogue.Standard(), "suite.yaml", []byte("format: rearrange/suite/1\nname: t\n"+body))
	if err != nil {
		t.Fatal(err)
	}
	return s
}
