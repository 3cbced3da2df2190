package bounds

import "github.com/cloudrearrange/rearrange/algorithms/paths"

// Whole is a lower bound on the cost of every path of a problem, however large: what
// [MisplacedFrom] finds at the start. It tells of a dead end where it proves that there is
// no path. Look tells whether to go on, or is nil; once it says no, what is proved by then
// is the bound.
func Whole(p *paths.Problem, look func() bool) (bound int64, deadEnd bool) {
	return MisplacedFrom(p, p.Start), false
}
