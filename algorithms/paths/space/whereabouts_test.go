package space_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Hosts are looked at once for VMs that no rule tells apart, and what is found is what
// would be found for each VM on its own: under rules of every kind, also where one VM of
// a kind stands on a host that receives none of them.
func TestKindsOfVMsMistakeAHost(t *testing.T) {
	shared, doors := 0, 0
	for seed := range uint64(4500) {
		p := pathtest.Problem(t, pathtest.Ruled(rand.New(rand.NewPCG(seed, 5))), "count")
		l := space.NewLayout(p)
		first := map[int32]int{}
		for i := range l.Len() {
			stand, enter := alone(p, l.VM(i))
			if !slices.Equal(l.Hosts(i), stand) || !slices.Equal(l.Enter(i), enter) {
				t.Fatalf("instance %d: VM %d may stand on %v and enter %v; alone, it may stand on %v and enter %v",
					seed, l.VM(i), l.Hosts(i), l.Enter(i), stand, enter)
			}
			for h := cloud.Absent; int(h) < len(p.Instance.Hosts); h++ {
				if l.MayStand(i, h) != slices.Contains(stand, h) {
					t.Fatalf("instance %d: VM %d may stand on %v; it may stand on %d: %v", seed, l.VM(i), stand, h, l.MayStand(i, h))
				}
			}
			if j, seen := first[l.Kind(i)]; seen {
				shared++
				if &l.Hosts(i)[0] != &l.Hosts(j)[0] {
					t.Fatalf("instance %d: the VMs %d and %d are of a kind and have lists of their own", seed, l.VM(i), l.VM(j))
				}
			} else {
				first[l.Kind(i)] = i
			}
			if len(enter) < len(stand) {
				doors++
			}
		}
	}
	if shared < 1000 || doors < 50 {
		t.Errorf("%d VMs share their lists, %d stand where they could not arrive: too few to show anything", shared, doors)
	}
}

// alone is where a VM may stand and arrive by asking every rule about every host.
func alone(p *paths.Problem, vm cloud.VMID) (stand, enter []cloud.HostID) {
	if p.Instance.VMs[vm].Interruptible {
		stand, enter = append(stand, cloud.Absent), append(enter, cloud.Absent)
	}
	for h := range cloud.HostID(len(p.Instance.Hosts)) {
		stands, enters := true, true
		for _, rule := range p.Rules {
			if !rule.Continuous() {
				continue
			}
			if l, ok := rule.(cloud.Limiter); ok {
				for r, d := range p.Instance.VMs[vm].Demand {
					stands = stands && d <= l.Limit(h, r)
				}
			}
			if watched := rule.Watches(); watched != nil && !slices.Contains(watched, vm) {
				continue
			}
			if f, ok := rule.(cloud.HostFilter); ok {
				stands = stands && f.Admits(vm, h)
			}
			if a, ok := rule.(cloud.ArrivalFilter); ok {
				enters = enters && a.Receives(vm, h)
			}
			if w, ok := rule.(cloud.WayFilter); ok {
				stands = stands && w.Leads(vm, p.Start[vm], h) && w.Leads(vm, h, p.Goal[vm])
			}
		}
		if stands && enters {
			enter = append(enter, h)
		}
		if stands && (enters || h == p.Start[vm]) {
			stand = append(stand, h)
		}
	}
	return stand, enter
}

// An outline knows the VMs that matter, and where they may stand, as a layout does, whether
// its lists of hosts are exact or hold some that are too small.
func TestOutlineDiffersFromTheLayout(t *testing.T) {
	longer := 0
	for seed := range uint64(2000) {
		p := pathtest.Problem(t, pathtest.Random(rand.New(rand.NewPCG(seed, 6))), "count")
		l, s := space.NewLayout(p), []int64(nil)
		if _, stuck := l.Stuck(); !stuck {
			s = space.NewState(p, l).Free
		}
		for _, most := range []int{0, 1000} {
			o := space.NewOutline(paths.Unlimited(p), most)
			_, a := l.Stuck()
			if _, b := o.Stuck(); a != b || o.Len() != l.Len() {
				t.Fatalf("instance %d: %d VMs matter (stuck: %v), by the layout %d (stuck: %v)", seed, o.Len(), b, l.Len(), a)
			}
			if s != nil && !slices.Equal(s, o.Free()) {
				t.Fatalf("instance %d: the hosts leave %v, by the state %v", seed, o.Free(), s)
			}
			for i := range l.Len() {
				if o.VM(i) != l.VM(i) {
					t.Fatalf("instance %d: VM %d is at position %d, in the layout VM %d", seed, o.VM(i), i, l.VM(i))
				}
				longer += len(o.Hosts(i)) - len(l.Hosts(i))
				for h := cloud.Absent; int(h) < len(p.Instance.Hosts); h++ {
					listed := slices.Contains(o.Hosts(i), h)
					if o.MayStand(i, h) != l.MayStand(i, h) || l.MayStand(i, h) && !listed || most > 0 && listed != l.MayStand(i, h) {
						t.Fatalf("instance %d: VM %d may stand on %d: %v, listed: %v; by the layout: %v",
							seed, o.VM(i), h, o.MayStand(i, h), listed, l.MayStand(i, h))
					}
				}
			}
		}
	}
	if longer == 0 {
		t.Error("no list holds a host that is too small: nothing is shown")
	}
}

// A VM that demands more than all hosts together have room for stands still on every path:
// no placement from which there is one to the goal has it elsewhere.
func TestAVMThatIsLeftOutMoves(t *testing.T) {
	jammed, stuck := 0, 0
	for seed := range uint64(1500) {
		p := pathtest.Problem(t, pathtest.Random(rand.New(rand.NewPCG(seed, 7))), "count")
		l := space.NewLayout(p)
		matters := map[cloud.VMID]bool{}
		for i := range l.Len() {
			matters[l.VM(i)] = true
		}
		paths := pathtest.Exhaustive(p)
		if _, s := l.Stuck(); s {
			stuck++
			if cost, ok := paths.To(p.Start); ok {
				t.Fatalf("instance %d has a path that costs %d, though a VM is said to be stuck", seed, cost)
			}
			continue
		}
		for v, goal := range p.Goal {
			stand, _ := alone(p, cloud.VMID(v))
			if matters[cloud.VMID(v)] || len(stand) < 2 {
				continue
			}
			jammed++
			paths.Each(func(at cloud.Placement, _ int64) {
				if at[v] != goal {
					t.Fatalf("instance %d: VM %d is left out; %v leads to the goal, where it stands on %d", seed, v, at, goal)
				}
			})
		}
	}
	if jammed < 100 || stuck < 50 {
		t.Errorf("%d VMs are left out though they fit elsewhere, %d instances are stuck: too few to show anything", jammed, stuck)
	}
}
