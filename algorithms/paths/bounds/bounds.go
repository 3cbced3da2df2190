// Package bounds holds heuristics and lower bounds, one file each, and their
// registry. Each doc comment argues why the bound is admissible: never above the cost
// of the cheapest path.
package bounds

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Maker makes a heuristic for a problem. It belongs to one search.
type Maker func(*paths.Problem, *space.Layout) space.Heuristic

// The promises that heuristics make.
const (
	Admissible spec.Property = "admissible" // never above the cost of the cheapest path
	Consistent spec.Property = "consistent" // falls by no more than a migration costs
)

// Registry lists every heuristic.
func Registry() *spec.Registry[Maker] {
	return spec.NewRegistry("heuristic", []spec.Property{Admissible, Consistent},
		blindEntry(),
		misplacedEntry(),
		deadlockEntry(),
		pdbEntry(),
		maxEntry(),
		sumEntry(),
	)
}

// Param is the parameter heuristic of a search.
func Param(def string) spec.Param {
	return spec.Param{
		Name: "heuristic", Type: spec.Ref, Of: Registry(), Default: def,
		Doc: "lower bound on the cost that remains",
	}
}

// Of reads the parameter heuristic.
func Of(a spec.Args) Maker { return spec.Built[Maker](a, "heuristic") }

func entry(d spec.Descriptor, m Maker) spec.Entry[Maker] {
	return spec.Entry[Maker]{Descriptor: d, New: func(spec.Args) (Maker, error) { return m, nil }}
}
