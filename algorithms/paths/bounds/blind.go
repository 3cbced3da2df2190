package bounds

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func blindEntry() spec.Entry[Maker] {
	return entry(spec.Descriptor{
		Name:       "blind",
		Synopsis:   "always zero: best-first search becomes Dijkstra's algorithm",
		Properties: []spec.Property{Admissible, Consistent},
	}, Blind)
}

// Blind estimates zero everywhere. Admissible because costs are not negative.
func Blind(*paths.Problem) space.Heuristic { return blind{} }

type blind struct{}

func (blind) Initial(*cloud.State) int64 { return 0 }

func (blind) After(int64, *cloud.State, cloud.VMID, cloud.HostID, cloud.HostID) int64 { return 0 }
