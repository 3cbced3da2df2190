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
// ending on the VM's target, which costs at least that share. Making it is O(VMs), and
// O(VMs × hosts) for cost functions that depend on the hosts; an estimate is O(VMs)
// from scratch and O(1) after a migration.
func Misplaced(p *paths.Problem, l *space.Layout) space.Heuristic {
	m := &misplaced{goal: make([]cloud.HostID, l.Len()), least: make([]int64, l.Len())}
	for i := range m.goal {
		m.goal[i] = p.Goal[l.VM(i)]
		m.least[i] = leastInto(p, l, i)
	}
	return m
}

// leastInto is the cost of the cheapest migration of the VM at a position into its
// goal.
func leastInto(p *paths.Problem, l *space.Layout, i int) int64 {
	vm := l.VM(i)
	if u, ok := p.Cost.(cloud.HostIndependent); ok {
		return u.MigrateAnywhere(vm)
	}
	least := int64(math.MaxInt64)
	for _, from := range l.Hosts(i) {
		if from != p.Goal[vm] {
			least = min(least, p.Cost.Migrate(vm, from, p.Goal[vm]))
		}
	}
	return least
}

// MisplacedFrom is the bound of [Misplaced] for one placement, without a search around
// it: O(VMs), and O(misplaced VMs × hosts) for cost functions that depend on the hosts.
func MisplacedFrom(p *paths.Problem, at cloud.Placement) int64 {
	uniform, isUniform := p.Cost.(cloud.HostIndependent)
	var sum int64
	for v, goal := range p.Goal {
		if goal == at[v] {
			continue
		}
		vm := cloud.VMID(v)
		least := int64(math.MaxInt64)
		if isUniform {
			least = uniform.MigrateAnywhere(vm)
		} else {
			for h := range p.Instance.Hosts {
				if from := cloud.HostID(h); from != goal {
					least = min(least, p.Cost.Migrate(vm, from, goal))
				}
			}
		}
		if sum > math.MaxInt64-1-least {
			return math.MaxInt64 - 1
		}
		sum += least
	}
	return sum
}

type misplaced struct {
	goal  []cloud.HostID // by position
	least []int64        // by position: the cheapest migration into its goal
}

func (m *misplaced) Estimate(s *space.State) int64 {
	var sum int64
	for i, goal := range m.goal {
		if s.Host[i] != goal {
			if sum > math.MaxInt64-1-m.least[i] {
				return math.MaxInt64 - 1 // any smaller number is still a bound
			}
			sum += m.least[i]
		}
	}
	return sum
}

func (m *misplaced) After(h int64, s *space.State, move space.Move) int64 {
	switch m.goal[move.Pos] {
	case s.Host[move.Pos]:
		return h + m.least[move.Pos]
	case move.To:
		return h - m.least[move.Pos]
	default:
		return h
	}
}
