package results

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"
)

func sample(key string) Record {
	cost, bound := int64(2690), int64(2600)
	return Record{
		Format: RecordFormat, RunKey: key, Name: Name{Instance: "chain4", Class: "chain", Family: "chain", Parameters: Values{"length": 4.0}}, Source: "77", InstanceSHA256: "9b1d",
		Features: map[string]any{"hosts": 4.0, "drift": true}, Algorithm: "astar(heuristic=misplaced)",
		CostFunction: "ram", Rules: []string{"capacity", "arch"}, Seed: 1<<64 - 1,
		Limits: Limits{TimeoutS: 10, Expansions: 5}, Outcome: Feasible, Cost: &cost, LowerBound: &bound,
		Steps: 7, PlanSHA256: "77ac", WallS: 0.5, CPUS: 0.25, PeakBytes: 4096,
		Counters:   map[string]int64{"expanded": 312, "generated": 2874},
		Incumbents: []Incumbent{{0.1, 3000, 2600}, {0.2, 2690, 2600}},
		Enforced:   map[string]string{"timeout": "polled by the solver"},
		Provenance: Provenance{
			Version: "v0.1.0", Revision: "ef0c2e6", GoVersion: "go1.26.0", OS: "linux/amd64",
			CPUModel: "test", Cores: 2, Date: "2026-01-31T12:00:00Z",
		},
	}
}

func line(t testing.TB, r Record) string {
	t.Helper()
	b, err := encode(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRecordSurvivesTheFile(t *testing.T) {
	want := sample("a")
	got := readFrom(strings.NewReader(line(t, want)), "r")
	if len(got.problems) > 0 || len(got.records) != 1 {
		t.Fatalf("problems %v, %d records", got.problems, len(got.records))
	}
	if d := cmp.Diff(want, got.records[0]); d != "" {
		t.Error(d)
	}
}

func TestFaultyLinesAreNamedAndTheRestIsRead(t *testing.T) {
	good := strings.TrimSpace(line(t, sample("x")))
	change := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%q is not in %s", old, good)
		}
		return strings.Replace(good, old, new, 1)
	}
	for name, tc := range map[string]struct{ line, want string }{
		"noise":            {"\x00\xff}{", "expected one JSON object"},
		"another value":    {`[1, 2]`, "expected one JSON object"},
		"two values":       {good + good, "expected one JSON object"},
		"no format":        {`{"run_key": "x"}`, `/format: missing, expected "rearrange/record/2"`},
		"another version":  {change("record/2", "record/3"), `/format: expected "rearrange/record/2", found "rearrange/record/3"`},
		"unknown outcome":  {change(`"feasible"`, `"feesible"`), `/outcome: unknown outcome "feesible", did you mean "feasible"?`},
		"negative cost":    {change(`"cost":2690`, `"cost":-3`), "/cost: expected a non-negative integer, found -3"},
		"overflowing cost": {change(`"cost":2690`, `"cost":9223372036854775808`), "/cost"},
		"negative time":    {change(`"wall_s":0.5`, `"wall_s":-1`), "/wall_s: expected a non-negative number, found -1"},
		"no run key":       {change(`"run_key":"x"`, `"run_key":""`), "/run_key: missing"},
		"plan, no cost":    {change(`"cost":2690,`, ``), `/cost: missing, expected the validated cost with outcome "feasible"`},
		"unknown field":    {change(`"steps"`, `"stepz"`), "/stepz: unknown field"},
		"duplicate field":  {change(`"steps":7`, `"steps":7,"steps":8`), "steps"},
		"wrong type":       {change(`"seed":18446744073709551615`, `"seed":"one"`), "/seed"},
		"incumbent":        {change(`"cost":3000`, `"cost":-1`), "/incumbents/0: expected non-negative numbers"},
	} {
		t.Run(name, func(t *testing.T) {
			in := line(t, sample("a")) + tc.line + "\n\r\n" + line(t, sample("b"))
			got := readFrom(strings.NewReader(in), "dir/records.jsonl")
			if len(got.records) != 2 {
				t.Errorf("%d records were read around the fault, expected 2", len(got.records))
			}
			if len(got.problems) != 1 {
				t.Fatalf("expected one problem, found %v", got.problems)
			}
			p := got.problems[0].Error()
			if !strings.HasPrefix(p, "dir/records.jsonl:2: ") || !strings.Contains(p, tc.want) {
				t.Errorf("problem %q\nexpected on line 2 %q", p, tc.want)
			}
		})
	}
}

