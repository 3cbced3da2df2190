package experiments

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/results"
)

// Again says which runs are made again though they have a record. The zero value says none.
type Again struct {
	Stale      bool
	Outcomes   []results.Outcome
	Algorithms []string // as tasks and records have them, see [Suite.Algorithm]
}

// Why tells why a run is to be made.
type Why string

// The reasons, besides an outcome of the record that there is.
const (
	Missing  Why = "missing"   // it has no record
	Stale    Why = "stale"     // its record was made by another program
	AskedFor Why = "asked for" // its algorithm was
)

// Due is a run to be made.
type Due struct {
	Task
	Why Why
}

// Due are the runs to be made of the tasks, in their order: those without a record, and those
// that are made again. Options say what would make them.
func (o *Output) Due(tasks []Task, again Again, with Options) []Due {
	with.asking()
	var out []Due
	for _, t := range tasks {
		rec, made := o.store.Find(t.Key)
		switch {
		case !made:
			out = append(out, Due{t, Missing})
		case slices.Contains(again.Outcomes, rec.Outcome):
			out = append(out, Due{t, Why(rec.Outcome)})
		case again.Stale && with.stale(&t, &rec):
			out = append(out, Due{t, Stale})
		case slices.Contains(again.Algorithms, t.Algorithm.String()):
			out = append(out, Due{t, AskedFor})
		}
	}
	return out
}

// Stale are the tasks whose records were made by another program than Options tell of, by
// algorithm: by other code of what the run depends on, or, where that is not known, by another
// build.
func (o *Output) Stale(tasks []Task, with Options) map[string][]Task {
	with.asking()
	out := map[string][]Task{}
	for _, t := range tasks {
		if rec, made := o.store.Find(t.Key); made && with.stale(&t, &rec) {
			out[t.Algorithm.String()] = append(out[t.Algorithm.String()], t)
		}
	}
	return out
}

// stale tells whether a record of a task was made by another program.
func (o *Options) stale(t *Task, rec *results.Record) bool {
	if code := o.code(t.Packages); code != "" && rec.Provenance.Code != "" {
		return code != rec.Provenance.Code
	}
	return rec.Provenance.Build != o.Provenance.Build
}

// Algorithm finds the suite's own way to write an algorithm, however it is written.
func (s *Suite) Algorithm(written spec.Spec) (own spec.Spec, ok bool) {
	own, ok = ownSpellings(s.Catalogue, s.Algorithms)[meaning(s.Catalogue, written)]
	return own, ok
}
