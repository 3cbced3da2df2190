package bounds

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
)

// machines are, by limit, the bounds of moves of which it bears only k at the same time, like machines that do one job each. Of the j·k+1
// longest, j+1 run one after the other on some machine, and take at least as long as the shortest j+1 among them. Only moves that
// take more than 1/(k+1) of the capacity count, for each k that occurs up to a few. O(uses × log uses).
func machines(p *timetable.Problem, l *loads) []Bound {
	var out []Bound
	for i, users := range l.users {
		capacity := p.Limits[i].Capacity
		best, bestK := int64(0), int64(0)
		for _, k := range parallels(p, int32(i), users) {
			var times []int64
			whole := k == 1 // each takes the whole limit: then this is the volume
			for _, m := range users {
				least := useOf(&p.Moves[m], int32(i)).Least
				if least > capacity/(k+1) {
					times = append(times, p.Moves[m].Time)
				}
				whole = whole && least == capacity
			}
			if v := stacked(times, int(k)); v > best && !whole {
				best, bestK = v, k
			}
		}
		if best > 0 {
			out = append(out, Bound{"parallel machines", fmt.Sprintf("%s, %d at the same time", p.Limits[i].Name, bestK), best})
		}
	}
	return out
}

// mostParallels is how many numbers of machines are tried per limit: more only occur where moves take very different amounts, and
// then volume tells as much.
const mostParallels = 4

// parallels lists how many moves like its users fit in a limit, the fewest first, as far as there are more users than that.
func parallels(p *timetable.Problem, limit int32, users []int32) []int64 {
	var out []int64
	for _, m := range users {
		if least := useOf(&p.Moves[m], limit).Least; least > 0 {
			if k := p.Limits[limit].Capacity / least; k < int64(len(users)) && !slices.Contains(out, k) {
				out = append(out, k)
				if len(out) > 4*mostParallels {
					break
				}
			}
		}
	}
	slices.Sort(out)
	return out[:min(len(out), mostParallels)]
}

// stacked is the bound of jobs on k machines.
func stacked(times []int64, k int) int64 {
	slices.SortFunc(times, func(a, b int64) int { return cmp.Compare(b, a) })
	sums := make([]int64, len(times)+1)
	for i, t := range times {
		sums[i+1] = sums[i] + t
	}
	best := int64(0)
	for j := 1; j*k < len(times); j++ {
		best = max(best, sums[j*k+1]-sums[j*k-j])
	}
	return best
}
