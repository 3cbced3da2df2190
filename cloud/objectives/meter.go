package objectives

import "github.com/cloudrearrange/rearrange/cloud"

// hostMeter is the meter of an objective that measures each host by what VMs charge it with and how
// many stand on it, and makes one number of all these amounts.
type hostMeter struct {
	charges *cloud.Charges
	at      cloud.Placement
	of      gauge
	total   fold
	now     []int64 // by host: its amount
	charged []int64 // by host*R + resource
	vms     []int64 // by host
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

// delta says of how many hosts the amounts change, and how: at most both ends of a change, and one more host at each.
type delta struct {
	n  int
	of [4]change
}

type change struct {
	host        cloud.HostID
	before, now int64
}

func (d *delta) add(c change) {
	d.of[d.n] = c
	d.n++
}

// back is the opposite change.
func (d delta) back() delta {
	for i := range d.n {
		d.of[i].before, d.of[i].now = d.of[i].now, d.of[i].before
	}
	return d
}

// newHostMeter makes a meter; start makes the fold of the amounts at the beginning.
func newHostMeter(s *cloud.State, charges *cloud.Charges, of gauge, start func(now []int64) fold) *hostMeter {
	in, at := s.Instance(), s.Placement()
	n := len(in.Resources)
	m := &hostMeter{
		charges: charges, at: at, of: of, now: make([]int64, len(in.Hosts)),
		charged: charges.Used(len(in.Hosts), at), vms: make([]int64, len(in.Hosts)), used: make([]int64, n),
	}
	for h := range m.now {
		m.vms[h] = int64(len(s.On(cloud.HostID(h))))
		m.now[h] = of.amount(cloud.HostID(h), m.charged[h*n:(h+1)*n], m.vms[h])
	}
	m.total = start(m.now)
	return m
}

// end is one end of a change: a host, or Absent, and what the VM charges there.
type end struct {
	host, also cloud.HostID
	amounts    []int64
	sign       int64
}

// ends are those of a VM that goes from where it stands to a host.
func (m *hostMeter) ends(vm cloud.VMID, to cloud.HostID) [2]end {
	out := [2]end{{m.at[vm], cloud.Absent, nil, -1}, {to, cloud.Absent, nil, 1}}
	for i := range out {
		if e := &out[i]; e.host != cloud.Absent {
			e.amounts, e.also = m.charges.Of(vm, e.host)
		}
	}
	return out
}

// shift lists the hosts whose amounts change with a VM that goes somewhere else.
func (m *hostMeter) shift(ends *[2]end) (d delta) {
	n := len(m.used)
	for i := range ends {
		for _, h := range [...]cloud.HostID{ends[i].host, ends[i].also} {
			if h == cloud.Absent || i == 1 && (h == ends[0].host || h == ends[0].also) {
				continue
			}
			copy(m.used, m.charged[int(h)*n:(int(h)+1)*n])
			vms := m.vms[h]
			for j := range ends {
				e := &ends[j]
				if h == e.host {
					vms += e.sign
				}
				if h == e.host || h == e.also {
					e.charge(m.used)
				}
			}
			d.add(change{h, m.now[h], m.of.amount(h, m.used, vms)})
		}
	}
	return d
}

func (e *end) charge(used []int64) {
	for r, amount := range e.amounts {
		used[r] += e.sign * amount
	}
}

// Follow implements [cloud.Follower].
func (m *hostMeter) Follow(vm cloud.VMID, to cloud.HostID) {
	if m.at[vm] == to {
		return
	}
	ends := m.ends(vm, to)
	d := m.shift(&ends)
	m.at[vm] = to
	for i := range ends {
		e, n := &ends[i], len(m.used)
		if e.host != cloud.Absent {
			m.vms[e.host] += e.sign
			e.charge(m.charged[int(e.host)*n : (int(e.host)+1)*n])
		}
		if e.also != cloud.Absent {
			e.charge(m.charged[int(e.also)*n : (int(e.also)+1)*n])
		}
	}
	for i := range d.n {
		m.now[d.of[i].host] = d.of[i].now
	}
	m.total.apply(d)
}

// Begin implements [cloud.Follower].
func (m *hostMeter) Begin(cloud.VMID, cloud.HostID) {}

// Value implements [cloud.Meter].
func (m *hostMeter) Value() cloud.Score { return cloud.Score{m.total.value()} }

// After implements [cloud.Meter].
func (m *hostMeter) After(vm cloud.VMID, to cloud.HostID) cloud.Score {
	if m.at[vm] == to {
		return m.Value()
	}
	ends := m.ends(vm, to)
	return cloud.Score{m.total.after(m.shift(&ends))}
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
