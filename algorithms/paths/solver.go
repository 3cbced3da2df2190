package paths

import (
	"context"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Solver finds paths.
type Solver interface {
	// Solve looks for a path. A limit that is reached, or a context that ends,
	// is a status and not an error, and never loses the best plan found so far.
	Solve(ctx context.Context, p *Problem, o Options) (Result, error)
}

// Searcher is what an algorithm implements. It owns its decisions, and nothing else.
type Searcher interface {
	// Search works until it is done or [Run.Expand] says stop. Errors are for
	// failures of the program only.
	Search(run *Run) error
}

// SearcherFunc makes a [Searcher] of a function.
type SearcherFunc func(*Run) error

// Search implements [Searcher].
func (f SearcherFunc) Search(run *Run) error { return f(run) }

// The promises that path algorithms make in their descriptors.
const (
	Complete      spec.Property = "complete"      // finds a path if there is one, else proves that there is none, given time and memory
	OptimalCost   spec.Property = "optimal"       // given time and memory, proves its plan cheapest
	Deterministic spec.Property = "deterministic" // same instance, seed and expansion limit: same plan
	Seedless      spec.Property = "seedless"      // the seed makes no difference
)

// Kind is the kind of path algorithms in a catalogue.
const Kind = "algorithm"

// Registry makes path algorithms known to a catalogue.
func Registry(entries ...spec.Entry[func() Searcher]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: Kind, Plural: "algorithms", Synopsis: "ways to find a path",
		Vocabulary: []spec.Property{Complete, OptimalCost, Deterministic, Seedless},
	}, entries...)
}

// New makes the solver that a spec names; full is the spec with every default
// written out.
func New(c *spec.Catalogue, s spec.Spec) (solver Solver, full spec.Spec, err error) {
	searcher, args, err := spec.Build[func() Searcher](c, Kind, s)
	if err != nil {
		return nil, spec.Spec{}, err
	}
	return NewSolver(searcher), args.Full(), nil
}

// Options are the limits of one run and what it may draw on. The zero value means no
// limits.
type Options struct {
	Timeout     time.Duration // of wall-clock time; 0: none
	Within      time.Duration // the limit that Timeout is the rest of, for messages; 0: Timeout itself
	MemoryBytes int64         // of what the search accounts for; 0: none
	Expansions  int64         // states expanded; 0: none
	Cores       int           // goroutines that work at the same time; 0: as many as the program has cores
	Seed        uint64        // for algorithms that choose at random
	// Known is a path that was known before, the first incumbent; nil for none. That
	// it is sane is the caller's promise.
	Known []cloud.Change
	// OnIncumbent is told of every better plan as soon as it is found.
	OnIncumbent func(Incumbent)
	// OnProgress is told between incumbents of higher bounds, and of cheaper plans that a
	// search holds but has not replayed yet. The cost is 0 while there is no plan. It may be
	// told often.
	OnProgress func(Incumbent)
}

// Incumbent is a plan found on the way.
type Incumbent struct {
	Elapsed time.Duration
	Cost    int64
	Bound   int64 // the lower bound proved by then
}

// Counters mean the same for every algorithm.
type Counters struct {
	Expanded  int64 // states whose successors were generated
	Generated int64 // successors, duplicates included
	Reopened  int64 // states expanded again because a cheaper way to them was found
	Stored    int64 // states held in tables when the run ended
}

// Map names the counters as records and plans do.
func (c Counters) Map() map[string]int64 {
	return map[string]int64{
		"expanded": c.Expanded, "generated": c.Generated,
		"reopened": c.Reopened, "stored": c.Stored,
	}
}

// Result is what a run ends with.
type Result struct {
	Status     cloud.Status
	Reason     string         // why the status is not optimal, in words: the limit reached, the obstacle
	Migrations []cloud.Change // read-only: results of other runs may share them
	Cost       int64          // of the migrations; meaningful when the status has a plan
	LowerBound int64          // no plan is cheaper
	// Head and Tail are what a search that found no plan has of one: stretches from the
	// start and to the goal, with a gap between them. Most searches have none.
	Head, Tail []cloud.Change
	Counters   Counters
	PeakBytes  int64 // the most memory that the search accounted for
	Elapsed    time.Duration
	Incumbents []Incumbent
}

// Plan makes the plan document of a result.
func (r *Result) Plan(p *Problem, algorithm string) *cloud.Plan {
	plan := &cloud.Plan{
		Instance: p.Instance.Name, InstanceSHA256: p.Instance.SHA256(),
		Algorithm: algorithm, CostFunction: p.Cost.String(),
		Status: r.Status, Reason: strings.ToValidUTF8(r.Reason, "\uFFFD"), Cost: r.Cost, LowerBound: r.LowerBound, Stats: r.Counters.Map(),
	}
	if r.Status.HasPlan() {
		plan.Steps = p.Instance.Steps(r.Migrations, p.Cost)
	}
	return plan
}

// Run is one search in progress: an algorithm's side of the driver.
type Run struct {
	Problem *Problem
	Rand    *rand.Rand // seeded with the run's seed

	ctx       context.Context
	opts      Options
	began     time.Time
	deadline  time.Time
	lastLook  time.Time // when the clock was last looked at
	untilLook int       // expansions until the next look
	stride    int       // expansions between looks
	stopped   string    // why the run must end; "" while it may go on
	kept      int64     // bytes held until they are given back
	told      int64     // bytes that the search held beside them when it last told
	outer     *Run      // the run of the same problem that this one is a task of
	result    Result
	found     bool
	exhausted bool
	gaveUp    string
	unsupport string
}
