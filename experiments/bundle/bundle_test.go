package bundle_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
	"github.com/cloudrearrange/rearrange/experiments"
	"github.com/cloudrearrange/rearrange/experiments/bundle"
	"github.com/cloudrearrange/rearrange/results"
)

// folder makes a folder of results: two records of different dates, of two builds.
func folder(t *testing.T, suite string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "top", "out")
	put(t, filepath.Join(dir, experiments.SuiteCopy), suite)
	store, err := results.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, date := range []string{"2026-03-04T05:06:08Z", "2026-03-04T05:06:07Z"} {
		err := store.Append(results.Record{
			Format: results.RecordFormat, RunKey: strings.Repeat(string(rune('a'+i)), 32),
			Name: results.Name{Instance: "one"}, InstanceSHA256: strings.Repeat("0", 64),
			Algorithm: "astar", CostFunction: "ram", Outcome: results.Unknown, Message: "timeout",
			Provenance: results.Provenance{Version: "1", Revision: []string{"new", "old"}[i], Date: date},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func suite(instances string) string {
	return "format: rearrange/suite/1\nname: s\nalgorithms: [astar]\ninstances: [" + instances + "]\n"
}

func options(notes *[]string) bundle.Options {
	return bundle.Options{
		Catalogue: catalogue.Standard(), Source: fstest.MapFS{"go.mod": {Data: []byte("module m\n")}},
		Build: bundle.Build{Version: "1", Revision: "new", GoVersion: "go1"},
		Note:  func(text string) { *notes = append(*notes, text) },
	}
}

// packed lists the files of an archive, with their texts.
func packed(t *testing.T, dir string, o bundle.Options) (names []string, texts map[string]string) {
	t.Helper()
	b, err := bundle.New(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	texts = map[string]string{}
	archive := tar.NewReader(&out)
	for {
		h, err := archive.Next()
		if err == io.EOF {
			return names, texts
		}
		if err != nil {
			t.Fatal(err)
		}
		if want := time.Date(2026, 3, 4, 5, 6, 8, 0, time.UTC); !h.ModTime.Equal(want) {
			t.Errorf("%s is of %v, the newest record of %v", h.Name, h.ModTime, want)
		}
		data, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		name, ok := strings.CutPrefix(h.Name, "out/")
		if !ok {
			t.Errorf("%s lies outside of the folder", h.Name)
		}
		names, texts[name] = append(names, name), string(data)
	}
}

func TestBundleLacksAFile(t *testing.T) {
	dir := folder(t, suite("classic(case=tricky)"))
	for _, name := range []string{
		"report.md", "report.html", "timing.md", "plans/a.json", "tables/t.csv", "tables/group/t.md", "plots/p.svg",
		// None of these belongs to the results as they are.
		"plans/.b.json.123", "plans/notes.txt", "records.jsonl.old-1", "other.txt", "tables/.t.csv.1", "out.tar.zst",
	} {
		put(t, filepath.Join(dir, name), name)
	}
	var notes []string
	names, texts := packed(t, dir, options(&notes))
	want := []string{
		"MANIFEST", "README.txt", "build.json", "results/plans/a.json", "results/plots/p.svg", "results/records.jsonl",
		"results/report.html", "results/report.md", "results/suite.yaml", "results/tables/group/t.md", "results/tables/t.csv",
		"results/timing.md", "source/go.mod", "suite/suite.yaml",
	}
	if d := cmp.Diff(want, names); d != "" || len(notes) > 0 {
		t.Error(d, notes)
	}
	for _, text := range []string{
		"1 run by rearrange 1, revision new", "1 run by rearrange 1, revision old",
		"Other code than that in source/, which is revision new, made 1 of the 2 records.",
	} {
		if !strings.Contains(texts["README.txt"], text) {
			t.Errorf("README.txt does not say %q:\n%s", text, texts["README.txt"])
		}
	}
}

// Relative names must lead from the suite in the bundle to the files in it.
func TestSuiteInBundleDoesNotFindItsFiles(t *testing.T) {
	instance, err := os.ReadFile("testdata/one.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, instances, suite, file string }{
		{"beside", "file(path=one.json)", "suite/suite.yaml", "suite/one.json"},
		{"below", "file(path=./data/one.json)", "suite/suite.yaml", "suite/data/one.json"},
		{"above", "file(path=../data/one.json)", "suite/out/suite.yaml", "suite/data/one.json"},
		{"there and back", "file(path=../out/one.json)", "suite/out/suite.yaml", "suite/out/one.json"},
		{"a pattern", "{file: ../data/o*.json}", "suite/out/suite.yaml", "suite/data/one.json"},
		{"nested", "'drift(of=with(of=file(path=\"a b.json\"), rules=[arch]), migrations=1)'", "suite/suite.yaml", "suite/a b.json"},
		{"in a grid", "{spec: file, grid: {path: [one.json]}}", "suite/suite.yaml", "suite/one.json"},
		{"a list", "'import(format=json, files=[../data/one.json])'", "suite/out/suite.yaml", "suite/data/one.json"},
		{"dots in a name", "file(path=..one/..one.json)", "suite/suite.yaml", "suite/..one/..one.json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := folder(t, suite(c.instances))
			for _, name := range []string{"one.json", "data/one.json", "../data/one.json", "a b.json", "..one/..one.json"} {
				put(t, filepath.Join(dir, name), string(instance))
			}
			var notes []string
			_, texts := packed(t, dir, options(&notes))
			if texts[c.suite] != suite(c.instances) || texts[c.file] != string(instance) || len(notes) > 0 {
				t.Errorf("the suite is %q, the file %d bytes, notes %q", texts[c.suite], len(texts[c.file]), notes)
			}
			to := t.TempDir()
			for name, text := range texts {
				put(t, filepath.Join(to, name), text)
			}
			s, err := experiments.ReadSuite(catalogue.Standard(), filepath.Join(to, c.suite))
			if err != nil {
				t.Fatal(err)
			}
			if tasks, err := s.Expand(t.Context(), nil); err != nil || len(tasks) != 1 {
				t.Error(len(tasks), err)
			}
		})
	}
}

func TestMissingInputIsNotSaid(t *testing.T) {
	for _, c := range []struct{ instances, note string }{
		{"file(path=gone.json)", "instance file gone.json: not found"},
		{"file(path=/gone.json)", "instance file /gone.json: only files with relative names are packed"},
		{"file(path=plans)", "instance file plans: not a regular file"},
		{"{file: gone*.json}", "instance files of the suite: it cannot be read: "},
		{"random(hots=3)", "instance files of the suite: it cannot be read: "},
	} {
		dir := folder(t, suite(c.instances))
		put(t, filepath.Join(dir, "plans", "a.json"), "{}")
		var notes []string
		_, texts := packed(t, dir, options(&notes))
		if len(notes) != 1 || !strings.HasPrefix(notes[0], c.note) {
			t.Errorf("%s: notes %q, want %q", c.instances, notes, c.note)
		}
		if !strings.Contains(texts["README.txt"], "Not here:\n  "+c.note) || texts["suite/suite.yaml"] == "" {
			t.Errorf("%s: README.txt does not say so:\n%s", c.instances, texts["README.txt"])
		}
	}
	if filepath.Separator == '/' {
		dir := folder(t, suite("file(path=\"a\\\\b.json\")"))
		put(t, filepath.Join(dir, `a\b.json`), "{}")
		if _, err := bundle.New(t.Context(), dir, options(new([]string))); err == nil {
			t.Error("a name that no manifest can hold was taken")
		}
	}
}

func TestFileThatChangesIsPacked(t *testing.T) {
	for _, text := range []string{"shorter", "as long as it", "longer than it was before"} {
		dir := folder(t, suite("classic(case=tricky)"))
		report := filepath.Join(dir, "report.md")
		put(t, report, "as long as is")
		b, err := bundle.New(t.Context(), dir, options(new([]string)))
		if err != nil {
			t.Fatal(err)
		}
		put(t, report, text)
		if err := b.Write(io.Discard); err == nil || !strings.Contains(err.Error(), "report.md changed while it was packed") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestInterruptedBundleGoesOn(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	o := options(new([]string))
	o.Instances = true
	if _, err := bundle.New(ctx, folder(t, suite("classic(case=tricky)")), o); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// What is packed twice must be the same bytes, whatever the order of files on disk.
func TestBundleDependsOnMoreThanResults(t *testing.T) {
	dir := folder(t, suite("classic"))
	for _, name := range []string{"plans/c.json", "plans/a.json", "plans/b.json", "tables/a.csv", "tables/b.csv"} {
		put(t, filepath.Join(dir, name), name)
	}
	o := options(new([]string))
	o.Instances = true
	first, texts := packed(t, dir, o)
	if err := os.Chtimes(filepath.Join(dir, "plans", "a.json"), time.Time{}, time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	second, again := packed(t, dir, o)
	if !slices.IsSorted(first) || !slices.Equal(first, second) {
		t.Errorf("%q and %q", first, second)
	}
	if d := cmp.Diff(texts, again); d != "" {
		t.Error(d)
	}
	if n := strings.Count(texts["instances/index.json"], `"file"`); n != 13 {
		t.Errorf("%d of the 13 published cases were packed", n)
	}
}

// Files of instances must be those that records name by their hash, whatever rules held.
func TestPackedInstancesHaveTheHashesOfRecords(t *testing.T) {
	o := options(new([]string))
	o.Instances = true
	copies := "classic(case=tricky), 'with(of=classic(case=tricky), rules=[max-vms(max=9)])', swaps"
	for _, rules := range []string{"", "rules: []\n", "rules: [capacity(overcommit.ram=2)]\n"} {
		var notes []string
		o.Note = func(text string) { notes = append(notes, text) }
		_, texts := packed(t, folder(t, suite(copies)+rules), o)
		found := 0
		for name, text := range texts {
			sha256, ok := strings.CutPrefix(strings.TrimSuffix(name, ".json"), "instances/")
			if !ok || sha256 == "index" {
				continue
			}
			in, err := cloud.DecodeInstance(name, []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			found++
			if in.SHA256() != sha256 {
				t.Errorf("%q: %s has the hash %s", rules, name, in.SHA256())
			}
		}
		if want := map[bool]int{true: 3, false: 2}[rules == ""]; found != want || len(notes) > 0 {
			t.Errorf("%q: %d instances, want %d; notes %q", rules, found, want, notes)
		}
	}
}

// Two builds of one revision with changed files must be told apart, and those of the same code not.
func TestRecordsOfOtherCodeAreTold(t *testing.T) {
	dir := folder(t, suite("classic(case=tricky)"))
	store, err := results.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range []results.Provenance{
		{Build: "sha256:a", Code: "c1"}, {Build: "sha256:b", Code: "c2"}, {Build: "sha256:b", Code: "c1"}, {Build: "sha256:b"}, {Build: "sha256:a"},
	} {
		p.Version, p.Revision = "1", "new+dirty"
		r := store.Records()[0]
		r.RunKey, r.Provenance = strings.Repeat(string(rune('p'+i)), 32), p
		if err := store.Append(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	o := options(new([]string))
	o.Build.Build, o.Build.Revision = "sha256:a", "new+dirty"
	o.Code = func([]string) string { return "c1" }
	b, err := bundle.New(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"2 runs by rearrange 1, revision new+dirty, build sha256:a", "3 runs by rearrange 1, revision new+dirty, build sha256:b",
		"revision new+dirty, made 4 of the 7 records.", // the two of the folder, and two of sha256:b
		`"code": [` + "\n        \"c1\",\n        \"c2\"",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in the bundle", want)
		}
	}
}
