package schedules

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Load is how much the moves of a plan ask of a limit of the model of concurrency.
type Load struct {
	Limit int32 // position in the limits of the problem
	Moves int   // that take something of it
	// Work is the time, in the unit of the durations, that the moves would take if they used the limit in full from the
	// first to the last: over the makespan, the share of the limit that a schedule uses.
	Work float64
}

// Loads lists the limits that moves take something of, that with the most work first. O(uses + limits log limits).
func Loads(p *timetable.Problem) []Load {
	all := make([]Load, len(p.Limits))
	for l := range all {
		all[l].Limit = int32(l)
	}
	for i := range p.Moves {
		m := &p.Moves[i]
		for _, u := range m.Uses {
			l := &all[u.Limit]
			l.Moves++
			l.Work += float64(u.Full) * float64(m.Time) / float64(p.Limits[u.Limit].Capacity)
		}
	}
	all = slices.DeleteFunc(all, func(l Load) bool { return l.Moves == 0 })
	slices.SortStableFunc(all, func(a, b Load) int { return cmp.Compare(b.Work, a.Work) })
	return all
}

// Level is how much of something is in use from an instant until the next level.
type Level struct {
	At   int64
	Used float64
}

// Use is how much of a limit some scheduled steps use over time, as a share of its capacity. A step that takes longer than
// it has to, because it runs beside others, counts with the mean over its time. O(steps log steps).
func Use(p *timetable.Problem, steps []cloud.Step, limit int32) []Level {
	return levels(steps, func(s *cloud.Step) float64 {
		needs := p.Needs(s)
		for _, u := range needs.Uses {
			if u.Limit == limit && s.End > s.Start {
				return float64(u.Full) * float64(needs.Time) / float64(s.End-s.Start) / float64(p.Limits[limit].Capacity)
			}
		}
		return 0
	})
}

// UnderWay is how many migrations, suspends and resumes of some scheduled steps are under way over time. Those that take no time do
// not count. O(steps log steps).
func UnderWay(steps []cloud.Step) []Level {
	return levels(steps, func(s *cloud.Step) float64 {
		if s.Action == cloud.Shutdown || s.Action == cloud.Provision {
			return 0
		}
		return 1
	})
}

// Peak is the greatest of some levels.
func Peak(levels []Level) float64 {
	most := 0.0
	for _, l := range levels {
		most = max(most, l.Used)
	}
	return most
}

// levels sums up over time what each step takes from its start to its end.
func levels(steps []cloud.Step, takes func(*cloud.Step) float64) []Level {
	var changes, out []Level
	for i := range steps {
		if s := &steps[i]; s.End > s.Start {
			if n := takes(s); n > 0 {
				changes = append(changes, Level{s.Start, n}, Level{s.End, -n})
			}
		}
	}
	slices.SortStableFunc(changes, func(a, b Level) int { return cmp.Compare(a.At, b.At) })
	used := 0.0
	for i, c := range changes {
		used += c.Used
		if i+1 == len(changes) {
			used = 0 // sums of fractions may be off by a hair
		}
		if i+1 == len(changes) || changes[i+1].At > c.At {
			out = append(out, Level{c.At, used})
		}
	}
	return out
}
