package schedules

import (
	"math"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
)

// pressing tells by move how much SLAs press for it, from 0 to 1: moves that are due soon, moves that such moves wait for, and resumes of VMs whose time
// down is limited. Nil where none do. It is no more than an estimate. O(rounds × moves).
func (r *Run) pressing() []float64 {
	due := r.dues()
	last, any := int64(0), false
	for _, at := range due {
		if at < timetable.NoDue {
			last, any = max(last, at), true
		}
	}
	out := make([]float64, len(due))
	for m, at := range due {
		if at < timetable.NoDue {
			out[m] = 1 - 0.9*float64(max(at, 0))/float64(max(last, 1))
		}
	}
	for i := range r.outages {
		for _, x := range r.outages[i].list {
			if after := r.Moves[x.move].After; x.stopped < 0 && after >= 0 {
				out[after], any = 1, true
			}
		}
	}
	if !any {
		return nil
	}
	return out
}

// dues are the due times of moves, and of those that they wait for.
func (r *Run) dues() []int64 {
	const rounds = 8 // chains of waits are rarely longer
	due := make([]int64, len(r.Moves))
	for m := range due {
		due[m] = r.Moves[m].Due
	}
	state, room := r.NewTable().State(), roomOf(r.Problem)
	resources := len(r.Instance.Resources)
	lacks := func(m *timetable.Move) bool {
		for k, demand := range r.Instance.VMs[m.VM].Demand {
			most := int64(math.MaxInt64)
			if m.To != cloud.Absent {
				most = room[int(m.To)*resources+k]
			}
			if m.To != cloud.Absent && demand > 0 && state.Used(m.To, k) > most-demand {
				return true
			}
		}
		return false
	}
	for range rounds {
		first := make([]int64, len(r.Instance.Hosts)) // by host: when VMs have to have left
		for h := range first {
			first[h] = timetable.NoDue
		}
		for m := range r.Moves {
			move := &r.Moves[m]
			if due[m] == timetable.NoDue {
				continue
			}
			if b := move.Before; b >= 0 {
				due[b] = min(due[b], due[m]-move.Time)
			}
			if lacks(move) {
				first[move.To] = min(first[move.To], due[m]-move.Time)
			}
		}
		for m := range r.Moves {
			if from := r.Moves[m].From; from != cloud.Absent {
				due[m] = min(due[m], first[from])
			}
		}
	}
	return due
}

// lazy tells by move which are suspends of VMs whose time down is limited; nil where none are.
func (r *Run) lazy() []bool {
	var out []bool
	for i := range r.outages {
		for _, x := range r.outages[i].list {
			if x.stopped < 0 && r.Moves[x.move].After >= 0 {
				if out == nil {
					out = make([]bool, len(r.Moves))
				}
				out[x.move] = true
			}
		}
	}
	return out
}
