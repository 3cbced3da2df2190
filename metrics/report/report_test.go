package report

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/results"
)

var update = flag.Bool("update", false, "write the golden files anew")

// runs makes the records of a suite; what the clock says depends on speed, for each
// algorithm differently, and so does the order in which the runs end.
func runs(speed float64) []results.Record {
	var out []results.Record
	for i := range int64(8) {
		best := 900 + 100*i
		for k, a := range []string{"astar(heuristic=misplaced)", "dijkstra", "greedy"} {
			wallS := 0.001 * float64(i+1) * math.Pow(speed, float64(k+1))
			r := results.Record{
				Format: results.RecordFormat, RunKey: fmt.Sprint(a, i), Instance: fmt.Sprint("random-", i),
				InstanceSHA256: fmt.Sprint("sha", i), Algorithm: a, CostFunction: "ram", Rules: []string{"capacity", "arch"},
				Seed: 1, Limits: results.Limits{TimeoutS: 10, MemoryBytes: 1 << 29}, Outcome: results.Optimal, Cost: &best, LowerBound: &best,
				WallS: wallS, CPUS: wallS, PeakBytes: 1 << 16,
				Counters: map[string]int64{"expanded": 10 << i, "generated": 50 << i},
				Enforced: map[string]string{"timeout": "polled by the solver", "memory": "accounted by the solver"},
				Provenance: results.Provenance{
					Version: "v0.1.0", Revision: "ef0c2e6", GoVersion: "go1.26.0", OS: "linux/amd64",
					CPUModel: "Some CPU | 3 GHz", Cores: 2, Date: fmt.Sprintf("2026-01-31T12:00:%02.0fZ", speed+float64(i)),
				},
			}
			if k == 2 {
				cost := best + 50*(i%3)
				r.Outcome, r.Cost, r.LowerBound = results.Feasible, &cost, nil
			}
			out = append(out, r)
		}
	}
	rng := rand.New(rand.NewPCG(uint64(speed), 1))
	rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		out[filepath.ToSlash(rel)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func write(t *testing.T, records []results.Record, problems []results.Problem) map[string]string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "made")
	if err := Write(dir, records, problems, Options{Title: "quick"}); err != nil {
		t.Fatal(err)
	}
	return files(t, dir)
}

func TestReportsDifferOnlyInTheirTimedFiles(t *testing.T) {
	a, b := write(t, runs(1), nil), write(t, runs(7), nil)
	timed := TimedFiles()
	for name := range a {
		if _, ok := b[name]; !ok {
			t.Errorf("%s is in one report only", name)
		}
		same := a[name] == b[name]
		if slices.Contains(timed, name) == same {
			t.Errorf("%s: same bytes %v, among the timed files %v", name, same, !same)
		}
	}
	for _, name := range timed {
		if a[name] == "" {
			t.Errorf("timed file %s was not written", name)
		}
	}
}

func TestGoldenIndexAndTerminal(t *testing.T) {
	records := runs(1)
	wrong := records[0]
	for i := range records {
		if records[i].RunKey == "greedy4" {
			wrong = records[i]
		}
	}
	cheap := int64(7)
	wrong.RunKey, wrong.Cost, wrong.Algorithm = "wrong", &cheap, "cheat"
	records = append(records, wrong)
	problems := []results.Problem{{File: "some/where/records.jsonl", Line: 3, Reason: "torn line, the writer was interrupted: <x|y>"}}
	got := write(t, records, problems)
	var term bytes.Buffer
	if err := Terminal(&term, records, problems, Options{}); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"report.md": got[indexFile], "timing.md": got[timingFile], "terminal.txt": term.String()} {
		path := filepath.Join("testdata", name)
		if *update {
			os.MkdirAll("testdata", 0o777)
			if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), text); d != "" {
			t.Errorf("%s, -want +got (write it anew with -update):\n%s", name, d)
		}
	}
}

func TestEveryLinkLeadsToAFile(t *testing.T) {
	got := write(t, runs(1), nil)
	for _, doc := range []string{indexFile, timingFile} {
		for _, part := range strings.Split(got[doc], "](")[1:] {
			target, _, _ := strings.Cut(part, ")")
			if got[target] == "" {
				t.Errorf("%s links to %q, which was not written", doc, target)
			}
		}
	}
}

func TestNoRecordsGiveAReport(t *testing.T) {
	got := write(t, nil, nil)
	if !strings.Contains(got[indexFile], "0 records") || !strings.Contains(got["plots/cactus.svg"], "no data") {
		t.Errorf("report:\n%s", got[indexFile])
	}
	if err := Terminal(&bytes.Buffer{}, nil, nil, Options{}); err != nil {
		t.Error(err)
	}
}

