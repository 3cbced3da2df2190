package part_test

import (
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths/part"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Searches of one part run side by side and share a state of the whole: if one sees where
// another stands, its verdicts are wrong, or it panics.
func TestSearchesOfAPartSeeEachOther(t *testing.T) {
	asked := 0
	for seed := range uint64(200) {
		p := pathtest.Problem(t, pathtest.Ruled(rand.New(rand.NewPCG(seed, 6))), "ram")
		var vms []cloud.VMID
		var goal, hosts []cloud.HostID
		for v, h := range p.Start {
			if h != cloud.Absent && p.Goal[v] != cloud.Absent {
				vms, goal = append(vms, cloud.VMID(v)), append(goal, p.Goal[v])
			}
		}
		if len(vms) == 0 {
			continue
		}
		asked++
		for h := range p.Instance.Hosts {
			hosts = append(hosts, cloud.HostID(h))
		}
		x := part.NewCutter(p, p.Start).Cut(vms, goal, hosts)
		var group sync.WaitGroup
		for walker := range uint64(4) {
			group.Go(func() {
				rng := rand.New(rand.NewPCG(seed, walker))
				s, whole := x.Problem.NewState(), p.NewState()
				for range 100 {
					v, to := rng.IntN(len(vms)), cloud.HostID(rng.IntN(len(hosts)))
					want := whole.Allows(vms[v], to)
					if got := s.Allows(cloud.VMID(v), to); got != want {
						t.Errorf("seed %d: the part says %v of a migration of which the whole says %v", seed, got, want)
						return
					}
					if want {
						s.Move(cloud.VMID(v), to)
						whole.Move(vms[v], to)
					}
				}
			})
		}
		group.Wait()
	}
	if asked == 0 {
		t.Error("no part had a VM: the test shows nothing")
	}
}
