package paths

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/cloudrearrange/rearrange/cloud"
)

// NewSolver makes a solver of a searcher. Make makes a fresh searcher per run, so
// that a solver can be used by several goroutines at once.
func NewSolver(makeSearcher func() Searcher) Solver { return driver{makeSearcher} }

type driver struct{ makeSearcher func() Searcher }

func (d driver) Solve(ctx context.Context, p *Problem, o Options) (Result, error) {
	return Solve(ctx, d.makeSearcher(), p, o)
}

// Solve runs one search under the limits and decides its status:
//
//   - optimal: a plan was found and the lower bound reaches its cost;
//   - infeasible: an end of the path breaks a rule, or the search was exhausted
//     without a plan;
//   - feasible, unknown: a limit ended it, or it gave up, with or without a plan.
func Solve(ctx context.Context, s Searcher, p *Problem, o Options) (Result, error) {
	run := newRun(ctx, p, o)
	if why := run.obstacle(); why != "" {
		run.exhausted, run.gaveUp = true, why
		return run.finish(), nil
	}
	if p.Start.Equal(p.Goal) {
		run.Found(nil)
		run.Bound(0)
		return run.finish(), nil
	}
	return run.search(s)
}

// Unlimited is a run of a problem without any limits, for what is prepared for a search and
// asks a run whether it may go on, where there is no search around it.
func Unlimited(p *Problem) *Run { return newRun(context.Background(), p, Options{}) }

func newRun(ctx context.Context, p *Problem, o Options) *Run {
	run := &Run{
		Problem: p, Rand: rand.New(rand.NewPCG(o.Seed, 0x9e3779b97f4a7c15)),
		ctx: ctx, opts: o, began: time.Now(),
	}
	run.lastLook = run.began
	if o.Timeout > 0 {
		run.deadline = run.began.Add(o.Timeout)
	}
	return run
}

func (r *Run) search(s Searcher) (Result, error) {
	if r.opts.Known != nil {
		r.Found(r.opts.Known)
	}
	err := s.Search(r)
	return r.finish(), err
}

// Between two looks at the clock pass up to mostExpansions: seldom enough to cost
// nothing. Where these take longer than mostBetween, as they do with a bound that is dear
// to compute, it looks more often, so that no limit is overrun by much.
const (
	mostExpansions = 64
	mostBetween    = 5 * time.Millisecond
)

// Expand counts one expansion and tells whether the search may go on. Once it has
// said no, it goes on saying so.
func (r *Run) Expand() bool {
	if r.stopped != "" {
		return false
	}
	if r.opts.Expansions > 0 && r.result.Counters.Expanded >= r.opts.Expansions {
		r.stopped = fmt.Sprintf("the limit of %d expansions was reached", r.opts.Expansions)
		return false
	}
	r.result.Counters.Expanded++
	if r.untilLook--; r.untilLook > 0 {
		return true
	}
	now := time.Now()
	if now.Sub(r.lastLook) > mostBetween {
		r.stride = max(1, r.stride/4)
	} else {
		r.stride = min(mostExpansions, 2*r.stride+1)
	}
	r.lastLook, r.untilLook = now, r.stride
	return r.Look()
}

// Look checks clock and context now and tells whether the search may go on: for work
// between expansions that takes long.
func (r *Run) Look() bool {
	if r.stopped != "" {
		return false
	}
	switch {
	case r.inTime():
	case r.ctx.Err() != nil:
		r.stopped = "the run was interrupted"
	default:
		r.stopped = fmt.Sprintf("the time limit of %v was reached", cmp.Or(r.opts.Within, r.opts.Timeout))
	}
	return r.stopped == ""
}

// inTime tells whether neither the context nor the time limit has ended. It may be asked by
// several goroutines.
func (r *Run) inTime() bool {
	return r.ctx.Err() == nil && (r.deadline.IsZero() || !time.Now().After(r.deadline))
}

// Generated counts successors.
func (r *Run) Generated(n int64) { r.result.Counters.Generated += n }

// Reopened counts states that are expanded again.
func (r *Run) Reopened(n int64) { r.result.Counters.Reopened += n }

// Memory tells what the search holds now beside what it keeps, in bytes and in stored
// states, and whether it may go on.
func (r *Run) Memory(bytes, states int64) bool {
	r.told = bytes
	r.result.PeakBytes = max(r.result.PeakBytes, r.held())
	r.result.Counters.Stored = states
	if r.opts.MemoryBytes > 0 && r.held() > r.opts.MemoryBytes {
		r.OutOfMemory()
	}
	return r.stopped == ""
}

// MayHold is [Run.Memory] for what a search is about to hold. If it may not, it was not
// accounted for.
func (r *Run) MayHold(bytes, states int64) bool {
	if bytes > r.MemoryLeft(0) {
		r.OutOfMemory()
		return false
	}
	return r.Memory(bytes, states)
}

// Keep accounts for memory that is held until it is given back by [Run.Release]: for what
// is prepared before a search, and asks before it takes. Like [Run.Look] it tells whether
// the run may go on; if not, nothing was accounted for.
func (r *Run) Keep(bytes int64) bool {
	if bytes > r.MemoryLeft(r.told) {
		r.OutOfMemory()
	}
	if !r.Look() {
		return false
	}
	r.kept += bytes
	r.result.PeakBytes = max(r.result.PeakBytes, r.held())
	return true
}

