package schedules

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/scheduletest"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
)

// roomOnly makes a random problem whose rules are nothing but limits on what hosts hold.
func roomOnly(t *testing.T, rng *rand.Rand) *timetable.Problem {
	for {
		p := scheduletest.Random(t, rng, "slots(total=4)", scheduletest.Rate)
		if !slices.ContainsFunc(p.Rules, func(r cloud.Rule) bool { _, ok := r.(cloud.Limiter); return !ok || !r.Continuous() }) {
			return p
		}
	}
}

// begun is a start that was made: Advance ran so many times before it.
type begun struct {
	move   int32
	before int
}

// finishes tells whether, after these starts, the moves that have not started can run one after the other in the plan's order.
func finishes(p *timetable.Problem, starts []begun) bool {
	t, advanced := p.NewTable(), 0
	for _, s := range starts {
		for ; advanced < s.before; advanced++ {
			t.Advance()
		}
		t.Begin(s.move)
	}
	for m := range p.Moves {
		if t.Starts[m] >= 0 {
			continue
		}
		for !t.Idle() {
			t.Advance()
		}
		if t.Refuses(int32(m)) != timetable.Free {
			return false
		}
		t.Begin(int32(m))
	}
	return true
}

// The witness lets a move start exactly if the others can still run in its order, and some move may always start.
func TestWitnessLosesItsOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	allowed, refused := 0, 0
	for range 500 {
		p := roomOnly(t, rng)
		w := newDispatcher(p).newWitness(planned(p))
		table, starts, advanced := p.NewTable(), []begun(nil), 0
		for !table.Done() {
			for _, i := range rng.Perm(len(p.Moves)) {
				m := int32(i)
				if table.Starts[m] >= 0 || table.Refuses(m) != timetable.Free || rng.IntN(4) == 0 && !table.Idle() {
					continue
				}
				with := append(slices.Clone(starts), begun{m, advanced})
				allows := w.allows(table, m)
				if allows != finishes(p, with) {
					t.Fatalf("starts %v, then %d: allowed %v, the plan's order is possible then: %v; moves %v", starts, m, allows, !allows, p.Moves)
				}
				if !allows {
					refused++
					continue
				}
				if len(starts) > 0 && m < starts[len(starts)-1].move {
					allowed++
				}
				table.Begin(m)
				starts = with
			}
			if table.Advance(); table.Idle() && !slices.ContainsFunc(planned(p), func(m int32) bool {
				return table.Starts[m] < 0 && table.Refuses(m) == timetable.Free && w.allows(table, m)
			}) && !table.Done() {
				t.Fatalf("dead end after %v", starts)
			}
			advanced++
		}
	}
	if t.Logf("%d starts out of order; %d refused", allowed, refused); allowed < 100 || refused < 30 {
		t.Error("the witness had next to nothing to decide")
	}
}

// Whatever the priorities, a table with a witness is complete where rules are limits.
func TestTableWithWitnessHasDeadEnd(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	without := 0
	for range 400 {
		p := roomOnly(t, rng)
		d := newDispatcher(p)
		how := priorities{bias: make([]float64, len(p.Moves)), hold: rng.IntN(2) == 0}
		for m := range how.bias {
			how.bias[m] = rng.Float64()
		}
		if !d.fill(how).Done() {
			without++
		}
		how.safe = d.newWitness(planned(p))
		if table := d.fill(how); !table.Done() {
			t.Fatalf("dead end: starts %v of moves %v", table.Starts, p.Moves)
		}
	}
	if without < 10 {
		t.Errorf("only %d dead ends without a witness", without)
	}
}
