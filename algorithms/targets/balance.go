package targets

import (
	"cmp"
	"container/heap"

	"github.com/cloudrearrange/rearrange/cloud"
)

// How many hosts are looked at for one VM, the least loaded first: until so many can take
// it, or so many would be loaded too much. Hosts that a rule refuses do not count, but
// mostLooks bounds what is looked at for all VMs of a host.
const (
	candidates = 8
	misses     = 256
	mostLooks  = 1 << 12
)

// balance is a heap of the hosts to relieve, the most loaded first.
type balance struct {
	*draft
	goal   float64   // the load above which a host is to be relieved
	load   []float64 // by host
	byLoad *spectrum
	hosts  []cloud.HostID
	at     []int32 // by host: position in hosts, -1 for none
	looks  int     // that are left for the host at hand
}

func newBalance(d *draft, tolerance float64) *balance {
	b := &balance{draft: d, load: d.loads(), at: make([]int32, len(d.in.Hosts))}
	b.byLoad = newSpectrum(b.load)
	all := make([]int, b.resources)
	for i := range all {
		all[i] = i
	}
	b.goal = b.even(d.in, all) + tolerance
	return b
}

// even is the load by some resources that every host would have if all could share all VMs evenly.
func (l *limits) even(in *cloud.Instance, resources []int) float64 {
	used, limit := make([]float64, l.resources), make([]float64, l.resources)
	for i, n := range l.of {
		limit[i%l.resources] += float64(n)
	}
	for v, h := range in.Initial {
		if h != cloud.Absent {
			for i, d := range in.VMs[v].Demand {
				used[i] += float64(d)
			}
		}
	}
	worst := 0.0
	for _, i := range resources {
		if limit[i] > 0 {
			worst = max(worst, used[i]/limit[i])
		}
	}
	return worst
}

// restart puts every host above the goal into the heap.
func (b *balance) restart() {
	b.hosts = b.hosts[:0]
	for h, l := range b.load {
		b.at[h] = -1
		if l > b.goal {
			b.at[h] = int32(len(b.hosts))
			b.hosts = append(b.hosts, cloud.HostID(h))
		}
	}
	heap.Init(b)
}

// update takes note of what a host holds now.
func (b *balance) update(h cloud.HostID) {
	b.load[h] = b.loadOf(h)
	b.byLoad.set(h, b.load[h])
	if b.at[h] >= 0 {
		heap.Fix(b, int(b.at[h]))
	}
}

// relief is the VM on the host, and where it goes, that leaves the higher of both hosts'
// loads lowest; Absent when none leaves both below what the host has now. Of equals the
// VM with the least demand of the first resource is chosen.
func (b *balance) relief(h cloud.HostID) (cloud.VMID, cloud.HostID) {
	best := relief{to: cloud.Absent, high: b.load[h]}
	b.looks = mostLooks
	for _, v := range b.state.On(h) {
		// Without the VM the host must have less, and not more than the best so far.
		if rest := b.with(h, v, -1); rest < b.load[h] && rest <= best.high {
			b.targets(v, rest, &best)
		}
	}
	return best.vm, best.to
}

type relief struct {
	vm     cloud.VMID
	to     cloud.HostID
	high   float64 // the higher of both loads
	demand int64   // of the first resource
}

// targets looks for a better host for v to go to; rest is what it leaves its host with.
func (b *balance) targets(v cloud.VMID, rest float64, best *relief) {
	now, demand := b.load[b.state.HostOf(v)], b.in.VMs[v].Demand[0]
	able, missed := 0, 0
	for t := range b.byLoad.ascending {
		b.looks--
		// Of the hosts that follow, none has less than this one by a whole notch.
		if able == candidates || missed == misses || b.looks < 0 || b.load[t] >= best.high+1.0/notches {
			return
		}
		high := max(rest, b.with(t, v, 1))
		if high >= now {
			missed++
			continue
		}
		if !b.state.Allows(v, t) {
			continue
		}
		able++
		if order := cmp.Or(cmp.Compare(high, best.high), cmp.Compare(demand, best.demand)); best.to == cloud.Absent || order < 0 {
			*best = relief{vm: v, to: t, high: high, demand: demand}
		}
	}
}

// with is the load of a host with one VM more, or less.
func (b *balance) with(h cloud.HostID, v cloud.VMID, sign int64) float64 {
	worst := 0.0
	for i, limit := range b.host(h) {
		worst = max(worst, portion(b.state.Used(h, i)+sign*b.in.VMs[v].Demand[i], limit))
	}
	return worst
}

// Len implements [heap.Interface].
func (b *balance) Len() int { return len(b.hosts) }

// Less implements [heap.Interface]: the most loaded host comes first.
func (b *balance) Less(i, j int) bool {
	x, y := b.hosts[i], b.hosts[j]
	return cmp.Or(cmp.Compare(b.load[y], b.load[x]), cmp.Compare(x, y)) < 0
}

// Swap implements [heap.Interface].
func (b *balance) Swap(i, j int) {
	b.hosts[i], b.hosts[j] = b.hosts[j], b.hosts[i]
	b.at[b.hosts[i]], b.at[b.hosts[j]] = int32(i), int32(j)
}

// Push implements [heap.Interface].
func (b *balance) Push(x any) {
	h := x.(cloud.HostID)
	b.at[h] = int32(len(b.hosts))
	b.hosts = append(b.hosts, h)
}

// Pop implements [heap.Interface].
func (b *balance) Pop() any {
	last := len(b.hosts) - 1
	h := b.hosts[last]
	b.hosts, b.at[h] = b.hosts[:last], -1
	return h
}
