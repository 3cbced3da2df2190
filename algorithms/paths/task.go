package paths

import (
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Subtask is a search within a search, of a problem of its own: a part of a larger one, a
// stretch of a plan, or the same problem by another algorithm. The problem's ends must be
// sane; that is not checked again.
type Subtask struct {
	Searcher Searcher
	Problem  *Problem
	Options  Options
}

// mostAtOnce is how many tasks may run at the same time, however many cores there are:
// what memory each may take must not depend on the machine.
const mostAtOnce = 8

// inParallel calls do for 0 to n-1 on as many goroutines as the run may use cores, one of them the
// caller's. With one core the caller does all of them, in order.
func (r *Run) inParallel(n int, do func(i int)) {
	workers := min(n, runtime.GOMAXPROCS(0), mostAtOnce)
	if r.opts.Cores > 0 {
		workers = min(workers, r.opts.Cores)
	}
	var next atomic.Int64
	work := func(i int) {
		for ; i < n; i = int(next.Add(1)) - 1 {
			do(i)
		}
	}
	next.Store(int64(workers)) // each begins with a piece of its own
	var group sync.WaitGroup
	for i := 1; i < workers; i++ {
		group.Go(func() { work(i) })
	}
	work(0)
	group.Wait()
}

// Nested runs a task within the run's limits, and counts what it does as the run's own. A
// path of the run's own problem, and a bound for it, is the run's as soon as the task
// announces it; what a task finds of another problem is told to the caller alone.
func (r *Run) Nested(t Subtask) (Result, error) {
	f := r.fork(t, r.shares(1))
	if t.Problem == r.Problem {
		f.outer = r
	}
	result, err := f.search(t.Searcher)
	r.join([]Result{result})
	return result, err
}

// Beside runs a task as [Run.Nested] does while other work is done on another core; where the run
// may use only one, that work comes after the task. It gets a run of its own, of the same
// problem, which may hold as much as the task may; it must not use this one.
func (r *Run) Beside(t Subtask, work func(run *Run)) (result Result, err error) {
	share := r.shares(2)
	other := r.fork(Subtask{Problem: t.Problem}, Options{MemoryBytes: share.MemoryBytes, Cores: share.Cores})
	t.Options.MemoryBytes = stricter(t.Options.MemoryBytes, share.MemoryBytes)
	t.Options.Cores = stricter(t.Options.Cores, share.Cores)
	r.inParallel(2, func(i int) {
		if i == 0 {
			result, err = r.Nested(t)
		} else {
			work(other)
		}
	})
	r.join([]Result{{PeakBytes: result.PeakBytes}, {PeakBytes: other.result.PeakBytes}}) // at the same time
	return result, err
}

// Parallel runs tasks at the same time, as many as the run may use cores, and returns their
// results in the order of the tasks. What is left of the run's own limits on expansions
// and memory is shared out among them, evenly and before they begin, so that every result
// is the same at any number of cores, unless the clock ends it. Once the run has to end,
// because of its clock or its context or for another reason, so have they.
func (r *Run) Parallel(tasks []Subtask) ([]Result, error) {
	results, faults := make([]Result, len(tasks)), make([]error, len(tasks))
	if len(tasks) == 0 {
		return results, nil
	}
	shares := r.shares(len(tasks))
	r.inParallel(len(tasks), func(i int) { results[i], faults[i] = r.fork(tasks[i], shares).search(tasks[i].Searcher) })
	r.join(results)
	return results, errors.Join(faults...)
}

// shares are the limits of each of n tasks, as the run's own limits allow. An expansions
// share of 0 would mean no limit, so each task may expand one state at least.
func (r *Run) shares(n int) Options {
	o := Options{MemoryBytes: r.opts.MemoryBytes}
	if o.MemoryBytes > 0 {
		o.MemoryBytes = max(1, (o.MemoryBytes-r.held())/int64(min(n, mostAtOnce)))
	}
	if r.opts.Cores > 0 {
		o.Cores = max(1, r.opts.Cores/n)
	}
	if r.opts.Expansions > 0 {
		o.Expansions = max(1, (r.opts.Expansions-r.result.Counters.Expanded)/int64(n))
	}
	return o
}

// fork makes the run of a task. It only reads r.
func (r *Run) fork(t Subtask, shares Options) *Run {
	o := t.Options
	o.MemoryBytes = stricter(o.MemoryBytes, shares.MemoryBytes)
	o.Expansions = stricter(o.Expansions, shares.Expansions)
	o.Cores = stricter(o.Cores, shares.Cores)
	f := newRun(r.ctx, t.Problem, o)
	f.stopped = r.stopped
	if !r.deadline.IsZero() && (f.deadline.IsZero() || r.deadline.Before(f.deadline)) {
		f.deadline = r.deadline
		f.opts.Timeout = r.opts.Timeout
	}
	return f
}

// stricter is the lower of two limits, of which 0 is none.
func stricter[T int | int64](a, b T) T {
	if a == 0 || b > 0 && b < a {
		return b
	}
	return a
}

// join counts what tasks did as the run's own.
func (r *Run) join(results []Result) {
	peaks := make([]int64, 0, len(results))
	for _, x := range results {
		c := &r.result.Counters
		c.Expanded += x.Counters.Expanded
		c.Generated += x.Counters.Generated
		c.Reopened += x.Counters.Reopened
		peaks = append(peaks, x.PeakBytes)
	}
	// So much may they have held at the same time.
	slices.Sort(peaks)
	together := r.held()
	for _, x := range peaks[max(0, len(peaks)-mostAtOnce):] {
		together += x
	}
	r.result.PeakBytes = max(r.result.PeakBytes, together)
	r.Look()
}
