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
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/experiments"
	"github.com/cloudrearrange/rearrange/metrics/plots"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/metrics/tables"
	"github.com/cloudrearrange/rearrange/metrics/where"
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
				Format: results.RecordFormat, RunKey: fmt.Sprint(a, i), Name: results.Name{Instance: fmt.Sprint("random-", i)},
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
	return files(t, writeTo(t, filepath.Join(t.TempDir(), "made"), newReport(t, records, problems, Options{Catalogue: catalogue.Standard(), Title: "quick"})))
}

func newReport(t *testing.T, records []results.Record, problems []results.Problem, o Options) *Report {
	t.Helper()
	r, err := New(records, problems, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func writeTo(t *testing.T, dir string, r *Report) string {
	t.Helper()
	if err := r.Write(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func terminal(t *testing.T, records []results.Record, problems []results.Problem) string {
	t.Helper()
	var b bytes.Buffer
	if err := newReport(t, records, problems, Options{Catalogue: catalogue.Standard()}).Terminal(&b, tables.Screen{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReportsDifferOnlyInTheirTimedFiles(t *testing.T) {
	a, b := write(t, runs(1), nil), write(t, runs(7), nil)
	timed := 0
	for name := range a {
		if _, ok := b[name]; !ok {
			t.Errorf("%s is in one report only", name)
		}
		same := a[name] == b[name]
		linked := name == timingFile || name != indexFile && strings.Contains(a[timingFile], "]("+strings.TrimSuffix(name, filepath.Ext(name))+".")
		if linked == same {
			t.Errorf("%s: same bytes %v, timed or linked to by %s: %v", name, same, timingFile, linked)
		}
		if linked {
			timed++
		}
	}
	if timed < 10 {
		t.Errorf("only %d files are timed: the test has lost sight of them", timed)
	}
}

// Runs end in any order, and none of it may show, in no format and in no file.
func TestOrderOfRecordsChangesNoByte(t *testing.T) {
	records := gridded(runs(3))
	for i := range records { // several at once, so that ties have to be broken
		at := 0.1 * float64(1+i%4)
		records[i].Incumbents = []results.Incumbent{{ElapsedS: at / 2, Cost: *records[i].Cost + 50}, {ElapsedS: at, Cost: *records[i].Cost}}
	}
	content := experiments.Report{Groups: []experiments.Part{{Name: "Few hosts", Where: "hosts <= 4"}}}
	first := files(t, writeTo(t, t.TempDir(), newReport(t, records, nil, Options{Catalogue: catalogue.Standard(), Content: content})))
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2 {
		rng.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		again := files(t, writeTo(t, t.TempDir(), newReport(t, records, nil, Options{Catalogue: catalogue.Standard(), Content: content})))
		for name, content := range first {
			if again[name] != content {
				t.Errorf("%s differs", name)
			}
		}
		if len(again) != len(first) || len(first) < 50 {
			t.Fatalf("%d files, and then %d", len(first), len(again))
		}
	}
}

// A group must show its own runs and nothing else, below its own name and in its own folder.
func TestGroupsAreAboutTheRunsTheyChoose(t *testing.T) {
	table := func(texts ...string) (out []spec.Spec) {
		for _, text := range texts {
			out = append(out, spec.MustParse(text))
		}
		return out
	}
	r := newReport(t, gridded(runs(1)), nil, Options{Catalogue: catalogue.Standard(), Where: "cost >= 1000", Content: experiments.Report{
		Part: experiments.Part{Tables: table("outcomes"), Plots: table("cactus", "cactus(size=column)")},
		Groups: []experiments.Part{
			{Name: "Few | hosts", Where: "hosts <= 4 && !(algorithm == 'greedy')", Plots: []spec.Spec{}},
			{Name: "None", Where: "hosts > 90", Tables: table("quality", "class-effort"), Plots: table("heat-map")},
		},
	}})
	got := files(t, writeTo(t, t.TempDir(), r))
	for _, want := range []string{
		"\nOnly runs where cost \\>= 1000: 21 of 24 runs.\n",
		"\n## Few \\| hosts\n",
		"\nOnly runs where hosts \\<= 4 \\&\\& !(algorithm == 'greedy'): 6 of 21 runs.\n",
		"\n### Outcomes\n", "](tables/few-hosts/outcomes.tex)", "\n- group None: where hosts \\> 90 holds for none of 21 runs\n",
	} {
		if !strings.Contains(got[indexFile], want) {
			t.Errorf("the index lacks %q:\n%s", want, got[indexFile])
		}
	}
	if text := got["tables/few-hosts/outcomes.md"]; strings.Contains(text, "greedy") || !strings.Contains(text, "| dijkstra | 3 |") {
		t.Errorf("a group counts wrong runs:\n%s", text)
	}
	for name, there := range map[string]bool{
		"plots/cactus-2.pdf": true, "plots/few-hosts/cactus.svg": false, "plots/none/cactus.svg": false, "tables/none/quality.csv": false, "tables/none/outcomes.md": false,
	} {
		if (got[name] != "") != there {
			t.Errorf("%s is there: %v", name, !there)
		}
	}
	var b bytes.Buffer
	if err := r.Terminal(&b, tables.Screen{}); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); !strings.Contains(text, "\n── Few | hosts ──\nOnly runs where hosts <= 4 && !(algorithm == 'greedy'): 6 of 21 runs.\n") || strings.Contains(text, "States expanded, by class") {
		t.Errorf("terminal:\n%s", text)
	}
	var nothing *WhereError
	if _, err := New(runs(1), nil, Options{Catalogue: catalogue.Standard(), Where: "cost < 0"}); !errors.As(err, &nothing) {
		t.Errorf("a report on nothing: %v", err)
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
	for name, text := range map[string]string{"report.md": got[indexFile], "timing.md": got[timingFile], "terminal.txt": terminal(t, records, problems)} {
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
	if got := terminal(t, nil, nil); !strings.HasPrefix(got, "Outcomes\n") {
		t.Errorf("terminal:\n%s", got)
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
		class := fmt.Sprintf("random(hosts=%d, migrations=%d)", 4+k%2, 10+k/2)
		records[i].Name = results.Name{
			Instance: class + "#1", Class: class, Family: "random",
			Parameters: results.Values{"hosts": float64(4 + k%2), "migrations": float64(10 + k/2), "sizes": "uniform"},
		}
	}
	return records
}

// Whoever asks for a plot wants to see it, or be told why it cannot be drawn.
func TestPlotsAskedForAreDrawnInPlaceOfAll(t *testing.T) {
	dir := t.TempDir()
	asked := []spec.Spec{spec.MustParse("heat-map"), spec.MustParse("heat-map(x=hosts, y=migrations)"), spec.MustParse("cactus")}
	got := files(t, writeTo(t, dir, newReport(t, gridded(runs(1)), nil, Options{Catalogue: catalogue.Standard(), Content: experiments.Report{Part: experiments.Part{Plots: asked}}})))
	for name, there := range map[string]bool{
		"plots/heat-map.svg": true, "plots/heat-map-2.svg": true, "plots/cactus.svg": true, "plots/cost-bound.svg": false,
	} {
		if (got[name] != "") != there {
			t.Errorf("%s is there: %v", name, !there)
		}
	}
	heatMap := experiments.Report{Part: experiments.Part{Plots: []spec.Spec{spec.MustParse("heat-map")}}}
	const want = "plot heat-map: no two parameters of a family vary so that they make a grid"
	r := newReport(t, runs(1), nil, Options{Catalogue: catalogue.Standard(), Content: heatMap})
	if got := r.NotShown(); !slices.Equal(got, []string{want}) {
		t.Errorf("got %v, want %s", got, want)
	}
	text := files(t, writeTo(t, t.TempDir(), r))[indexFile]
	if !strings.Contains(text, "## Not shown\n\n- "+want+"\n") {
		t.Errorf("the report does not say what it lacks:\n%s", text)
	}
}

func TestRewritingLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		writeTo(t, dir, newReport(t, runs(1), nil, Options{Catalogue: catalogue.Standard()}))
	}
	for name := range files(t, dir) {
		if strings.Contains(name, ".new-") {
			t.Errorf("%s was left behind", name)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := newReport(t, nil, nil, Options{Catalogue: catalogue.Standard()}).Write(filepath.Join(dir, "file")); err == nil {
		t.Error("writing a report into a file is no error")
	}
}

func TestManyAlarmsAreCutOnATerminalOnly(t *testing.T) {
	records := runs(1)
	for i := range records {
		records[i].Outcome, records[i].Message = results.Failed, "panic: \x1b[31mred"
	}
	if got := terminal(t, records, nil); !strings.HasPrefix(got, "ALARMS (24)\n") || !strings.Contains(got, "and 14 more") || strings.Contains(got, "\x1b") {
		t.Errorf("terminal:\n%s", got)
	}
	if n := strings.Count(write(t, records, nil)[indexFile], "- **error**"); n != 24 {
		t.Errorf("the report lists %d alarms, expected 24", n)
	}
}

func ExampleReport_Terminal() {
	cost := int64(2690)
	r, _ := New([]results.Record{{
		Name: results.Name{Instance: "chain4"}, Algorithm: "greedy", CostFunction: "ram",
		Outcome: results.Invalid, RunKey: "5f0c", Message: "step 3: host2 is full", Cost: &cost,
	}}, nil, Options{Catalogue: catalogue.Standard()})
	_ = r.Terminal(os.Stdout, tables.Screen{})
	// Output:
	// ALARMS (1)
	// - invalid plan: greedy on chain4 (cost ram, seed 0, run 5f0c): step 3: host2 is full
	//
	// Outcomes
	// Over 1 case. Coverage: the share of cases with a validated plan, or with a proof
	// that there is none.
	//
	// algorithm solved optimal feasible invalid coverage
	//                                                  %
	// ───────────────────────────────────────────────────
	// greedy         0       0        0       1      0.0
	// none: infeasible, unknown, unsupported, error
	//
	// Cost against lower bound
	// There is no case for which any algorithm found a plan with a known gap.
	// Geometric means: cost/bound mean.
	//
	// algorithm    at cheapest cost/bound median max  gap
	//           bound                mean            mean
	//                                                   %
	// ────────────────────────────────────────────────────
	// greedy        –        –          –      –   –    –
	//
	// Search effort
	// There is no case that any algorithm solved. Shifted geometric means: expanded,
	// generated (shift 100 states). Coverage is over all cases.
	//
	// algorithm coverage expanded generated
	//                  %   states    states
	// ──────────────────────────────────────
	// greedy         0.0        –         –
	// - No algorithm has a value of expanded, generated in 1 case.
	//
	// Time and memory
	// There is no case that any algorithm solved. Shifted geometric means: time, CPU
	// (shift 0.01 s), peak memory (shift 1 MiB). Coverage is over all cases.
	//
	// algorithm coverage time CPU   peak
	//                  %    s   s memory
	//                                MiB
	// ───────────────────────────────────
	// greedy         0.0    –   –      –
	// - CPU time is recorded only with the limit cores: 1.
	// - No algorithm has a value of time, CPU, peak memory in 1 case.
}

// What a record tells was fixed when it was made: no default of today may show in any file of
// a report on it.
func TestDefaultsOfTodayChangeNoByteOfAReport(t *testing.T) {
	content := experiments.Report{Groups: []experiments.Part{
		{Name: "By parameter", Where: `param.hosts >= 4 && family == "random"`, Tables: []spec.Spec{
			spec.MustParse("outcomes(group=param.migrations)"), spec.MustParse("table(rows=[param.hosts], across=yes, columns=[coverage, mean(algorithm.weight)])"),
			spec.MustParse("runs"), spec.MustParse("growth(by=param.hosts)"),
		}},
	}}
	made := func(c *spec.Catalogue, records []results.Record) map[string]string {
		return files(t, writeTo(t, t.TempDir(), newReport(t, records, nil, Options{Catalogue: c, Content: content})))
	}
	records := gridded(runs(1))
	for i := range records {
		records[i].AlgorithmParameters = results.Values{"weight": 1.0, "heuristic": "misplaced"}
	}
	today, tomorrow := made(catalogue.Standard(), records), made(otherDefaults(t), records)
	for name, text := range today {
		if tomorrow[name] != text {
			t.Errorf("%s differs:\n%s", name, cmp.Diff(text, tomorrow[name]))
		}
	}
	if len(today) != len(tomorrow) || len(today) < 50 {
		t.Errorf("%d files, and then %d", len(today), len(tomorrow))
	}
}

// otherDefaults is the standard catalogue, in which every parameter of every family and
// algorithm has another default.
func otherDefaults(t *testing.T) *spec.Catalogue {
	t.Helper()
	out := new(spec.Catalogue)
	standard, changed := catalogue.Standard(), 0
	for _, k := range standard.Kinds() {
		if k.Name != "family" && k.Name != "algorithm" {
			continue
		}
		var entries []spec.Entry[any]
		for _, d := range standard.Descriptors(k.Name) {
			d.Params = slices.Clone(d.Params)
			for i := range d.Params {
				p := &d.Params[i]
				switch {
				case p.Type == spec.Int || p.Type == spec.Float:
					p.Default, changed = "77", changed+1
				case p.Type == spec.Choice:
					p.Default, changed = p.Choices[len(p.Choices)-1], changed+1
				case p.Type == spec.Bool:
					p.Default, changed = map[string]string{"yes": "no", "no": "yes"}[p.Default], changed+1
				}
			}
			entries = append(entries, spec.Entry[any]{Descriptor: d})
		}
		out = out.With(spec.NewRegistry(k, entries...))
	}
	if changed < 100 {
		t.Fatalf("only %d defaults were changed", changed)
	}
	return out.With(
		summary.Registry(summary.Entries()...), tables.FigureRegistry(tables.Figures()...), tables.Registry(tables.Entries()...),
		tables.FormatRegistry(tables.Formats()...), plots.Registry(plots.Entries()...), where.Registry(where.Entries()...),
	)
}

// A group of which there are no runs is one line, and no files.
func TestAGroupWithoutRunsIsSaidInALine(t *testing.T) {
	content := experiments.Report{Groups: []experiments.Part{{Name: "Large ones", Where: "hosts > 5000"}}}
	records := gridded(runs(1))
	records[0].Provenance.Build, records[0].Limits.Cores = "another", 1
	r := newReport(t, records, nil, Options{Catalogue: catalogue.Standard(), Content: content})
	want := []string{fmt.Sprintf("group Large ones: where hosts > 5000 holds for none of %d runs", len(records))}
	if got := r.NotShown(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	got := files(t, writeTo(t, t.TempDir(), r))
	for name := range got {
		if strings.Contains(name, "large") {
			t.Errorf("%s is of no run", name)
		}
	}
	for _, text := range []string{"holds for none of 24 runs\n", "**The records are of several builds of the program: ", ", 1 core |"} {
		if !strings.Contains(got[indexFile], text) {
			t.Errorf("no %q in %s", text, got[indexFile])
		}
	}
	var b strings.Builder
	if err := r.Terminal(&b, tables.Screen{}); err != nil || !strings.Contains(b.String(), "The records are of several builds") {
		t.Errorf("%v: %s", err, b.String())
	}
}
