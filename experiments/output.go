package experiments

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/fileio"
	"github.com/cloudrearrange/rearrange/results"
)

// SuiteCopy is the name of the suite's copy in the folder of its results.
const SuiteCopy = "suite.yaml"

// Output is the folder that an experiment writes to: records.jsonl, the plans, and a
// copy of the suite.
type Output struct {
	dir   string
	store *results.Store
}

// OpenOutput opens or makes a folder. Fresh sets the records of earlier runs aside,
// under a name that tells so.
func OpenOutput(dir string, s *Suite, fresh bool) (*Output, error) {
	store, err := results.Open(dir)
	if err != nil {
		return nil, err
	}
	if fresh { // only now: another process may be using the folder
		if store, err = reopen(dir, store); err != nil {
			return nil, err
		}
	}
	o := &Output{dir, store}
	if err := o.prepare(s); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return o, nil
}

// reopen makes the store an empty one. What it held is set aside, unless that is
// nothing.
func reopen(dir string, store *results.Store) (*results.Store, error) {
	empty := len(store.Records())+len(store.Problems()) == 0
	if empty {
		return store, nil
	}
	if err := store.Close(); err != nil {
		return nil, err
	}
	if err := setAside(filepath.Join(dir, results.FileName)); err != nil {
		return nil, err
	}
	return results.Open(dir)
}

// prepare makes what stands beside the records, and clears away what a killed process had
// begun to write. No other process writes plans here: this one holds the store's lock.
func (o *Output) prepare(s *Suite) error {
	for _, pattern := range []string{filepath.Join("plans", ".*.json.*"), "." + SuiteCopy + ".*"} {
		left, err := fs.Glob(os.DirFS(o.dir), filepath.ToSlash(pattern))
		if err != nil {
			return err
		}
		for _, name := range left {
			switch ext := filepath.Ext(name); {
			case ext == nextSuffix:
				err = o.settle(path.Base(name))
			case strings.Trim(ext, ".0123456789") == "": // as fileio.Write names them
				err = os.Remove(filepath.Join(o.dir, name))
			}
			if err != nil {
				return err
			}
		}
	}
	if err := os.MkdirAll(filepath.Join(o.dir, "plans"), 0o755); err != nil {
		return err
	}
	return fileio.Write(filepath.Join(o.dir, SuiteCopy), nil, func(w io.Writer) error {
		_, err := w.Write(s.Source)
		return err
	})
}

// setAside renames a file to the first free name of the form NAME.old-1.
func setAside(path string) error {
	for i := 1; ; i++ {
		old := fmt.Sprintf("%s.old-%d", path, i)
		if _, err := os.Stat(old); os.IsNotExist(err) {
			return os.Rename(path, old)
		}
	}
}

// Close ends the use of the folder.
func (o *Output) Close() error { return o.store.Close() }

// Problems lists the malformed lines that the store held when it was opened.
func (o *Output) Problems() []results.Problem { return o.store.Problems() }

// LookAtOutput is a folder as it is, for a look: nothing is made, locked or changed. One that
// does not exist is empty.
func LookAtOutput(dir string) (*Output, error) {
	store, err := results.Look(dir)
	if err != nil {
		return nil, err
	}
	return &Output{dir, store}, nil
}

// Others counts the records of runs that are not among the tasks.
func (o *Output) Others(tasks []Task) int { return len(o.store.Records()) - len(o.Of(tasks)) }

// Rename adds names to the records of tasks whose instances have names that the records do not
// know, because the suite has got them since.
func (o *Output) Rename(tasks []Task) error {
	for _, t := range tasks {
		rec, made := o.store.Find(t.Key)
		if !made {
			continue
		}
		known := rec.Names()
		isKnown := func(n results.Name) bool {
			return slices.ContainsFunc(known, func(m results.Name) bool { return reflect.DeepEqual(m, n) })
		}
		if !slices.ContainsFunc(t.Names, func(n results.Name) bool { return !isKnown(n) }) {
			continue
		}
		setNames(&rec, union(t.Names, known))
		rec.Rerun = true
		if err := o.store.Append(rec); err != nil {
			return err
		}
	}
	return nil
}

// union is the names of a suite, and those of a record that the suite does not have.
func union(suite, record []results.Name) []results.Name {
	out := slices.Clone(suite)
	role := suite[0].Role // that of all
	for _, n := range record {
		if !slices.ContainsFunc(suite, func(m results.Name) bool { return sameBut(m, n) }) {
			n.Role = cmp.Or(n.Role, role)
			out = append(out, n)
		}
	}
	return out
}

// Keep writes the plan of a run, if there is one, and then its record: whoever finds
// the record finds the plan. It replaces what an earlier run of the task left. Until the record
// is there, the new plan stands beside the old one; if an interruption leaves both, the next
// [OpenOutput] keeps the one that the record names.
func (o *Output) Keep(t Task, rec results.Record, plan *cloud.Plan) error {
	final := o.plan(t.Key)
	before, again := o.store.Find(t.Key)
	if !again {
		if plan != nil {
			if err := plan.WriteFile(final, t.Instance); err != nil {
				return err
			}
		}
		return o.store.Append(rec)
	}
	setNames(&rec, union(rec.Names(), before.Names()))
	rec.Rerun = true
	if plan == nil {
		if err := o.store.Append(rec); err != nil {
			return err
		}
		if err := os.Remove(final); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	next := o.nextPlan(t.Key, rec.StepsSHA256())
	if err := plan.WriteFile(next, t.Instance); err != nil {
		return err
	}
	if err := o.store.Append(rec); err != nil {
		return errors.Join(err, os.Remove(next))
	}
	return os.Rename(next, final)
}

func (o *Output) plan(key string) string { return filepath.Join(o.dir, "plans", key+".json") }

// nextPlan is where a plan waits for its record, to replace another.
func (o *Output) nextPlan(key, sha256 string) string {
	return filepath.Join(o.dir, "plans", "."+key+".json."+sha256+nextSuffix)
}

const nextSuffix = ".next"

// settle ends the replacement of a plan that an interruption cut short.
func (o *Output) settle(name string) error {
	key, sha256, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(name, "."), nextSuffix), ".json.")
	if rec, made := o.store.Find(key); made && rec.StepsSHA256() == sha256 {
		return os.Rename(o.nextPlan(key, sha256), o.plan(key))
	}
	return os.Remove(filepath.Join(o.dir, "plans", name))
}

// Of are the records of these tasks, in the tasks' order; the store may hold others,
// of an earlier version of the suite.
func (o *Output) Of(tasks []Task) []results.Record {
	byKey := map[string]results.Record{}
	for _, r := range o.store.Records() {
		byKey[r.RunKey] = r
	}
	var out []results.Record
	for _, t := range tasks {
		if r, ok := byKey[t.Key]; ok {
			out = append(out, r)
		}
	}
	return out
}