// Whatever is negative would be counted, summed or drawn.
func TestNegativeNumbersAreFaults(t *testing.T) {
	for field, spoil := range map[string]func(*Record){
		"/steps":                 func(r *Record) { r.Steps = -1 },
		"/limits/cores":          func(r *Record) { r.Limits.Cores = -1 },
		"/provenance/cores":      func(r *Record) { r.Provenance.Cores = -1 },
		"/provenance/jobs":       func(r *Record) { r.Provenance.Jobs = -1 },
		"/provenance/gomaxprocs": func(r *Record) { r.Provenance.GOMAXPROCS = -1 },
		"/counters/a~1b":         func(r *Record) { r.Counters = map[string]int64{"a/b": -1} },
	} {
		r := sample("a")
		spoil(&r)
		if err := r.Check(); err == nil || err.Error() != field+": expected a non-negative integer, found -1" {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestInterleavedNoiseLosesNoRecord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var in bytes.Buffer
		records := rapid.IntRange(0, 8).Draw(t, "records")
		noisy := 0
		for i := range records {
			if noise := rapid.StringMatching(`[^\n{]{0,40}`).Draw(t, "noise"); strings.TrimSpace(noise) != "" {
				noisy++
				in.WriteString(noise + "\n")
			}
			b, _ := encode(sample(fmt.Sprint(i)))
			in.Write(b)
		}
		got := readFrom(&in, "r")
		if len(got.records) != records || len(got.problems) != noisy {
			t.Fatalf("%d of %d records, %d problems of %d noisy lines", len(got.records), records, len(got.problems), noisy)
		}
	})
}

func TestLaterRecordWinsAndIsReported(t *testing.T) {
	second := sample("a")
	second.Steps = 99
	got := readFrom(strings.NewReader(line(t, sample("a"))+line(t, sample("b"))+line(t, second)), "r")
	if len(got.records) != 2 || got.records[0].Steps != 99 {
		t.Errorf("records %+v", got.records)
	}
	if len(got.problems) != 1 || got.problems[0].Line != 3 || !strings.Contains(got.problems[0].Reason, "line 1") {
		t.Errorf("problems %v", got.problems)
	}
}

func TestTornLastLine(t *testing.T) {
	whole := line(t, sample("b"))
	for n := 1; n < len(whole); n += 37 {
		got := readFrom(strings.NewReader(line(t, sample("a"))+whole[:n]), "r")
		if len(got.records) != 1 || len(got.problems) != 1 || !got.torn ||
			!strings.HasPrefix(got.problems[0].String(), "r:2: torn line") {
			t.Fatalf("cut after %d bytes: %d records, torn %v, problems %v", n, len(got.records), got.torn, got.problems)
		}
	}
	got := readFrom(strings.NewReader(line(t, sample("a"))+strings.TrimSpace(whole)), "r")
	if len(got.records) != 2 || len(got.problems) != 1 || !got.torn {
		t.Errorf("a whole record without a line end: %d records, torn %v, problems %v", len(got.records), got.torn, got.problems)
	}
}

func TestTooLongLineIsSkippedNotHeld(t *testing.T) {
	in := strings.Repeat("x", maxLineBytes+10) + "\n" + line(t, sample("a"))
	got := readFrom(strings.NewReader(in), "r")
	if len(got.records) != 1 || len(got.problems) != 1 || got.problems[0].Line != 1 {
		t.Errorf("%d records, problems %v", len(got.records), got.problems)
	}
}

