package gate_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/metrics/gate"
	"github.com/cloudrearrange/rearrange/results"
)

// anyRecords draws records of a few algorithms and instances, of every outcome and ending.
func anyRecords(t *rapid.T, label string) []results.Record {
	var out []results.Record
	for a := range 3 {
		for i := range 4 {
			if rapid.IntRange(0, 9).Draw(t, label+" missing") == 0 {
				continue
			}
			r := results.Record{
				Format: results.RecordFormat, RunKey: fmt.Sprint(a, i), Name: results.Name{Instance: fmt.Sprint("instance", i)},
				InstanceSHA256: fmt.Sprint(i), Algorithm: fmt.Sprint("algorithm", a), CostFunction: "ram", Seed: 1,
				Limits:  results.Limits{TimeoutS: 10, Expansions: 50, MemoryBytes: 1 << 20},
				Outcome: rapid.SampledFrom(results.Outcomes()).Draw(t, "outcome"),
				Message: rapid.SampledFrom([]string{"", atClock, "the limit of 50 expansions was reached", atMemory}).Draw(t, "message"),
				WallS:   rapid.SampledFrom([]float64{0, 0.001, 0.5, 2, 10}).Draw(t, "wall"), PeakBytes: rapid.Int64Range(0, 100).Draw(t, "peak"),
				Counters: map[string]int64{"expanded": rapid.Int64Range(0, 50).Draw(t, "expanded"), "generated": rapid.Int64Range(0, 50).Draw(t, "generated")},
			}
			cost := rapid.Int64Range(0, 5).Draw(t, "cost")
			bound := rapid.Int64Range(0, cost).Draw(t, "bound")
			if r.Outcome.HasPlan() || r.Outcome == results.Invalid {
				r.Cost = &cost
			}
			if r.Outcome != results.Infeasible {
				r.LowerBound = &bound
			}
			out = append(out, r)
		}
	}
	return out
}

func TestWhatIsTheSameIsNeverWorse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		records := anyRecords(t, "both")
		c := gate.Compare(records, records, gate.Thresholds{RefuseUnpaired: true})
		if c.Regression() || len(c.Of(gate.Better)) > 0 {
			t.Fatalf("worse %v, alarms %v", worse(c), c.Alarms)
		}
	})
}

// Whichever side is the baseline, the same pairs count, and what is better on one side is
// worse on the other. Nothing is dropped in silence, and no order of records shows.
func TestComparisonsAreTheSameBothWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyRecords(t, "a"), anyRecords(t, "b")
		there, back := gate.Compare(a, b, gate.Thresholds{}), gate.Compare(b, a, gate.Thresholds{})
		if there.Pairs+len(there.Baseline.Only) != len(a) || there.Pairs+len(there.Candidate.Only) != len(b) {
			t.Fatalf("%d pairs, %d and %d alone, of %d and %d records",
				there.Pairs, len(there.Baseline.Only), len(there.Candidate.Only), len(a), len(b))
		}
		counted := map[string]int{}
		for i, r := range there.Rows {
			counted[r.Name] += r.Compared()
			for _, n := range r.Left {
				counted[r.Name] += n
			}
			o := back.Rows[i]
			if r.Metric.Name == "memory" { // whose tolerance is relative to the baseline
				continue
			}
			o.Left[gate.ClockLost], o.Left[gate.ClockGained] = o.Left[gate.ClockGained], o.Left[gate.ClockLost]
			maps.DeleteFunc(o.Left, func(_ gate.Reason, n int) bool { return n == 0 })
			if r.Worse != o.Better || r.Better != o.Worse || r.Same != o.Same || !reflect.DeepEqual(r.Left, o.Left) {
				t.Fatalf("%s of %s: %d better, %d worse, left %v; the other way round %d, %d, %v",
					r.Metric.Name, r.Algorithm, r.Better, r.Worse, r.Left, o.Better, o.Worse, o.Left)
			}
		}
		for metric, n := range counted {
			if n != there.Pairs {
				t.Fatalf("%s tells of %d of %d pairs", metric, n, there.Pairs)
			}
		}
		mixed := slices.Clone(b)
		rand.New(rand.NewPCG(1, 1)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		again := gate.Compare(a, mixed, gate.Thresholds{})
		if !slices.Equal(worse(again), worse(there)) || len(again.Alarms) != len(there.Alarms) {
			t.Fatalf("in another order: worse %v, alarms %v; want %v, %v", worse(again), again.Alarms, worse(there), there.Alarms)
		}
	})
}
