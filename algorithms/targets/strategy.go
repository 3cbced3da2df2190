package targets

import (
	"context"
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/targets/bounds"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Strategy chooses targets.
type Strategy interface {
	// Objective names what the strategy lowers, the instance's own objective taken into account.
	Objective(in *cloud.Instance) spec.Spec
	// Choose proposes a target. That it finds none is a [*NoTargetError]; other errors
	// are for requests that make no sense on the instance, and for a context that ended.
	Choose(ctx context.Context, r *Request) (Choice, error)
}

// Request is an instance with its rules bound: what a strategy is given. It is read-only.
type Request struct {
	// Instance holds the placement to begin with. A target that it may have is ignored.
	Instance *cloud.Instance
	Rules    []cloud.Rule       // in force on the way; a target has to obey the whole of them ([cloud.Whole])
	Cost     cloud.CostFunction // of the migrations
	// Search, if not nil, has strategies look for better targets than those that they construct. What
	// they find depends on when it says no.
	Search *Search

	catalogue *spec.Catalogue
}

// NewRequest binds the rules. Rule specs nil means the instance's own. Rules that the
// initial placement breaks are in their mending form; where a rule has none, that is an error.
func NewRequest(c *spec.Catalogue, in *cloud.Instance, ruleSpecs []spec.Spec, cost cloud.CostFunction) (*Request, error) {
	bound, err := rules.Bind(c, in, ruleSpecs)
	if err != nil {
		return nil, err
	}
	inForce, _, err := cloud.Mend(in, bound, in.Initial)
	if err != nil {
		return nil, err
	}
	return &Request{Instance: in, Rules: slices.Concat(inForce, bounds.Confine(in, inForce, in.Initial)), Cost: cost, catalogue: c}, nil
}

// Choice is what a strategy proposes: a target and what is known of the way there.
type Choice struct {
	Target cloud.Placement
	// Path leads to the target by sane migrations. Nil where none is known, which does
	// not mean that there is none; empty where nothing moves.
	Path []cloud.Change
}

// NoTargetError says why a strategy found no target. It is no proof that there is none.
type NoTargetError struct{ Reason string }

func (e *NoTargetError) Error() string {
	return "no target was found, which does not prove that there is none: " + e.Reason
}

// ImpossibleError is a proof that there is no target, whatever the strategy.
type ImpossibleError struct{ Proof bounds.Proof }

func (e *ImpossibleError) Error() string { return "no target exists: " + e.Proof.Reason }

// Unwrap makes it a [*NoTargetError] as well.
func (e *ImpossibleError) Unwrap() error { return &NoTargetError{e.Proof.Reason} }

// clears is an optional ability of strategies that empty hosts.
type clears interface {
	// clears lists the hosts that a target leaves empty.
	clears(in *cloud.Instance) ([]cloud.HostID, error)
}

func noTarget(format string, args ...any) error {
	return &NoTargetError{fmt.Sprintf(format, args...)}
}

// Reachable is promised by strategies that know a path to every target that they construct from a start
// that breaks no rule.
const Reachable spec.Property = "reachable"

// Kind is the kind of strategies in a catalogue.
const Kind = "strategy"

// Registry makes strategies known to a catalogue.
func Registry(entries ...spec.Entry[Strategy]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: Kind, Plural: "strategies", Synopsis: "ways to choose a target", Vocabulary: []spec.Property{Reachable},
	}, entries...)
}

// Entries lists the strategies of this package.
func Entries() []spec.Entry[Strategy] {
	return []spec.Entry[Strategy]{Defragment(), Rebalance(), Evacuation(), Policy(), Incremental(), Compact()}
}
