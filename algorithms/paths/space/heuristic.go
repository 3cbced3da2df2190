package space

import "math"

// Heuristic estimates the cost from a state to the goal, never above the true cost.
type Heuristic interface {
	// Estimate is the estimate of the state, from scratch. [DeadEnd] means that
	// the goal cannot be reached from it.
	Estimate(s *State) int64
}

// Incremental is an optional ability of a [Heuristic]: to compute the estimate of a
// successor in O(1) out of that of the state. Without it the search estimates a
// successor by what is left of its parent's estimate, and in full only once the
// successor's turn has come.
type Incremental interface {
	// After is the estimate after a migration out of s, given h, the estimate of s.
	After(h int64, s *State, m Move) int64
}

// Strays is an optional ability of a [Heuristic] in problems of uniform costs. A VM is
// astray while it stands on a host that is neither its target nor the one where it stands in
// the state.
type Strays interface {
	// Strays sets, by position, a lower bound on the cost of every path from s on which the
	// VM is ever astray, beyond one migration of each misplaced VM. S must be the state
	// that was estimated last.
	Strays(s *State, least []int64)
}

// DeadEnd is the estimate of a state from which the goal cannot be reached.
const DeadEnd = math.MaxInt64
