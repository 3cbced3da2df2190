package greedy

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
)

// walks calls f with a solver that stands where no direct migration is sane, in small
// instances under all kinds of rules, from either end.
func walks(t *testing.T, seeds uint64, f func(seed uint64, d *solver)) {
	t.Helper()
	for seed := range seeds {
		rng := rand.New(rand.NewPCG(seed, 1))
		in := pathtest.Random(rng)
		if seed%3 == 0 {
			in = pathtest.Ruled(rng)
		}
		p := pathtest.Problem(t, in, []string{"ram", "ram(suspend=0, resume=0)"}[seed%2])
		if _, err := paths.Solve(context.Background(), trace(func(run *paths.Run) {
			z := newSizes(p)
			for _, mirrored := range []bool{false, true} {
				if mirrored && z.oneWay {
					continue
				}
				from, to := p.Start, p.Goal
				if mirrored {
					from, to = to, from
				}
				d := &solver{walk: newWalk(run, z, from, to, mirrored), visited: map[uint64]bool{}}
				d.sweep()
				f(seed, d)
			}
		}), p, paths.Options{}); err != nil {
			t.Fatal(err)
		}
	}
}

// Each remedy that is taken leaves less to do, so that there are finitely many; one that
// is not taken changes nothing. The books are those of a walk that begins where this one
// stands.
func TestReliefGetsNearerWithEveryRemedy(t *testing.T) {
	t.Parallel()
	taken := 0
	walks(t, 7000, func(seed uint64, d *solver) {
		r := newRelief(d)
		for r.depth = range maxDepth + 1 {
			for h := range d.hosts() {
				r.touch(h)
			}
			for vain := 0; r.renew(); {
				left, hash, mark := d.left, d.hash, d.mark()
				if !r.step() {
					if d.hash != hash || d.left != left || d.mark() != mark {
						t.Fatalf("seed %d: a vain offer changes the placement", seed)
					}
					if vain++; vain > 2*int(d.hosts()) {
						t.Fatalf("seed %d: the same offers are made over and over", seed)
					}
					continue
				}
				vain = 0
				taken++
				d.direct(len(d.goal))
				if d.left >= left {
					t.Fatalf("seed %d: %d was left before a remedy, %d after it", seed, left, d.left)
				}
			}
		}
		fresh := newWalk(d.run, d.sizes, d.s.Placement(), d.goal, d.mirrored)
		if fresh.left != d.left || fresh.leftCost != d.leftCost || fresh.misplaced != d.misplaced || fresh.hash != d.hash {
			t.Fatalf("seed %d: books say %d left, in truth %d are", seed, d.left, fresh.left)
		}
		for i := range d.waiting {
			if !slices.Equal(d.waiting[i], fresh.waiting[i]) {
				t.Fatalf("seed %d: for host %d wait %v, in truth %v", seed, host(i), d.waiting[i], fresh.waiting[i])
			}
		}
		for h := range d.hosts() {
			if d.rooms.busy[h] != fresh.rooms.busy[h] {
				t.Fatalf("seed %d: host %d is on the wrong shelf", seed, h)
			}
			for s := range d.rooms.shelves {
				for k := range d.resources {
					if d.rooms.shelves[s][k].bucket[h] != fresh.rooms.shelves[s][k].bucket[h] {
						t.Fatalf("seed %d: host %d is in the wrong bucket", seed, h)
					}
				}
			}
		}
	})
	if taken < 200 {
		t.Errorf("%d remedies were taken, too few to show anything", taken)
	}
}

// The VMs chosen to leave a host make room enough, and none of them could stay, save
// those whom a rule wants to go.
func TestRoomIsMadeByNoMoreThanIsNeeded(t *testing.T) {
	t.Parallel()
	chosen, quotas := 0, 0
	walks(t, 6000, func(seed uint64, d *solver) {
		r := newRelief(d)
		r.depth = 1
		vms := d.s.Instance().VMs
		for h := range d.hosts() {
			for _, v := range d.awaiting(h) {
				if !r.makeRoom(v, h) {
					continue
				}
				chosen++
				lacks := func(without cloud.VMID) bool {
					for k, need := range vms[v].Demand {
						free := d.free(h, k)
						for _, u := range r.cover.vms {
							if u != without && d.s.HostOf(u) == h {
								free += vms[u].Demand[k]
							}
						}
						if need > free {
							return true
						}
					}
					return false
				}
				if lacks(-1) {
					t.Fatalf("seed %d: %v leave host %d, which is not enough for %d", seed, r.cover.vms, h, v)
				}
				for _, u := range r.cover.vms {
					if d.s.HostOf(u) != h && d.objection(v, h) < 0 || u == v {
						t.Fatalf("seed %d: VM %d is to leave host %d", seed, u, h)
					}
					if d.objection(v, h) < 0 && !lacks(u) {
						t.Fatalf("seed %d: %v leave host %d for %d, though %d could stay", seed, r.cover.vms, h, v, u)
					}
				}
				if rule := d.objection(v, h); rule >= 0 && d.quotas[rule].Quota != nil {
					quotas++
					mark := d.mark()
					for _, u := range r.cover.vms {
						d.move(u, cloud.Absent)
					}
					if !d.agrees(rule, v, h) {
						t.Fatalf("seed %d: %v leave for VM %d to enter host %d, and the quota is not content", seed, r.cover.vms, v, h)
					}
					d.undoTo(mark)
				}
			}
		}
	})
	if chosen < 500 || quotas < 20 {
		t.Errorf("%d choices, %d for the sake of quotas: too few to show anything", chosen, quotas)
	}
}

// The worklist does all that a look at every host would: where rules do no more than
// bound room and filter, nobody who could go home is left when it is empty.
func TestHostThatGainsRoomWakesThoseWhoNowFit(t *testing.T) {
	t.Parallel()
	asked := 0
	walks(t, 7000, func(seed uint64, d *solver) {
		if len(d.global) > 0 || d.watched != nil {
			return
		}
		d.undoTo(0)
		for h := range d.hosts() {
			d.wake(h)
		}
		d.wake(cloud.Absent)
		d.direct(len(d.goal))
		for i := range d.waiting {
			for _, v := range d.waiting[i] {
				asked++
				if d.can(v, host(i)) {
					t.Fatalf("seed %d: VM %d could go to host %d, and nobody woke it", seed, v, host(i))
				}
			}
		}
	})
	if asked < 500 {
		t.Errorf("%d VMs were left waiting, too few to show anything", asked)
	}
}
