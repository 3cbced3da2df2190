package scheduletest_test

import (
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/scheduletest"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
)

// The plan's own order always ends, no order is shorter than the shortest schedule, and among few moves some order is as short: unless
// the search looks too little, or at what is no schedule.
func TestSomeOrderIsShortest(t *testing.T) {
	waits, twice, down := 0, 0, 0
	for n := range 300 {
		rng := rand.New(rand.NewPCG(uint64(n), 5))
		model := []string{"sequential", "slots(outgoing=1)", "slots(outgoing=1, incoming=1)", "slots(total=2)"}[n%4]
		p := scheduletest.Random(t, rng, model, scheduletest.Rate)
		best := scheduletest.Shortest(p)
		if best == nil {
			t.Fatalf("problem %d: nothing found", n)
		}
		order := make([]int32, len(p.Moves))
		for i := range order {
			order[i] = int32(i)
		}
		inOrder, err := p.InOrder(order)
		if err != nil {
			t.Fatalf("problem %d: %v", n, err)
		}
		shortest := inOrder.Makespan()
		for range 300 {
			rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			if table, err := p.InOrder(order); err == nil {
				shortest = min(shortest, table.Makespan())
			}
		}
		if shortest < best.Makespan() {
			t.Fatalf("problem %d, %s: an order takes %d, the shortest schedule %d", n, model, shortest, best.Makespan())
		}
		// Every schedule keeps the order of its own starts, and 300 orders of up to 5 moves are nearly all.
		if shortest > best.Makespan() && len(p.Moves) <= 4 {
			t.Fatalf("problem %d, %s: the shortest schedule takes %d, the best order %d", n, model, best.Makespan(), shortest)
		}
		for m := range p.Moves {
			if p.Moves[m].Before >= 0 {
				twice++
			}
			if p.Moves[m].To == cloud.Absent {
				down++
			}
			if p.NewTable().Refuses(int32(m)) == timetable.Unsane {
				waits++
			}
		}
	}
	if waits < 100 || twice < 100 || down < 20 {
		t.Errorf("%d moves wait for room, %d for an earlier move of the same VM, %d are suspends: too few to find faults", waits, twice, down)
	}
}
