package schedules_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/scheduletest"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// Each scheduler once on 10,000 migrations between 1,000 hosts; its makespan is told as a multiple of the bound.
func BenchmarkSchedulers(b *testing.B) {
	p := scheduletest.Large(b, rand.New(rand.NewPCG(1, 1)), 1000, 10_000, "slots(outgoing=1, incoming=1)", scheduletest.Rate)
	for _, name := range []string{"sequential", "fifo", "batches", "rounds", "leaf-first", "list(patience=0)"} {
		b.Run(name, func(b *testing.B) {
			s, _, err := schedules.New(catalogue.Standard(), spec.MustParse(name))
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				r, err := schedules.Schedule(context.Background(), s, p, schedules.Options{})
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(r.Makespan)/float64(r.LowerBound), "of-bound")
			}
		})
	}
}
