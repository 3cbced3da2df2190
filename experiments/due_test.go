package experiments_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/experiments"
	"github.com/cloudrearrange/rearrange/results"
)

const due = "instances: [classic(case=tricky), classic(case=weird)]\nalgorithms: [astar, greedy, improve(base=greedy)]\n"

// opened expands a suite and opens its folder.
func opened(t *testing.T, dir, body string) (*experiments.Suite, []experiments.Task, *experiments.Output) {
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
	t.Cleanup(func() { out.Close() })
	return s, tasks, out
}

// made is how tasks are carried out by a program of this build, whose source files have these
// hashes.
func made(build string, code map[string]string, out *experiments.Output) experiments.Options {
	return experiments.Options{
		Jobs: 2, Provenance: results.Provenance{Build: build},
		Code: func(packages []string) string {
			hash := ""
			for _, p := range packages {
				hash += code[filepath.Base(p)]
			}
			return hash
		},
		Done: func(task experiments.Task, rec results.Record, plan *cloud.Plan) error {
			return out.Keep(task, rec, plan)
		},
	}
}

// list says which runs are due and why.
func list(due []experiments.Due) (out []string) {
	for _, d := range due {
		out = append(out, fmt.Sprint(d.Instance.Name, " ", d.Algorithm, " ", d.Why))
	}
	return out
}

func tasksIn(due []experiments.Due) (out []experiments.Task) {
	for _, d := range due {
		out = append(out, d.Task)
	}
	return out
}

// missing are the tasks without a record.
func missing(out *experiments.Output, tasks []experiments.Task) []experiments.Task {
	return tasksIn(out.Due(tasks, experiments.Again{}, experiments.Options{}))
}

// After an algorithm is edited its records are of another algorithm, and those of the others
// are not.
func TestStaleRecordsAreThoseOfOtherCodeOrBuild(t *testing.T) {
	code := func(greedy string) map[string]string {
		return map[string]string{"bestfirst": "b", "greedy": greedy, "improve": "i"}
	}
	_, tasks, out := opened(t, t.TempDir(), due)
	if err := experiments.Execute(t.Context(), tasks, made("one", code("g"), out)); err != nil {
		t.Fatal(err)
	}
	counts := func(with experiments.Options) map[string]int {
		n := map[string]int{}
		for a, tasks := range out.Stale(tasks, with) {
			n[a] = len(tasks)
		}
		return n
	}
	for name, c := range map[string]struct {
		build string
		code  map[string]string
		want  map[string]int
	}{
		"nothing changed":                   {"one", code("g"), map[string]int{}},
		"another build of the same code":    {"two", code("g"), map[string]int{}},
		"greedy changed":                    {"two", code("g2"), map[string]int{"greedy": 2, "improve(base=greedy)": 2}},
		"the same build, code not known":    {"one", nil, map[string]int{}},
		"another build, code not known":     {"two", nil, map[string]int{"astar": 2, "greedy": 2, "improve(base=greedy)": 2}},
		"code that cannot be told any more": {"", nil, map[string]int{"astar": 2, "greedy": 2, "improve(base=greedy)": 2}},
	} {
		if d := cmp.Diff(c.want, counts(made(c.build, c.code, out))); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}

	// They are repeated, and no others; the record before is replaced.
	now := made("two", code("g2"), out)
	again := out.Due(tasks, experiments.Again{Stale: true}, now)
	want := []string{
		"tricky greedy stale", "tricky improve(base=greedy) stale", "weird greedy stale", "weird improve(base=greedy) stale",
	}
	if d := cmp.Diff(want, list(again)); d != "" {
		t.Error(d)
	}
	if err := experiments.Execute(t.Context(), tasksIn(again), now); err != nil {
		t.Fatal(err)
	}
	if n := counts(now); len(n) > 0 || len(out.Due(tasks, experiments.Again{Stale: true}, now)) > 0 {
		t.Errorf("still stale: %v", n)
	}
	for _, r := range out.Of(tasks) {
		if r.Rerun != (r.Algorithm != "astar") || (r.Provenance.Build == "two") != r.Rerun {
			t.Errorf("%s: rerun %v, of build %s", r.Algorithm, r.Rerun, r.Provenance.Build)
		}
	}
}

