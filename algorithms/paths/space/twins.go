package space

import "github.com/cloudrearrange/rearrange/cloud"

// linkTwins notes, by position, the class of interchangeable VMs and the next lower member.
func (p *Pruner) linkTwins() {
	n := p.layout.Len()
	p.twins, p.before = make([][]int, n), make([]int32, n)
	for i := range p.before {
		p.before[i] = -1
	}
	for _, class := range p.vmClass {
		for k, i := range class {
			p.twins[i] = class
			if k > 0 {
				p.before[i] = int32(class[k-1])
			}
		}
	}
}

// redundant tells whether a twin of lower position stands on the same host: both have equivalent
// migrations.
func (p *Pruner) redundant(host []cloud.HostID, i int) bool {
	if p.before == nil {
		return false
	}
	for k := p.before[i]; k >= 0; k = p.before[k] {
		if host[k] == host[i] {
			return true
		}
	}
	return false
}

// Advance turns a canonical state into the canonical state after a migration. Host is the first
// state, unpacked. O(VMs of the class) unless hosts are interchangeable.
func (p *Pruner) Advance(key []uint64, host []cloud.HostID, i int, from, to cloud.HostID) {
	l := p.layout
	if p.members != nil {
		l.Step(key, i, from, to)
		p.Canonical(key)
		return
	}
	if p.before == nil || p.twins[i] == nil {
		l.Step(key, i, from, to)
		return
	}
	// Hosts stay in ascending order within the class: those between the VM's old and new place
	// shift by one position.
	class := p.twins[i]
	k := 0
	for host[class[k]] != from {
		k++
	}
	if to > from {
		for ; k+1 < len(class) && host[class[k+1]] < to; k++ {
			l.Step(key, class[k], host[class[k]], host[class[k+1]])
		}
	} else {
		for ; k > 0 && host[class[k-1]] > to; k-- {
			l.Step(key, class[k], host[class[k]], host[class[k-1]])
		}
	}
	l.Step(key, class[k], host[class[k]], to)
}
