package greedy

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/pathtest"
	"github.com/cloudrearrange/rearrange/cloud"
)

// Whether a VM may stand elsewhere for a while: the timeline of a host says the same as
// carrying out all that happens meanwhile, wherever it claims to know.
func TestTimelineAgreesWithCarryingOut(t *testing.T) {
	t.Parallel()
	answers := map[[2]bool]int{} // by whether rules count VMs, and the answer
	for seed := range uint64(12000) {
		rng := rand.New(rand.NewPCG(seed, 1))
		in := pathtest.Random(rng)
		switch seed % 4 {
		case 0:
			in = pathtest.Ruled(rng)
		case 1, 2:
			in = pathtest.RuledBy(rng, []string{"anti-affinity", "max-per-host", "max-per-zone"}[rng.IntN(3)])
		}
		p := pathtest.Problem(t, in, "ram")
		moves := wander(p, rng, 40)
		if _, err := paths.Solve(context.Background(), trace(func(*paths.Run) {
			a := &tidier{timeline: newTimeline(newSizes(p), p.NewState(), moves), p: p, cost: p.Cost, most: 1 << 30}
			for _, m := range moves {
				a.s.Move(m.VM, m.To)
			}
			for i := len(moves) - 1; i >= 0; i-- {
				a.s.Undo()
				v := moves[i].VM
				if j := a.following(v); j >= 0 && a.simple(v) && moves[i].From != moves[j].To {
					straight := cloud.Change{VM: v, From: moves[i].From, To: moves[j].To}
					early, late := a.stays(v, straight.To, j), a.stays(v, straight.From, j)
					if early != a.replay(i, j, i, straight) {
						t.Fatalf("seed %d: %v at the place of migration %d of %v: the timeline says %v", seed, straight, i, moves, early)
					}
					if late != a.replay(i+1, j+1, j, straight) {
						t.Fatalf("seed %d: %v at the place of migration %d of %v: the timeline says %v", seed, straight, j, moves, late)
					}
					counted := a.watched != nil && len(a.watched[v]) > 0
					answers[[2]bool{counted, early}]++
					answers[[2]bool{counted, late}]++
				}
				a.note(i)
			}
		}), p, paths.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("by whether rules count, and the answer: %v", answers)
	for _, k := range [][2]bool{{false, false}, {false, true}, {true, false}, {true, true}} {
		if answers[k] < 50 {
			t.Errorf("%d answers of the kind %v, too few to show anything", answers[k], k)
		}
	}
}

// wander takes random sane migrations from the start.
func wander(p *paths.Problem, rng *rand.Rand, tries int) []cloud.Change {
	s := p.NewState()
	for range tries {
		v, h := cloud.VMID(rng.IntN(len(p.Instance.VMs))), cloud.HostID(rng.IntN(len(p.Instance.Hosts)))
		if s.HostOf(v) != cloud.Absent && s.Allows(v, h) {
			s.Move(v, h)
		}
	}
	return append([]cloud.Change(nil), s.Moves()...)
}
