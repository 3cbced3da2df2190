package reassign

import (
	"math"
	"math/rand/v2"
	"sync"
)

// Budget is how long [Anneal] searches.
type Budget struct {
	Seed    uint64
	Threads int            // searches side by side
	GoOn    func() bool    // asked after each round, in one thread
	Spent   func() float64 // which share of the search is over, from 0 to 1
}

// tries is how many moves each thread tries in a round.
const tries = 1 << 11

// Anneal looks for a placement that costs less than a given one, which breaks no rule. What it finds is the same
// for the same seed, number of threads and shares.
func Anneal(p *Problem, at []int32, b Budget) []int32 {
	searches := make([]*annealer, max(1, b.Threads))
	for i := range searches {
		searches[i] = newAnnealer(p, at, b.Seed, i)
	}
	if len(searches[0].movable) == 0 || p.Hosts < 2 {
		return at
	}
	for share := b.Spent(); share < 1 && b.GoOn(); share = b.Spent() {
		var group sync.WaitGroup
		for _, a := range searches[1:] {
			group.Go(func() { a.round(share) })
		}
		searches[0].round(share)
		group.Wait()
	}
	best := searches[0]
	for _, a := range searches[1:] {
		if a.least < best.least {
			best = a
		}
	}
	return best.best
}

// annealer is one search.
type annealer struct {
	s       *state
	c       course
	rnd     *rand.Rand
	movable []int32
	best    []int32
	least   int64
	last    float64 // share of the search at the last round
	strict  float64 // how much more excess and breaches count because there still are some
}

func newAnnealer(p *Problem, at []int32, seed uint64, number int) *annealer {
	a := &annealer{s: newState(p, at), rnd: rand.New(rand.NewPCG(seed, uint64(number))), best: append([]int32{}, at...), strict: 1}
	for v, h := range at {
		if h >= 0 && (p.Stay == nil || !p.Stay[v]) {
			a.movable = append(a.movable, int32(v))
		}
	}
	a.least = a.s.total()
	a.c = newCourse(a.s, len(a.movable), number)
	return a
}

// round tries moves at the temperature of a share of the search.
func (a *annealer) round(share float64) {
	s, heat := a.s, a.c.temperature(share)
	a.press(share)
	for range tries {
		a.try(-heat * math.Log(1-a.rnd.Float64()))
	}
	if s.sane() && s.total() < a.least {
		a.least = s.total()
		copy(a.best, s.at)
	}
}

// press sets what excess and breaches count. Late in the search they count more and more while there are any.
func (a *annealer) press(share float64) {
	const rate, most = 100, 1e9 // by a factor of e in a hundredth of the search
	passed := share - a.last
	a.last = share
	switch {
	case share < stern:
	case a.s.sane():
		a.strict = max(1, a.strict*math.Exp(-rate*passed))
	default:
		a.strict = min(most, a.strict*math.Exp(rate*passed))
	}
	severity := a.c.severity(share) * a.strict
	for h := range a.s.lambda {
		a.s.lambda[h] = a.c.unit * severity
	}
	a.s.mu = a.c.breach(severity)
}

// try tries a random move, and tells whether it was made.
func (a *annealer) try(most float64) bool {
	const shifts, swaps = 3, 3 // of 8; the rest are ejections
	s := a.s
	v := a.draw()
	switch kind := a.rnd.Uint32() & 63; {
	case kind < 8*shifts:
		to := a.below(s.p.Hosts)
		if kind%8 == 0 && s.p.Home[v] >= 0 {
			to = s.p.Home[v]
		}
		return to != s.at[v] && s.shift(v, to, most)
	case kind < 8*(shifts+swaps):
		w := a.draw()
		return s.at[v] != s.at[w] && s.swap(v, w, most)
	default:
		w := a.draw()
		to := s.p.Home[w]
		if kind%2 == 0 || to < 0 || to == s.at[w] {
			to = a.below(s.p.Hosts)
		}
		switch {
		case s.at[v] == s.at[w] || to == s.at[w]:
			return false
		case to == s.at[v]:
			return s.swap(v, w, most)
		}
		return s.eject(v, w, to, most)
	}
}

func (a *annealer) draw() int32 { return a.movable[a.below(len(a.movable))] }

// below draws a number below n.
func (a *annealer) below(n int) int32 { return int32(uint64(a.rnd.Uint32()) * uint64(n) >> 32) }
