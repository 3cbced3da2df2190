package bounds

import "github.com/cloudrearrange/rearrange/algorithms/paths"

// WholeOf is Whole with pockets of at most so many VMs.
func WholeOf(p *paths.Problem, most int) (bound int64, deadEnd bool) { return wholeBound(p, nil, most) }
