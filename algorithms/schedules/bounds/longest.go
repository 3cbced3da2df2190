package bounds

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
)

// longest is the bound of the longest move.
func longest(p *timetable.Problem) []Bound {
	best := int32(0)
	for m := range p.Moves {
		if p.Moves[m].Time > p.Moves[best].Time {
			best = int32(m)
		}
	}
	return []Bound{{"longest move", moveName(p, best), p.Moves[best].Time}}
}

// chains are the bounds of VMs that move more than once.
func chains(p *timetable.Problem) []Bound {
	var out []Bound
	for m := range p.Moves {
		if p.Moves[m].Before >= 0 || p.Moves[m].After < 0 {
			continue
		}
		total, n := int64(0), 0
		for i := int32(m); i >= 0; i = p.Moves[i].After {
			total += p.Moves[i].Time
			n++
		}
		out = append(out, Bound{"chain of moves", fmt.Sprintf("the %d moves of %s", n, p.Instance.VMs[p.Moves[m].VM].Name), total})
	}
	return out
}

// critical are the bounds of single moves between their heads and tails.
func critical(p *timetable.Problem, heads, tails []int64) []Bound {
	best, value := int32(0), int64(-1)
	for m := range p.Moves {
		if v := heads[m] + p.Moves[m].Time + tails[m]; v > value {
			best, value = int32(m), v
		}
	}
	return []Bound{{"head and tail", fmt.Sprintf("%s, and what it waits for or what waits for it", moveName(p, best)), value}}
}

// moveName names a move: "web1 from host1 to host2".
func moveName(p *timetable.Problem, m int32) string {
	move := &p.Moves[m]
	from, to := move.From, move.To
	if p.Backwards {
		from, to = to, from
	}
	name := p.Instance.VMs[move.VM].Name
	switch cloud.Absent {
	case to:
		return fmt.Sprintf("suspend of %s on %s", name, p.Instance.Hosts[from].Name)
	case from:
		return fmt.Sprintf("resume of %s on %s", name, p.Instance.Hosts[to].Name)
	}
	return fmt.Sprintf("%s from %s to %s", name, p.Instance.Hosts[from].Name, p.Instance.Hosts[to].Name)
}
