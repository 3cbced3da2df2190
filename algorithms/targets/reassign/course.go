package reassign

import "math"

// course is how a search cools down: at first moves that cost much are made, and hosts hold more than they may; later
// less and less of either.
type course struct {
	scale  float64 // what a VM costs at the start
	lawful bool    // breaks no rule but for room
	unit   float64 // what a unit of excess counts at the beginning: a part of what one of every resource costs
}

// The phases of a search end at these shares of it, at these temperatures in parts of the scale.
const (
	begin       = 3
	hot, mild   = 0.4, 0.5
	warm, cool  = 0.8, 0.05
	cold, frost = 1, 1e-6
)

// From soft to hard, what excess and breaches count rises, by a factor in all.
const (
	soft, hard = 0.3, 0.9
	rise       = 100
	stern      = 0.85 // from here on they count more and more until there are none
)

func newCourse(s *state, movable, number int) course {
	// Searches side by side differ: one keeps all rules but for room all the time; the other may break them.
	c := course{scale: max(1, float64(s.total())/float64(max(1, movable))), lawful: number%2 == 0}
	for _, w := range s.p.Weight {
		c.unit += 0.3 * float64(w)
	}
	c.unit = max(1, c.unit)
	return c
}

// temperature falls by a factor in each phase, evenly in its logarithm.
func (c *course) temperature(share float64) float64 {
	between := func(from, to, begin, end float64) float64 {
		return c.scale * begin * math.Pow(end/begin, (share-from)/(to-from))
	}
	switch {
	case share < hot:
		return between(0, hot, begin, mild)
	case share < warm:
		return between(hot, warm, mild, cool)
	default:
		return between(warm, cold, cool, frost)
	}
}

// severity is how much more excess counts than at the beginning.
func (c *course) severity(share float64) float64 {
	return math.Pow(rise, min(1, max(0, share-soft)/(hard-soft)))
}

// breach is what a breach of a rule counts. It rises faster than excess does: what is left of breaches in the end is hard to mend.
func (c *course) breach(severity float64) float64 {
	if c.lawful {
		return forbidden
	}
	return 5 * c.scale * severity * severity * severity
}

// forbidden is more than any move saves.
const forbidden = 1e30
