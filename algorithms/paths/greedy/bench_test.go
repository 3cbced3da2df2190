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

// BenchmarkScale solves large clouds, among them such whose placements are both random.
func BenchmarkScale(b *testing.B) {
	for _, family := range []string{
		fresh(1000, 0.9), fresh(10000, 0.85), fresh(10000, 0.9), fresh(10000, 0.95), fresh(10000, 0.98),
		"swaps(pairs=5000)", "permutation(hosts=10000)", "ring(length=10000)", "chain(length=10000)",
	} {
		b.Run(family, func(b *testing.B) {
			p := problem(b, generate(b, family, 1), "ram")
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
