package improve

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// payers are the VMs that pay more than they would alone in the cloud.
type payers struct {
	t      *timetable
	least  []int64 // by VM: what it pays alone
	excess []int64 // by VM: what it pays beyond that
	list   []cloud.VMID
	slot   []int32 // by VM: position in list, where excess is above 0
}

func newPayers(t *timetable) payers {
	n := len(t.route)
	p := payers{t: t, least: make([]int64, n), excess: make([]int64, n), slot: make([]int32, n)}
	for v := range t.route {
		p.least[v] = t.straight(cloud.VMID(v), t.p.Start[v], t.p.Goal[v])
		p.update(cloud.VMID(v))
	}
	return p
}

// update takes account of a VM's new route.
func (p *payers) update(v cloud.VMID) {
	was := p.excess[v] > 0
	p.excess[v] = max(0, p.t.price(v, p.t.route[v])-p.least[v])
	switch is := p.excess[v] > 0; {
	case is && !was:
		p.slot[v] = int32(len(p.list))
		p.list = append(p.list, v)
	case was && !is:
		last := p.list[len(p.list)-1]
		p.list[p.slot[v]] = last
		p.slot[last] = p.slot[v]
		p.list = p.list[:len(p.list)-1]
	}
}

// costliest lists them, those first that pay most.
func (p *payers) costliest() []cloud.VMID {
	out := slices.Clone(p.list)
	slices.SortFunc(out, func(a, b cloud.VMID) int { return cmp.Or(cmp.Compare(p.excess[b], p.excess[a]), cmp.Compare(a, b)) })
	return out
}
