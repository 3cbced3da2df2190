// Package bounds holds heuristics and lower bounds, one file each, and their
// registry. Each doc comment argues why the bound is admissible: never above the cost
// of the cheapest path.
package bounds

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Maker makes a heuristic for a problem, within the limits of a run: that of the problem or
// of one like it. It keeps the memory that the heuristic takes, and returns nil if the run
// has to end. The heuristic belongs to one search. Where a limit of the run interrupts an
// estimate, it is too low.
type Maker func(*paths.Run, *paths.Problem, *space.Layout) space.Heuristic

// The promises that heuristics make.
const (
	Admissible spec.Property = "admissible" // never above the cost of the cheapest path
	Consistent spec.Property = "consistent" // falls by no more than a migration costs
)

// Kind is the kind of heuristics in a catalogue.
const Kind = "heuristic"

// Registry makes heuristics known to a catalogue.
func Registry(entries ...spec.Entry[Maker]) spec.Registry {
	return spec.NewRegistry(spec.Kind{
		Name: Kind, Plural: "heuristics", Synopsis: "estimates that guide a search", Vocabulary: []spec.Property{Admissible, Consistent},
	}, entries...)
}

// Entries lists the heuristics of this package.
func Entries() []spec.Entry[Maker] {
	return []spec.Entry[Maker]{
		blindEntry(),
		misplacedEntry(),
		deadlockEntry(),
		pdbEntry(),
		maxEntry(),
		sumEntry(),
	}
}

// Param is the parameter heuristic of a search.
func Param(def string) spec.Param {
	return spec.Param{
		Name: "heuristic", Type: spec.Ref, Of: Kind, Default: def,
		Doc: "lower bound on the cost that remains",
	}
}

// Of reads the parameter heuristic.
func Of(a spec.Args) Maker { return spec.Built[Maker](a, "heuristic") }

func entry(d spec.Descriptor, m Maker) spec.Entry[Maker] {
	return spec.Entry[Maker]{Descriptor: d, New: func(spec.Args) (Maker, error) { return m, nil }}
}
