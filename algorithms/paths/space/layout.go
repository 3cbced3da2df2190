package space

import (
	"math/bits"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Layout says how a placement is packed into words: one field of ⌈log2 hosts⌉ bits
// for each VM that can move at all. VMs that no path can move are left out.
type Layout struct {
	vms     []cloud.VMID
	hosts   [][]cloud.HostID // by position in vms: where the VM may ever stand
	width   uint             // bits per field
	perWord int
	words   int
	stuck   cloud.VMID // a misplaced VM that cannot reach its goal; -1 if none
}

// NewLayout lays out the states of a problem. O(VMs × hosts).
func NewLayout(p *paths.Problem) *Layout {
	l := &Layout{stuck: -1, width: uint(max(1, bits.Len(uint(len(p.Instance.Hosts)-1))))}
	l.perWord = int(64 / l.width)
	for v, start := range p.Start {
		if start == cloud.Absent {
			continue
		}
		vm := cloud.VMID(v)
		var hosts []cloud.HostID
		reachesGoal := false
		for h := range p.Instance.Hosts {
			if host := cloud.HostID(h); mayEverStand(p, vm, host) {
				hosts = append(hosts, host)
				reachesGoal = reachesGoal || host == p.Goal[v]
			}
		}
		if !reachesGoal {
			l.stuck = vm
		}
		if len(hosts) > 1 {
			l.vms = append(l.vms, vm)
			l.hosts = append(l.hosts, hosts)
		}
	}
	l.words = (len(l.vms) + l.perWord - 1) / l.perWord
	return l
}

// mayEverStand tells whether the rules that look at nothing but a VM and a host, and
// the host's limits, let the VM stand there in the emptiest of clouds.
func mayEverStand(p *paths.Problem, vm cloud.VMID, h cloud.HostID) bool {
	for _, r := range p.Rules {
		if !r.Continuous() {
			continue
		}
		if f, ok := r.(cloud.HostFilter); ok && !f.Admits(vm, h) {
			return false
		}
		if l, ok := r.(cloud.Limiter); ok {
			for i, d := range p.Instance.VMs[vm].Demand {
				if d > l.Limit(h, i) {
					return false
				}
			}
		}
	}
	return true
}

// Stuck names a VM that no path can bring to its goal, if there is one.
func (l *Layout) Stuck() (cloud.VMID, bool) { return l.stuck, l.stuck >= 0 }

// Words is the length of a packed state.
func (l *Layout) Words() int { return l.words }

// Pack writes a placement into key, which has Words words.
func (l *Layout) Pack(p cloud.Placement, key []uint64) {
	clear(key)
	for i, v := range l.vms {
		l.put(key, i, p[v])
	}
}

func (l *Layout) at(key []uint64, i int) cloud.HostID {
	shift := uint(i%l.perWord) * l.width
	return cloud.HostID(key[i/l.perWord] >> shift & (1<<l.width - 1))
}

func (l *Layout) put(key []uint64, i int, h cloud.HostID) {
	shift := uint(i%l.perWord) * l.width
	w := &key[i/l.perWord]
	*w = *w&^((1<<l.width-1)<<shift) | uint64(h)<<shift
}

// Visit moves a state to the placement that key packs, by as many moves as differ.
func (l *Layout) Visit(s *cloud.State, key []uint64) {
	for i, v := range l.vms {
		if h := l.at(key, i); s.HostOf(v) != h {
			s.Jump(v, h)
		}
	}
}

// Difference finds the migration that leads from one packed state to the next.
func (l *Layout) Difference(from, to []uint64) cloud.Change {
	for i, v := range l.vms {
		if a, b := l.at(from, i), l.at(to, i); a != b {
			return cloud.Change{VM: v, From: a, To: b}
		}
	}
	panic("space: two successive states are the same")
}
