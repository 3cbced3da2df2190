package schedules

import (
	"cmp"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/slas"
)

// outages are the times for which the VMs of an account are down.
type outages struct {
	slas.Account
	sla  string
	list []outage
}

// outage is a live migration that stops its VM, or a suspend and the resume after it.
type outage struct {
	move    int32
	stopped int64 // -1: the move is a suspend
}

// outagesOf lists the outages of each account that has any. O(moves × log VMs) for each account of several VMs.
func outagesOf(p *timetable.Problem) []outages {
	byVM := map[cloud.VMID][]int32{}
	for m := range p.Moves {
		byVM[p.Moves[m].VM] = append(byVM[p.Moves[m].VM], int32(m))
	}
	var out []outages
	for _, s := range p.SLAs {
		limiter, ok := s.(slas.DownLimiter)
		if !ok {
			continue
		}
		for _, a := range limiter.Accounts() {
			o := outages{Account: a, sla: s.String()}
			for _, vm := range a.VMs {
				for _, m := range byVM[vm] {
					step := &p.Plan.Steps[p.Moves[m].Step]
					switch step.Action {
					case cloud.Suspend:
						o.list = append(o.list, outage{m, -1})
					case cloud.Migrate:
						if t := min(a.Stopped(step), p.Moves[m].Time); t > 0 {
							o.list = append(o.list, outage{m, t})
						}
					}
				}
			}
			if len(o.list) > 0 {
				out = append(out, o)
			}
		}
	}
	return out
}

// least is a lower bound on the time for which the VMs are down.
func (o *outages) least(p *timetable.Problem) int64 {
	total, longest := int64(0), int64(0)
	for _, x := range o.list {
		down := x.stopped
		if move := &p.Moves[x.move]; down < 0 {
			if down = move.Time; move.After >= 0 {
				down += p.Moves[move.After].Time
			}
		}
		total, longest = total+down, max(longest, down)
	}
	if o.Window > 0 {
		return min(longest, o.Window)
	}
	return total
}

// fixed tells whether the time for which the VMs are down is the same in all schedules.
func (o *outages) fixed() bool {
	return o.Window == 0 && !slices.ContainsFunc(o.list, func(x outage) bool { return x.stopped < 0 })
}

// worst is the time for which the VMs are down in a table, in the worst window if there is one.
func (o *outages) worst(t *timetable.Table) int64 {
	spans := make([][2]int64, len(o.list))
	for i, x := range o.list {
		end := t.Ends[x.move]
		spans[i] = [2]int64{end - x.stopped, end}
		if x.stopped < 0 {
			spans[i] = [2]int64{t.Starts[x.move], t.Makespan() + t.UpTime}
			if after := t.Moves[x.move].After; after >= 0 {
				spans[i][1] = t.Ends[after]
			}
		}
	}
	if o.Window == 0 {
		total := int64(0)
		for _, s := range spans {
			total += s[1] - s[0]
		}
		return total
	}
	return busiest(spans, o.Window)
}

// busiest is the most time of some spans in any window of a length. As the window moves, that time changes its course only where a span
// begins or ends at one end of the window. O(spans log spans).
func busiest(spans [][2]int64, window int64) int64 {
	type bend struct {
		at    int64 // end of the window
		slope int64 // by how much the slope changes
	}
	var bends []bend
	for _, s := range spans {
		bends = append(bends, bend{s[0], 1}, bend{s[1], -1}, bend{s[0] + window, -1}, bend{s[1] + window, 1})
	}
	slices.SortFunc(bends, func(a, b bend) int { return cmp.Compare(a.at, b.at) })
	most, value, slope, now := int64(0), int64(0), int64(0), int64(math.MinInt64)
	for _, b := range bends {
		if slope != 0 {
			value += slope * (b.at - now)
		}
		now = b.at
		slope += b.slope
		most = max(most, value)
	}
	return most
}
