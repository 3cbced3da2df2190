package cloud_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/internal/cloudtest"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/cmd/catalogue"
)

// walked draws a plan of random sane migrations, of all that the rules allow.
func walked(t *rapid.T, in *cloud.Instance, bound []cloud.Rule, most int) *cloud.Plan {
	s := cloud.NewState(in, bound, in.Initial)
	p := &cloud.Plan{Status: cloud.Feasible}
	for range rapid.IntRange(0, most).Draw(t, "steps") {
		v := cloud.VMID(rapid.IntRange(0, len(in.VMs)-1).Draw(t, "vm"))
		to := cloud.HostID(rapid.IntRange(-1, len(in.Hosts)-1).Draw(t, "to"))
		if from := s.HostOf(v); s.Allows(v, to) {
			p.Steps = append(p.Steps, cloud.Step{Action: actionOf(from, to), VM: v, From: from, To: to})
			s.Jump(v, to)
		}
	}
	return p
}

func actionOf(from, to cloud.HostID) cloud.Action {
	switch cloud.Absent {
	case from:
		return cloud.Resume
	case to:
		return cloud.Suspend
	}
	return cloud.Migrate
}

// Between its events a replayed path stands where moves lead.
func TestReplayOfAPathGoesElsewhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := cloudtest.Instance(t)
		bound := anyRules(t, in)
		p := walked(t, in, bound, 20)
		s, want := cloud.NewState(in, bound, in.Initial), cloud.NewState(in, bound, in.Initial)
		n := 0
		for e, err := range cloud.Replay(s, p) {
			if err != nil {
				t.Fatal(err)
			}
			if e.Step != n/2 || e.Ends != (n%2 == 1) || e.At != int64(e.Step+n%2) {
				t.Fatalf("event %d is %+v", n, e)
			}
			if !s.Placement().Equal(want.Placement()) || len(s.UnderWay()) != n%2 {
				t.Fatalf("event %d: at %v, want %v", n, s.Placement(), want.Placement())
			}
			if n++; e.Ends {
				want.Move(p.Steps[e.Step].VM, p.Steps[e.Step].To)
			}
		}
		if n != 2*len(p.Steps) || !s.Placement().Equal(want.Placement()) || len(s.UnderWay()) > 0 {
			t.Fatalf("%d events of %d steps lead to %v, want %v", n, len(p.Steps), s.Placement(), want.Placement())
		}
		sameState(t, in, bound, s)
	})
}

// scheduled draws a plan with a schedule: steps begin and end at random, several at once.
func scheduled(t *rapid.T, in *cloud.Instance) *cloud.Plan {
	p := &cloud.Plan{Status: cloud.Feasible, Schedule: &cloud.Schedule{Unit: "ms"}}
	place, free := in.Initial.Clone(), make([]int64, len(in.VMs)) // from when on a VM may go
	now := int64(0)
	for range rapid.IntRange(0, 12).Draw(t, "steps") {
		now += rapid.Int64Range(0, 2).Draw(t, "pause")
		v := rapid.IntRange(0, len(in.VMs)-1).Draw(t, "vm")
		to := cloud.HostID(rapid.IntRange(-1, len(in.Hosts)-1).Draw(t, "to"))
		if to == place[v] || free[v] > now {
			continue
		}
		s := cloud.Step{Action: actionOf(place[v], to), VM: cloud.VMID(v), From: place[v], To: to, Start: now}
		if to == cloud.Absent && rapid.Bool().Draw(t, "shut down") {
			s.Action = cloud.Shutdown
		}
		if s.From == cloud.Absent && rapid.Bool().Draw(t, "provisioned") {
			s.Action = cloud.Provision
		}
		s.End = now + rapid.Int64Range(0, 3).Draw(t, "duration")
		if place[v], free[v] = to, s.End; s.Start == s.End {
			free[v]++ // an instant has an order of its own
		}
		p.Steps = append(p.Steps, s)
	}
	return p
}

// instants is the order of events written out: instant by instant, and in each one kind of
// event after the other.
func instants(p *cloud.Plan) (out []cloud.Event) {
	for at := range int64(100) {
		all := func(is func(s cloud.Step) bool, begins, ends bool) {
			for i, s := range p.Steps {
				if !is(s) {
					continue
				}
				if begins && s.Start == at {
					out = append(out, cloud.Event{Step: i, At: at})
				}
				if ends && s.End == at {
					out = append(out, cloud.Event{Step: i, Ends: true, At: at})
				}
			}
		}
		gone := func(s cloud.Step) bool { return s.Action == cloud.Shutdown && s.Start == s.End }
		there := func(s cloud.Step) bool { return s.Action == cloud.Provision && s.Start == s.End }
		all(func(s cloud.Step) bool { return s.Start < at }, false, true)
		all(gone, true, true)
		all(func(s cloud.Step) bool { return !gone(s) && !there(s) }, true, false)
		all(func(s cloud.Step) bool { return !gone(s) && !there(s) && s.Start == at }, false, true)
		all(there, true, true)
	}
	return out
}

func TestReplayOfAScheduleIsOutOfOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := cloudtest.Instance(t)
		bound := anyRules(t, in)
		p := scheduled(t, in)
		s := cloud.NewState(in, bound, in.Initial)
		l := &ledger{place: in.Initial.Clone()}
		var events []cloud.Event
		for e, err := range cloud.Replay(s, p) {
			if err != nil {
				t.Fatal(err)
			}
			l.check(t, in, s)
			events = append(events, e)
			step := p.Steps[e.Step]
			c := cloud.Change{VM: step.VM, From: step.From, To: step.To}
			if !e.Ends {
				l.way = append(l.way, c)
				continue
			}
			l.place[c.VM] = c.To
			l.way = slices.DeleteFunc(l.way, func(o cloud.Change) bool { return o == c })
		}
		l.check(t, in, s)
		if want := instants(p); !slices.Equal(events, want) {
			t.Fatalf("steps %+v:\n%+v, want\n%+v", p.Steps, events, want)
		}
	})
}

// Anything but a plan ends with an error, and not with a panic.
func TestReplayPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := cloudtest.Instance(t)
		p := scheduled(t, in)
		if rapid.Bool().Draw(t, "a path") {
			p.Schedule = nil
		}
		for range rapid.IntRange(0, 3).Draw(t, "faults") {
			if len(p.Steps) == 0 {
				break
			}
			s := &p.Steps[rapid.IntRange(0, len(p.Steps)-1).Draw(t, "step")]
			n := rapid.IntRange(-2, 8).Draw(t, "to")
			switch rapid.IntRange(0, 5).Draw(t, "fault") {
			case 0:
				s.VM = cloud.VMID(n)
			case 1:
				s.From = cloud.HostID(n)
			case 2:
				s.To = cloud.HostID(n)
			case 3:
				s.Start = int64(n)
			case 4:
				s.End = int64(n)
			case 5:
				s.Action = "dance"
			}
		}
		s := cloud.NewState(in, nil, in.Initial)
		var failed error
		for _, err := range cloud.Replay(s, p) {
			if failed != nil {
				t.Fatalf("it went on after: %v", failed)
			}
			failed = err
		}
		if failed == nil && len(s.UnderWay()) > 0 {
			t.Fatal("no error, and VMs are under way for ever")
		}
	})
}

// Walk goes as far as the rules allow.
func TestWalkGoesTooFar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := cloudtest.Instance(t)
		bound := anyRules(t, in)
		var moves []cloud.Change
		for _, s := range walked(t, in, bound, 20).Steps {
			moves = append(moves, cloud.Change{VM: s.VM, From: s.From, To: s.To})
		}
		s := cloud.NewState(in, bound, in.Initial)
		good := len(moves)
		if good > 0 && rapid.Bool().Draw(t, "spoilt") {
			good = rapid.IntRange(0, good-1).Draw(t, "at")
			moves[good].From = cloud.HostID(len(in.Hosts))
		}
		if n := s.Walk(moves); n != good {
			t.Fatalf("%d migrations of %v, want %d", n, moves, good)
		}
		sameState(t, in, bound, s)
	})
}

// madeRoom is [cloud.Bypasses] written out: a state of its own for every question.
func madeRoom(in *cloud.Instance, bound []cloud.Rule, p *cloud.Plan) (out []cloud.Bypass) {
	for i, b := range p.Steps {
		if b.Action != cloud.Suspend && (b.Action != cloud.Migrate || b.To == in.Target[b.VM]) {
			continue
		}
		found := -1
		for j := i + 1; j < len(p.Steps) && p.Steps[j].VM != b.VM && found < 0; j++ {
			place := in.Initial.Clone()
			for _, s := range p.Steps[:j] {
				place[s.VM] = s.To
			}
			place[b.VM] = b.From
			if !cloud.NewState(in, bound, place).Allows(p.Steps[j].VM, p.Steps[j].To) {
				found = j
			}
		}
		out = append(out, cloud.Bypass{Step: i, For: found})
	}
	return out
}

func TestBypassMakesRoomForAnotherStep(t *testing.T) {
	named := 0
	law := func(t *rapid.T) {
		in := cloudtest.Instance(t)
		capacity, err := rules.Bind(catalogue.Standard(), in, []spec.Spec{spec.Named("capacity")})
		if err != nil {
			t.Fatal(err)
		}
		bound := append(capacity, anyRules(t, in)...)
		p := walked(t, in, bound, 30)
		first := rapid.IntRange(0, len(p.Steps)).Draw(t, "first")
		last := rapid.IntRange(first, len(p.Steps)).Draw(t, "last")
		got, err := cloud.Bypasses(in, bound, p, first, last)
		if err != nil {
			t.Fatal(err)
		}
		want := slices.DeleteFunc(madeRoom(in, bound, p), func(b cloud.Bypass) bool { return b.Step < first || b.Step >= last })
		if !slices.Equal(got, want) {
			t.Fatalf("steps %v of %v: %v, want %v", []int{first, last}, p.Steps, got, want)
		}
		p.Schedule = &cloud.Schedule{Unit: "step"}
		for i := range p.Steps {
			p.Steps[i].Start, p.Steps[i].End = int64(i), int64(i)+1
		}
		if timed, err := cloud.Bypasses(in, bound, p, first, last); err != nil || !slices.Equal(timed, want) {
			t.Fatalf("with times: %v, %v, want %v", timed, err, want)
		}
		for _, b := range got {
			if b.For >= 0 {
				named++
			}
		}
	}
	for range 5 { // in one of 60 times, a hundred cases have none
		if rapid.Check(t, law); named > 0 {
			return
		}
	}
	t.Error("no bypass makes room for anything")
}
