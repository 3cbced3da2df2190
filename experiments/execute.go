package experiments

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/results"
)

// Options say how tasks are carried out.
type Options struct {
	Jobs       int // runs at the same time; 0: one per core
	Provenance results.Provenance
	// Code is a hash of the source that the given packages depend on; it is asked once for
	// each set of packages. Nil: no one knows.
	Code func(packages []string) string
	// Done is handed each record as its run ends, one at a time, with the plan
	// where there is one. An error of it ends the experiment.
	Done func(Task, results.Record, *cloud.Plan) error

	newSolver func(*spec.Catalogue, spec.Spec) (paths.Solver, spec.Spec, error) // nil: paths.New
}

// code is what Code says of packages.
func (o *Options) code(packages []string) string {
	if o.Code == nil {
		return ""
	}
	return o.Code(packages)
}

// asking makes Code be asked once for each set of packages.
func (o *Options) asking() {
	if o.Code == nil {
		return
	}
	ask, known := o.Code, map[string]string{}
	var mu sync.Mutex
	o.Code = func(packages []string) string {
		mu.Lock()
		defer mu.Unlock()
		set := strings.Join(packages, " ")
		hash, ok := known[set]
		if !ok {
			hash = ask(packages)
			known[set] = hash
		}
		return hash
	}
}

// Execute carries the tasks out. When ctx ends it stops, drops the runs that are under
// way, and returns the context's cause; what was handed to Done stays. A solver that
// fails, panics or lies is a record and no error; an error is one of Done.
//
// The order is that of the tasks' keys. These are hashes, so that algorithms and instances are
// mixed as if at random, yet the same way every time: if the machine gets slower with time,
// no algorithm suffers more than others.
//
// Note: runs share the process. A solver that neither returns nor asks its [paths.Run]
// whether to go on, or panics in a goroutine of its own, takes the experiment with it.
func Execute(ctx context.Context, tasks []Task, o Options) error {
	jobs := o.Jobs
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	o.Provenance.Jobs = jobs
	o.asking()
	tasks = slices.Clone(tasks)
	slices.SortFunc(tasks, func(a, b Task) int { return cmp.Compare(a.Key, b.Key) })
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan Task)
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range min(jobs, len(tasks)) {
		wg.Go(func() {
			for t := range queue {
				r := run{task: t, options: o}
				if r.do(ctx); r.cut {
					return // a run that was cut short says nothing about its algorithm
				}
				mu.Lock()
				err := o.Done(t, r.record, r.plan)
				mu.Unlock()
				if err != nil {
					cancel(err)
					return
				}
			}
		})
	}
feed:
	for _, t := range tasks {
		select {
		case queue <- t:
		case <-ctx.Done():
			break feed
		}
	}
	close(queue)
	wg.Wait()
	return context.Cause(ctx)
}
