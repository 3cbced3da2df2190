package bounds

import "github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"

// Bound is a proved lower bound on the end of the last move, counted from the start of the first.
type Bound struct {
	Name  string // of the kind of bound: "volume", "longest move", …
	Of    string // what it comes from: a limit, a VM, a host
	Value int64
}

// All computes every bound; the largest comes first.
func All(p *timetable.Problem) []Bound { return nil }
