package summary

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/cloudrearrange/rearrange/results"
)

// many makes records as a store reads them: of 1,000 instances, 20 algorithms and 5 seeds.
func many() []results.Record {
	const instances, algorithms, seeds = 1000, 20, 5
	out := make([]results.Record, 0, instances*algorithms*seeds)
	rules := []string{"capacity", "arch"}
	for i := range instances {
		hosts := float64(10 * (i%20 + 1))
		instance := random("", fmt.Sprintf("random(hosts=%v)#%d", hosts, i), results.Values{"hosts": hosts, "utilisation": 0.8, "anti-affinity": "none", "flavours": []any{"1", "2"}})
		features := results.Values{"hosts": hosts, "vms": 7 * hosts, "misplaced": hosts, "shutdowns": 0.0, "provisions": 0.0, "deadlocked": i%2 == 0, "utilisation.ram": float64(i%100) / 100}
		for a := range algorithms {
			for seed := range uint64(seeds) {
				o := results.Feasible
				if (i+a+int(seed))%9 == 0 {
					o = results.Unknown
				}
				r := run(fmt.Sprint("algorithm", a), instance.Instance, o, map[bool]int64{true: int64(1000 + i + a), false: none}[o.HasPlan()], 900)
				r = timed(seeded(with(r, features), seed), float64(i+a)*1e-3, 60)
				r.Name, r.Rules = instance.Name, rules
				r.AlgorithmParameters = results.Values{"window": float64(a)}
				r.Provenance.Build = "build"
				out = append(out, r)
			}
		}
	}
	return out
}

// BenchmarkOf100000Records reduces records, and evaluates all columns of all cases.
func BenchmarkOf100000Records(b *testing.B) {
	records := many()
	measure := func(name string, f func()) {
		b.Run(name, func(b *testing.B) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			n := 0
			for b.Loop() {
				f()
				n++
			}
			runtime.ReadMemStats(&after)
			each := float64(n) * float64(len(records))
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/each, "ns/record")
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/each, "B/record")
			b.ReportMetric(float64(after.Mallocs-before.Mallocs)/each, "allocs/record")
		})
	}
	s := of(records)
	measure("reduce", func() { s = of(records) })
	measure("find columns", func() { s.columns = nil; s.Columns() })
	measure("all columns", func() {
		for _, name := range s.Columns().Names() {
			col := column(b, s, name)
			for _, c := range s.Cases {
				for a := range s.Algorithms {
					col.Of(c, a)
				}
			}
		}
	})
	measure("group by a parameter", func() {
		if _, err := s.GroupBy("param.hosts"); err != nil {
			b.Fatal(err)
		}
	})
	measure("a bare name of both", func() { column(b, s, "hosts") })
	measure("where", func() {
		s.Where(func(_ *Case, r *results.Record, _ *results.Name) bool { return r.Seed < 3 })
	})
}
