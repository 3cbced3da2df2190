package tables

import (
	"testing"

	"github.com/cloudrearrange/rearrange/results"
)

func TestTargetsAreToldByStrategy(t *testing.T) {
	var list []results.Record
	for i, strategy := range []string{"defragment", "defragment(max-migrations=50)", "evacuate(hosts=h1)"} {
		for k, instance := range []string{"i", "j"} {
			r := run("auto", instance, []results.Outcome{results.Optimal, results.Feasible, results.Infeasible}[i], int64(900-200*i), -1)
			r.CostUnit = "MiB"
			r.Target = &results.Target{
				Strategy: strategy, Objective: "hosts", ObjectiveUnit: "hosts", Status: results.Feasible, Before: []int64{70}, After: []int64{30 + 10*int64(i+k)},
				Bound: []int64{30}, Migrations: 90 - 40*i, Cost: 700 - int64(100*i), SHA256: strategy, WallS: 0.5,
			}
			list = append(list, r)
		}
	}
	list[5].Outcome, list[5].Target = results.Unknown, &results.Target{Strategy: "evacuate(hosts=h1)", Objective: "hosts", Status: results.Unknown}
	x := made(t, "targets", of(list))
	term, md := render(t, x, 80)
	golden(t, "targets.txt", term)
	golden(t, "targets.md", md)
	if x.Timed {
		t.Error("the table of targets differs from run to run")
	}
	if x := made(t, "target-time", of(list)); !x.Timed || len(x.Rows) != 3 {
		t.Errorf("times of targets: %+v", x)
	}
	list[0].Target.Objective, list[1].Target.Objective = "load", "hosts"
	if x := made(t, "table(columns=[mean(gain)])", of(list)); x.Rows[0][1].HasValue() {
		t.Error("values of several objectives are averaged")
	}
	if _, err := try("targets", of(records())); err == nil {
		t.Error("a table of targets of runs without any")
	}
}
