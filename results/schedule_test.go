package results

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
)

func planned() Record {
	r := aimed()
	r.Target = nil
	r.PlanSHA256, r.Limits = "path", Limits{ScheduleTimeoutS: 0.5, ScheduleTables: 9}
	r.Schedule = &Schedule{
		Scheduling:          Scheduling{Model: "slots(outgoing=1)", Duration: "precopy", Scheduler: "list"},
		SchedulerParameters: Values{"patience": 20.0}, Status: Feasible, Unit: "ms", Makespan: 50, LowerBound: 40, Bottleneck: "outgoing migrations of h1",
		Sequential: 90, Peak: 3, Tables: 4, Moves: "m", SHA256: "s", WallS: 0.25, Incumbents: []ScheduleIncumbent{{ElapsedS: 0.125, Makespan: 60}},
	}
	return r
}

func TestSchedulesSurviveTheFile(t *testing.T) {
	want := planned()
	line, err := encode(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decode(line, json.JoinOptions())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if got.StepsSHA256() != "s" || got.Scheduling().Scheduler != "list" {
		t.Errorf("steps %s, %+v", got.StepsSHA256(), got.Scheduling())
	}
	want.Schedule = nil
	if line, err = encode(want); err != nil || strings.Contains(string(line), `"schedule"`) || want.StepsSHA256() != "path" || want.Scheduling() != (Scheduling{}) {
		t.Errorf("a record without a schedule says something of it: %s, %v", line, err)
	}
}

func TestFaultySchedulesAreRefused(t *testing.T) {
	for want, spoil := range map[string]func(*Schedule){
		"/schedule/model: missing":                func(s *Schedule) { s.Model = "" },
		"/schedule/duration: missing":             func(s *Schedule) { s.Duration = "" },
		"/schedule/scheduler: missing":            func(s *Schedule) { s.Scheduler = "" },
		"/schedule/unit: missing":                 func(s *Schedule) { s.Unit = "" },
		"/schedule/moves_sha256: missing":         func(s *Schedule) { s.Moves = "" },
		"/schedule/sha256: missing":               func(s *Schedule) { s.SHA256 = "" },
		"/schedule/lower_bound: expected at most": func(s *Schedule) { s.LowerBound = 51 },
		`/schedule/status: unknown status "good"`: func(s *Schedule) { s.Status = "good" },
		"/schedule: expected non-negative":        func(s *Schedule) { s.Peak = -1 },
		"/schedule/wall_s: expected":              func(s *Schedule) { s.WallS = -1 },
		"/schedule/incumbents/0: expected":        func(s *Schedule) { s.Incumbents[0].Makespan = -1 },
	} {
		r := planned()
		spoil(r.Schedule)
		if err := r.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, expected %s", err, want)
		}
	}
}

func TestRecordsTellWhatEndedTheScheduler(t *testing.T) {
	for want, change := range map[Ending]func(*Record){
		ByItself: func(*Record) {},
		ByClock:  func(r *Record) { r.Schedule.WallS = 0.5 },
		ByTables: func(r *Record) { r.Schedule.Tables = 9 },
	} {
		r := planned()
		if change(&r); r.ScheduleEnding() != want {
			t.Errorf("%s, expected %s", r.ScheduleEnding(), want)
		}
	}
	proved := planned()
	if proved.Schedule.Tables, proved.Schedule.Status = 9, Optimal; proved.ScheduleEnding() != ByItself {
		t.Error("a proof with the last table counts as ended by the limit")
	}
}
