package greedy_test

import (
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
)

// BenchmarkGreedy solves drifted clouds. gap is cost above the simple bound.
func BenchmarkGreedy(b *testing.B) {
	for _, r := range []recipe{
		{hosts: 50, resources: 1, capacity: 64, util: 0.85},
		{hosts: 50, resources: 1, capacity: 64, util: 0.95},
		{hosts: 50, resources: 3, capacity: 64, util: 0.9, groups: true},
	} {
		b.Run(r.String(), func(b *testing.B) {
			rnd := source(1)
			in := r.make(b, rnd)
			in.Target = drift(b, in, 20*len(in.VMs), rnd)
			p := problem(b, in, "ram")
			var last paths.Result
			for b.Loop() {
				last = solve(b, p, "greedy", paths.Options{})
			}
			if !last.Status.HasPlan() {
				b.Fatal(last.Reason)
			}
			b.ReportMetric(float64(len(last.Migrations)), "migrations")
			b.ReportMetric(100*float64(last.Cost-last.LowerBound)/float64(last.LowerBound), "gap-%")
		})
	}
}
