package bounds

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// tariff is what a VM pays at least on its way to its target, by where it stands and how
// it sets out from there.
type tariff struct {
	hosts  int
	base   []int64 // [position*hosts + host]: whatever it does; zero on the target
	extra  []int64 // [position*hosts + host]: on top, where its first step does not end on the target; never where there is no such step
	resume []int64 // by position: once suspended
}

// newTariff asks the cost function for all it needs. O(VMs × hosts), and O(VMs × hosts²)
// for cost functions that depend on the hosts.
func newTariff(p *paths.Problem, l *space.Layout) tariff {
	n, hosts := l.Len(), len(p.Instance.Hosts)
	t := tariff{
		hosts: hosts, base: make([]int64, n*hosts), extra: make([]int64, n*hosts), resume: make([]int64, n),
	}
	for i := range n {
		vm := l.VM(i)
		goal := p.Goal[vm]
		finish := leastFinish(p, vm, l.Hosts(i))
		t.resume[i] = p.Cost.Resume(vm, goal)
		for _, at := range l.Hosts(i) {
			if at == cloud.Absent {
				continue
			}
			k := i*hosts + int(at)
			detour := detour(p, l, i, at, finish)
			if at == goal {
				t.extra[k] = detour
				continue
			}
			t.base[k] = min(p.Cost.Migrate(vm, at, goal), detour)
			t.extra[k] = detour
			if detour != never {
				t.extra[k] -= t.base[k]
			}
		}
	}
	return t
}

// detour is the least that a VM pays in all whose first step out of a host does not end
// on its target: that step, and what it then pays to finish.
func detour(p *paths.Problem, l *space.Layout, i int, at cloud.HostID, finish int64) int64 {
	vm := l.VM(i)
	goal := p.Goal[vm]
	uniform, isUniform := p.Cost.(cloud.HostIndependent)
	least := int64(never)
	for _, to := range l.Hosts(i) {
		switch {
		case to == at || to == goal:
		case to == cloud.Absent:
			least = min(least, plus(p.Cost.Suspend(vm, at), p.Cost.Resume(vm, goal)))
		case isUniform:
			least = min(least, plus(uniform.MigrateAnywhere(vm), finish))
			if l.Hosts(i)[0] != cloud.Absent {
				return least // any other host costs the same
			}
		default:
			least = min(least, plus(p.Cost.Migrate(vm, at, to), finish))
		}
	}
	return least
}

// straight is the least that a misplaced VM pays whatever it does.
func (t *tariff) straight(i int, at cloud.HostID) int64 {
	if at == cloud.Absent {
		return t.resume[i]
	}
	return t.base[i*t.hosts+int(at)]
}
