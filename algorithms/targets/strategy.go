package targets

import (
	"context"
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cloud/validate"
)

// Strategy chooses targets.
type Strategy interface {
	// Choose proposes a target. That it finds none is a [*NoTargetError]; other errors
	// are for requests that make no sense on the instance, and for a context that ended.
	Choose(ctx context.Context, r *Request) (Choice, error)
}

// Request is an instance with its rules bound: what a strategy is given. It is read-only.
type Request struct {
	// Instance holds the placement to begin with. A target that it may have is ignored.
	Instance *cloud.Instance
	Rules    []cloud.Rule
}

// NewRequest binds the rules. Rule specs nil means the instance's own. An initial
// placement that breaks a continuous rule is an error: nothing sane could be reached from
// it.
func NewRequest(c *spec.Catalogue, in *cloud.Instance, ruleSpecs []spec.Spec) (*Request, error) {
	bound, err := rules.Bind(c, in, ruleSpecs)
	if err != nil {
		return nil, err
	}
	if err := validate.CheckInitial(in, bound); err != nil {
		return nil, err
	}
	return &Request{Instance: in, Rules: bound}, nil
}

// Choice is a target and what is known of the way there.
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

func noTarget(format string, args ...any) error {
	return &NoTargetError{fmt.Sprintf(format, args...)}
}

// Reachable is promised by strategies that know a path to every target that they choose.
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
	return []spec.Entry[Strategy]{Defragment(), Rebalance(), Evacuation()}
}
