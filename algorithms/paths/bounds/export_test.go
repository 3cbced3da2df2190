package bounds

import "github.com/cloudrearrange/rearrange/algorithms/paths"

// WholeOf is Whole with pockets of at most so many VMs, and lists of at most so many hosts
// that are exact.
func WholeOf(p *paths.Problem, most, listed int) (bound int64, deadEnd bool) {
	return wholeBound(paths.Unlimited(p), most, listed)
}
