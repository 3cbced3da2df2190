package execution

import (
	"context"
	"errors"
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Executor decides which steps to begin, and when.
type Executor interface {
	// Execute returns once it begins nothing more and nothing is under way. It tells the run how it ended ([Run.Finish]). Errors
	// are those of the journal and of the driver, after which an execution can be resumed.
	Execute(ctx context.Context, run *Run) error
}

// Task is a plan to be carried out, and what its execution has to keep.
type Task struct {
	Catalogue *spec.Catalogue
	Instance  *cloud.Instance // with its target
	Rules     []spec.Spec     // nil: the instance's own
	Plan      *cloud.Plan     // a path, or a schedule
	Model     spec.Spec       // of concurrency
	Duration  spec.Spec       // that steps are expected to take
	Cost      spec.Spec
}

// Options are what an execution may draw on.
type Options struct {
	Journal Journal // nil: none is kept
	Known   []Entry // the journal of an execution that is resumed
	Seed    uint64
	// Approve is asked before steps begin that may begin together. If it says no, nothing more begins. Nil: yes.
	Approve func(together []drivers.Request) bool
	// Stop is asked again and again whether to begin nothing more. Nil: no.
	Stop func(now int64) bool
	// OnEntry is told of every entry of the journal, the known ones left out.
	OnEntry func(Entry)
}

// Kind is the kind of executors in a catalogue.
const Kind = "executor"

// Registry makes executors known to a catalogue.
func Registry(entries ...spec.Entry[Executor]) spec.Registry {
	return spec.NewRegistry(spec.Kind{Name: Kind, Plural: "executors", Synopsis: "how plans are carried out"}, entries...)
}

// Entries lists the executors of this package.
func Entries() []spec.Entry[Executor] {
	return []spec.Entry[Executor]{Adaptive(), InOrder(), Batches()}
}

// New makes the executor that a spec names; full is the spec with every default written out.
func New(c *spec.Catalogue, s spec.Spec) (executor Executor, full spec.Spec, err error) {
	e, args, err := spec.Build[Executor](c, Kind, s)
	if err != nil {
		return nil, spec.Spec{}, err
	}
	return e, args.Full(), nil
}

// Execute carries out a plan on a cloud. The report is of the whole execution, the part before it was resumed included. With an
// error comes a report of what was done by then.
func Execute(ctx context.Context, e Executor, d drivers.Driver, t Task, o Options) (*Report, error) {
	run := &Run{Task: t, Options: o, driver: d, open: map[string]*open{}}
	if err := run.bind(); err != nil {
		return nil, err
	}
	err := run.begin()
	if err == nil {
		err = e.Execute(ctx, run)
	}
	return &run.report, err
}

// bind binds what the task names to its instance.
func (r *Run) bind() (err error) {
	if r.Instance.Target == nil {
		return &cloud.PathError{Pointer: "/target", Msg: "the instance has no target placement"}
	}
	if !r.Plan.Status.HasPlan() {
		return fmt.Errorf("the search ended %s, so there is nothing to carry out", r.Plan.Status)
	}
	if r.duration, err = durations.Bind(r.Catalogue, r.Instance, r.Duration); err != nil {
		return err
	}
	if unit := r.duration.Unit(); unit != "ms" {
		return fmt.Errorf("an execution takes durations in ms, not in %ss: %s", unit, r.Duration)
	}
	if r.cost, err = costs.Bind(r.Catalogue, r.Instance, r.Cost); err != nil {
		return err
	}
	_, errModel := concurrency.Bind(r.Catalogue, r.Instance, r.duration, r.Model)
	_, errRules := rules.Bind(r.Catalogue, r.Instance, r.Rules)
	return errors.Join(errModel, errRules)
}
