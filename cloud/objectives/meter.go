package objectives

import "github.com/cloudrearrange/rearrange/cloud"

// hostMeter is the meter of an objective that measures each host by what its VMs demand and how
// many they are, and makes one number of all these amounts.
type hostMeter struct {
	s       *cloud.State
	demands []int64 // [vm*R + resource]
	at      cloud.Placement
	of      gauge
	total   fold
	now     []int64 // by host: its amount
	used    []int64 // scratch: by resource
}

// gauge measures a host.
type gauge interface {
	amount(h cloud.HostID, used []int64, vms int64) int64
}

// fold makes one number of the amounts of all hosts.
type fold interface {
	// apply takes account of changed amounts.
	apply(d delta)
	value() int64
	// after is the value if amounts changed.
	after(d delta) int64
}

// delta says of how many hosts the amounts change, and how: of none, one or two.
type delta struct {
	n  int
	of [2]change
}

type change struct {
	host        cloud.HostID
	before, now int64
}

func (d *delta) add(c change) {
	d.of[d.n] = c
	d.n++
}

// newHostMeter makes a meter; start makes the fold of the amounts at the beginning.
func newHostMeter(s *cloud.State, of gauge, start func(now []int64) fold) *hostMeter {
	in := s.Instance()
	m := &hostMeter{
		s: s, demands: in.Demands(), at: s.Placement(), of: of,
		now: make([]int64, len(in.Hosts)), used: make([]int64, len(in.Resources)),
	}
	for h := range m.now {
		m.now[h] = m.measure(cloud.HostID(h))
	}
	m.total = start(m.now)
	return m
}

// measure is the amount of a host as it is.
func (m *hostMeter) measure(h cloud.HostID) int64 {
	for r := range m.used {
		m.used[r] = m.s.Used(h, r)
	}
	return m.of.amount(h, m.used, int64(len(m.s.On(h))))
}

// with is the amount of a host with a VM more, or less.
func (m *hostMeter) with(h cloud.HostID, vm cloud.VMID, sign int64) int64 {
	n := len(m.used)
	for r, d := range m.demands[int(vm)*n : int(vm)*n+n] {
		m.used[r] = m.s.Used(h, r) + sign*d
	}
	return m.of.amount(h, m.used, int64(len(m.s.On(h)))+sign)
}

// Follow implements [cloud.Follower].
func (m *hostMeter) Follow(vm cloud.VMID, to cloud.HostID) {
	from := m.at[vm]
	if from == to {
		return
	}
	m.at[vm] = to
	var d delta
	for _, h := range [...]cloud.HostID{from, to} {
		if h != cloud.Absent {
			c := change{h, m.now[h], m.measure(h)}
			m.now[h] = c.now
			d.add(c)
		}
	}
	m.total.apply(d)
}

// Begin implements [cloud.Follower].
func (m *hostMeter) Begin(cloud.VMID, cloud.HostID) {}

// Value implements [cloud.Meter].
func (m *hostMeter) Value() cloud.Score { return cloud.Score{m.total.value()} }

// After implements [cloud.Meter].
func (m *hostMeter) After(vm cloud.VMID, to cloud.HostID) cloud.Score {
	from := m.at[vm]
	if from == to {
		return m.Value()
	}
	var d delta
	if from != cloud.Absent {
		d.add(change{from, m.now[from], m.with(from, vm, -1)})
	}
	if to != cloud.Absent {
		d.add(change{to, m.now[to], m.with(to, vm, 1)})
	}
	return cloud.Score{m.total.after(d)}
}

// sumFold adds up.
type sumFold struct{ sum int64 }

func newSumFold(now []int64) fold {
	f := &sumFold{}
	for _, n := range now {
		f.sum += n
	}
	return f
}

func (f *sumFold) apply(d delta) { f.sum = f.after(d) }

func (f *sumFold) value() int64 { return f.sum }

func (f *sumFold) after(d delta) int64 {
	sum := f.sum
	for i := range d.n {
		sum += d.of[i].now - d.of[i].before
	}
	return sum
}
