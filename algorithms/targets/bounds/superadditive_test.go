package bounds

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Every bound rests on this: what a measure makes of two amounts is at most what it makes of their sum,
// and never less of a larger amount.
func TestMeasureIsNotSuperadditive(t *testing.T) {
	kinds := map[string]int{}
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 1))
		var sizes []int64
		unit := 1 + rng.Int64N(3)
		for range 1 + rng.IntN(12) {
			sizes = append(sizes, unit*(1+rng.Int64N(60/unit)))
		}
		rooms := []int64{20 + rng.Int64N(60), 20 + rng.Int64N(60)}
		slices.Sort(sizes)
		slices.Sort(rooms)
		for _, m := range measures(counted(sizes), rooms, 1<<16) {
			switch {
			case m == plain:
				kinds["plain"]++
			case m.unit > 1:
				kinds["units"]++
			case m.counts():
				kinds["counting"]++
			case m.parts > 0 && m.step > 1:
				kinds["both stages"]++
			case m.parts > 0:
				kinds["parts"]++
			default:
				kinds["thresholds"]++
			}
			for x := range rooms[1] + 1 {
				for y := range rooms[1] + 1 - x {
					if m.at(x)+m.at(y) > m.at(x+y) {
						t.Fatalf("%+v makes %d and %d of %d and %d, and only %d of %d", m, m.at(x), m.at(y), x, y, m.at(x+y), x+y)
					}
				}
			}
		}
	}
	for _, kind := range []string{"plain", "units", "counting", "both stages", "parts", "thresholds"} {
		if kinds[kind] < 100 {
			t.Errorf("%s: %d measures are too few to trust the test", kind, kinds[kind])
		}
	}
}

func TestSumsThatDoNotFitWrapAround(t *testing.T) {
	const largest = 1<<63 - 1
	for _, x := range []struct{ got, want int64 }{
		{plus(largest, 1), largest},
		{times(largest, 2), largest},
		{times(1<<32, 1<<32), largest},
		{times(3, 5), 15},
		{plain.total([]amount{{largest, 3}}), largest},
		{portion(largest, 2*FullLoad), largest},
		{portion(10, FullLoad/2), 5},
		{share(1, 3), 333_334},
		{share(1, 0), mostPeak},
		{share(0, 0), 0},
		{share(largest, 1), mostPeak},
	} {
		if x.got != x.want {
			t.Errorf("expected %d, found %d", x.want, x.got)
		}
	}
}
