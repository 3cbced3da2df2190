package execution_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// small draws scenarios whose executions write few entries.
func small(t *testing.T, n int, on string) (out []*scenario) {
	for seed := uint64(1); len(out) < n; seed++ {
		if seed%5 == 4 { // generated instances are large
			continue
		}
		s, err := draw(seed, on, adaptive)
		if err != nil {
			t.Fatal(err)
		}
		if s != nil && len(s.plan.Steps) > 1 {
			out = append(out, s)
		}
	}
	return out
}

// everyDeath has the executor die at each entry of its journal in turn, before, within and after it.
func everyDeath(t *testing.T, scenarios []*scenario, journal func(death) store) *tally {
	sum := &tally{}
	for _, s := range scenarios {
		for how := range 3 {
			for k, ends := 1, false; !ends; k++ {
				j := journal(death{k, how})
				if err := examine(s, j, sum); err != nil {
					t.Fatalf("dies at entry %d (%d): %v%v", k, how, s, err)
				}
				entries, err := j.read()
				if err != nil {
					t.Fatal(err)
				}
				ends = k > len(entries)
			}
		}
	}
	return sum
}

// deadly is a small cloud in which the executor dies.
const deadly = "simulation(failures=0.1, deviation=3, deaths=1, arrivals=1, checks=no)"

// An executor that dies at any entry of its journal, and is resumed, keeps its promises.
func TestDeathAtSomeEntryBreaksPromise(t *testing.T) {
	sum := everyDeath(t, small(t, 5, deadly), func(d death) store { return &mortal{death: d} })
	t.Logf("%+v", *sum)
}

// So does one whose journal is a file.
func TestDeathWithFileBreaksPromise(t *testing.T) {
	n, folder := 0, t.TempDir()
	sum := everyDeath(t, small(t, 1, "simulation(failures=0.1, deviation=3, checks=no)"), func(d death) store {
		n++
		return &filed{path: filepath.Join(folder, strings.Repeat("x", n)), death: d}
	})
	t.Logf("%+v", *sum)
}

// Without trouble the executor that was killed goes on with its plan.
func TestResumedExecutionPlansAgain(t *testing.T) {
	sum := promises(t, 40, "simulation(failures=0.05, deviation=3, kills=4, checks=no)", adaptive)
	if sum.plans > 0 || sum.reached < sum.executions || sum.lives < 2*sum.executions {
		t.Errorf("%+v", *sum)
	}
}

// An execution that has finished, another plan, and a file that exists are refused.
func TestResumeTakesWhatItMustNot(t *testing.T) {
	scenarios := small(t, 2, "simulation")
	s, other := scenarios[0], scenarios[1]
	j := &filed{path: filepath.Join(t.TempDir(), "journal"), death: death{left: -1}}
	if err := examine(s, j, &tally{}); err != nil {
		t.Fatal(err)
	}
	resume := func(of *scenario) error {
		file, known, err := execution.OpenJournal(j.path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		d, err := of.simulation()
		if err != nil {
			t.Fatal(err)
		}
		e, _, err := execution.New(catalogue.Standard(), spec.MustParse(adaptive))
		if err != nil {
			t.Fatal(err)
		}
		_, err = execution.Execute(context.Background(), e, d, of.task(), execution.Options{Journal: file, Known: known})
		return err
	}
	before, err := j.read()
	if err != nil {
		t.Fatal(err)
	}
	changed := *s
	plan := *s.plan
	plan.Steps = plan.Steps[1:]
	changed.plan = &plan
	for what, err := range map[string]error{"finished": resume(s), "another instance": resume(other), "another plan": resume(&changed)} {
		if err == nil {
			t.Errorf("%s: resumed", what)
		}
	}
	if _, err := execution.CreateJournal(j.path); err == nil {
		t.Error("the file is overwritten")
	}
	if after, err := j.read(); err != nil || len(after) != len(before) {
		t.Errorf("the journal has %d entries after it was refused, had %d: %v", len(after), len(before), err)
	}
}

// FuzzReadEntries: reading a journal never panics, and what was read is written as it is read.
func FuzzReadEntries(f *testing.F) {
	f.Add([]byte(`{"at":0,"event":"execution","format":"rearrange/journal/1"}` + "\n" + `{"at":1,"event":"request","id":1,"vm":"a"}` + "\n" + `{"at`))
	f.Add([]byte("\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, err := execution.ReadEntries("fuzz", bytes.NewReader(data))
		if err != nil {
			return
		}
		if want := bytes.Count(data, []byte("\n")); len(entries) != want {
			t.Fatalf("%d entries out of %d lines", len(entries), want)
		}
	})
}

// What is left of a torn line is cut off when the journal is opened.
func TestTornLineStaysInFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	first := `{"at":0,"event":"execution","format":"` + execution.JournalFormat + `"}` + "\n"
	if err := os.WriteFile(path, []byte(first+`{"at":1,"event":"changed","why":"torn`), 0o666); err != nil {
		t.Fatal(err)
	}
	file, entries, err := execution.OpenJournal(path)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%d entries: %v", len(entries), err)
	}
	next := `{"at":1,"event":"resumed"}` + "\n"
	if err := errors.Join(file.Append([]byte(next)), file.Close()); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != first+next {
		t.Errorf("%q: %v", got, err)
	}
}
