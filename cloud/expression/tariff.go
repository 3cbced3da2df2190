package expression

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Tariff is an amount of VM and hosts, evaluated for every class of VMs and every class
// of ways between two hosts.
type Tariff struct {
	ways
	Amounts []int64 // [class of VM * Ways + class of way]
}

// Tariff evaluates an amount of vm, from and to, for all pairs of different hosts,
// rounded up. A fault of evaluation, a negative amount, and more than [MaxCombinations]
// classes, is an error. O(VMs + hosts + combinations of classes).
func (p *Program) Tariff() (*Tariff, error) {
	w, at, err := p.ways()
	if err != nil {
		return nil, err
	}
	t := &Tariff{w, make([]int64, 0, len(w.first)*w.Ways)}
	err = p.each(w, at, func(at *At) error {
		n, err := p.Amount(at)
		t.Amounts = append(t.Amounts, n)
		return err
	})
	return t, err
}

// Passage is a test of VM and hosts, evaluated for every class of VMs and every class of
// ways between two hosts.
type Passage struct {
	ways
	allowed []bool // [class of VM * Ways + class of way]

	host  []int32 // class by host, of those that are alike at both ends
	hosts int     // classes of hosts
	leads []bool  // [(class of VM * hosts + from) * hosts + to]: in any number of steps; nil where that is too much
}

// Passage evaluates a test of vm, from and to, for all pairs of different hosts. A fault of
// evaluation, and more than [MaxCombinations] classes, is an error. O(VMs + hosts +
// combinations of classes).
func (p *Program) Passage() (*Passage, error) {
	w, at, err := p.ways()
	if err != nil {
		return nil, err
	}
	t := &Passage{ways: w, allowed: make([]bool, 0, len(w.first)*w.Ways), host: w.Hosts()}
	if err := p.each(w, at, func(at *At) error {
		yes, err := p.Test(at)
		t.allowed = append(t.allowed, yes)
		return err
	}); err != nil {
		return nil, err
	}
	t.close()
	return t, nil
}

// mostSteps bounds how long [Passage] looks for hosts that are reached in several steps: a
// small part of a second.
const mostSteps = 10_000_000

// close finds out what leads where in any number of steps, for each class of VMs (Warshall's
// algorithm), unless that takes too long. O(classes of VMs × classes of hosts³).
func (t *Passage) close() {
	first := map[int32]cloud.HostID{}
	for h, class := range t.host {
		if _, known := first[class]; !known {
			first[class] = cloud.HostID(h)
		}
	}
	n := len(first)
	if t.hosts = n; n == 0 || len(t.first) > mostSteps/n/n/n {
		return
	}
	t.leads = make([]bool, len(t.first)*n*n)
	for v, vm := range t.first {
		leads := t.leads[v*n*n : (v+1)*n*n]
		for f := range n {
			for g := range n {
				from, to := first[int32(f)], first[int32(g)]
				leads[f*n+g] = t.Way(from, to) >= 0 && t.Allows(cloud.VMID(vm), from, to)
			}
		}
		for k := range n {
			for f := range n {
				for g := range n {
					leads[f*n+g] = leads[f*n+g] || leads[f*n+k] && leads[k*n+g]
				}
			}
		}
	}
}

// Leads looks up whether the VM may get from one host to another, different one in any number
// of steps. It is true where that is not known. O(1).
func (t *Passage) Leads(vm cloud.VMID, from, to cloud.HostID) bool {
	n := t.hosts
	return t.leads == nil || t.leads[(int(t.VM[vm])*n+int(t.host[from]))*n+int(t.host[to])]
}

// Allows looks the test up for two different hosts. O(1).
func (t *Passage) Allows(vm cloud.VMID, from, to cloud.HostID) bool {
	return t.allowed[int(t.VM[vm])*t.Ways+int(t.Way(from, to))]
}

// Class numbers the VMs by what they are and the hosts on which they stand: those of a class
// may go to the same hosts and come from the same hosts, each other's among them. No class is -1.
func (t *Passage) Class(vm cloud.VMID, at cloud.HostID) int64 {
	if like := t.Way(at, at); like >= 0 && !t.allowed[int(t.VM[vm])*t.Ways+int(like)] {
		return -3 - int64(t.VM[vm])*int64(len(t.host)) - int64(at)
	}
	return int64(t.VM[vm])*int64(t.hosts) + int64(t.host[at])
}

// ways are the classes of VMs and of pairs of different hosts that an expression tells apart.
type ways struct {
	VM   []int32 // class by VM
	Ways int     // number of classes of ways

	first    []int32 // by class of VMs, its first VM
	from, to []int32 // class by host
	tos      int     // classes of hosts to go to
	way      []int32 // [class of from * tos + class of to]; -1 where there is no such way
}

// Way is the class of a way between two different hosts. O(1).
func (w *ways) Way(from, to cloud.HostID) int32 {
	return w.way[int(w.from[from])*w.tos+int(w.to[to])]
}

// Hosts divides the hosts into those that are alike both to leave and to go to. O(hosts).
func (w *ways) Hosts() []int32 {
	out := make([]int32, len(w.from))
	index := map[[2]int32]int32{}
	for h := range out {
		both := [2]int32{w.from[h], w.to[h]}
		class, known := index[both]
		if !known {
			class = int32(len(index))
			index[both] = class
		}
		out[h] = class
	}
	return out
}

// ways divides VMs and pairs of different hosts, the pairs by the values of the largest parts
// of the expression that speak of hosts alone. It returns the first pair of each class.
func (p *Program) ways() (ways, []At, error) {
	vms, from, to := p.vmClasses(), p.hostClasses(From), p.hostClasses(To)
	if err := tooMany(from.len(), "hosts to leave", to.len(), "hosts to go to"); err != nil {
		return ways{}, nil, err
	}
	w := ways{VM: vms.of, first: vms.first, from: from.of, to: to.of, tos: to.len(), way: make([]int32, 0, from.len()*to.len())}
	parts := p.root.parts(From|To, nil)
	index := map[string]int32{}
	var first []At
	var key []byte
	for f := range from.first {
		for g := range to.first {
			at, ok := pair(from, to, f, g)
			if !ok {
				w.way = append(w.way, -1)
				continue
			}
			key = p.values(parts, &at, key[:0])
			class, known := index[string(key)]
			if !known {
				class = int32(len(first))
				index[string(key)] = class
				first = append(first, at)
			}
			w.way = append(w.way, class)
		}
	}
	w.Ways = len(first)
	return w, first, tooMany(vms.len(), "VMs", w.Ways, "ways from host to host")
}

// each evaluates something once for each class of VMs on each class of ways.
func (p *Program) each(w ways, first []At, evaluate func(*At) error) error {
	for _, v := range w.first {
		for _, at := range first {
			at.VM = cloud.VMID(v)
			if err := evaluate(&at); err != nil {
				return fmt.Errorf("VM %q from host %q to %q: %w",
					p.in.VMs[v].Name, p.in.Hosts[at.From].Name, p.in.Hosts[at.To].Name, err)
			}
		}
	}
	return nil
}

// pair finds two different hosts, one of each class.
func pair(from, to classes, f, g int) (At, bool) {
	a, b := from.first[f], to.first[g]
	if a == b && to.second[g] >= 0 {
		b = to.second[g]
	} else if a == b {
		a = from.second[f]
	}
	return At{From: cloud.HostID(a), To: cloud.HostID(b)}, a >= 0
}