// KeepEach is [Run.Keep] for what is held of each VM, of each host, and of each of them for
// each resource.
func (r *Run) KeepEach(perVM, perHost, perAmount int64) bool {
	in := r.Problem.Instance
	vms, hosts := int64(len(in.VMs)), int64(len(in.Hosts))
	return r.Keep(vms*perVM + hosts*perHost + (vms+hosts)*int64(len(in.Resources))*perAmount)
}

// Kept is how many bytes were taken by [Run.Keep] and not given back.
func (r *Run) Kept() int64 { return r.kept }

// Release gives back what was kept since so many bytes were.
func (r *Run) Release(kept int64) { r.kept = kept }

// held is all that the run accounts for now.
func (r *Run) held() int64 { return r.kept + r.told }

// inBytes writes an amount of memory exactly.
func inBytes(n int64) string {
	switch {
	case n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	default:
		return fmt.Sprintf("%d B", n)
	}
}

// MemoryLeft is how many more bytes the search may account for, given what it holds beside
// what it keeps: for asking before a large table grows.
func (r *Run) MemoryLeft(held int64) int64 {
	if r.opts.MemoryBytes == 0 {
		return math.MaxInt64
	}
	return r.opts.MemoryBytes - r.kept - held
}

// OutOfMemory ends the run for want of memory that it would need but may not have.
func (r *Run) OutOfMemory() {
	if r.stopped == "" {
		r.stopped = "the memory limit of " + inBytes(r.opts.MemoryBytes) + " was reached"
	}
}

// Found announces a complete path of migrations from start to goal. It becomes the
// incumbent if it is cheaper than the one there was; the slice is copied. One whose cost
// cannot be told is none, though it shows that there is a path.
func (r *Run) Found(migrations []cloud.Change) {
	cost := PathCost(r.Problem.Cost, migrations)
	if cost == math.MaxInt64 {
		r.Unsupported("a path was found whose cost does not fit in 64 bits")
		return
	}
	if !r.found || cost < r.result.Cost {
		r.incumbent(slices.Clone(migrations), cost)
	}
}

// incumbent keeps a path if it is cheaper than the one there was. The slice is shared with
// the outer run and is read-only from now on.
func (r *Run) incumbent(migrations []cloud.Change, cost int64) {
	if r.found && cost >= r.result.Cost {
		return
	}
	r.found = true
	r.result.Cost = cost
	r.result.Migrations = migrations
	inc := Incumbent{Elapsed: time.Since(r.began), Cost: cost, Bound: min(cost, r.result.LowerBound)}
	r.result.Incumbents = append(r.result.Incumbents, inc)
	if r.opts.OnIncumbent != nil {
		r.opts.OnIncumbent(inc)
	}
	if r.outer != nil {
		r.outer.incumbent(migrations, cost)
	}
}

// Best is the cost of the incumbent, and whether there is one.
func (r *Run) Best() (cost int64, ok bool) { return r.result.Cost, r.found }

// Bound announces a proved lower bound on the cost of every path. A lower one than
// before changes nothing.
func (r *Run) Bound(b int64) {
	if b > r.result.LowerBound {
		r.result.LowerBound = b
		r.progress(r.result.Cost)
	}
	if r.outer != nil {
		r.outer.Bound(b)
	}
}

// Underway tells what a plan costs that the search holds and has not announced yet, as
// replaying it takes long.
func (r *Run) Underway(cost int64) {
	if r.outer != nil {
		r.outer.Underway(cost)
	} else {
		r.progress(cost)
	}
}

func (r *Run) progress(cost int64) {
	if r.opts.OnProgress != nil {
		r.opts.OnProgress(Incumbent{Elapsed: time.Since(r.began), Cost: cost, Bound: r.result.LowerBound})
	}
}

// Exhausted announces that every state that can be reached was searched: without an
// incumbent no path exists, with one none is cheaper.
func (r *Run) Exhausted() { r.exhausted = true }

// GiveUp announces that the search ends without an answer, and why.
func (r *Run) GiveUp(why string) { r.gaveUp = why }

// Stuck announces how far a search has come that ends without a path: a sane stretch that
// begins at the start, and one that ends at the goal. The slices are kept.
func (r *Run) Stuck(head, tail []cloud.Change) { r.result.Head, r.result.Tail = head, tail }

// Unsupported announces that the algorithm does not handle this instance, and why.
func (r *Run) Unsupported(why string) { r.unsupport = why }

func (r *Run) finish() Result {
	out := &r.result
	out.Elapsed = time.Since(r.began)
	if r.found && r.exhausted {
		out.LowerBound = out.Cost
	}
	if r.found && out.LowerBound > out.Cost {
		// Left as it is, for the record and the judge to see: a bound above a
		// plan is a fault that must not be hidden.
		out.Reason = "the proved bound exceeds the plan's cost"
	}
	switch {
	case r.unsupport != "" && !r.found:
		out.Status, out.Reason = cloud.Unsupported, r.unsupport
	case r.found && out.LowerBound >= out.Cost:
		out.Status = cloud.Optimal
	case r.found:
		out.Status, out.Reason = cloud.Feasible, first(r.stopped, r.gaveUp, "the algorithm proves no more")
	case r.exhausted:
		out.Status, out.Reason = cloud.Infeasible, first(r.gaveUp, "every state that can be reached was searched")
	default:
		out.Status, out.Reason = cloud.Unknown, first(r.stopped, r.gaveUp, "the algorithm found no path")
	}
	return *out
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
