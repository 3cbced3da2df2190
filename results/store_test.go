package results

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func open(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestConcurrentAppendsKeepEveryRecordWhole(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "by", "open")
	s := open(t, dir)
	const workers, each = 8, 50
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				r := sample(fmt.Sprintf("%d-%d", w, i))
				r.Format = "" // the store fills it in
				if err := s.Append(r); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := len(s.Records()); got != workers*each {
		t.Errorf("the store holds %d records, expected %d", got, workers*each)
	}
	records, problems, err := Read(dir) // while the store is still open
	if err != nil || len(problems) > 0 || len(records) != workers*each {
		t.Errorf("%d records, problems %v, error %v", len(records), problems, err)
	}
	for w := range workers {
		if _, made := s.Find(fmt.Sprintf("%d-0", w)); !made {
			t.Errorf("record %d-0 is not in the store", w)
		}
	}
}

func TestAppendAfterTornLineStartsAFreshLine(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, FileName)
	torn := line(t, sample("b"))[:100]
	if err := os.WriteFile(path, []byte(line(t, sample("a"))+torn), 0o666); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	if p := s.Problems(); len(p) != 1 || p[0].Line != 2 {
		t.Errorf("problems on opening: %v", p)
	}
	if _, made := s.Find("b"); made {
		t.Error("a torn record counts as made")
	}
	for _, key := range []string{"b", "c"} {
		if err := s.Append(sample(key)); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	records, problems, err := Read(dir)
	if err != nil || len(records) != 3 || len(problems) != 1 || problems[0].Line != 2 {
		t.Errorf("%d records, problems %v, error %v", len(records), problems, err)
	}
}

func TestSecondOpenIsRefusedUntilClose(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	_, err := Open(dir)
	if err == nil || !strings.Contains(err.Error(), "another process") || !strings.Contains(err.Error(), fmt.Sprint(os.Getpid())) {
		t.Errorf("error %v, expected one that names the holder", err)
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Error(err)
	}
	open(t, dir)
}

func TestAppendRefusesWhatCannotBeReadBack(t *testing.T) {
	s := open(t, t.TempDir())
	if err := s.Append(sample("a")); err != nil {
		t.Fatal(err)
	}
	negative := int64(-1)
	for want, r := range map[string]Record{
		"run_key":       sample(""),
		"already":       sample("a"),
		"lower_bound":   func() Record { r := sample("b"); r.LowerBound = &negative; return r }(),
		"outcome":       func() Record { r := sample("b"); r.Outcome = "great"; return r }(),
		"invalid UTF-8": func() Record { r := sample("b"); r.Message = "\xff"; return r }(),
	} {
		if err := s.Append(r); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, expected %q", err, want)
		}
	}
	s.Close()
	if err := s.Append(sample("c")); !errors.Is(err, ErrClosed) {
		t.Errorf("append to a closed store: %v", err)
	}
	if records, _, _ := Read(s.dir); len(records) != 1 {
		t.Errorf("%d records on disk, expected the one good one", len(records))
	}
}

// A run that is made again has two records: the later one counts, here and for whoever
// reads the file, and no one is warned of it.
func TestRerunReplacesTheRecordBeforeIt(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	first, again := sample("a"), sample("a")
	again.Rerun, again.WallS = true, 9
	for _, r := range []Record{first, sample("b"), again} {
		if err := s.Append(r); err != nil {
			t.Fatal(err)
		}
	}
	if r, made := s.Find("a"); !made || r.WallS != 9 {
		t.Errorf("the store has %+v", r)
	}
	records, problems, err := Read(dir)
	if err != nil || len(problems) > 0 || len(records) != 2 || records[0].WallS != 9 || records[1].RunKey != "b" {
		t.Errorf("%d records, problems %v, error %v", len(records), problems, err)
	}
}
