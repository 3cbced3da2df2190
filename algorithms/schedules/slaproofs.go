package schedules

import (
	"fmt"
	"math"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/slas"
)

// unmeetable tells why no schedule keeps the SLAs, as far as that can be told at once; empty where it cannot.
func unmeetable(p *timetable.Problem, list []outages, all []bounds.Bound) string {
	if len(p.SLAs) == 0 || len(p.Moves) == 0 {
		return ""
	}
	unit := p.Duration.Unit()
	for i := range list {
		if least := list[i].least(p); least > list[i].Most {
			return fmt.Sprintf("%s cannot be met: %s would be down for at least %s", list[i].sla, list[i].Name, slas.Beyond(least, list[i].Most, unit))
		}
	}
	if why := tooNarrow(p); why != "" {
		return why
	}
	for _, s := range p.SLAs {
		if d, ok := s.(slas.Dater); ok {
			if why := tooLate(p, d, all); why != "" {
				return why
			}
		}
	}
	return tooSoon(p)
}

// tooLate tells why moves cannot have ended when an SLA asks for it, by a bound on all that it is about.
func tooLate(p *timetable.Problem, d slas.Dater, all []bounds.Bound) string {
	last, moves := int64(math.MaxInt64), []int32(nil)
	for _, i := range p.Ups {
		if at, ok := d.Due(&p.Plan.Steps[i]); ok {
			last = min(last, at-p.UpTime)
		}
	}
	due := int64(math.MinInt64)
	for m := range p.Moves {
		at, ok := d.Due(&p.Plan.Steps[p.Moves[m].Step])
		if !ok && last == math.MaxInt64 {
			continue
		}
		if !ok {
			at = last
		}
		due, moves = max(due, min(at, last)), append(moves, int32(m))
	}
	if len(moves) == 0 {
		return ""
	}
	who := "the moves"
	if len(moves) < len(p.Moves) {
		all, who = bounds.Among(p, moves), "its moves alone"
	}
	least := p.DownTime + all[0].Value
	if least <= due {
		return ""
	}
	unit, more := p.Duration.Unit(), ""
	if last < math.MaxInt64 && p.UpTime > 0 {
		more = ", and the provisions after them " + slas.Text(p.UpTime, unit)
	}
	return fmt.Sprintf("%s cannot be met: %s take until %s at least%s (%s: %s)", d, who, slas.Beyond(least, due, unit), more, all[0].Name, all[0].Of)
}

// tooNarrow tells of a move that no gap between windows is long enough for.
func tooNarrow(p *timetable.Problem) string {
	for m := range p.Moves {
		move := &p.Moves[m]
		for _, w := range move.Closed {
			if _, ok := w.Open(0, move.Time); ok {
				continue
			}
			return fmt.Sprintf("%s cannot be met: %s takes %s, longer than the window leaves", closing(p, move, w), moveText(p, move), slas.Text(move.Time, p.Duration.Unit()))
		}
	}
	return ""
}

// closing names the SLA that a window of a move is of.
func closing(p *timetable.Problem, m *timetable.Move, w slas.Window) string {
	for _, s := range p.SLAs {
		if c, ok := s.(slas.Closer); ok {
			for _, of := range c.Closed(&p.Plan.Steps[m.Step]) {
				if of.Shift(p.DownTime) == w {
					return s.String()
				}
			}
		}
	}
	return "the windows"
}

// tooSoon tells of a move that cannot have ended when it is due, by its earliest start between the windows.
func tooSoon(p *timetable.Problem) string {
	heads := bounds.Heads(p)
	for m := range p.Moves {
		move := &p.Moves[m]
		at := heads[m]
		if b := move.Before; b >= 0 { // it comes before in the plan
			at = max(at, heads[b]+p.Moves[b].Time)
		}
		if open, ok := move.Open(at); ok {
			at = open
		}
		heads[m] = at
		if end := at + move.Time; end > move.Due {
			return fmt.Sprintf("%s cannot be met: %s cannot end before %s", dueBy(p, move), moveText(p, move), slas.Beyond(p.DownTime+end, p.DownTime+move.Due, p.Duration.Unit()))
		}
	}
	return ""
}

// dueBy names the SLA by which a move is due when it is.
func dueBy(p *timetable.Problem, m *timetable.Move) string {
	name, first := "the due time", int64(math.MaxInt64)
	for _, s := range p.SLAs {
		d, ok := s.(slas.Dater)
		if !ok {
			continue
		}
		steps := append([]int32{m.Step}, p.Ups...)
		for n, i := range steps {
			at, ok := d.Due(&p.Plan.Steps[i])
			if n > 0 {
				at -= p.UpTime
			}
			if ok && at < first {
				name, first = s.String(), at
			}
		}
	}
	return name
}

// moveText names a move: `the migration of VM "web1" from host1 to host2`.
func moveText(p *timetable.Problem, m *timetable.Move) string {
	s := &p.Plan.Steps[m.Step]
	text := fmt.Sprintf("the %s of VM %q", s.Action.Noun(), p.Instance.VMs[m.VM].Name)
	if s.From != cloud.Absent {
		text += " from " + p.Instance.HostName(s.From)
	}
	if s.To != cloud.Absent {
		text += " to " + p.Instance.HostName(s.To)
	}
	return text
}
