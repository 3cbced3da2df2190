package best

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/results"
)

func written(t interface{ Fatal(...any) }, s *Set) []byte {
	var b bytes.Buffer
	if err := s.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestValuesSurviveTheFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSet(t, "s")
		if len(s.Contradictions()) > 0 {
			t.Skip("would not be written")
		}
		data := written(t, s)
		again, problems := Decode("f", data)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		equal(t, "written and read", s, again)
		if !bytes.Equal(data, written(t, again)) {
			t.Fatal("written again, the file differs")
		}
		if holds, err := Holds(bytes.NewReader(append([]byte("\ntorn\n"), data...))); err != nil || holds != (s.Len() > 0) {
			t.Fatalf("%d values are told apart from records: %v, %v", s.Len(), holds, err)
		}
	})
}

func TestFaultyLinesAreNamedWithPlaceAndReason(t *testing.T) {
	good := strings.TrimSpace(string(written(t, of(record("a", "x", results.Feasible, 7, 5)))))
	change := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%q is not in %s", old, good)
		}
		return strings.Replace(good, old, new, 1)
	}
	for name, tc := range map[string]struct{ line, want string }{
		"noise":           {"\x00\xff}{", "expected one JSON object with a best-known value"},
		"a record":        {change("rearrange/best/1", "rearrange/record/1"), `/format: expected "rearrange/best/1", found "rearrange/record/1"`},
		"no format":       {`{"instance": "x"}`, `/format: missing, expected "rearrange/best/1"`},
		"unknown field":   {change(`"bound":`, `"bounds":`), "/bounds: unknown field"},
		"no rules":        {change(`"rules":["capacity"],`, ""), "/rules: missing, expected an array of texts"},
		"empty rule":      {change(`"capacity"`, `""`), "/rules/0: missing, expected a non-empty text"},
		"no cost":         {change(`"cost":7,`, ""), "/plan/cost: missing, expected a non-negative integer"},
		"no steps":        {change(`"steps":3,`, ""), "/plan/steps: missing, expected a non-negative integer"},
		"no value":        {change(`"value":5,`, ""), "/bound/value: missing, expected a non-negative integer"},
		"negative cost":   {change(`"cost":7`, `"cost":-7`), "/plan/cost: expected a non-negative integer, found -7"},
		"broken cost":     {change(`"cost":7`, `"cost":7.5`), "/plan/cost"},
		"no run":          {change(`"run_key":"a/x"`, `"run_key":""`), "/plan/run_key: missing, expected a non-empty text"},
		"another date":    {change("2026-01-31T12:00:00Z", "2026-01-31T12:00:00+01:00"), "/plan/date: expected a time such as 2026-01-31T12:00:00Z, found"},
		"nothing known":   {good[:strings.Index(good, `,"plan":`)] + "}", "expected at least one of plan, bound and infeasible"},
		"contradiction":   {change(`"value":5`, `"value":8`), "plan cheaper than a bound: a on x (cost ram, seed 0, run a/x, revision ef0c2e6"},
		"second question": {strings.Replace(good, "/x", "/y", 2), "the question of this line was already on line 1"},
		"duplicate field": {change(`"steps":3`, `"steps":3,"steps":3`), "steps"},
	} {
		t.Run(name, func(t *testing.T) {
			last := string(written(t, of(record("a", "z", results.Feasible, 7, 5))))
			s, problems := Decode("dir/f.jsonl", []byte(good+"\n"+tc.line+"\r\n\n"+strings.TrimSpace(last)))
			if s.Len() != 2 {
				t.Errorf("%d values were read around the fault, expected 2", s.Len())
			}
			if len(problems) != 1 {
				t.Fatalf("expected one problem, found %v", problems)
			}
			if p := problems[0].String(); !strings.HasPrefix(p, "dir/f.jsonl:2: ") || !strings.Contains(p, tc.want) {
				t.Errorf("problem %q\nexpected on line 2 %q", p, tc.want)
			}
		})
	}
}

func TestReadBySuffix(t *testing.T) {
	s := of(record("a", "x", results.Feasible, 7, 5), record("a", "y", results.Infeasible, none, none))
	for _, name := range []string{"f.jsonl", "f.jsonl.gz", "f.jsonl.zst"} {
		path := filepath.Join(t.TempDir(), name)
		if err := fileio.Write(path, nil, s.Write); err != nil {
			t.Fatal(err)
		}
		got, problems, err := Read(path, nil)
		if err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		if d := cmp.Diff(s.Values(), got.Values()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	if _, _, err := Read(filepath.Join(t.TempDir(), "gone"), nil); !os.IsNotExist(err) {
		t.Errorf("a missing file: %v", err)
	}
}

func TestEveryFieldIsDocumented(t *testing.T) {
	doc, err := os.ReadFile("../FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	_, ours, found := strings.Cut(string(doc), "`"+Format+"`\n")
	if !found {
		t.Fatalf("FORMAT.md has no heading that ends in %s", Format)
	}
	for _, typ := range []reflect.Type{reflect.TypeFor[Value](), reflect.TypeFor[Plan](), reflect.TypeFor[Bound](), reflect.TypeFor[Run]()} {
		for i := range typ.NumField() {
			if typ.Field(i).Anonymous {
				continue
			}
			name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			if name == "" || !strings.Contains(ours, "\n| `"+name+"` |") {
				t.Errorf("%s.%s: field %q has no row in FORMAT.md", typ.Name(), typ.Field(i).Name, name)
			}
		}
	}
}

// FuzzDecode holds that no input makes the reader fail, and that what it takes for values
// can be written and read again unchanged.
func FuzzDecode(f *testing.F) {
	data := written(f, of(record("a", "x", results.Optimal, 7, 5), record("a", "y", results.Infeasible, none, none)))
	f.Add(data)
	f.Add(data[:len(data)-40])
	f.Add([]byte("\n\n{}\n[]\x00"))
	f.Fuzz(func(t *testing.T, in []byte) {
		s, problems := Decode("fuzz", in)
		lines := bytes.Count(in, []byte("\n")) + 1
		for _, p := range problems {
			if p.Line < 1 || p.Line > lines || p.Reason == "" || strings.Contains(p.Reason, "\n") {
				t.Errorf("problem %q of %d lines", p, lines)
			}
		}
		out := written(t, s)
		again, problems := Decode("again", out)
		if len(problems) > 0 {
			t.Fatalf("values that were written cannot be read: %v", problems)
		}
		if !bytes.Equal(out, written(t, again)) {
			t.Fatalf("changed by writing and reading:\n%s", out)
		}
	})
}

// counted counts what is read of it.
type counted struct{ n int }

func (c *counted) Read(p []byte) (int, error) {
	c.n += len(p)
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestEndlessLineIsReadToItsEnd(t *testing.T) {
	in := &counted{}
	if holds, err := Holds(in); holds || err != nil || in.n > 40<<20 {
		t.Errorf("%d bytes were read: %t, %v", in.n, holds, err)
	}
}
