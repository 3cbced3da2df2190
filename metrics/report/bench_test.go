package report

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/cloudrearrange/rearrange/metrics/tables"
	"github.com/cloudrearrange/rearrange/results"
)

// many makes so many records of a large experiment: algorithms on random instances of 5 to
// 100 hosts, with features, counters and plans found on the way as runs have them.
func many(n, algorithms int) []results.Record {
	rng := rand.New(rand.NewPCG(1, 2))
	out := make([]results.Record, 0, n)
	for i := 0; len(out) < n; i++ {
		hosts, utilisation := 5*(1+i%20), 0.5+0.05*float64(i/20%10)
		vms := 5 * hosts
		best := int64(1000 * vms)
		features := map[string]any{
			"hosts": float64(hosts), "vms": float64(vms), "resources": 1.0, "rules": 2.0, "groups": 0.0, "sizes": float64(vms / 3), "interruptible": 0.0,
			"vms_per_host": 5.0, "utilisation": utilisation, "utilisation.ram": utilisation, "largest_vm": 0.4, "shutdowns": 0.0, "provisions": 0.0,
			"misplaced": float64(vms / 2), "misplaced_fraction": 0.5, "across_racks": 0.0, "across_zones": 0.0, "deadlocked": i%3 == 0,
			"entangled": float64(i % 7), "locked": 0.0,
		}
		for a := range min(algorithms, n-len(out)) {
			wallS := 0.001 * float64(hosts) * math.Exp(rng.NormFloat64()+float64(a)/4)
			r := results.Record{
				Format: results.RecordFormat, RunKey: fmt.Sprintf("%032x", len(out)), Name: results.Name{Instance: fmt.Sprintf("random(hosts=%d, utilisation=%g)#%d", hosts, utilisation, i)},
				InstanceSHA256: fmt.Sprintf("%064x", i), Features: features, Algorithm: fmt.Sprintf("improve(base=greedy, window=%d)", a+1),
				CostFunction: "ram", Rules: []string{"capacity", "arch"}, Seed: 1, Limits: results.Limits{TimeoutS: 60, MemoryBytes: 1 << 30},
				Outcome: results.Feasible, Steps: vms / 2, PlanSHA256: fmt.Sprintf("%064x", len(out)), WallS: wallS, CPUS: wallS, PeakBytes: int64(vms) << 16,
				Counters: map[string]int64{"expanded": int64(100 * wallS * 1e3), "generated": int64(900 * wallS * 1e3), "reopened": 0, "peak_states": int64(vms), "evaluated": int64(wallS * 1e5)},
				Enforced: map[string]string{"timeout": "polled by the solver", "memory": "accounted by the solver"},
				Provenance: results.Provenance{
					Version: "0.1.0", Revision: "ef0c2e6c0ffee", GoVersion: "go1.26.0", OS: "linux/amd64", CPUModel: "Some CPU at 3 GHz", Cores: 2, Date: "2026-01-31T12:00:00Z",
				},
			}
			lower := best * 9 / 10
			r.LowerBound = &lower
			if rng.IntN(10) == 0 {
				r.Outcome, r.Steps, r.PlanSHA256 = results.Unknown, 0, ""
			} else {
				cost := best + int64(rng.IntN(vms))*int64(20-a)
				r.Cost = &cost
				for k := range 10 {
					r.Incumbents = append(r.Incumbents, results.Incumbent{ElapsedS: wallS * float64(k+1) / 10, Cost: cost + int64(9-k)*100, Bound: lower})
				}
			}
			out = append(out, r)
		}
	}
	return out
}

// writeRecords writes a file of records.
func writeRecords(b *testing.B, path string, records []results.Record) {
	b.Helper()
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	for i := range records {
		line, err := json.Marshal(&records[i], json.Deterministic(true))
		if err != nil {
			b.Fatal(err)
		}
		w.Write(line)
		w.WriteByte('\n')
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	f.Close()
}

// Benchmark100000Records reads, reduces, draws and writes large experiments. It tells the
// most memory that the runtime took from the system.
func Benchmark100000Records(b *testing.B) {
	for _, algorithms := range []int{20, 2} {
		b.Run(fmt.Sprintf("algorithms=%d", algorithms), func(b *testing.B) {
			dir := b.TempDir()
			path := filepath.Join(dir, results.FileName)
			writeRecords(b, path, many(100_000, algorithms))
			debug.FreeOSMemory()
			for b.Loop() {
				reportOn(b, path, dir)
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.Sys)/(1<<20), "MiB")
		})
	}
}

func reportOn(b *testing.B, path, dir string) {
	b.Helper()
	records, problems, err := results.Read(path)
	if err != nil || len(problems) > 0 || len(records) != 100_000 {
		b.Fatal(len(records), problems, err)
	}
	r, err := New(records, problems, Options{})
	if err != nil {
		b.Fatal(err)
	}
	if err := r.Terminal(io.Discard, tables.Screen{}); err != nil {
		b.Fatal(err)
	}
	if err := r.Write(dir); err != nil {
		b.Fatal(err)
	}
}
