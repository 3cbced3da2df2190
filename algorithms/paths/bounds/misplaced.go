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

// Misplaced adds up, over the VMs that are not on their target host, the cheapest
// migration that ends there.
//
// Admissible: on every path each misplaced VM makes at least one migration into its
// target host, different VMs make different migrations, and costs are not negative.
// Consistent: a migration changes only its own VM's share, and lowers it only by
// ending on the VM's target, which costs at least that share. Initial is O(VMs), and
// O(VMs × hosts) for cost functions that depend on the hosts; After is O(1).
func Misplaced(p *paths.Problem) space.Heuristic {
	m := &misplaced{goal: p.Goal, least: make([]int64, len(p.Goal))}
	uniform, isUniform := p.Cost.(cloud.HostIndependent)
	for v, goal := range p.Goal {
		if goal == cloud.Absent {
			continue
		}
		vm := cloud.VMID(v)
		if isUniform {
			m.least[v] = uniform.MigrateAnywhere(vm)
			continue
		}
		least := int64(math.MaxInt64)
		for h := range p.Instance.Hosts {
			if from := cloud.HostID(h); from != goal {
				least = min(least, p.Cost.Migrate(vm, from, goal))
			}
		}
		m.least[v] = least
	}
	return m
}

type misplaced struct {
	goal  cloud.Placement
	least []int64 // by VM: the cheapest migration into its goal
}

func (m *misplaced) Initial(s *cloud.State) int64 {
	var sum int64
	for v, goal := range m.goal {
		if goal != cloud.Absent && s.HostOf(cloud.VMID(v)) != goal {
			if sum > math.MaxInt64-m.least[v] {
				// Too large to add up: any smaller number is still a bound.
				return math.MaxInt64 - 1
			}
			sum += m.least[v]
		}
	}
	return sum
}

func (m *misplaced) After(h int64, _ *cloud.State, vm cloud.VMID, from, to cloud.HostID) int64 {
	switch m.goal[vm] {
	case from:
		return h + m.least[vm]
	case to:
		return h - m.least[vm]
	default:
		return h
	}
}
