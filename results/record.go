package results

import (
	"cmp"
	"slices"
)

// RecordFormat is the version of the record format that this program writes.
const RecordFormat = "rearrange/record/2"

// OldRecordFormat is the version before, which is still read: its records lack all that
// came since, parameters above all.
const OldRecordFormat = "rearrange/record/1"

// Record is what is kept of one run: one algorithm on one instance under one cost
// function, with one seed. It holds everything that reports tell of the run, as it was when
// the run was made, so that no later change of the program can change what it says.
type Record struct {
	Format string `json:"format"`
	// RunKey is the hash of everything that determines the outcome: instance content,
	// algorithm, schedule, execution, cost, rules, limits and seed.
	RunKey string `json:"run_key"`
	// Rerun: the record replaces an earlier one with the same key.
	Rerun bool `json:"rerun,omitzero"`

	Name                  // of the instance
	Aliases        []Name `json:"aliases,omitempty"` // further names under which a suite has the same instance
	InstanceSHA256 string `json:"instance_sha256"`   // of its content, names excluded, under the rules in force
	Source         string `json:"source,omitzero"`   // hash of hosts and VMs: instances made out of one cloud share it
	Features       Values `json:"features,omitempty"`

	// Target is what a strategy chose, in place of the target that the instance may have; nil where that one holds.
	Target *Target `json:"target,omitempty"`

	Algorithm           string `json:"algorithm"` // the spec as the suite writes it, in canonical spacing
	AlgorithmParameters Values `json:"algorithm_parameters,omitempty"`

	// Schedule says when the steps of the plan run; nil where they run one after the other.
	Schedule *Schedule `json:"schedule,omitempty"`

	// Execution says what became of the schedule in a cloud; nil where it was not carried out.
	Execution *Execution `json:"execution,omitempty"`

	CostFunction string   `json:"cost_function"`
	CostUnit     string   `json:"cost_unit,omitzero"`
	Rules        []string `json:"rules"`
	Seed         uint64   `json:"seed"` // 0 for an algorithm that uses none
	Limits       Limits   `json:"limits"`

	Outcome    Outcome          `json:"outcome"`
	Message    string           `json:"message,omitempty"`     // why: the limit reached, the error, the first violation
	Cost       *int64           `json:"cost,omitempty"`        // as recomputed by the validator; absent without a plan
	LowerBound *int64           `json:"lower_bound,omitempty"` // proved below the cost of every plan; absent where none was
	Steps      int              `json:"steps,omitzero"`        // length of the plan
	PlanSHA256 string           `json:"plan_sha256,omitempty"` // of the plan's steps, so that plans can be compared
	WallS      float64          `json:"wall_s"`
	CPUS       float64          `json:"cpu_s,omitzero"` // of the solver's own thread; 0 where that is not all, or not known
	PeakBytes  int64            `json:"peak_bytes"`     // memory that the solver accounted for
	Counters   map[string]int64 `json:"counters"`       // expanded, generated, …
	Incumbents []Incumbent      `json:"incumbents,omitempty"`

	Enforced   map[string]string `json:"enforced"` // limit -> how it was enforced
	Provenance Provenance        `json:"provenance"`
}

// Name is one name of an instance, and what made it.
type Name struct {
	Instance string `json:"instance"`
	// Class is the name without the seed of the generator.
	Class string `json:"class,omitzero"`
	// Family is the generator, and Parameters are its parameters with the values in force,
	// defaults included; those of a nested spec have its parameter and a point before their
	// names: of.hosts.
	Family     string `json:"family,omitzero"`
	Parameters Values `json:"parameters,omitempty"`
	// Role says what the instance is for: tuning or test; empty where the suite does not say.
	Role string `json:"role,omitzero"`
}

// ClassOrName is the class, or the name where there is none.
func (n *Name) ClassOrName() string { return cmp.Or(n.Class, n.Instance) }

// Values are named numbers, truths, texts, and lists of texts.
type Values map[string]any

// Names lists all names of the run's instance, the first one first.
func (r *Record) Names() []Name { return append([]Name{r.Name}, r.Aliases...) }

// ProvedBound is what the run proved no plan to be cheaper than. The cost of a plan that
// is proved cheapest is such a bound.
func (r *Record) ProvedBound() (int64, bool) {
	switch {
	case r.Outcome.Faulty():
		return 0, false // nothing that a faulty run says is trusted
	case r.Outcome == Optimal && r.LowerBound != nil:
		return max(*r.Cost, *r.LowerBound), true
	case r.Outcome == Optimal:
		return *r.Cost, true
	case r.LowerBound != nil && r.Outcome != Infeasible: // a bound on nothing
		return *r.LowerBound, true
	}
	return 0, false
}

// Incumbent is one plan found on the way, announced at once.
type Incumbent struct {
	ElapsedS float64 `json:"elapsed_s"`
	Cost     int64   `json:"cost"`
	Bound    int64   `json:"bound"`
}

// Provenance says what made a record, and on what.
type Provenance struct {
	Version   string `json:"version"`
	Revision  string `json:"revision"`
	GoVersion string `json:"go_version"`
	OS        string `json:"os"`
	CPUModel  string `json:"cpu_model"`
	Cores     int    `json:"cores"`
	Date      string `json:"date"` // RFC 3339, UTC

	// Build identifies the program: its revision, or a hash of the executable where that was
	// built from changed files or no one knows from which.
	Build string `json:"build,omitzero"`
	// Code is a hash of the source of the packages that the run depends on, comments
	// excluded; empty where that is not known.
	Code        string  `json:"code,omitzero"`
	MemoryBytes int64   `json:"memory_bytes,omitzero"` // of the machine
	Load        float64 `json:"load,omitzero"`         // threads of the machine that ran or waited for a core when the run began
	Jobs        int     `json:"jobs,omitzero"`         // runs made at the same time
	GOMAXPROCS  int     `json:"gomaxprocs,omitzero"`
}

// Outcome is how a run ended: a status of the solver, once its plan was validated,
// or one of the two ways in which a run is at fault.
type Outcome string

// The outcomes. The first five are the statuses that solvers report.
const (
	Optimal     Outcome = "optimal"     // a validated plan, proved cheapest
	Feasible    Outcome = "feasible"    // a validated plan
	Infeasible  Outcome = "infeasible"  // proved that no plan exists
	Unknown     Outcome = "unknown"     // a limit ended the search without a plan
	Unsupported Outcome = "unsupported" // the algorithm does not handle this instance
	Invalid     Outcome = "invalid"     // the validator rejected the plan, or its cost
	Failed      Outcome = "error"       // the solver failed or panicked
)

// Outcomes lists all outcomes in the order in which they are shown.
func Outcomes() []Outcome {
	return []Outcome{Optimal, Feasible, Infeasible, Unknown, Unsupported, Invalid, Failed}
}

// Known tells whether o is one of [Outcomes].
func (o Outcome) Known() bool { return slices.Contains(Outcomes(), o) }

// HasPlan tells whether a run with this outcome ended with a validated plan.
func (o Outcome) HasPlan() bool { return o == Optimal || o == Feasible }

// Solved tells whether the run answered the question: a validated plan, or a proof
// that none exists.
func (o Outcome) Solved() bool { return o.HasPlan() || o == Infeasible }

// Proved tells whether the run proved its plan cheapest, or that none exists.
func (o Outcome) Proved() bool { return o == Optimal || o == Infeasible }

// Faulty tells whether the run shows a fault of the program.
func (o Outcome) Faulty() bool { return o == Invalid || o == Failed }
