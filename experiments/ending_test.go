package experiments

import (
	"testing"

	"github.com/cloudrearrange/rearrange/results"
)

// Records tell what ended a run by what the driver says of it: if that is put in other
// words, the gate takes what the clock ended for what is the same every time.
func TestRecordsTellWhatEndedARun(t *testing.T) {
	for _, tc := range []struct {
		limits string
		want   results.Ending
	}{
		{"timeout: 1ns", results.ByClock},
		{"memory: 1KiB", results.ByMemory},
		{"expansions: 3", results.ByExpansions},
		{"expansions: 1000000", results.ByItself},
	} {
		tasks := expand(t, "instances: [classic(case=tricky)]\nalgorithms: [dijkstra]\nlimits: {"+tc.limits+"}\n")
		outcomes, err := execute(t, t.Context(), tasks, Options{})
		if err != nil || len(outcomes) != 1 {
			t.Fatal(len(outcomes), err)
		}
		for _, o := range outcomes {
			r := o.record
			if got := r.Ending(); got != tc.want {
				t.Errorf("%s of %s: %s (%s), ended by %s, want %s", r.Algorithm, tc.limits, r.Outcome, r.Message, got, tc.want)
			}
		}
	}
}
