package schedules

import (
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/scheduletest"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
)

// A move that waits was asked again whenever it could have started. The table is made once more, start by start, and all moves are
// asked at each instant. Pinned rates below the full one are missing: there the order of starts within an instant counts.
func TestMoveWaitsThatMayStart(t *testing.T) {
	for _, s := range []struct{ model, duration string }{
		{"sequential", scheduletest.Rate},
		{"slots(outgoing=1, incoming=2)", scheduletest.Rate},
		{"slots(total=2, per-rack=1)", scheduletest.Rate},
		{"slots(total=8)", scheduletest.Rate},
		{"steps(per-host=2)", scheduletest.Unit},
		{"bandwidth", scheduletest.Rate},
		{"bandwidth(sharing=max-min, least=0.3)", scheduletest.Rate},
	} {
		t.Run(s.model, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(7, 8))
			waits := 0
			for range 500 {
				p := scheduletest.Random(t, rng, s.model, s.duration)
				how := priorities{load: rng.Float64(), bias: make([]float64, len(p.Moves))}
				for m := range how.bias {
					how.bias[m] = float64(p.Moves[m].Time) * rng.Float64()
				}
				filled := newDispatcher(p).fill(how)
				again := p.NewTable()
				for {
					for m, at := range filled.Starts {
						if at == again.Now() && again.Starts[m] < 0 {
							again.Begin(int32(m))
						}
					}
					for m, at := range filled.Starts {
						if again.Starts[m] >= 0 {
							continue
						}
						if waits++; again.Refuses(int32(m)) == timetable.Free {
							t.Fatalf("move %d starts at %d (-1: never), and could at %d; starts %v, moves %+v, under %v", m, at, again.Now(), filled.Starts, p.Moves, p.Rules)
						}
					}
					if _, ok := again.Advance(); !ok {
						break
					}
				}
			}
			if waits < 100 {
				t.Errorf("only %d moves waited", waits)
			}
		})
	}
}
