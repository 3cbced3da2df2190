//go:build soak

package experiments

import (
	"testing"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/metrics/gate"
	"github.com/cloudrearrange/rearrange/results"
)

// Over 100 repeats of an unchanged solver the gate raises no alarm in what is deterministic,
// and at most 5 in times, on whatever machine this is and whatever else it does.
func TestSoakGateRaisesFalseAlarms(t *testing.T) {
	tasks := expand(t, `
instances:
  - spec: random(hosts=8, fill-limit=0.95, max=2048, tries=100, migrations=1000)
    seeds: 1-12
algorithms: [dijkstra, astar(heuristic=misplaced), gbfs, bidirectional(heuristic=misplaced), idastar(heuristic=misplaced)]
limits: {expansions: 3000}
`)
	repeat := func() (out []results.Record) {
		err := Execute(t.Context(), tasks, Options{
			Provenance: Provenance("test"),
			Done: func(_ Task, r results.Record, _ *cloud.Plan) error {
				out = append(out, r)
				return nil
			},
		})
		if err != nil || len(out) != len(tasks) {
			t.Fatal(len(out), err)
		}
		return out
	}
	base := repeat()
	alarms, compared, least, most := 0, 0, 1.0, 1.0
	for range 100 {
		c := gate.Compare(base, repeat(), gate.Thresholds{})
		timed := false
		for _, r := range c.Rows {
			switch {
			case r.Metric.Timed:
				compared += r.Compared()
				if r.Compared() > 0 {
					least, most = min(least, r.Ratio), max(most, r.Ratio)
				}
				timed = timed || r.Verdict == gate.Worse
			case r.Verdict != gate.Same && r.Verdict != gate.NotCompared:
				t.Errorf("%s of %s is %s, though nothing changed", r.Metric.Name, r.Algorithm, r.Verdict)
			}
		}
		if timed {
			alarms++
		}
	}
	t.Logf("%d alarms in 100 repeats; %d times compared in each, on average; median ratios from %.2f to %.2f", alarms, compared/100, least, most)
	if alarms > 5 {
		t.Errorf("%d false alarms in 100 repeats, at most 5 are bearable", alarms)
	}
	if compared < 100*20 {
		t.Errorf("%d times compared in 100 repeats: too few to raise an alarm", compared)
	}
}
