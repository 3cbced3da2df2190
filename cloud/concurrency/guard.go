package concurrency

// Guard counts what steps under way take of the limits of a model. It is the form for schedulers.
type Guard struct {
	limits []Limit
	used   []int64
}

// NewGuard makes the guard of a schedule of which nothing is under way yet. O(limits).
func NewGuard(m Model) *Guard { return GuardOf(m.Limits()) }

// GuardOf is [NewGuard] for limits of any origin. O(limits).
func GuardOf(limits []Limit) *Guard { return &Guard{limits, make([]int64, len(limits))} }

// Lacks is a limit that leaves too little room for a step to start now, or -1. O(uses).
func (g *Guard) Lacks(n Needs) int32 {
	for _, u := range n.Uses {
		if g.used[u.Limit]+u.Least > g.limits[u.Limit].Capacity {
			return u.Limit
		}
	}
	return -1
}

// Begin tells that a step starts, and End that it ends.
func (g *Guard) Begin(n Needs) { g.take(n, 1) }
func (g *Guard) End(n Needs)   { g.take(n, -1) }

func (g *Guard) take(n Needs, sign int64) {
	for _, u := range n.Uses {
		g.used[u.Limit] += sign * u.Least
	}
}
