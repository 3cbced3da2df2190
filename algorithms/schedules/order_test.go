package schedules

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/scheduletest"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
)

// A scheduler that starts moves in any order comes to dead ends, and still ends, whether it learns about room or is held to the
// plan's order at once.
func TestDeadEndIsForever(t *testing.T) {
	for _, byRoom := range []bool{true, false} {
		rng := rand.New(rand.NewPCG(1, 2))
		deadEnds, learned, inOrder := 0, 0, 0
		for range 1000 {
			p := scheduletest.Random(t, rng, "slots(total=4)", scheduletest.Rate)
			order := make([]int32, len(p.Moves))
			for i, m := range rng.Perm(len(order)) {
				order[i] = int32(m)
			}
			o := newPrecedence(p)
			if !byRoom {
				o.lessons = lessonsByRoom
			}
			for {
				table := inOrderOf(p, order, o)
				if table.Done() {
					break
				}
				deadEnds++
				if err := o.learn(table); err != nil {
					t.Fatalf("no way out: %v", err)
				}
			}
			if o.ordered > 0 {
				inOrder++
			} else if slices.ContainsFunc(o.first, func(first []int32) bool { return len(first) > 0 }) {
				learned++
			}
		}
		t.Logf("%d dead ends; %d problems were solved by lessons about room, %d by the plan's order", deadEnds, learned, inOrder)
		if deadEnds < 30 || byRoom && learned < 30 || !byRoom && inOrder < 30 {
			t.Errorf("only %d dead ends; %d problems solved by lessons about room, %d by the plan's order", deadEnds, learned, inOrder)
		}
	}
}

// inOrderOf starts moves in an order as far as they may at each instant, and asks all of them each time.
func inOrderOf(p *timetable.Problem, order []int32, o *precedence) *timetable.Table {
	t := p.NewTable()
	for {
		for _, m := range order {
			if t.Starts[m] < 0 && t.Refuses(m) == timetable.Free && !o.blocks(t, m) {
				t.Begin(m)
			}
		}
		if _, ok := t.Advance(); !ok {
			return t
		}
	}
}
