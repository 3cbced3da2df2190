package bounds

import (
	"math"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func misplacedEntry() spec.Entry[Maker] {
	return entry(spec.Descriptor{
		Name:       "misplaced",
		Synopsis:   "every VM that is not on its target host migrates there, at its cheapest",
		Properties: []spec.Property{Admissible, Consistent},
	}, Misplaced)
}

// Misplaced adds up, over the VMs that are not on their target host, the cheapest way
// to finish: a migration that ends there; for a VM that is suspended, its resume; for
// one that may be, the cheaper of a migration and a suspend with its resume.
//
// Admissible: on every path each misplaced VM enters its target host at least once, by
// one or the other; different VMs pay for different steps, and costs are not negative.
// Consistent: a step changes only its own VM's share, and lowers it by no more than it
// costs. Making it is O(VMs), and O(VMs × hosts) for cost functions that depend on the
// hosts; an estimate is O(VMs) from scratch and O(1) after a migration.
func Misplaced(p *paths.Problem, l *space.Layout) space.Heuristic {
	m := &misplaced{
		goal:   make([]cloud.HostID, l.Len()),
		finish: make([]int64, l.Len()), resume: make([]int64, l.Len()),
	}
	for i := range m.goal {
		vm := l.VM(i)
		m.goal[i] = p.Goal[vm]
		m.finish[i] = leastFinish(p, vm, l.Hosts(i))
		m.resume[i] = p.Cost.Resume(vm, m.goal[i])
	}
	return m
}

// leastFinish is the cost of the cheapest way for a VM to enter its target from one of
// the hosts; Absent among them says that it may be suspended.
func leastFinish(p *paths.Problem, vm cloud.VMID, hosts []cloud.HostID) int64 {
	least := int64(math.MaxInt64)
	suspend := least
	uniform, isUniform := p.Cost.(cloud.HostIndependent)
	if isUniform {
		least = uniform.MigrateAnywhere(vm)
	}
	interruptible := false
	for _, from := range hosts {
		switch {
		case from == cloud.Absent:
			interruptible = true
		case from != p.Goal[vm]:
			if !isUniform {
				least = min(least, p.Cost.Migrate(vm, from, p.Goal[vm]))
			}
			if p.Instance.VMs[vm].Interruptible {
				suspend = min(suspend, p.Cost.Suspend(vm, from))
			}
		}
	}
	if resume := p.Cost.Resume(vm, p.Goal[vm]); interruptible && suspend < math.MaxInt64-resume {
		least = min(least, suspend+resume)
	}
	return least
}

// MisplacedFrom is the bound of [Misplaced] for one placement, without a search around
// it: O(misplaced VMs), and O(misplaced VMs × hosts) for cost functions that depend on the
// hosts.
func MisplacedFrom(p *paths.Problem, at cloud.Placement) int64 {
	uniform, isUniform := p.Cost.(cloud.HostIndependent)
	var hosts []cloud.HostID // only asked where the cost depends on them
	for h := cloud.Absent; !isUniform && int(h) < len(p.Instance.Hosts); h++ {
		hosts = append(hosts, h)
	}
	var sum int64
	for v, goal := range p.Goal {
		vm := cloud.VMID(v)
		if goal == at[v] {
			continue
		}
		var least int64
		switch interruptible := p.Instance.VMs[v].Interruptible; {
		case at[v] == cloud.Absent:
			least = p.Cost.Resume(vm, goal)
		case isUniform && interruptible: // to be suspended elsewhere takes a migration first
			least = min(uniform.MigrateAnywhere(vm), plus(p.Cost.Suspend(vm, at[v]), p.Cost.Resume(vm, goal)))
		case isUniform:
			least = uniform.MigrateAnywhere(vm)
		case interruptible:
			least = leastFinish(p, vm, hosts)
		default:
			least = leastFinish(p, vm, hosts[1:])
		}
		sum = plus(sum, least)
	}
	return sum
}

type misplaced struct {
	goal   []cloud.HostID // by position
	finish []int64        // by position: the cheapest way into its goal
	resume []int64        // by position: the only way into its goal once it is suspended
}

// share is what the VM at a position still has to pay when it stands on a host.
func (m *misplaced) share(i int32, h cloud.HostID) int64 {
	switch h {
	case m.goal[i]:
		return 0
	case cloud.Absent:
		return m.resume[i]
	default:
		return m.finish[i]
	}
}

func (m *misplaced) Estimate(s *space.State) int64 {
	var sum int64
	for i, h := range s.Host {
		share := m.share(int32(i), h)
		if sum > math.MaxInt64-1-share {
			return math.MaxInt64 - 1 // any smaller number is still a bound
		}
		sum += share
	}
	return sum
}

func (m *misplaced) After(h int64, s *space.State, move space.Move) int64 {
	return h - m.share(move.Pos, s.Host[move.Pos]) + m.share(move.Pos, move.To)
}