func TestReadByPathFolderAndSuffix(t *testing.T) {
	plain := []byte(line(t, sample("a")) + line(t, sample("b")))
	var gz bytes.Buffer
	g := gzip.NewWriter(&gz)
	g.Write(plain)
	g.Close()
	z, _ := zstd.NewWriter(nil)
	zst := z.EncodeAll(plain, nil)

	for name, content := range map[string][]byte{"records.jsonl": plain, "records.jsonl.gz": gz.Bytes(), "records.jsonl.zst": zst} {
		dir := t.TempDir()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o666); err != nil {
			t.Fatal(err)
		}
		for _, p := range []string{dir, path} {
			records, problems, err := Read(p)
			if err != nil || len(problems) > 0 || len(records) != 2 {
				t.Errorf("%s: %d records, problems %v, error %v", p, len(records), problems, err)
			}
		}
	}
	for name, content := range map[string][]byte{"cut.gz": gz.Bytes()[:gz.Len()-12], "cut.zst": zst[:len(zst)-4]} {
		path := filepath.Join(t.TempDir(), name)
		os.WriteFile(path, content, 0o666)
		if _, problems, err := Read(path); err != nil || len(problems) == 0 {
			t.Errorf("%s cut short: problems %v, error %v; expected a problem", name, problems, err)
		}
	}
	if _, _, err := Read(t.TempDir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder: %v", err)
	}
	if _, _, err := Read(filepath.Join(t.TempDir(), "none.jsonl")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

func TestEveryFieldIsDocumented(t *testing.T) {
	doc, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, typ := range []reflect.Type{
		reflect.TypeFor[Record](), reflect.TypeFor[Name](), reflect.TypeFor[Limits](),
		reflect.TypeFor[Incumbent](), reflect.TypeFor[Provenance](),
		reflect.TypeFor[Schedule](), reflect.TypeFor[Scheduling](), reflect.TypeFor[ScheduleIncumbent](), reflect.TypeFor[Execution](), reflect.TypeFor[Executing](),
	} {
		for i := range typ.NumField() {
			if typ.Field(i).Anonymous {
				continue
			}
			name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			if name == "" || !strings.Contains(string(doc), "\n| `"+name+"` |") {
				t.Errorf("%s.%s: field %q has no row in FORMAT.md", typ.Name(), typ.Field(i).Name, name)
			}
		}
	}
	for _, o := range Outcomes() {
		if !strings.Contains(string(doc), "\n| `"+string(o)+"` |") {
			t.Errorf("outcome %q has no row in FORMAT.md", o)
		}
	}
}

// FuzzRead holds that no input makes the reader fail, and that what it takes for
// a record can be written and read again unchanged.
func FuzzRead(f *testing.F) {
	f.Add([]byte(line(f, sample("a")) + line(f, sample("b"))))
	f.Add([]byte(line(f, sample("a")) + "{\"format\":\"rearr"))
	f.Add([]byte("\n\n{}\n[]\x00"))
	f.Fuzz(func(t *testing.T, in []byte) {
		got := readFrom(bytes.NewReader(in), "fuzz")
		lines := bytes.Count(in, []byte("\n")) + 1
		for _, p := range got.problems {
			if p.Line < 1 || p.Line > lines || p.Reason == "" || strings.Contains(p.Reason, "\n") {
				t.Errorf("problem %q of %d lines", p, lines)
			}
		}
		for _, r := range got.records {
			b, err := encode(r)
			if err != nil {
				t.Fatalf("a record that was read cannot be written: %v", err)
			}
			again := readFrom(bytes.NewReader(b), "again")
			if len(again.problems) > 0 || len(again.records) != 1 {
				t.Fatalf("a record that was written cannot be read: %v", again.problems)
			}
			if b2, _ := encode(again.records[0]); !bytes.Equal(b, b2) {
				t.Fatalf("changed by writing and reading:\n%s%s", b, b2)
			}
		}
	})
}

// readFrom reads what a file of that name holds.
func readFrom(in io.Reader, name string) *reading {
	l := newReading()
	l.from(in, name)
	return l
}

// Of a run that stands in two folders the report must not count both, nor hide it.
func TestReadingSeveralFilesTellsWhatStandsInTwo(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "first.jsonl"), filepath.Join(dir, "second.jsonl")
	later := sample("b")
	later.WallS = 99
	for path, text := range map[string]string{first: line(t, sample("a")) + line(t, sample("b")), second: "torn\n" + line(t, later) + line(t, sample("c"))} {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	records, problems, err := Read(first, second)
	if err != nil || len(records) != 3 || records[1].WallS != 99 || records[2].RunKey != "c" {
		t.Fatalf("%+v, %v", records, err)
	}
	if len(problems) != 2 || problems[0].File != second || problems[0].Line != 1 ||
		problems[1].String() != second+`:2: run_key "b" was already on line 2 of `+first+"; this later record replaces it" {
		t.Errorf("problems %v", problems)
	}
	if _, _, err := Read(first, filepath.Join(dir, "gone")); err == nil {
		t.Error("a file that is missing is no error")
	}
}

// What records have alike is kept once; what they do not have alike must stay as it was.
func TestSharingChangesNoRecord(t *testing.T) {
	var in strings.Builder
	var want []Record
	for i, features := range []map[string]any{
		{"hosts": 3.0, "deadlocked": true},
		{"hosts": 3.0, "deadlocked": true},
		{"hosts": 4.0, "deadlocked": true},
		nil,
		{"odd": []any{1.0}},
		{"odd": []any{1.0}},
		{"odd": map[string]any{"x": 1.0}},
		{"hosts": 3.0},
	} {
		r := sample(fmt.Sprint("run", i))
		r.Features = features
		r.Rules = [][]string{{}, {"capacity"}, {"capacity"}, {"arch"}}[i%4]
		r.Enforced = []map[string]string{{}, {"timeout": "polled"}, {"timeout": "polled"}, {"timeout": "killed"}}[i%4]
		in.WriteString(line(t, r))
		want = append(want, r)
	}
	got := readFrom(strings.NewReader(in.String()), "r")
	if len(got.problems) > 0 {
		t.Fatal(got.problems)
	}
	if d := cmp.Diff(want, got.records); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// A small archive can hold billions of faulty lines.
func TestProblemsAreListedWithoutEnd(t *testing.T) {
	got := readFrom(strings.NewReader(strings.Repeat("x\n", 3*maxProblems)+line(t, sample("a"))), "r")
	if len(got.problems) != maxProblems+1 || len(got.records) != 0 || !got.torn {
		t.Errorf("%d problems, %d records", len(got.problems), len(got.records))
	}
	got = readFrom(strings.NewReader(line(t, sample("a"))+strings.Repeat("x\n", 3*maxProblems)+line(t, sample("b"))), "r")
	if len(got.problems) != maxProblems+1 || len(got.records) != 2 {
		t.Errorf("%d problems, %d records", len(got.problems), len(got.records))
	}
}

// Records of before stay readable: what came since is absent, and nothing is made up for it.
func TestRecordsOfVersion1AreReadWithoutParameters(t *testing.T) {
	in := `{"format":"rearrange/record/1","run_key":"x","instance":"random(hosts=4)#1","instance_sha256":"9b1d","algorithm":"astar",` +
		`"cost_function":"ram","rules":["capacity"],"seed":1,"limits":{},"outcome":"optimal","cost":3,"lower_bound":3,"wall_s":1,` +
		`"cpu_s":1,"peak_bytes":5,"counters":{},"enforced":{},"provenance":{"version":"1","revision":"r","go_version":"g","os":"o",` +
		`"cpu_model":"c","cores":2,"date":"d"}}` + "\n"
	got := readFrom(strings.NewReader(in), "r")
	if len(got.problems) > 0 || len(got.records) != 1 {
		t.Fatalf("%d records, problems %v", len(got.records), got.problems)
	}
	r := got.records[0]
	if d := cmp.Diff(Name{Instance: "random(hosts=4)#1"}, r.Name); d != "" || r.AlgorithmParameters != nil || r.Provenance.Build != "" || *r.Cost != 3 {
		t.Errorf("read as %+v", r)
	}
}
