package bounds

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
)

// visits lists the moves from and to each host.
type visits struct {
	p                    *timetable.Problem
	demands              []int64 // [vm*R + resource]
	departures, arrivals [][]int32
	used                 []int64 // when moves begin, [host*R + resource]
	quotas               []quota
}

func newVisits(p *timetable.Problem) *visits {
	n := len(p.Instance.Resources)
	v := &visits{p: p, demands: p.Instance.Demands(), used: make([]int64, len(p.Instance.Hosts)*n), quotas: quotasOf(p.Rules)}
	v.departures = v.byHost(func(m *timetable.Move) cloud.HostID { return m.From })
	v.arrivals = v.byHost(func(m *timetable.Move) cloud.HostID { return m.To })
	for vm, h := range p.Start {
		for r := range n {
			if h != cloud.Absent {
				v.used[int(h)*n+r] += v.demands[vm*n+r]
			}
		}
	}
	return v
}

// byHost lists moves by one of their ends.
func (v *visits) byHost(end func(*timetable.Move) cloud.HostID) [][]int32 {
	out := make([][]int32, len(v.p.Instance.Hosts))
	for m := range v.p.Moves {
		if h := end(&v.p.Moves[m]); h != cloud.Absent {
			out[h] = append(out[h], int32(m))
		}
	}
	return out
}

// demand is what the VM of a move takes of room: of a resource, or after all resources of a quota.
func (v *visits) demand(m int32, kind int) int64 {
	n := len(v.p.Instance.Resources)
	if kind >= n {
		return v.quotas[kind-n].counts(v.p.Moves[m].VM)
	}
	return v.demands[int(v.p.Moves[m].VM)*n+kind]
}

// kindName names what there is room for.
func (v *visits) kindName(kind int) string {
	if n := len(v.p.Instance.Resources); kind >= n {
		return "room under " + v.quotas[kind-n].name
	}
	return "room for " + v.p.Instance.Resources[kind].Name
}

// usedAtStart is what VMs on a host demand of a resource when moves begin.
func (v *visits) usedAtStart(h cloud.HostID, resource int) int64 {
	return v.used[int(h)*len(v.p.Instance.Resources)+resource]
}

// mostSums bounds how many sums of demands are told apart; with that many, some sum comes close to any limit.
const mostSums = 128

// fill is the most that VMs on a host can demand of a resource together within a limit: those that stay, and any of those that
// leave or arrive. O(VMs × mostSums).
func (v *visits) fill(h cloud.HostID, resource int, limit int64) int64 {
	var moving []cloud.VMID
	for _, list := range [][]int32{v.departures[h], v.arrivals[h]} {
		for _, m := range list {
			moving = append(moving, v.p.Moves[m].VM)
		}
	}
	slices.Sort(moving)
	stay, n := v.usedAtStart(h, resource), len(v.p.Instance.Resources)
	var amounts []int64
	for _, vm := range slices.Compact(moving) {
		d := v.demands[int(vm)*n+resource]
		if v.p.Start[vm] == h {
			stay -= d
		}
		amounts = append(amounts, d)
	}
	if stay > limit {
		return limit
	}
	sums, next := []int64{0}, []int64(nil)
	for _, d := range amounts {
		next = merge(next[:0], sums, d, limit-stay)
		if sums, next = next, sums; len(sums) > mostSums {
			return limit
		}
	}
	return stay + sums[len(sums)-1]
}

// merge appends the sums with and without one more amount, as far as they do not exceed the most. Both lists rise.
func merge(out, sums []int64, amount, most int64) []int64 {
	for i, k := 0, 0; i < len(sums) || k < len(sums) && sums[k]+amount <= most; {
		var next int64
		if i == len(sums) || sums[k]+amount < sums[i] {
			next = sums[k] + amount
			k++
		} else {
			next = sums[i]
			i++
		}
		if len(out) == 0 || out[len(out)-1] < next {
			out = append(out, next)
		}
	}
	return out
}
