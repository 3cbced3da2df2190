package space

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// whereabouts tells where a VM may ever stand, and where it may ever arrive, by the rules
// that look at nothing but a VM and a host and by what hosts can hold at all. It looks at
// all hosts once for each kind of VMs: those that the rules do not tell apart, and whose
// demands exceed the same limits.
type whereabouts struct {
	p       *paths.Problem
	demands []int64 // [vm*R + resource]
	sorted  *cloud.Sorted
	limit   []int64   // [host*R + resource]: what a host may ever hold
	limits  [][]int64 // by resource: the different limits of hosts, ascending
	filters *cloud.Filters
	most    [][]int64 // by resource and how many of its limits are exceeded: see room

	anySize bool // hosts are listed though they may be too small

	kinds map[string]*grounds   // by kind, and by start where it is listed though nothing arrives there
	known map[uint64][]*grounds // by a hash of their hosts
	count int32                 // of grounds
	asked [2]int                // kinds and grounds when a run was last asked whether to go on
	key   []byte                // scratch
}

// grounds are where VMs may stand. VMs that may stand and arrive at the same hosts share one.
type grounds struct {
	number int32          // in the order in which they are first met
	hosts  []cloud.HostID // ascending; Absent first for those that may be suspended
	enter  []cloud.HostID // where they may arrive; mostly the same, and then the same slice
	digit  []int32        // by host + 1: the index in hosts, -1 where they may not stand
}

func newWhereabouts(p *paths.Problem) *whereabouts {
	in := p.Instance
	r := len(in.Resources)
	sorted := cloud.SortPath(in, p.Rules, p.Start, p.Goal)
	w := &whereabouts{
		p: p, sorted: sorted, demands: in.Demands(), limit: sorted.Ceilings, limits: make([][]int64, r), filters: &sorted.Filters,
		kinds: map[string]*grounds{}, known: map[uint64][]*grounds{},
	}
	for i, limit := range w.limit {
		w.limits[i%r] = append(w.limits[i%r], limit)
	}
	for i, list := range w.limits {
		slices.Sort(list)
		w.limits[i] = slices.Compact(list)
	}
	w.most = w.room()
	return w
}

// of is where a VM that is present throughout may ever stand and arrive; not ok if it can
// never get to its goal. A VM that stands on its goal and, once away, could not come back
// has nowhere else to be: nil; nor has one for which there is no room anywhere.
func (w *whereabouts) of(vm cloud.VMID) (at *grounds, ok bool) {
	start, goal := w.p.Start[vm], w.p.Goal[vm]
	if w.jammed(vm) {
		return nil, start == goal
	}
	if start == goal && w.stands(vm, goal) && !w.enters(vm, goal) {
		return nil, true
	}
	w.key = w.kind(vm, w.key[:0])
	listed := w.filters.Doors() && w.stands(vm, start) && !w.enters(vm, start)
	if listed {
		w.key = binary.AppendUvarint(w.key, uint64(start))
	}
	at = w.kinds[string(w.key)]
	if at == nil {
		at = w.look(vm, listed)
		w.kinds[string(w.key)] = at
	}
	return at, at.digit[goal+1] >= 0
}

// within keeps, for a run, the memory of what was listed since it was last asked, and tells
// whether the run may go on.
func (w *whereabouts) within(run *paths.Run) bool {
	now := [2]int{len(w.kinds), int(w.count)}
	if now == w.asked {
		return true // no host was looked at
	}
	fresh := now[1] - w.asked[1]
	w.asked = now
	return run.Keep(int64(fresh) * int64(len(w.p.Instance.Hosts)) * layoutPerHost)
}

// kind appends what tells apart VMs that have different hosts to stand on or to arrive
// at.
func (w *whereabouts) kind(vm cloud.VMID, key []byte) []byte {
	if w.p.Instance.VMs[vm].Interruptible {
		key = append(key, 1)
	} else {
		key = append(key, 0)
	}
	for i, d := range w.demand(vm) {
		if w.anySize {
			break
		}
		key = binary.AppendUvarint(key, uint64(w.exceeded(i, d)))
	}
	return w.filters.AppendKind(key, vm)
}

// look tries all hosts. Listed says that the VM stands where it could not arrive.
func (w *whereabouts) look(vm cloud.VMID, listed bool) *grounds {
	start, n := w.p.Start[vm], len(w.p.Instance.Hosts)
	hosts := make([]cloud.HostID, 0, n+1)
	if w.p.Instance.VMs[vm].Interruptible {
		hosts = append(hosts, cloud.Absent)
	}
	for h := range cloud.HostID(n) {
		if (w.anySize || w.holds(vm, h)) && w.filters.Admits(vm, h) && (listed && h == start || w.enters(vm, h)) {
			hosts = append(hosts, h)
		}
	}
	enter := hosts
	if at := slices.Index(hosts, start); listed {
		enter = slices.Delete(slices.Clone(hosts), at, at+1)
	}
	hash := uint64(len(enter))
	for _, h := range hosts {
		hash = (hash ^ uint64(uint32(h))) * 0x100000001b3 // FNV-1a by whole numbers
	}
	for _, other := range w.known[hash] {
		if slices.Equal(other.hosts, hosts) && slices.Equal(other.enter, enter) {
			return other
		}
	}
	p := &grounds{w.count, hosts, enter, digitsOf(hosts, n)}
	w.known[hash] = append(w.known[hash], p)
	w.count++
	return p
}

func (w *whereabouts) demand(vm cloud.VMID) []int64 {
	r := len(w.limits)
	return w.demands[int(vm)*r : int(vm)*r+r]
}

// stands tells whether the VM may stand on the host in the emptiest of clouds.
func (w *whereabouts) stands(vm cloud.VMID, h cloud.HostID) bool {
	return w.holds(vm, h) && w.filters.Admits(vm, h)
}

// holds tells whether the limits of the host are no less than what the VM demands.
func (w *whereabouts) holds(vm cloud.VMID, h cloud.HostID) bool {
	r := len(w.p.Instance.Resources)
	for i, d := range w.demand(vm) {
		if d > w.limit[int(h)*r+i] {
			return false
		}
	}
	return true
}

// enters tells whether the VM may arrive at a host on which it may stand.
func (w *whereabouts) enters(vm cloud.VMID, h cloud.HostID) bool {
	return !w.filters.Doors() || w.filters.Receives(vm, h)
}

// stuck says why a VM can never get to its goal.
func (w *whereabouts) stuck(vm cloud.VMID) string {
	name := w.p.Instance.VMs[vm].Name
	if w.jammed(vm) {
		return fmt.Sprintf("no host can ever have room for VM %q, which would have to move", name)
	}
	return fmt.Sprintf("the rules keep VM %q off its target host in every state", name)
}
