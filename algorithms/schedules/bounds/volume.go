package bounds

import "github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"

// volumes are, by limit, the time that all its work takes when the limit is never idle.
func volumes(p *timetable.Problem, l *loads) []Bound {
	var out []Bound
	for i, users := range l.users {
		total := int64(0)
		for _, m := range users {
			total += l.of(p, m, int32(i))
		}
		if total > 0 {
			out = append(out, Bound{"volume", p.Limits[i].Name, up(total, l.capacity[i])})
		}
	}
	return out
}
