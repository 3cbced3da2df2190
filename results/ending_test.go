package results

import "testing"

// The gate compares what is the same on every machine: a run that the clock ended is not.
func TestEndingsAreToldApart(t *testing.T) {
	limits := Limits{TimeoutS: 10, MemoryBytes: 1 << 20, Expansions: 100}
	for _, tc := range []struct {
		name string
		r    Record
		want Ending
	}{
		{"an answer", Record{Outcome: Optimal, WallS: 1, Limits: limits}, ByItself},
		{"an answer at the last expansion", Record{Outcome: Optimal, Limits: limits, Counters: map[string]int64{"expanded": 100}}, ByItself},
		{"an answer after the time was up", Record{Outcome: Optimal, WallS: 10.01, Limits: limits}, ByClock},
		{"the clock", Record{Outcome: Feasible, WallS: 9.99, Message: "the time limit of 10s was reached", Limits: limits}, ByClock},
		{"memory", Record{Outcome: Unknown, Message: "the memory limit of 1 MiB was reached", Limits: limits}, ByMemory},
		{"expansions", Record{Outcome: Unknown, Message: "the limit of 100 expansions was reached", Limits: limits}, ByExpansions},
		{"expansions, another message", Record{Outcome: Feasible, Message: "stuck", Limits: limits, Counters: map[string]int64{"expanded": 100}}, ByExpansions},
		{"itself", Record{Outcome: Feasible, Message: "the algorithm proves no more", WallS: 3, Limits: limits}, ByItself},
		{"itself, without limits", Record{Outcome: Unknown, Message: "a beam of 10 states found no path", WallS: 1e6}, ByItself},
	} {
		if got := tc.r.Ending(); got != tc.want {
			t.Errorf("%s: ended by %s, want %s", tc.name, got, tc.want)
		}
	}
}
