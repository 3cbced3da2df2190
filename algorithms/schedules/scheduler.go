package schedules

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/slas"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Scheduler decides when moves start.
type Scheduler interface {
	// Schedule tells its run of every table that it fills, and returns when it has no better one, or the run
	// says stop. An error is for plans that cannot be scheduled at all.
	Schedule(run *Run) error
}

// Kind is the kind of schedulers in a catalogue.
const Kind = "scheduler"

// The promises that schedulers make in their descriptors.
const (
	OptimalMakespan spec.Property = "optimal"  // given time, proves its schedule shortest
	Seedless        spec.Property = "seedless" // the seed makes no difference
)

// Registry makes schedulers known to a catalogue.
func Registry(entries ...spec.Entry[Scheduler]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: Kind, Plural: "schedulers", Synopsis: "ways to run the steps of a plan in parallel",
		Vocabulary: []spec.Property{OptimalMakespan, Seedless},
	}, entries...)
}

// Entries lists the schedulers of this package.
func Entries() []spec.Entry[Scheduler] {
	return []spec.Entry[Scheduler]{Sequential(), FIFO(), Batches(), Rounds(), LeafFirst(), List(), Reroute(), Exact()}
}

// New makes the scheduler that a spec names; full is the spec with every default written out.
func New(c *spec.Catalogue, s spec.Spec) (scheduler Scheduler, full spec.Spec, err error) {
	scheduler, args, err := spec.Build[Scheduler](c, Kind, s)
	if err != nil {
		return nil, spec.Spec{}, err
	}
	return scheduler, args.Full(), nil
}

// Options are the limits of one run. The zero value means no limits.
type Options struct {
	Timeout time.Duration // of wall-clock time; 0: none
	Tables  int64         // schedules that are tried; 0: none
	Seed    uint64        // for schedulers that choose at random
	// OnIncumbent is told of every shorter schedule as soon as it is found.
	OnIncumbent func(Incumbent)
}

// Incumbent is a schedule found on the way.
type Incumbent struct {
	Elapsed  time.Duration
	Makespan int64
}

// Run is one run of a scheduler: clock, limits, bounds and the best schedule so far.
type Run struct {
	*timetable.Problem
	Rand   *rand.Rand
	Bounds []bounds.Bound // the largest first; see All

	ctx      context.Context
	opts     Options
	began    time.Time
	deadline time.Time
	tables   int64
	best     *timetable.Table
	unmet    int64 // by how much the best schedule breaks SLAs
	outages  []outages
	share    float64 // of the limits that may be used for now; 0: all
	proof    string  // that no schedule keeps the SLAs
	list     []Incumbent
}

// Bound is the largest lower bound on the end of the last move.
func (r *Run) Bound() int64 {
	if len(r.Bounds) == 0 {
		return 0
	}
	return r.Bounds[0].Value
}

// Found tells the run of a table in which all moves have ended. Of two, the one that breaks SLAs by less is better, then the shorter one.
func (r *Run) Found(t *timetable.Table) {
	r.tables++
	over := r.excess(t)
	if over > 0 && r.outages != nil && t.Problem == r.Problem {
		t, over = r.delayed(t, over)
	}
	if r.best != nil && (over > r.unmet || over == r.unmet && t.Makespan() >= r.best.Makespan()) {
		return
	}
	r.adopt(t, over)
}

// adopt makes a table the best one, and tells of it if it keeps the SLAs, which it breaks by the given excess.
func (r *Run) adopt(t *timetable.Table, over int64) {
	r.best, r.unmet = t, over
	if over > 0 {
		return
	}
	i := Incumbent{time.Since(r.began), r.whole(t.Makespan())}
	r.list = append(r.list, i)
	if r.opts.OnIncumbent != nil {
		r.opts.OnIncumbent(i)
	}
}

// Best is the best table so far, or nil.
func (r *Run) Best() *timetable.Table { return r.best }

// Prove tells that no schedule ends before some instant.
func (r *Run) Prove(b bounds.Bound) {
	r.Bounds = append(r.Bounds, b)
	slices.SortStableFunc(r.Bounds, func(a, b bounds.Bound) int { return cmp.Compare(b.Value, a.Value) })
}

// Stop tells whether the run is over: a limit is reached, or the best schedule meets the bound. Schedulers that go on after
// their first schedule ask it between any two.
func (r *Run) Stop() bool {
	return r.over() || r.proof != "" || r.meets() && r.best.Makespan() <= r.Bound()
}

// over tells whether a limit is reached.
func (r *Run) over() bool {
	return r.ctx.Err() != nil || r.share > 0 && r.spent() >= r.share || r.opts.Tables > 0 && r.tables >= r.opts.Tables || !r.deadline.IsZero() && !time.Now().Before(r.deadline)
}

// spent is the share of its limits that the run has used, 0 without limits.
func (r *Run) spent() float64 {
	out := 0.0
	if r.opts.Tables > 0 {
		out = float64(r.tables) / float64(r.opts.Tables)
	}
	if r.opts.Timeout > 0 {
		out = max(out, float64(time.Since(r.began))/float64(r.opts.Timeout))
	}
	return out
}

