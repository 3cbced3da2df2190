package bounds

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// mates holds pairs of misplaced VMs that a rule keeps apart, one of which stands where the
// other goes. The VM behind can arrive only after the VM ahead has left. Slices are by position;
// -1 means no VM. They are nil if there are no such pairs.
//
// The rule is a continuous [cloud.Quota] of one VM in each host, rack or zone. The VM ahead has
// its target elsewhere, because the target placement obeys the rule. So unless one of them takes
// a detour, the first step of the VM ahead comes before that of the VM behind. In a cycle of
// mates that exchange places, one has to take a detour.
//
// Note: a VM waits for at most one mate even if several rules watch it, and quotas above one are
// ignored. Both keep the bound admissible.
type mates struct {
	ahead      []int32 // the VM that the VM waits for
	behind     []int32 // the first VM that waits for the VM
	nextBehind []int32 // by waiting VM: the next one that waits for the same VM
}

// newMates finds the pairs in a placement. O(VMs + hosts + members of groups), and O(VMs) more for
// each quota on all VMs.
func newMates(p *paths.Problem, l ground, at, goal []cloud.HostID) mates {
	var m mates
	position := slices.Repeat([]int32{-1}, len(p.Instance.VMs))
	for i := range at {
		position[l.VM(i)] = int32(i)
	}
	byPlaces := map[string]*domains{}
	for _, rule := range p.Rules {
		q, ok := rule.(cloud.Quota)
		if !ok || !rule.Continuous() {
			continue
		}
		d := byPlaces[q.Places()]
		if d == nil {
			d = newDomains(p.Instance, q.Places())
			byPlaces[q.Places()] = d
		}
		var watched []int32
		watch := func(v cloud.VMID) {
			if i := position[v]; i >= 0 && at[i] != cloud.Absent {
				watched = append(watched, i)
			}
		}
		if list := rule.Watches(); list != nil {
			for _, v := range list {
				watch(v)
			}
		} else {
			for v := range p.Instance.VMs {
				watch(cloud.VMID(v))
			}
		}
		d.stand(watched, at)
		for _, i := range watched {
			place := d.of[goal[i]]
			j := d.holder[place]
			if place != d.of[at[i]] && j >= 0 && place != d.of[goal[j]] && q.Most(goal[i]) == 1 {
				m.add(len(at), j, i)
			}
		}
		d.clear(watched, at)
	}
	return m
}

// add puts one VM behind another, unless it is behind one already.
func (m *mates) add(n int, ahead, behind int32) {
	if m.ahead == nil {
		nobody := slices.Repeat([]int32{-1}, 3*n)
		m.ahead, m.behind, m.nextBehind = nobody[:n:n], nobody[n:2*n:2*n], nobody[2*n:]
	}
	if m.ahead[behind] < 0 {
		m.ahead[behind], m.nextBehind[behind], m.behind[ahead] = ahead, m.behind[ahead], behind
	}
}

// waitsFor returns the mate that a VM waits for; -1 if there is none.
func (m *mates) waitsFor(i int32) int32 {
	if m.ahead == nil {
		return -1
	}
	return m.ahead[i]
}

// firstBehind returns the first VM that waits for a VM, and nextBehind has the others; -1 ends the
// list.
func (m *mates) firstBehind(i int32) int32 {
	if m.behind == nil {
		return -1
	}
	return m.behind[i]
}

// cycles returns the cycles of VMs that wait for each other and have not left, among those at some
// positions.
func (m *mates) cycles(positions []int32, left []bool) [][]int32 {
	if m.ahead == nil {
		return nil
	}
	var out [][]int32
	walk := make([]int32, len(m.ahead)) // by position: number of the walk that met it first, from 1
	for n, from := range positions {
		i := from
		for i >= 0 && !left[i] && walk[i] == 0 {
			walk[i] = int32(n) + 1
			i = m.ahead[i]
		}
		if i < 0 || left[i] || walk[i] != int32(n)+1 {
			continue
		}
		cycle := []int32{i}
		for j := m.ahead[i]; j != i; j = m.ahead[j] {
			cycle = append(cycle, j)
		}
		out = append(out, cycle)
	}
	return out
}

// among returns the pairs whose VMs are both listed, renumbered by their place in the list. Index is
// scratch: -1 for every position, before and after.
func (m *mates) among(positions, index []int32) mates {
	var out mates
	if m.ahead == nil {
		return out
	}
	for n, i := range positions {
		index[i] = int32(n)
	}
	for n, i := range positions {
		if j := m.ahead[i]; j >= 0 && index[j] >= 0 {
			out.add(len(positions), index[j], int32(n))
		}
	}
	for _, i := range positions {
		index[i] = -1
	}
	return out
}

// domains holds the failure domains of one kind, and the member of a group in each.
type domains struct {
	of     []int32 // by host
	holder []int32 // by domain; -1 if there is none
}

func newDomains(in *cloud.Instance, by string) *domains {
	of, names := in.Domains(by)
	return &domains{of, slices.Repeat([]int32{-1}, len(names))}
}

func (d *domains) stand(watched []int32, at []cloud.HostID) {
	for _, i := range watched {
		d.holder[d.of[at[i]]] = i
	}
}

func (d *domains) clear(watched []int32, at []cloud.HostID) {
	for _, i := range watched {
		d.holder[d.of[at[i]]] = -1
	}
}
