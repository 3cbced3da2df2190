package cloud

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
)

// Event is one moment of a plan: a step begins, or ends.
type Event struct {
	Step int   // position in [Plan.Steps]
	Ends bool  // the step ends; else it begins
	At   int64 // in the unit of the schedule; without one, step i lasts from i to i+1
}

// Replay walks a plan event by event over a state, which must stand at the initial placement
// of the plan's instance, VMs to be shut down included. An event is yielded just before it
// happens: the loop sees the state as it is until then, and a loop that breaks leaves it so.
// The loop must leave the state as it found it.
//
// Without a schedule one step follows the other: it begins, it ends. That holds for suspends,
// resumes, shutdowns and provisions too; since nothing happens in between, they are as good as
// instantaneous. With a schedule events come in the order of their times. At one instant the
// steps that started earlier end first, then VMs are shut down whose shutdown takes no time,
// then all other steps start, then those of no length end, and at last VMs are provisioned
// whose provision takes no time; in each of these the order is that of the steps.
//
// Rules are not asked: that is the judge's office. Where a step cannot be carried out at all,
// because its VM stands elsewhere, is under way, or does not exist, its event comes with an
// error, and is the last. Whatever the plan, Replay does not panic.
// O(steps × (resources + VMs under way)), and O(steps log steps) with a schedule.
func Replay(s *State, p *Plan) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for e := range p.events() {
			step := &p.Steps[e.Step]
			err := s.refusal(step, e)
			if !yield(e, err) || err != nil {
				return
			}
			if e.Ends {
				s.End(step.VM)
			} else {
				s.Begin(step.VM, step.To)
			}
		}
	}
}

// events are those of a plan, in their order.
func (p *Plan) events() iter.Seq[Event] {
	if p.Schedule != nil {
		return slices.Values(p.timetable())
	}
	return func(yield func(Event) bool) {
		for i := range p.Steps {
			if !yield(Event{Step: i, At: int64(i)}) || !yield(Event{Step: i, Ends: true, At: int64(i) + 1}) {
				return
			}
		}
	}
}

// timetable are the events of a plan with a schedule.
func (p *Plan) timetable() []Event {
	out := make([]Event, 0, 2*len(p.Steps))
	for i := range p.Steps {
		s := &p.Steps[i]
		out = append(out, Event{Step: i, At: s.Start}, Event{Step: i, Ends: true, At: s.End})
	}
	turn := func(e Event) int { // at one instant
		s := &p.Steps[e.Step]
		switch instantly := s.Start == s.End; {
		case instantly && s.Action == Shutdown:
			return 1
		case instantly && s.Action == Provision:
			return 4
		case !e.Ends:
			return 2
		case instantly:
			return 3
		}
		return 0
	}
	slices.SortStableFunc(out, func(a, b Event) int { // so that a step that happens at once begins before it ends
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(turn(a), turn(b)), cmp.Compare(a.Step, b.Step))
	})
	return out
}

// refusal says why an event cannot happen, whatever the rules.
func (s *State) refusal(step *Step, e Event) error {
	v, n := step.VM, e.Step+1
	if v < 0 || int(v) >= len(s.seats) || !s.hasHost(step.From) || !s.hasHost(step.To) {
		return fmt.Errorf("step %d names a VM or a host that the instance does not have", n)
	}
	name, way := s.inst.VMs[v].Name, s.way(v)
	switch {
	case step.End < step.Start:
		return fmt.Errorf("step %d ends at %d, before it starts at %d", n, step.End, step.Start)
	case e.Ends && (way < 0 || s.underWay[way] != Change{VM: v, From: step.From, To: step.To}):
		return fmt.Errorf("step %d ends, but it did not put VM %q under way", n, name)
	case e.Ends:
	case way >= 0:
		return fmt.Errorf("step %d starts while VM %q is still under way", n, name)
	case s.HostOf(v) != step.From:
		return fmt.Errorf("step %d moves VM %q from %s, but the VM is on %s", n, name, s.inst.where(step.From), s.inst.where(s.HostOf(v)))
	case step.From == step.To:
		return fmt.Errorf("step %d takes VM %q from %s to itself", n, name, s.inst.where(step.From))
	}
	return nil
}

func (s *State) hasHost(h HostID) bool { return h >= Absent && int(h) < len(s.inst.Hosts) }

// where names a host in a sentence.
func (in *Instance) where(h HostID) string {
	if h == Absent {
		return "no host"
	}
	return fmt.Sprintf("host %q", in.Hosts[h].Name)
}

// Walk carries out migrations one after the other, as far as each begins where its VM stands
// and is sane, and returns how many. Like [State.Jump] it leaves no trace for Undo.
func (s *State) Walk(migrations []Change) int {
	for i, m := range migrations {
		if s.HostOf(m.VM) != m.From || !s.Allows(m.VM, m.To) {
			return i
		}
		s.Jump(m.VM, m.To)
	}
	return len(migrations)
}
