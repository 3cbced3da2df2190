package bounds_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/scheduletest"
)

func BenchmarkAll(b *testing.B) {
	for _, moves := range []int{10_000, 100_000} {
		for _, model := range []string{"slots(outgoing=1)", "slots(outgoing=2, incoming=2, total=500)", "slots(per-host=1)"} {
			b.Run(fmt.Sprintf("%d/%s", moves, model), func(b *testing.B) {
				p := scheduletest.Large(b, rand.New(rand.NewPCG(1, 1)), 1000, moves, model, "rate(bandwidth=10000)")
				for b.Loop() {
					best := bounds.All(p)[0]
					b.ReportMetric(float64(best.Value), "bound-ms")
				}
			})
		}
	}
}
