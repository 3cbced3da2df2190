package bounds

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// tariff is what a VM pays at least until it stands on its target for good, by where it
// stands and how it goes there, as if it were alone in the cloud.
type tariff struct {
	hosts  int
	base   []int64 // [position*hosts + host]: whatever it does; zero on the target
	extra  []int64 // [position*hosts + host]: on top, if it makes a step that does not end on the target
	resume []int64 // by position: once suspended
}

// newTariff asks the cost function for all it needs. O(VMs × hosts), and in addition
// O(VMs × classes²), rarely more, for VMs that may be suspended or that are charged by the
// hosts, where classes are those of hosts that the cost function tells apart, or the hosts
// where it does not say.
func newTariff(p *paths.Problem, l *space.Layout) tariff {
	n, hosts := l.Len(), len(p.Instance.Hosts)
	t := tariff{
		hosts: hosts, base: make([]int64, n*hosts), extra: make([]int64, n*hosts), resume: make([]int64, n),
	}
	uniform, isUniform := p.Cost.(cloud.HostIndependent)
	classes := cloud.HostClassesOf(p.Cost)
	for i := range n {
		vm, at := l.VM(i), l.Hosts(i)
		if isUniform && at[0] != cloud.Absent {
			t.fillUniform(i, at, p.Goal[vm], uniform.MigrateAnywhere(vm))
		} else {
			kept, like := withoutLikes(at, p.Goal[vm], classes)
			t.fill(i, at, like, newWays(p, vm, kept))
		}
	}
	return t
}

// withoutLikes leaves out hosts that are charged like two others that stay. The first of
// a class stands for all of it, and the second for wherever the first may go within the
// class; the target stands for itself. Like is, by index in hosts, the index in kept of
// the host that stands for it.
func withoutLikes(hosts []cloud.HostID, goal cloud.HostID, classes []int32) (kept []cloud.HostID, like []int) {
	like = make([]int, len(hosts))
	type seen struct{ first, members int }
	byClass := map[int32]seen{}
	for n, h := range hosts {
		if h != cloud.Absent && h != goal && classes != nil {
			c := byClass[classes[h]]
			if c.members++; c.members == 1 {
				c.first = len(kept)
			}
			byClass[classes[h]] = c
			if c.members > 2 {
				like[n] = c.first
				continue
			}
		}
		like[n] = len(kept)
		kept = append(kept, h)
	}
	return kept, like
}

// fillUniform is fill for a VM that is charged the same for every step.
func (t *tariff) fillUniform(i int, hosts []cloud.HostID, goal cloud.HostID, cost int64) {
	for _, at := range hosts {
		k := i*t.hosts + int(at)
		switch {
		case at == goal:
			t.extra[k] = plus(cost, cost) // away and back
		case len(hosts) > 2:
			t.base[k], t.extra[k] = cost, cost
		default: // there is no other way than to go there, back and there again
			t.base[k], t.extra[k] = cost, plus(cost, cost)
		}
	}
}

// fill copies what holds for the hosts of w to those that they stand for.
func (t *tariff) fill(i int, hosts []cloud.HostID, like []int, w ways) {
	t.resume[i] = w.p.Cost.Resume(w.vm, w.goal)
	back := w.stray(w.goal)
	extra := make([]int64, len(w.hosts))
	for n, at := range w.hosts {
		if at == cloud.Absent {
			continue
		}
		extra[n] = w.stray(at)
		if at != w.goal { // it may also go there at first, and not stay
			extra[n] = min(extra[n], plus(w.step(at, w.goal), back)) - w.rest[n]
		}
	}
	for n, at := range hosts {
		if at != cloud.Absent {
			k := i*t.hosts + int(at)
			t.base[k], t.extra[k] = w.rest[like[n]], extra[like[n]]
		}
	}
}

// straight is the least that a misplaced VM pays whatever it does.
func (t *tariff) straight(i int, at cloud.HostID) int64 {
	if at == cloud.Absent {
		return t.resume[i]
	}
	return t.base[i*t.hosts+int(at)]
}

// detour is the least that a VM pays on top of that if it makes a step that does not end
// on its target.
func (t *tariff) detour(i int, at cloud.HostID) int64 { return t.extra[i*t.hosts+int(at)] }

// ways are the ways of one VM to its target.
type ways struct {
	p     *paths.Problem
	vm    cloud.VMID
	goal  cloud.HostID
	hosts []cloud.HostID
	rest  []int64 // by index in hosts: the cheapest way from there
}

// newWays finds the cheapest ways (Bellman and Ford's algorithm).
func newWays(p *paths.Problem, vm cloud.VMID, hosts []cloud.HostID) ways {
	w := ways{p, vm, p.Goal[vm], hosts, make([]int64, len(hosts))}
	for n, at := range hosts {
		if at != w.goal {
			w.rest[n] = w.step(at, w.goal)
		}
	}
	for again := true; again; {
		again = false
		for n, at := range hosts {
			if at == w.goal || at == cloud.Absent {
				continue
			}
			if stray := w.stray(at); stray < w.rest[n] {
				w.rest[n] = stray
				again = true
			}
		}
	}
	return w
}

// stray is the cheapest way from a host whose first step does not end on the target;
// never if there is none. Who is suspended has no such way.
func (w *ways) stray(at cloud.HostID) int64 {
	least := int64(never)
	for n, to := range w.hosts {
		if to != at && to != w.goal {
			least = min(least, plus(w.step(at, to), w.rest[n]))
		}
	}
	return least
}

func (w *ways) step(from, to cloud.HostID) int64 {
	return cloud.CostOf(w.p.Cost, cloud.Change{VM: w.vm, From: from, To: to})
}
