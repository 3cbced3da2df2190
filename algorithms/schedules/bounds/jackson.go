package bounds

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/internal/heaps"
)

// jackson are, by limit, the bounds of Jackson's preemptive schedule, which equals the maximum, over all sets of jobs, of the least head,
// plus all work, plus the least tail (Carlier 1982, doi 10.1016/S0377-2217(82)80007-6). A limit of capacity c counts as one machine that is c times as fast; moves of which
// only one fits at a time are also looked at alone, with their times. O(uses × log uses).
func jackson(p *timetable.Problem, l *loads, heads, tails []int64) []Bound {
	var out []Bound
	var jobs []job
	for i, users := range l.users {
		if len(users) < 2 {
			continue
		}
		value := int64(0)
		if c := l.capacity[i]; !l.idle[i] {
			jobs = jobs[:0]
			for _, m := range users {
				jobs = append(jobs, job{c * heads[m], l.of(p, m, int32(i)), c * tails[m]})
			}
			value = up(preemptive(jobs), c)
		}
		jobs = jobs[:0]
		for _, m := range users {
			if useOf(&p.Moves[m], int32(i)).Least > p.Limits[i].Capacity/2 {
				jobs = append(jobs, job{heads[m], p.Moves[m].Time, tails[m]})
			}
		}
		if len(jobs) > 1 && l.capacity[i] > 1 || value == 0 {
			value = max(value, preemptive(jobs))
		}
		if value > 0 {
			out = append(out, Bound{"heads and tails", p.Limits[i].Name, value})
		}
	}
	return out
}

// job has to wait for its head, takes some time on the machine, and its tail after that.
type job struct{ head, time, tail int64 }

// preemptive is the makespan of Jackson's preemptive schedule on one machine: at each instant the job with the longest
// tail runs among those that wait. It sorts the jobs.
func preemptive(jobs []job) int64 {
	slices.SortFunc(jobs, func(a, b job) int { return cmp.Compare(a.head, b.head) })
	waiting := heaps.Heap[job]{Before: func(a, b job) bool { return a.tail > b.tail }}
	now, best := int64(0), int64(0)
	for next := 0; next < len(jobs) || len(waiting.Items) > 0; {
		if len(waiting.Items) == 0 {
			now = max(now, jobs[next].head)
		}
		for next < len(jobs) && jobs[next].head <= now {
			waiting.Push(jobs[next])
			next++
		}
		runs := &waiting.Items[0]
		if next < len(jobs) && now+runs.time > jobs[next].head {
			runs.time -= jobs[next].head - now
			now = jobs[next].head
			continue
		}
		now += runs.time
		best = max(best, now+runs.tail)
		waiting.Pop()
	}
	return best
}
