package concurrency

import (
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/internal/heaps"
)

// pinnedModel is [bandwidth] in which a migration has one rate from its start to its end, which need not be its full one.
type pinnedModel struct{ *bandwidth }

// NewPace implements [Elastic].
func (p pinnedModel) NewPace() Pace {
	return &pinnedPace{bandwidth: p.bandwidth, used: make([]int64, len(p.limits)), of: map[cloud.VMID]pinned{}, ends: heaps.Heap[vmEnd]{Before: vmEnd.before}}
}

// pinned is a step under way.
type pinned struct {
	uses []Use
	rate int64 // kbit/s
}

type pinnedPace struct {
	*bandwidth
	used []int64 // by limit, in kbit/s
	of   map[cloud.VMID]pinned
	ends heaps.Heap[vmEnd]
}

// room is what the way of a step leaves it, at most its full rate.
func (p *pinnedPace) room(d *demand) int64 {
	room := d.full
	for _, u := range d.needs.Uses {
		room = min(room, p.limits[u.Limit].Capacity-p.used[u.Limit])
	}
	return room
}

// Allows implements [Pace]. O(links on the way).
func (p *pinnedPace) Allows(step *cloud.Step) bool {
	d := p.demand(step)
	return p.room(d) >= d.least
}

// Begin gives the step what its way leaves it, less what does not make it shorter. It takes O(log rate) looks at the
// duration.
func (p *pinnedPace) Begin(step *cloud.Step, now int64) {
	d := p.demand(step)
	s := pinned{uses: d.needs.Uses, rate: p.room(d)}
	time := d.needs.Time
	if counts(step.Action) {
		time = p.duration.TimeAt(step, s.rate)
		for lo := d.least; lo < s.rate; {
			if mid := lo + (s.rate-lo)/2; p.duration.TimeAt(step, mid) == time {
				s.rate = mid
			} else {
				lo = mid + 1
			}
		}
	}
	for _, u := range s.uses {
		p.used[u.Limit] += s.rate
	}
	p.of[step.VM] = s
	p.ends.Push(vmEnd{now + time, step.VM})
}

// End implements [Pace]. O(steps under way).
func (p *pinnedPace) End(vm cloud.VMID, _ int64) {
	s := p.of[vm]
	delete(p.of, vm)
	for _, u := range s.uses {
		p.used[u.Limit] -= s.rate
	}
	p.ends.Remove(slices.IndexFunc(p.ends.Items, func(e vmEnd) bool { return e.vm == vm }))
}

// Next implements [Pace]. O(1).
func (p *pinnedPace) Next() (vm cloud.VMID, at int64, ok bool) {
	if len(p.ends.Items) == 0 {
		return 0, 0, false
	}
	return p.ends.Items[0].vm, p.ends.Items[0].at, true
}

// vmEnd is when a VM's step ends.
type vmEnd struct {
	at int64
	vm cloud.VMID
}

func (e vmEnd) before(o vmEnd) bool { return e.at < o.at || e.at == o.at && e.vm < o.vm }