// beside is a run of another problem within the limits of this one, which begins with a table as its best.
func (r *Run) beside(t *timetable.Table) *Run {
	out := &Run{Problem: t.Problem, Rand: r.Rand, ctx: r.ctx, opts: r.opts, began: r.began, deadline: r.deadline, tables: r.tables, best: t}
	if r.outages != nil {
		out.outages = outagesOf(t.Problem)
	}
	out.unmet = out.excess(t)
	out.opts.OnIncumbent = nil
	return out
}

// whole is a time of the whole schedule, shutdowns and provisions included.
func (r *Run) whole(t int64) int64 { return r.DownTime + t + r.UpTime }

// Result is what a run ends with. Where SLAs are not met, it is infeasible if no schedule meets them, unsupported if the scheduler does not
// handle them, and else unknown: then the steps are those of the best schedule that was found, if any, which is not to be carried out.
type Result struct {
	Problem    *timetable.Problem // the one that was asked; of another path if the scheduler found one
	Status     cloud.Status       // optimal, feasible, or one of the above
	Reason     string             // why it is none of the first two
	Unmet      []slas.Violation   // what the steps break
	Steps      []cloud.Step       // with times, in the order of their starts
	Makespan   int64
	LowerBound int64 // no schedule of the same steps that keeps every rule in whatever order they end is shorter
	Bounds     []bounds.Bound
	Tables     int64 // schedules that were tried
	Elapsed    time.Duration
	Incumbents []Incumbent
}

// Schedule runs a scheduler on a problem. A limit, or a context that ends, is no error; what was found by then counts.
func Schedule(ctx context.Context, s Scheduler, p *timetable.Problem, o Options) (*Result, error) {
	run := &Run{Problem: p, Rand: rand.New(rand.NewPCG(o.Seed, 0x9e3779b97f4a7c15)), ctx: ctx, opts: o, began: time.Now()}
	if o.Timeout > 0 {
		run.deadline = run.began.Add(o.Timeout)
	}
	run.Bounds, run.outages = bounds.All(p), outagesOf(p)
	if _, anyPath := s.(reroute); !anyPath { // what is proved of these steps is not proved of others
		run.proof = unmeetable(p, run.outages, run.Bounds)
	}
	if run.proof == "" {
		err := s.Schedule(run)
		if unsupported, ok := errors.AsType[*UnsupportedError](err); ok {
			return &Result{Status: cloud.Unsupported, Reason: unsupported.Error(), Bounds: run.Bounds, Elapsed: time.Since(run.began)}, nil
		}
		if err != nil && !run.closedOut() {
			return nil, err
		}
		if err == nil && run.best == nil && run.proof == "" {
			return nil, errors.New("the scheduler made no schedule")
		}
	}
	return run.finish(), nil
}

// UnsupportedError tells why a scheduler does not handle a problem.
type UnsupportedError struct{ error }

func (r *Run) finish() *Result {
	if r.proof != "" || r.best == nil {
		return r.without()
	}
	p := r.best.Problem
	if p != r.Problem { // another path
		r.Bounds = bounds.All(p)
	}
	out := &Result{
		Problem: p, Status: cloud.Feasible, Steps: timed(r.best), Makespan: r.whole(r.best.Makespan()), LowerBound: r.whole(r.Bound()), Bounds: r.Bounds,
		Tables: r.tables, Elapsed: time.Since(r.began), Incumbents: r.list,
	}
	if out.LowerBound >= out.Makespan {
		out.Status = cloud.Optimal
	}
	if out.Unmet = r.broken(out.Steps); len(out.Unmet) > 0 {
		out.Status, out.Reason = cloud.Unknown, "no schedule that keeps every SLA was found, which proves nothing"
	}
	return out
}

// timed are the steps of a table's plan at its times. All shutdowns end together, and all provisions do.
func timed(t *timetable.Table) []cloud.Step {
	out := slices.Clone(t.Plan.Steps)
	for _, i := range t.Downs {
		s := &out[i]
		s.Start, s.End = t.DownTime-cloud.TimeOf(t.Duration, s), t.DownTime
	}
	for i := range t.Moves {
		s := &out[t.Moves[i].Step]
		s.Start, s.End = t.DownTime+t.Starts[i], t.DownTime+t.Ends[i]
	}
	last := t.DownTime + t.Makespan() + t.UpTime
	for _, i := range t.Ups {
		s := &out[i]
		s.Start, s.End = last-cloud.TimeOf(t.Duration, s), last
	}
	slices.SortStableFunc(out, func(a, b cloud.Step) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	return out
}

// Plan is the plan with this schedule. Scheduler is the spec of what made it.
func (r *Result) Plan(scheduler string) *cloud.Plan {
	p := r.Problem
	out := *p.Plan
	out.Steps = r.Steps
	out.Schedule = &cloud.Schedule{
		Model: p.Model.String(), Scheduler: scheduler, Duration: p.Duration.String(), Unit: p.Duration.Unit(),
		Makespan: r.Makespan, LowerBound: r.LowerBound,
	}
	for _, s := range p.SLAs {
		out.Schedule.SLAs = append(out.Schedule.SLAs, s.String())
	}
	if len(r.Bounds) > 0 {
		out.Schedule.Bottleneck = r.Bounds[0].Of
	}
	return &out
}
