package results

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/results/internal/jsonl"
)

// Check tells what is wrong with a record, all at once; nil if nothing is. The
// store refuses to write a record that fails it, and the reader to take one.
func (r *Record) Check() error {
	var faults []error
	bad := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }

	if r.Format != RecordFormat && r.Format != OldRecordFormat {
		bad("/format: expected %q, found %q", RecordFormat, r.Format)
		return errors.Join(faults...) // another version's fields may mean other things
	}
	for _, f := range []struct{ field, value string }{
		{"run_key", r.RunKey},
		{"instance", r.Instance},
		{"instance_sha256", r.InstanceSHA256},
		{"algorithm", r.Algorithm},
		{"cost_function", r.CostFunction},
	} {
		if f.value == "" {
			bad("/%s: missing, expected a non-empty text", f.field)
		}
	}
	if !r.Outcome.Known() {
		known := prose.Texts(Outcomes(), func(o Outcome) string { return string(o) })
		bad("/outcome: unknown outcome %q%s", r.Outcome, spec.DidYouMean(string(r.Outcome), known, "expected one of"))
	}
	if r.Outcome.HasPlan() && r.Cost == nil {
		bad("/cost: missing, expected the validated cost with outcome %q", r.Outcome)
	}
	steps, cores, machineCores := int64(r.Steps), int64(r.Limits.Cores), int64(r.Provenance.Cores)
	jobs, procs := int64(r.Provenance.Jobs), int64(r.Provenance.GOMAXPROCS)
	for _, f := range []struct {
		field string
		value *int64
	}{
		{"cost", r.Cost},
		{"lower_bound", r.LowerBound},
		{"steps", &steps},
		{"peak_bytes", &r.PeakBytes},
		{"limits/memory_bytes", &r.Limits.MemoryBytes},
		{"limits/expansions", &r.Limits.Expansions},
		{"limits/cores", &cores},
		{"limits/target_steps", &r.Limits.TargetSteps},
		{"limits/schedule_tables", &r.Limits.ScheduleTables},
		{"provenance/memory_bytes", &r.Provenance.MemoryBytes},
		{"provenance/cores", &machineCores},
		{"provenance/jobs", &jobs},
		{"provenance/gomaxprocs", &procs},
	} {
		if f.value != nil && *f.value < 0 {
			bad("/%s: expected a non-negative integer, found %d", f.field, *f.value)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Counters)) {
		if n := r.Counters[name]; n < 0 {
			bad("%s: expected a non-negative integer, found %d", jsontext.Pointer("/counters").AppendToken(name), n)
		}
	}
	for _, f := range []struct {
		field string
		value float64
	}{
		{"wall_s", r.WallS},
		{"cpu_s", r.CPUS},
		{"limits/timeout_s", r.Limits.TimeoutS},
		{"limits/target_timeout_s", r.Limits.TargetTimeoutS},
		{"limits/schedule_timeout_s", r.Limits.ScheduleTimeoutS},
		{"provenance/load", r.Provenance.Load},
	} {
		if !(f.value >= 0) || math.IsInf(f.value, 0) {
			bad("/%s: expected a non-negative number, found %v", f.field, f.value)
		}
	}
	if r.Target != nil {
		r.Target.check(bad)
	}
	if r.Schedule != nil {
		r.Schedule.check(bad)
	}
	if r.Execution != nil {
		r.Execution.check(bad)
	}
	for i, name := range r.Aliases {
		if name.Instance == "" {
			bad("/aliases/%d/instance: missing, expected a non-empty text", i)
		}
	}
	for i, inc := range r.Incumbents {
		if inc.Cost < 0 || inc.Bound < 0 || !(inc.ElapsedS >= 0) {
			bad("/incumbents/%d: expected non-negative numbers, found %+v", i, inc)
		}
	}
	return errors.Join(faults...)
}

// decode reads one line. Errors say where in the record, and what was expected.
func decode(line []byte, how json.Options) (Record, error) {
	var r Record
	if err := jsonl.Decode(line, "a record", &r, []string{RecordFormat, OldRecordFormat}, how); err != nil {
		return Record{}, err
	}
	if err := r.Check(); err != nil {
		return Record{}, err
	}
	return r, nil
}

// encode writes one record as one line, with its line end. Equal records give
// equal bytes.
func encode(r Record) ([]byte, error) {
	r.Format = RecordFormat
	if err := r.Check(); err != nil {
		return nil, err
	}
	line, err := json.Marshal(r, json.Deterministic(true), jsontext.AllowInvalidUTF8(false))
	if err != nil {
		return nil, err
	}
	return append(line, '\n'), nil
}