// A picture that does not apply would only say that it does not.
func TestPlotsThatDoNotApplyAreLeftOut(t *testing.T) {
	const file, link = "plots/heat-map.svg", "](plots/heat-map.svg)"
	if got := write(t, runs(1), nil); got[file] != "" || strings.Contains(got[indexFile], link) {
		t.Error("there is a heat map of instances without parameters")
	}
	if got := write(t, gridded(runs(1)), nil); got[file] == "" || !strings.Contains(got[indexFile], link) {
		t.Error("there is no heat map of a grid")
	}
}

// gridded are the records with names of instances whose parameters make a grid.
func gridded(records []results.Record) []results.Record {
	for i := range records {
		n, _ := strings.CutPrefix(records[i].Instance, "random-")
		k := int(n[0] - '0')
		records[i].Instance = fmt.Sprintf("random(hosts=%d, migrations=%d)#1", 4+k%2, 10+k/2)
	}
	return records
}

// Whoever asks for a plot wants to see it, or be told why it cannot be drawn.
func TestPlotsAskedForAreDrawnInPlaceOfAll(t *testing.T) {
	dir := t.TempDir()
	asked := []spec.Spec{spec.MustParse("heat-map"), spec.MustParse("heat-map(x=hosts, y=migrations)"), spec.MustParse("cactus")}
	if err := Write(dir, gridded(runs(1)), nil, Options{Plots: asked}); err != nil {
		t.Fatal(err)
	}
	got := files(t, dir)
	for name, there := range map[string]bool{
		"plots/heat-map.svg": true, "plots/heat-map-2.svg": true, "plots/cactus.svg": true, "plots/cost-bound.svg": false,
	} {
		if (got[name] != "") != there {
			t.Errorf("%s is there: %v", name, !there)
		}
	}
	var none *NotApplicableError
	err := Write(filepath.Join(dir, "none"), runs(1), nil, Options{Plots: []spec.Spec{spec.MustParse("heat-map")}})
	if want := "plot heat-map: No two parameters of a family vary so that they make a grid"; !errors.As(err, &none) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if len(files(t, dir)) != len(got) {
		t.Error("something was written of a report that cannot be made as asked for")
	}
}

func TestRewritingLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		if err := Write(dir, runs(1), nil, Options{}); err != nil {
			t.Fatal(err)
		}
	}
	for name := range files(t, dir) {
		if strings.Contains(name, ".new-") {
			t.Errorf("%s was left behind", name)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Write(filepath.Join(dir, "file"), nil, nil, Options{}); err == nil {
		t.Error("writing a report into a file is no error")
	}
}

func TestManyAlarmsAreCutOnATerminalOnly(t *testing.T) {
	records := runs(1)
	for i := range records {
		records[i].Outcome, records[i].Message = results.Failed, "panic: \x1b[31mred"
	}
	var term bytes.Buffer
	if err := Terminal(&term, records, nil, Options{}); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(term.String(), "ALARMS (24)\n") || !strings.Contains(term.String(), "and 14 more") || strings.Contains(term.String(), "\x1b") {
		t.Errorf("terminal:\n%s", term.String())
	}
	if n := strings.Count(write(t, records, nil)[indexFile], "- **error**"); n != 24 {
		t.Errorf("the report lists %d alarms, expected 24", n)
	}
}

func ExampleTerminal() {
	cost := int64(2690)
	_ = Terminal(os.Stdout, []results.Record{{
		Instance: "chain4", Algorithm: "greedy", CostFunction: "ram",
		Outcome: results.Invalid, RunKey: "5f0c", Message: "step 3: host2 is full", Cost: &cost,
	}}, nil, Options{})
	// Output:
	// ALARMS (1)
	// - invalid plan: greedy on chain4 (cost ram, seed 0, run 5f0c): step 3: host2 is full
	//
	// Outcomes
	// How the runs on 1 case ended. Coverage is the share of runs with a validated
	// plan or a proof that there is none.
	//
	// algorithm runs optimal feasible invalid coverage
	//                                                %
	// ─────────────────────────────────────────────────
	// greedy       1       0        0       1      0.0
	// none: infeasible, unknown, unsupported, error
	//
	// Cost against lower bound
	// No algorithm found a plan for any case.
	//
	// no data
	// - Left out of the comparison, as they found no plan: greedy.
	//
	// Search effort
	// No algorithm solved any case. Shifted geometric means, shift 100 states.
	// Coverage is over all runs.
	//
	// no data
	// - Left out of the comparison, as they solved nothing: greedy.
	//
	// Time and memory
	// No algorithm solved any case. Shifted geometric means, shifts 0.01 s and 1 MiB.
	// Coverage is over all runs.
	//
	// no data
	// - Left out of the comparison, as they solved nothing: greedy.
}
