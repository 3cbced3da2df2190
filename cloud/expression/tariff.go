package expression

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Tariff is an amount of VM and hosts, evaluated for every class of VMs and every class
// of ways between two hosts.
type Tariff struct {
	VM      []int32 // class by VM
	Ways    int     // number of classes of ways
	Amounts []int64 // [class of VM * Ways + class of way]

	from, to []int32 // class by host
	tos      int     // classes of hosts to go to
	way      []int32 // [class of from * tos + class of to]; -1 where there is no such way
}

// Way is the class of a way between two different hosts. O(1).
func (t *Tariff) Way(from, to cloud.HostID) int32 {
	return t.way[int(t.from[from])*t.tos+int(t.to[to])]
}

// Hosts divides the hosts into those that are alike both to leave and to go to. O(hosts).
func (t *Tariff) Hosts() []int32 {
	out := make([]int32, len(t.from))
	index := map[[2]int32]int32{}
	for h := range out {
		both := [2]int32{t.from[h], t.to[h]}
		class, known := index[both]
		if !known {
			class = int32(len(index))
			index[both] = class
		}
		out[h] = class
	}
	return out
}

// Tariff evaluates an amount of vm, from and to, for all pairs of different hosts,
// rounded up. A fault of evaluation, a negative amount, and more than [MaxCombinations]
// classes, is an error. O(VMs + hosts + combinations of classes).
func (p *Program) Tariff() (*Tariff, error) {
	vms, from, to := p.vmClasses(), p.hostClasses(From), p.hostClasses(To)
	if err := tooMany(from.len(), "hosts to leave", to.len(), "hosts to go to"); err != nil {
		return nil, err
	}
	t := &Tariff{VM: vms.of, from: from.of, to: to.of, tos: to.len()}
	first := p.ways(t, from, to)
	t.Ways = len(first)
	if err := tooMany(vms.len(), "VMs", t.Ways, "ways from host to host"); err != nil {
		return nil, err
	}
	t.Amounts = make([]int64, 0, vms.len()*t.Ways)
	for _, v := range vms.first {
		for _, w := range first {
			w.VM = cloud.VMID(v)
			n, err := p.Amount(&w)
			if err != nil {
				return nil, fmt.Errorf("VM %q from host %q to %q: %w",
					p.in.VMs[v].Name, p.in.Hosts[w.From].Name, p.in.Hosts[w.To].Name, err)
			}
			t.Amounts = append(t.Amounts, n)
		}
	}
	return t, nil
}

// ways divides the pairs of different hosts by the values of the largest parts that
// speak of hosts alone, and returns the first of each class.
func (p *Program) ways(t *Tariff, from, to classes) []At {
	parts := p.root.parts(From|To, nil)
	index := map[string]int32{}
	var first []At
	var key []byte
	t.way = make([]int32, 0, from.len()*to.len())
	for f := range from.first {
		for g := range to.first {
			at, ok := pair(from, to, f, g)
			if !ok {
				t.way = append(t.way, -1)
				continue
			}
			key = p.values(parts, &at, key[:0])
			class, known := index[string(key)]
			if !known {
				class = int32(len(first))
				index[string(key)] = class
				first = append(first, at)
			}
			t.way = append(t.way, class)
		}
	}
	return first
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
