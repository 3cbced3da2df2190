package best

import (
	"bytes"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/results"
)

// planned is a record of a schedule of some moves by a scheduler.
func planned(scheduler, moves string, makespan, bound int64) results.Record {
	r := record("auto", "i", results.Optimal, 7, 7)
	r.RunKey = scheduler + moves
	r.Schedule = &results.Schedule{
		Scheduling: results.Scheduling{Model: "slots(outgoing=1)", Duration: "precopy", Scheduler: scheduler},
		Status:     results.Feasible, Unit: "ms", Makespan: makespan, LowerBound: bound, Moves: moves, SHA256: scheduler + "'s",
	}
	return r
}

func TestSchedulesHaveBestKnownValuesByTheirMoves(t *testing.T) {
	s := of(planned("list", "m", 50, 30), planned("exact", "m", 60, 40), planned("list", "detour", 35, 35))
	if wrong := s.Contradictions(); len(wrong) > 0 {
		t.Errorf("a schedule of other moves refutes a bound: %v", wrong)
	}
	r := planned("", "m", 0, 0)
	v, ok := s.FindSchedule(&r)
	if !ok || v.Schedule.Makespan != 50 || v.Schedule.Algorithm != "list" || v.Bound.Value != 40 || v.Bound.Algorithm != "exact" || v.Closed() {
		t.Errorf("shortest schedule %+v", v)
	}
	if r = planned("", "detour", 0, 0); s.Len() != 3 { // and the plan
		t.Errorf("%d questions", s.Len())
	}
	if v, ok := s.FindSchedule(&r); !ok || !v.Closed() {
		t.Errorf("a schedule that meets its bound: %+v", v)
	}
	again, problems := Decode("f", written(t, s))
	if len(problems) > 0 || !bytes.Equal(written(t, s), written(t, again)) {
		t.Errorf("written and read, values differ: %v", problems)
	}
	for _, c := range Changes(s, Merge(s, of(planned("better", "m", 40, 40)))) {
		if c.After.Moves == "m" && (c.Kind != Improved || !c.Shorter() || c.Higher() || !c.After.Closed()) {
			t.Errorf("a shorter schedule: %+v", c)
		}
	}
}

func TestScheduleShorterThanABoundIsAContradiction(t *testing.T) {
	wrong := of(planned("bold", "m", 50, 0), planned("proud", "m", 60, 55)).Contradictions()
	if len(wrong) != 1 || !strings.HasPrefix(wrong[0].String(), "schedule shorter than a bound: ") {
		t.Errorf("found %v", wrong)
	}
	known := of(planned("known", "m", 30, 20))
	got := Alarms([]results.Record{planned("proud", "m", 60, 35), planned("right", "m", 60, 25)}, known)
	if len(got) != 1 || !strings.Contains(got[0].Text, "best known, ") || !strings.Contains(got[0].Text, "at least 35") {
		t.Errorf("found %v", got)
	}
	invalid := planned("cheat", "m", 10, 0)
	invalid.Outcome = results.Invalid
	for _, a := range Alarms([]results.Record{invalid, planned("right", "m", 60, 25)}, nil) {
		if a.Kind == alarmSchedule {
			t.Errorf("a schedule that the judge rejected refutes a bound: %v", a)
		}
	}
}

func TestFaultyValuesOfSchedulesAreRefused(t *testing.T) {
	line := string(written(t, of(planned("list", "m", 50, 30))))
	line = line[strings.Index(line, `{"format":"rearrange/best/1","instance":"i","instance_sha256":"sha-i","rules"`):]
	for want, spoil := range map[string][2]string{
		"/model: missing":             {`"model":"slots(outgoing=1)",`, ""},
		"/duration: missing":          {`"duration":"precopy",`, ""},
		"/moves_sha256: missing":      {`"moves_sha256":"m",`, ""},
		"/schedule/makespan: missing": {`"makespan":50,`, ""},
		"nothing of plans or targets": {`"model"`, `"cost_function":"ram","model"`},
		"schedule shorter than":       {`"value":30`, `"value":51`},
	} {
		faulty := strings.Replace(line, spoil[0], spoil[1], 1)
		if _, problems := Decode("f", []byte(faulty)); len(problems) != 1 || !strings.Contains(problems[0].Reason, want) {
			t.Errorf("%v, expected %s of %s", problems, want, faulty)
		}
	}
}
