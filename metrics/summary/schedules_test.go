package summary

import (
	"testing"

	"github.com/cloudrearrange/rearrange/results"
	"github.com/cloudrearrange/rearrange/results/best"
)

// scheduled is a run whose plan was made a schedule.
func scheduled(scheduler, moves string, makespan, bound int64, r results.Record) results.Record {
	r.RunKey += scheduler
	r.Schedule = &results.Schedule{
		Scheduling:          results.Scheduling{Model: "slots(outgoing=1)", Duration: "precopy", Scheduler: scheduler},
		SchedulerParameters: results.Values{"patience": 20.0}, Status: results.Feasible, Unit: "ms", Makespan: makespan, LowerBound: bound,
		Bottleneck: "outgoing migrations of h1", Sequential: 9000, Peak: 3, Tables: 4, Moves: moves, SHA256: scheduler + "'s", WallS: 0.25,
		Incumbents: []results.ScheduleIncumbent{{ElapsedS: 0.1, Makespan: makespan + 1000}, {ElapsedS: 0.2, Makespan: makespan}},
	}
	return r
}

func TestColumnsTellOfSchedules(t *testing.T) {
	missed := scheduled("fifo", "", 0, 0, run("a", "j", results.Infeasible, none, none))
	missed.Schedule = &results.Schedule{Scheduling: missed.Schedule.Scheduling}
	s := of([]results.Record{
		scheduled("list", "m", 3000, 1500, run("a", "i", results.Optimal, 50, 50)), scheduled("exact", "m", 6000, 2000, run("a", "i", results.Optimal, 50, 50)),
		scheduled("list", "detour", 2000, 2000, run("b", "i", results.Optimal, 50, 50)), missed,
	})
	if len(s.Alarms) > 0 || len(s.Cases) != 3 || s.Superseded != 0 {
		t.Fatalf("alarms %v, %d cases", s.Alarms, len(s.Cases))
	}
	told := func(scheduler, algorithm, instance string) (text string) {
		for c, r := range s.All() {
			if c.Scheduler != scheduler || r.Algorithm != algorithm || c.Instance != instance {
				continue
			}
			for _, name := range []string{
				"scheduler", "model", "duration", "makespan", "makespan-bound", "best-makespan", "best-makespan-bound", "makespan-gap", "makespan-optimal",
				"sequential-time", "speed-up", "peak-concurrency", "schedule-time", "schedule-tables", "bottleneck", "scheduler.patience",
			} {
				text += column(t, s, name).At(c, r, &c.Names[0]).String() + "|"
			}
		}
		return text
	}
	for _, x := range []struct{ scheduler, algorithm, instance, want string }{
		{"list", "a", "i", "list|slots(outgoing=1)|precopy|3|1.5|3|2|50|no|9|3|3|0.25|4|outgoing migrations of h1|20|"},
		{"exact", "a", "i", "exact|slots(outgoing=1)|precopy|6|2|3|2|200|no|9|1.5|3|0.25|4|outgoing migrations of h1|20|"},
		{"list", "b", "i", "list|slots(outgoing=1)|precopy|2|2|2|2|0|yes|9|4.5|3|0.25|4|outgoing migrations of h1|20|"},
		{"fifo", "a", "j", "fifo|slots(outgoing=1)|precopy||||||||||||||"},
	} {
		if got := told(x.scheduler, x.algorithm, x.instance); got != x.want {
			t.Errorf("%s of %s: %s\nexpected %s", x.scheduler, x.algorithm, got, x.want)
		}
	}
	if unit := column(t, s, "makespan").Unit; unit != "s" {
		t.Errorf("unit %q", unit)
	}
}

func TestSchedulersCanBeComparedInPlaceOfAlgorithms(t *testing.T) {
	all := of([]results.Record{
		scheduled("list", "m", 3000, 1500, run("a", "i", results.Optimal, 50, 50)), scheduled("exact", "m", 2000, 2000, run("a", "i", results.Optimal, 50, 50)),
		scheduled("list", "m", 4000, 1500, run("b", "i", results.Feasible, 60, none)), scheduled("list", "n", 4000, 1500, run("a", "j", results.Feasible, 60, none)),
		run("a", "i", results.Optimal, 50, 50),
	})
	if err := all.OneCase(); err == nil {
		t.Error("a test would count an instance once for each scheduler")
	}
	s, err := all.By([]string{"scheduler"})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Algorithms) != 2 || s.Algorithms[0] != "exact" || s.Compared() != "scheduler" || len(s.Cases) != 3 {
		t.Fatalf("%v, %d cases", s.Algorithms, len(s.Cases))
	}
	makespan := column(t, s, "makespan")
	for _, c := range s.Cases {
		exact, list := makespan.Of(c, 0).String(), makespan.Of(c, 1).String()
		algorithm := column(t, s, "algorithm").Of(c, 1).String()
		if want := map[string]string{"ia": "2 3", "ib": " 4", "ja": " 4"}[c.Instance+algorithm]; exact+" "+list != want || c.Best == nil {
			t.Errorf("%s of %s: %q %q, expected %s", algorithm, c.Instance, exact, list, want)
		}
	}
	if both, err := all.By([]string{"algorithm", "scheduler"}); err != nil || len(both.Cases) != 2 || len(both.Algorithms) != 3 || both.Algorithms[0] != "a / exact" {
		t.Errorf("%v, %v", both, err)
	}
	if same, err := all.By([]string{"algorithm"}); err != nil || same != all {
		t.Error("algorithms are compared anyway")
	}
	if _, err := all.By([]string{"strategy"}); err == nil {
		t.Error("no run has a strategy")
	}
}

// Costs of paths to different targets do not compare.
func TestStrategiesThatAreComparedHaveNoBestCost(t *testing.T) {
	s, err := of([]results.Record{
		aimed("few", 8, run("a", "i", results.Optimal, 50, 50)), aimed("many", 6, run("a", "i", results.Optimal, 90, 90)),
	}).By([]string{"strategy"})
	if err != nil || len(s.Cases) != 1 || s.Cases[0].Best != nil || s.Cases[0].Bound != nil {
		t.Errorf("%v, %+v", err, s.Cases)
	}
	if err := s.OneCase(); err != nil {
		t.Error(err)
	}
}

func TestBestKnownSchedulesAreTakenIn(t *testing.T) {
	known := best.Of([]results.Record{scheduled("known", "m", 2500, 2400, run("k", "i", results.Optimal, 50, 50))})
	s := of([]results.Record{scheduled("list", "m", 3000, 1500, run("a", "i", results.Optimal, 50, 50))}, WithBest(known))
	if v := in(t, s, "best-makespan", "a", "i"); v.X != 2.5 {
		t.Errorf("shortest schedule %v", v)
	}
	if v := in(t, s, "makespan-gap", "a", "i"); v.X != 25 {
		t.Errorf("gap %v", v)
	}
	c := s.Cases[0]
	if found := Incumbents(c.Runs[0][0], "schedules"); len(found) != 2 || found[0].Cost != 4000 || *c.BestOf("schedules", c.Runs[0][0]) != 2500 {
		t.Errorf("%+v", found)
	}
}
