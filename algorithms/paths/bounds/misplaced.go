package bounds

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func misplacedEntry() spec.Entry[Maker] {
	return entry(spec.Descriptor{
		Name:       "misplaced",
		Synopsis:   "every VM that is not on its target host migrates there, at its cheapest",
		Citation:   "own work",
		Properties: []spec.Property{Admissible, Consistent},
	}, Misplaced)
}

// Misplaced adds up, over the VMs that are not on their target host, the cheapest way
// there, as if each were alone in the cloud: most often one migration, or a suspend and a
// resume. A suspended VM can only resume.
//
// Admissible: different VMs pay for different steps, and costs are not negative.
// Consistent: a step changes only its own VM's share, and a cheapest way is no longer than
// that step and the cheapest way from where it ends. Making it is O(VMs), and O(VMs ×
// classes of hosts), rarely more, where hosts make a difference to the cost; an estimate is
// O(VMs) from scratch and O(1) after a migration.
func Misplaced(run *paths.Run, p *paths.Problem, l *space.Layout) space.Heuristic {
	costs, ok := newTariff(run, p, l)
	if !ok {
		return nil
	}
	return &misplaced{costs}
}

// MisplacedFrom is the bound of [Misplaced] for one placement of a run's problem, without a
// search around it: O(misplaced VMs), and as [Misplaced] takes where hosts make a difference.
// It asks no rules where a VM may stand on its way. VMs count as nothing whose share would
// take more time or memory than the run has.
func MisplacedFrom(run *paths.Run, at cloud.Placement) int64 {
	p := run.Problem
	uniform, isUniform := p.Cost.(cloud.HostIndependent)
	var taken int64
	book, hosts := farebook{p: p, takes: func(bytes int64) bool {
		taken += bytes
		return taken <= run.MemoryLeft(0) && run.Look()
	}}, make([]cloud.HostID, 0, len(p.Instance.Hosts)+1)
	for h := cloud.Absent; int(h) < len(p.Instance.Hosts); h++ {
		hosts = append(hosts, h)
	}
	var sum int64
	for v, goal := range p.Goal {
		vm, interruptible := cloud.VMID(v), p.Instance.VMs[v].Interruptible
		switch {
		case goal == at[v]:
		case at[v] == cloud.Absent:
			sum = plus(sum, p.Cost.Resume(vm, goal))
		case isUniform && !interruptible:
			sum = plus(sum, uniform.MigrateAnywhere(vm))
		case interruptible:
			sum = plus(sum, book.of(vm, goal, 0, hosts).straight(at[v]))
		default:
			sum = plus(sum, book.of(vm, goal, 1, hosts[1:]).straight(at[v]))
		}
	}
	return sum
}

type misplaced struct{ costs tariff }

func (m *misplaced) Estimate(s *space.State) int64 {
	var sum int64
	for i, h := range s.Host {
		sum = plus(sum, m.costs.straight(i, h))
	}
	return sum
}

func (m *misplaced) After(h int64, s *space.State, move space.Move) int64 {
	i := int(move.Pos)
	return h - m.costs.straight(i, s.Host[i]) + m.costs.straight(i, move.To)
}
