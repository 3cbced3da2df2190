package reassign

import (
	"math"
	"math/rand/v2"
)

type Annealer struct {
	s           *state
	rnd         *rand.Rand
	movable     []int32
	best        []int32
	least       int64
	Tried, Done int64
	Lambda      float64
	Feas        int64
	Ejects      uint32
}

func NewAnnealer(p *Problem, at []int32, seed uint64) *Annealer {
	a := &Annealer{s: newState(p, at), rnd: rand.New(rand.NewPCG(seed, 1))}
	for v, h := range at {
		if h >= 0 && (p.Stay == nil || !p.Stay[v]) {
			a.movable = append(a.movable, int32(v))
		}
	}
	a.best, a.least = append([]int32{}, at...), a.s.total()
	return a
}

func (a *Annealer) Best() ([]int32, int64) { return a.best, a.least }
func (a *Annealer) Now() int64             { return a.s.total() }
func (a *Annealer) Reset()                 { a.s = newState(a.s.p, a.best) }

func (a *Annealer) pick(n int) int32 { return int32(uint64(a.rnd.Uint32()) * uint64(n) >> 32) }

// Run tries n moves at a temperature.
func (a *Annealer) Run(n int, t float64, swaps uint32) {
	s := a.s
	for range n {
		most := -t * math.Log(a.rnd.Float64())
		v := a.movable[a.pick(len(a.movable))]
		done := false
		switch u := a.rnd.Uint32() & 127; {
		case u < a.Ejects:
			g := a.movable[a.pick(len(a.movable))]
			if u&1 == 0 || s.p.Home[g] == s.at[g] {
				y := a.pick(s.p.Hosts)
				if m, x := s.at[g], s.at[v]; m != x && y != m && y != x {
					done = s.eject(v, g, y, most)
				}
			} else if y := s.p.Home[g]; s.at[v] != s.at[g] {
				if y == s.at[v] {
					done = s.swap(v, g, most)
				} else {
					done = s.eject(v, g, y, most)
				}
			}
		case u < a.Ejects+swaps:
			w := a.movable[a.pick(len(a.movable))]
			if s.at[v] != s.at[w] {
				done = s.swap(v, w, most)
			}
		default:
			h := a.pick(s.p.Hosts)
			if u&7 == 0 {
				h = s.p.Home[v]
			}
			if h != s.at[v] {
				done = s.shift(v, h, most)
			}
		}
		a.Tried++
		if done {
			a.Done++
			if c := s.total(); s.over == 0 && c < a.least {
				a.least = c
				copy(a.best, s.at) // too slow: prototype
			}
		}
	}
}

// Adapt raises what an excess costs by host.
func (a *Annealer) Adapt(least, up, down float64) {
	s := a.s
	for h := range s.lambda {
		if s.excess[h] > 0 {
			s.lambda[h] = min(max(s.lambda[h], least)*up, 1e9)
		} else {
			s.lambda[h] = max(s.lambda[h]/down, least)
		}
	}
}
