package summary

import (
	"errors"
	"slices"
)

// Pairs compares two algorithms case by case.
type Pairs struct {
	Metric Metric
	X, Y   string // the algorithms
	Points []Pair // in both a value
	OnlyX  []float64
	OnlyY  []float64 // values in cases in which the other algorithm has none
	// Neither counts the cases in which both were run and none has a value, NotRun those
	// in which one was not run.
	Neither, NotRun  int
	Less, Same, More int // of Points: the value of Y is less than that of X, the same, or more
}

// Pair is one case: the values of both algorithms.
type Pair struct{ X, Y float64 }

// Pairs compares two algorithms, given by index.
func (s *Summary) Pairs(m Metric, x, y int) Pairs {
	p := Pairs{Metric: m, X: s.Algorithms[x], Y: s.Algorithms[y]}
	for _, c := range s.Cases {
		if c.Runs[x] == nil || c.Runs[y] == nil {
			p.NotRun++
			continue
		}
		vx, okX := m.Of(c, x)
		vy, okY := m.Of(c, y)
		switch {
		case okX && okY:
			p.Points = append(p.Points, Pair{vx, vy})
			switch {
			case vy < vx:
				p.Less++
			case vy == vx:
				p.Same++
			default:
				p.More++
			}
		case okX:
			p.OnlyX = append(p.OnlyX, vx)
		case okY:
			p.OnlyY = append(p.OnlyY, vy)
		default:
			p.Neither++
		}
	}
	return p
}

// TwoAlgorithms finds two algorithms by name, as indices. A name left out stands for the
// one that solves most cases, of those that the other name leaves; y is chosen first.
func (s *Summary) TwoAlgorithms(x, y string) (int, int, error) {
	if len(s.Algorithms) < 2 {
		return 0, 0, errors.New("there are no two algorithms to compare")
	}
	chosen := [2]int{-1, -1} // y, x
	for i, name := range []string{y, x} {
		if name == "" {
			continue
		}
		if chosen[i] = slices.Index(s.Algorithms, name); chosen[i] < 0 {
			return 0, 0, s.noRecord(name)
		}
	}
	for i := range chosen {
		for _, a := range s.bySolved() {
			if chosen[i] < 0 && a != chosen[1-i] {
				chosen[i] = a
			}
		}
	}
	if chosen[0] == chosen[1] {
		return 0, 0, errors.New("x and y are the same algorithm")
	}
	return chosen[1], chosen[0], nil
}

// bySolved lists the algorithms, as indices, by how many cases they solve, most first
// and otherwise in their order.
func (s *Summary) bySolved() []int {
	out := make([]int, len(s.Algorithms))
	for i := range out {
		out[i] = i
	}
	slices.SortStableFunc(out, func(a, b int) int { return s.Outcomes[b].Solved - s.Outcomes[a].Solved })
	return out
}
