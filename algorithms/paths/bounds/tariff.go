package bounds

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// tariff is what a VM pays at least until it stands on its target for good, by where it
// stands and how it goes there, as if it were alone in the cloud.
//
// O(VMs) where hosts make no difference. Where they do, VMs that are charged alike, may
// stand alike and go to alike hosts share their fares, which are made when they are first
// asked for.
type tariff struct {
	l    ground
	goal []cloud.HostID // by position
	step []int64        // by position: cost of every step; -1 if it depends on hosts
	ways []*fares       // by position, if costs depend on hosts; computed on first use, as is each element
	book farebook
}

// ground is which VMs there are, and where they may stand: a [space.Layout], or a
// [space.Outline], which lists too many hosts, so that what is reckoned by it may be too
// low.
type ground interface {
	grounds
	Len() int
	VM(i int) cloud.VMID
	Kind(i int) int32
}

// It keeps, for a run, the memory that it takes. Not ok: the run has to end.
func newTariff(run *paths.Run, p *paths.Problem, l ground) (t tariff, ok bool) {
	n := l.Len()
	if !run.Keep(int64(n) * tariffPerVM) {
		return t, false
	}
	t = tariff{
		l: l, goal: make([]cloud.HostID, n), step: make([]int64, n), book: farebook{p: p, takes: run.Keep},
	}
	uniform, isUniform := p.Cost.(cloud.HostIndependent)
	for i := range n {
		t.goal[i], t.step[i] = p.Goal[l.VM(i)], -1
		if isUniform && l.Hosts(i)[0] != cloud.Absent {
			t.step[i] = uniform.MigrateAnywhere(l.VM(i))
		}
	}
	return t, true
}

// tariffPerVM is what a tariff takes for each VM, in bytes, beside the fares.
const tariffPerVM = 24

// straight is the least that a VM pays whatever it does.
func (t *tariff) straight(i int, at cloud.HostID) int64 {
	switch cost := t.step[i]; {
	case at == t.goal[i]:
		return 0
	case cost >= 0:
		return cost
	default:
		return t.of(i).straight(at)
	}
}

// detour is the least that a VM pays on top of that if it makes a step that does not end
// on its target.
func (t *tariff) detour(i int, at cloud.HostID) int64 {
	cost := t.step[i]
	switch {
	case cost < 0:
		return t.of(i).detour(at, t.goal[i])
	case at == t.goal[i] || len(t.l.Hosts(i)) <= 2: // away and back; or there, back and there again
		return plus(cost, cost)
	default:
		return cost
	}
}

func (t *tariff) of(i int) *fares {
	if t.ways == nil {
		t.ways = make([]*fares, len(t.step))
	}
	if t.ways[i] == nil {
		t.ways[i] = t.book.of(t.l.VM(i), t.goal[i], t.l.Kind(i), t.l.Hosts(i))
	}
	return t.ways[i]
}
