package objectives

import "github.com/cloudrearrange/rearrange/cloud"

// reassignMeter keeps the load and balance of hosts with a [hostMeter], and counts the moves itself.
type reassignMeter struct {
	*hostMeter
	o     *Reassign
	of    [][]int32 // by VM: its services
	moved []int     // by service: how many of its VMs are elsewhere
	tally []int     // by that number: how many services have it
	most  int
	moves int64 // what VMs and hosts cost
}

// NewMeter implements [cloud.Objective].
func (o *Reassign) NewMeter(s *cloud.State) cloud.Meter {
	m := &reassignMeter{
		hostMeter: newHostMeter(s, cloud.ChargesOf(o.in, nil), o, newSumFold), o: o, of: make([][]int32, len(o.in.VMs)),
		moved: make([]int, len(o.Services)), tally: make([]int, len(o.in.VMs)+1),
	}
	for i, vms := range o.Services {
		for _, v := range vms {
			m.of[v] = append(m.of[v], int32(i))
		}
	}
	m.tally[0] = len(o.Services)
	for v, h := range m.at {
		m.moves += o.move(cloud.VMID(v), h)
		if o.elsewhere(cloud.VMID(v), h) {
			m.count(cloud.VMID(v), 1)
		}
	}
	return m
}

// amount implements [gauge]. O(resources + balances).
func (o *Reassign) amount(h cloud.HostID, used []int64, _ int64) (cost int64) {
	host, safe := &o.in.Hosts[h], o.Safe[int(h)*len(used):]
	for r, u := range used {
		if over := u - safe[r]; over > 0 {
			cost += o.Weights[r] * over
		}
	}
	for i := range o.Balances {
		b := &o.Balances[i]
		first := host.Capacity[b.First] - host.Reserved[b.First] - used[b.First]
		second := host.Capacity[b.Second] - host.Reserved[b.Second] - used[b.Second]
		if lacks := b.Ratio*first - second; lacks > 0 {
			cost += b.Weight * lacks
		}
	}
	return cost
}

func (o *Reassign) elsewhere(v cloud.VMID, h cloud.HostID) bool {
	home := o.in.Initial[v]
	return h != home && h != cloud.Absent && home != cloud.Absent
}

// move is what it costs that a VM stands on a host, its service aside.
func (o *Reassign) move(v cloud.VMID, h cloud.HostID) int64 {
	if !o.elsewhere(v, h) {
		return 0
	}
	from, to := o.Classes[o.in.Initial[v]], o.Classes[h]
	if from < 0 || to < 0 {
		return o.Moves[v]
	}
	return o.Moves[v] + o.Hosts*o.in.MoveCosts[from].To[to]
}

func (m *reassignMeter) count(v cloud.VMID, sign int) {
	for _, i := range m.of[v] {
		m.tally[m.moved[i]]--
		m.moved[i] += sign
		m.tally[m.moved[i]]++
		m.most = max(m.most, m.moved[i])
	}
	for m.most > 0 && m.tally[m.most] == 0 {
		m.most--
	}
}

// recount counts a VM as if it stood on another host.
func (m *reassignMeter) recount(v cloud.VMID, from, to cloud.HostID) {
	before, after := m.o.elsewhere(v, from), m.o.elsewhere(v, to)
	switch {
	case after && !before:
		m.count(v, 1)
	case before && !after:
		m.count(v, -1)
	}
}

// Follow implements [cloud.Follower].
func (m *reassignMeter) Follow(v cloud.VMID, to cloud.HostID) {
	from := m.at[v]
	m.moves += m.o.move(v, to) - m.o.move(v, from)
	m.recount(v, from, to)
	m.hostMeter.Follow(v, to)
}

// Value implements [cloud.Meter].
func (m *reassignMeter) Value() cloud.Score {
	return cloud.Score{m.hostMeter.Value()[0] + m.moves + m.o.Service*int64(m.most)}
}

// After implements [cloud.Meter]. O(resources + balances + services of the VM).
func (m *reassignMeter) After(v cloud.VMID, to cloud.HostID) cloud.Score {
	from := m.at[v]
	m.recount(v, from, to)
	most := m.most
	m.recount(v, to, from)
	moves := m.moves + m.o.move(v, to) - m.o.move(v, from)
	return cloud.Score{m.hostMeter.After(v, to)[0] + moves + m.o.Service*int64(most)}
}
