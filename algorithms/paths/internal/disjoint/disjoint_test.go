package disjoint_test

import (
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths/internal/disjoint"
)

// Sets must agree with labels that are rewritten at each join, leaders included.
func TestElementsAreTogetherIfJoined(t *testing.T) {
	const n = 40
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 1))
		s, leader := disjoint.New[int32](n), make([]int32, n)
		for range 2 {
			for i := range leader {
				leader[i] = int32(i)
			}
			s.Reset()
			for range 30 {
				a, b := rng.Int32N(n), rng.Int32N(n)
				s.Join(a, b)
				old := leader[a]
				for i := range leader {
					if leader[i] == old {
						leader[i] = leader[b]
					}
				}
				for x, want := range leader {
					if got := s.Leader(int32(x)); got != want {
						t.Fatalf("seed %d: %d is led by %d, expected %d", seed, x, got, want)
					}
				}
			}
		}
	}
}
