package objectives

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Folds agree with what the objectives compute of all loads, whatever the loads and however many hosts.
func TestFoldForgetsALoad(t *testing.T) {
	for _, c := range []struct {
		name string
		fold func([]int64) fold
		of   func([]int64) int64
	}{
		{"peak", newPeakFold, slices.Max[[]int64]},
		{"range", newRangeFold, func(loads []int64) int64 { return slices.Max(loads) - slices.Min(loads) }},
		{"stddev", newDeviationFold, deviation},
	} {
		t.Run(c.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				load := rapid.OneOf(rapid.Int64Range(0, mostLoad), rapid.SampledFrom([]int64{0, 1, mostLoad - 1, mostLoad}))
				loads := rapid.SliceOfN(load, 1, 40).Draw(t, "loads")
				if rapid.Bool().Draw(t, "very many") {
					loads = slices.Repeat(loads, 1000)
				}
				f := c.fold(loads)
				for range 5 {
					if got, want := f.value(), c.of(loads); got != want {
						t.Fatalf("found %d, expected %d", got, want)
					}
					var d delta
					next := slices.Clone(loads)
					host := rapid.IntRange(0, len(loads)-1)
					for _, h := range rapid.SliceOfNDistinct(host, 0, min(4, len(loads)), rapid.ID).Draw(t, "hosts") {
						next[h] = load.Draw(t, "load")
						d.add(change{cloud.HostID(h), loads[h], next[h]})
					}
					if got, want := f.after(d), c.of(next); got != want {
						t.Fatalf("after %v: found %d, expected %d", d, got, want)
					}
					f.apply(d)
					loads = next
				}
			})
		})
	}
}

// No load is so high that squares of as many hosts as there can be leave 128 bits, and sums 64.
func TestFullCloudOverflows(t *testing.T) {
	const hosts = 1<<31 - 1
	f := deviationFold{hosts: hosts, sum: hosts / 2 * mostLoad, squares: times(mostLoad, mostLoad).by(hosts / 2)}
	// Half of the hosts at the highest load, and one less than half at 0.
	if got := f.root(); got < mostLoad/2-1 || got > mostLoad/2 {
		t.Errorf("found a deviation of %d, expected %d", got, mostLoad/2)
	}
	f = deviationFold{hosts: hosts, sum: hosts * mostLoad, squares: times(mostLoad, mostLoad).by(hosts)}
	if got := f.root(); got != 0 {
		t.Errorf("all loads are equal, and the deviation is %d", got)
	}
}
