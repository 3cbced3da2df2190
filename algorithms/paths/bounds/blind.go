package bounds

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func blindEntry() spec.Entry[Maker] {
	return entry(spec.Descriptor{
		Name:       "blind",
		Synopsis:   "always zero: best-first search becomes Dijkstra's algorithm",
		Citation:   "own work",
		Properties: []spec.Property{Admissible, Consistent},
	}, Blind)
}

// Blind estimates zero everywhere. Admissible because costs are not negative.
func Blind(_ *paths.Run, _ *paths.Problem, _ *space.Layout) space.Heuristic { return blind{} }

type blind struct{}

func (blind) Estimate(*space.State) int64 { return 0 }

func (blind) After(int64, *space.State, space.Move) int64 { return 0 }