func TestRunsAreRepeatedByOutcomeAndAlgorithm(t *testing.T) {
	dir := t.TempDir()
	s, tasks, out := opened(t, dir, due)
	cost := int64(1)
	for i, outcome := range []results.Outcome{results.Failed, results.Invalid, results.Feasible, results.Unknown} {
		rec := tasks[i].Record()
		if rec.Outcome = outcome; outcome.HasPlan() {
			rec.Cost = &cost
		}
		if err := out.Keep(tasks[i], rec, nil); err != nil {
			t.Fatal(err)
		}
	}
	own, ok := s.Algorithm(spec.MustParse("improve( base = greedy() )"))
	if !ok || own.String() != "improve(base=greedy)" {
		t.Fatalf("the suite calls it %s, %v", own, ok)
	}
	if other, ok := s.Algorithm(spec.MustParse("improve(base=displacement)")); ok {
		t.Errorf("%s is none of the suite", other)
	}
	missing := []string{"weird greedy missing", "weird improve(base=greedy) missing"}
	for name, c := range map[string]struct {
		again experiments.Again
		want  []string
	}{
		"nothing":      {experiments.Again{}, missing},
		"errors":       {experiments.Again{Outcomes: []results.Outcome{results.Failed}}, append([]string{"tricky astar error"}, missing...)},
		"two outcomes": {experiments.Again{Outcomes: []results.Outcome{results.Failed, results.Invalid}}, append([]string{"tricky astar error", "tricky greedy invalid"}, missing...)},
		"an algorithm": {experiments.Again{Algorithms: []string{own.String()}}, append([]string{"tricky improve(base=greedy) asked for"}, missing...)},
	} {
		if d := cmp.Diff(c.want, list(out.Due(tasks, c.again, experiments.Options{}))); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	// A look shows the same, and touches nothing.
	before := filesIn(t, dir)
	look, err := experiments.LookAtOutput(dir)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(missing, list(look.Due(tasks, experiments.Again{}, experiments.Options{}))); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(before, filesIn(t, dir)); d != "" {
		t.Errorf("the look has changed something: %s", d)
	}
	gone := filepath.Join(dir, "gone")
	if look, err = experiments.LookAtOutput(gone); err != nil || len(look.Due(tasks, experiments.Again{}, experiments.Options{})) != len(tasks) {
		t.Errorf("a folder that does not exist: %v", err)
	}
	if _, err := os.Stat(gone); !os.IsNotExist(err) {
		t.Error("the look has made the folder")
	}
}

// A record of a suite that has grown tells the names that the instance has now; those that
// it had are not lost, and nothing is run for it.
func TestRecordsGetTheNamesThatASuiteHasGot(t *testing.T) {
	dir := t.TempDir()
	const tail = "algorithms: [astar]\n"
	names := func(body string) (out []string, lines int) {
		_, tasks, o := opened(t, dir, body)
		defer o.Close()
		if err := o.Rename(tasks); err != nil {
			t.Fatal(err)
		}
		if err := experiments.Execute(t.Context(), missing(o, tasks), made("one", nil, o)); err != nil {
			t.Fatal(err)
		}
		records := o.Of(tasks)
		if len(records) != 1 || records[0].Provenance.Build != "one" {
			t.Fatalf("%d records", len(records))
		}
		for _, n := range records[0].Names() {
			out = append(out, strings.TrimSpace(fmt.Sprint(n.Family, " ", n.Parameters["case"], " ", n.Role)))
		}
		return out, strings.Count(filesIn(t, dir)[results.FileName], "\n")
	}
	for _, step := range []struct {
		instances string
		want      []string
		lines     int
	}{
		{"[classic(case=tricky)]", []string{"classic tricky"}, 1},
		{"[classic(case=tricky)]", []string{"classic tricky"}, 1},
		{"[{spec: classic(case=tricky), role: test}]", []string{"classic tricky test"}, 2},
		{"['with(of=classic(case=tricky), rules=[capacity, arch])', {spec: classic(case=tricky), role: test}]", []string{"with <nil> test", "classic tricky test"}, 3},
		{"[{spec: classic(case=tricky), role: test}]", []string{"with <nil> test", "classic tricky test"}, 3},
	} {
		got, lines := names("instances: " + step.instances + "\n" + tail)
		if !slices.Equal(got, step.want) || lines != step.lines {
			t.Errorf("%s: names %q in %d lines, want %q in %d", step.instances, got, lines, step.want, step.lines)
		}
	}
	records, problems, err := results.Read(dir)
	if err != nil || len(problems) > 0 || len(records) != 1 || !records[0].Rerun {
		t.Errorf("%d records, problems %v, error %v", len(records), problems, err)
	}
}

// Where an interruption comes between the plan of a repeated run and its record, or between the
// record and the end, the plan that is kept must be the one that the record names.
func TestInterruptedRepetitionLeavesThePlanOfTheRecord(t *testing.T) {
	const body = "instances: [classic(case=tricky)]\nalgorithms: [astar]\n"
	for recorded, want := range map[bool]string{false: "old", true: "new"} {
		dir := t.TempDir()
		_, tasks, out := opened(t, dir, body)
		rec := tasks[0].Record()
		rec.Outcome, rec.PlanSHA256 = results.Unknown, "aaaa"
		if err := out.Keep(tasks[0], rec, nil); err != nil {
			t.Fatal(err)
		}
		if recorded {
			rec.PlanSHA256 = "bbbb"
			if err := out.Keep(tasks[0], rec, nil); err != nil {
				t.Fatal(err)
			}
		}
		out.Close()
		plan := "plans/" + tasks[0].Key + ".json"
		for name, text := range map[string]string{plan: "old", "plans/." + tasks[0].Key + ".json.bbbb.next": "new"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		opened(t, dir, body)
		files := filesIn(t, dir)
		left := 0
		for name := range files {
			if strings.HasPrefix(name, "plans/") {
				left++
			}
		}
		if files[plan] != want || left != 1 {
			t.Errorf("recorded %v: the plan is the %s one, of %d files", recorded, files[plan], left)
		}
	}
}

// A run that finds no plan when it is repeated must not leave the one before.
func TestARepeatedRunReplacesThePlan(t *testing.T) {
	dir := t.TempDir()
	_, tasks, out := opened(t, dir, "instances: [classic(case=tricky)]\nalgorithms: [astar]\n")
	if err := experiments.Execute(t.Context(), tasks, made("one", nil, out)); err != nil {
		t.Fatal(err)
	}
	plan := "plans/" + tasks[0].Key + ".json"
	if filesIn(t, dir)[plan] == "" {
		t.Fatal("no plan")
	}
	rec := tasks[0].Record()
	rec.Outcome = results.Unknown
	if err := out.Keep(tasks[0], rec, nil); err != nil {
		t.Fatal(err)
	}
	if _, there := filesIn(t, dir)[plan]; there || out.Of(tasks)[0].Outcome != results.Unknown {
		t.Error("the plan of the run before is still there")
	}
}
