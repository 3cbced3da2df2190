package greedy

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// timeline knows, of a plan that is gone over from its end, which of the migrations gone
// over touch a host and which are of a VM. So it can tell whether a VM may stand
// elsewhere for a while with a look at nothing but those on whom that has an effect.
type timeline struct {
	*sizes
	s      *cloud.State // before the first migration that was gone over
	moves  []cloud.Change
	gone   []bool
	ofVM   [][]int32 // by VM: its migrations, the last one first
	onHost [][]int32 // by host: the migrations to and from it, the last one first

	crossings []int32 // scratch
}

func newTimeline(z *sizes, s *cloud.State, moves []cloud.Change) *timeline {
	in := s.Instance()
	return &timeline{
		sizes: z, s: s, moves: moves, gone: make([]bool, len(moves)),
		ofVM: make([][]int32, len(in.VMs)), onHost: make([][]int32, len(in.Hosts)),
	}
}

// note adds a migration that was gone over.
func (t *timeline) note(i int) {
	m := t.moves[i]
	t.ofVM[m.VM] = append(t.ofVM[m.VM], int32(i))
	t.touch(i, m.From)
	t.touch(i, m.To)
}

func (t *timeline) touch(i int, h cloud.HostID) {
	if h == cloud.Absent {
		return
	}
	at, found := slices.BinarySearchFunc(t.onHost[h], int32(i), func(a, b int32) int { return int(b) - int(a) })
	if !found {
		t.onHost[h] = slices.Insert(t.onHost[h], at, int32(i))
	}
}

// drop takes the next migration of a VM out of the plan.
func (t *timeline) drop(v cloud.VMID) {
	list := t.ofVM[v]
	t.gone[list[len(list)-1]] = true
	t.ofVM[v] = list[:len(list)-1]
}

// following is the next migration of a VM, or -1.
func (t *timeline) following(v cloud.VMID) int {
	if list := t.ofVM[v]; len(list) > 0 {
		return int(list[len(list)-1])
	}
	return -1
}

// maxMembers bounds the VMs that a rule may count for its timeline to be looked at.
const maxMembers = 1000

// simple tells whether stays has the last word on where the VM stands for a while: where
// all that looks at it are bounds of room and of numbers, and filters.
func (t *timeline) simple(v cloud.VMID) bool {
	if len(t.global) > 0 || t.oneWay || t.ways != nil {
		return false
	}
	if t.watched != nil {
		for _, rule := range t.watched[v] {
			if t.quotas[rule].Quota == nil || len(t.watchers[rule]) > maxMembers {
				return false
			}
		}
	}
	return true
}

// stays tells whether everything up to migration j, exclusively, can be carried out as
// well with the VM on the host, where it stands now or which it enters now.
func (t *timeline) stays(v cloud.VMID, h cloud.HostID, j int) bool {
	if h == cloud.Absent {
		return true
	}
	for r := range t.resources {
		if !t.hasRoom(v, h, r, j) {
			return false
		}
	}
	if t.watched != nil {
		for _, rule := range t.watched[v] {
			if !t.withinQuota(v, h, int(rule), j) {
				return false
			}
		}
	}
	return true
}

func (t *timeline) hasRoom(v cloud.VMID, h cloud.HostID, r, j int) bool {
	limit := t.limit[int(h)*t.resources+r]
	if limit == math.MaxInt64 {
		return true
	}
	vms := t.s.Instance().VMs
	free := limit - t.s.Used(h, r)
	if t.s.HostOf(v) != h {
		free -= vms[v].Demand[r]
	}
	if free < 0 {
		return false
	}
	for _, k := range slices.Backward(t.onHost[h]) {
		if int(k) >= j {
			break
		}
		m := t.moves[k]
		switch {
		case t.gone[k]:
		case m.From == h:
			free += vms[m.VM].Demand[r]
		case m.To == h:
			if free -= vms[m.VM].Demand[r]; free < 0 {
				return false
			}
		}
	}
	return true
}

// withinQuota counts the VMs in the failure domain of the host, at each arrival.
func (t *timeline) withinQuota(v cloud.VMID, h cloud.HostID, rule, j int) bool {
	q := t.quotas[rule]
	inside := func(x cloud.HostID) bool { return x != cloud.Absent && q.domain[x] == q.domain[h] }
	count, most := int64(1), q.Most(h)
	t.crossings = t.crossings[:0]
	for _, u := range t.watchers[rule] {
		if u == v {
			continue
		}
		if inside(t.s.HostOf(u)) {
			count++
		}
		for _, k := range slices.Backward(t.ofVM[u]) {
			if int(k) >= j {
				break
			}
			if m := t.moves[k]; inside(m.From) != inside(m.To) {
				t.crossings = append(t.crossings, k)
			}
		}
	}
	if count > most && !inside(t.s.HostOf(v)) {
		return false
	}
	slices.Sort(t.crossings)
	for _, k := range t.crossings {
		if inside(t.moves[k].From) {
			count--
		} else if count++; count > most {
			return false
		}
	}
	return true
}
