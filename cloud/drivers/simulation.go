package drivers

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/internal/heaps"
)

// Simulation is a cloud with a clock of its own, which runs while the executor waits. It keeps a log of all that happens.
type Simulation struct {
	set Setting
	faults
	rand  *rand.Rand
	fatal *rand.Rand // for what becomes of the executor: all else is the same without its kills

	now      int64
	due      heaps.Heap[happening]
	in       *cloud.Instance // foreign VMs stand behind those of the instance
	rules    []spec.Spec
	state    *cloud.State
	down     []bool // by host
	flights  map[cloud.VMID]*flight
	asleep   map[cloud.VMID]bool // VMs that were suspended
	attempts map[cloud.VMID]uint64
	left     []departure // not longer ago than the lag
	kills    []int64     // instants from which on the executor is killed
	skip     int         // calls that it still makes then
	log      []LogEntry
}

// flight is a step under way.
type flight struct {
	Request
	vm       cloud.VMID
	from, to cloud.HostID
	fails    bool
}

// departure is a VM that left a host, which the cloud's scheduler believes to be there for a while.
type departure struct {
	vm    cloud.VMID
	from  cloud.HostID
	until int64
}

func newSimulation(set Setting, f faults) (*Simulation, error) {
	s := &Simulation{
		set: set, faults: f, rand: rand.New(rand.NewPCG(set.Seed, 0xd1342543de82ef95)), fatal: rand.New(rand.NewPCG(set.Seed, 0x9e3779b97f4a7c15)), due: heaps.Heap[happening]{Before: happening.before},
		in: set.Instance, rules: rules.Specs(set.Instance, set.Rules), down: make([]bool, len(set.Instance.Hosts)),
		flights: map[cloud.VMID]*flight{}, asleep: map[cloud.VMID]bool{}, attempts: map[cloud.VMID]uint64{},
	}
	if set.Duration.Unit() != "ms" {
		return nil, fmt.Errorf("a simulated cloud takes durations in ms, not in %ss: %s", set.Duration.Unit(), set.Duration)
	}
	s.plague()
	return s, s.renew(set.Instance.Initial)
}

// renew makes the state of a placement under rules that know which hosts are down. VMs under way stay under way.
func (s *Simulation) renew(p cloud.Placement) error {
	in := *s.in
	in.Initial, in.Target = slices.Clip(s.set.Instance.Initial.Clone()), nil // rules that look at it mean the beginning
	for len(in.Initial) < len(in.VMs) {
		in.Initial = append(in.Initial, cloud.Absent)
	}
	if err := in.Check(); err != nil {
		return err
	}
	specs := slices.Clone(s.rules)
	for h := range in.Hosts {
		if s.down[h] {
			specs = append(specs, spec.Named("maintenance").WithValue("hosts", spec.Words(in.Hosts[h].Name)))
		}
	}
	bound, err := rules.Bind(s.set.Catalogue, &in, specs)
	if err != nil {
		return err
	}
	if inForce, _, err := cloud.Mend(&in, bound, p); err == nil {
		bound = inForce // of rules that cannot be mended the whole holds
	}
	s.in, s.state = &in, cloud.NewState(&in, bound, p)
	for v := range in.VMs {
		if f := s.flights[cloud.VMID(v)]; f != nil {
			s.state.Begin(f.vm, f.to)
		}
	}
	return nil
}

// call carries out a call of the executor, which may be killed before or after it.
func (s *Simulation) call(do func() error) error {
	dies := len(s.kills) > 0 && s.now >= s.kills[0]
	if dies && s.skip > 0 {
		s.skip, dies = s.skip-1, false
	}
	if dies {
		s.kills, s.skip = s.kills[1:], s.fatal.IntN(6)
		if s.fatal.IntN(2) == 0 {
			return ErrKilled
		}
	}
	if err := do(); err != nil && !dies {
		return err
	}
	if dies {
		return ErrKilled
	}
	return nil
}

// Log is what happened so far. It is not to be changed.
func (s *Simulation) Log() []LogEntry { return s.log }

func (s *Simulation) note(what What, r Request, why string) {
	s.log = append(s.log, LogEntry{s.now, what, r, why})
}

// Snapshot implements [Driver]. O(hosts + VMs).
func (s *Simulation) Snapshot(context.Context) (out *Snapshot, err error) {
	return out, s.call(func() error {
		out = &Snapshot{At: s.now, VMs: make([]VM, len(s.in.VMs))}
		for h, down := range s.down {
			if down {
				out.Down = append(out.Down, s.in.Hosts[h].Name)
			}
		}
		slices.Sort(out.Down)
		for v := range out.VMs {
			out.VMs[v] = VM{VM: &s.in.VMs[v], Host: s.name(s.state.HostOf(cloud.VMID(v)))}
		}
		for v := range s.asleep {
			out.VMs[v].Suspended = true
		}
		for v, f := range s.flights {
			out.VMs[v].UnderWay, out.VMs[v].To, out.VMs[v].Request = true, f.To, f.ID
		}
		return nil
	})
}

func (s *Simulation) name(h cloud.HostID) string {
	if h == cloud.Absent {
		return ""
	}
	return s.in.Hosts[h].Name
}

// Begin implements [Driver].
func (s *Simulation) Begin(_ context.Context, r Request) error {
	return s.call(func() error {
		f, err := s.accept(r)
		if why, ok := errors.AsType[*RefusedError](err); ok {
			what := Refused
			if f != nil {
				what = Twice
			}
			s.note(what, r, why.Why)
		}
		if err != nil {
			return err
		}
		s.note(Accepted, r, "")
		s.begin(f)
		return nil
	})
}

// accept tells whether a step may start. Of one whose VM is under way it returns the flight.
func (s *Simulation) accept(r Request) (*flight, error) {
	v, known := s.in.VM(r.VM)
	if !known || int(v) >= len(s.set.Instance.VMs) {
		return nil, refused("there is no VM %q that is yours", r.VM)
	}
	if f := s.flights[v]; f != nil {
		return f, refused("VM %q is under way already", r.VM)
	}
	f := &flight{Request: r, vm: v, from: cloud.Absent, to: cloud.Absent}
	for _, end := range []struct {
		name string
		host *cloud.HostID
	}{{r.From, &f.from}, {r.To, &f.to}} {
		if end.name == "" {
			continue
		}
		h, known := s.in.Host(end.name)
		if !known || s.down[h] {
			return nil, refused("host %q is down", end.name)
		}
		if *end.host = h; s.slots > 0 && s.busy(h) >= s.slots {
			return nil, refused("host %q is busy with %s", end.name, prose.Count(s.slots, "step"))
		}
	}
	if at := s.state.HostOf(v); at != f.from || f.from == f.to {
		return nil, refused("VM %q stands on host %q", r.VM, s.name(at))
	}
	if s.checks && r.Action != cloud.Shutdown && !s.believes().Allows(v, f.to) {
		return nil, refused("no valid host was found for VM %q", r.VM)
	}
	return f, nil
}

// busy counts the steps under way at a host.
func (s *Simulation) busy(h cloud.HostID) (n int64) {
	for _, f := range s.flights {
		if f.from == h || f.to == h {
			n++
		}
	}
	return n
}

// believes is the state that the cloud's scheduler judges by: where VMs have left hosts not long ago, they are there still.
func (s *Simulation) believes() *cloud.State {
	s.left = slices.DeleteFunc(s.left, func(d departure) bool { return d.until <= s.now })
	if len(s.left) == 0 {
		return s.state
	}
	view := s.state.Clone()
	seen := map[cloud.VMID]bool{}
	for _, d := range slices.Backward(s.left) {
		if !seen[d.vm] && s.flights[d.vm] == nil && view.HostOf(d.vm) != d.from && !s.down[d.from] {
			view.Begin(d.vm, d.from)
		}
		seen[d.vm] = true
	}
	return view
}

// begin puts a step under way and draws its fate.
func (s *Simulation) begin(f *flight) {
	s.state.Begin(f.vm, f.to)
	s.flights[f.vm] = f
	fate := s.fateOf(s.set.Seed, f.VM, s.attempts[f.vm], f.Action)
	s.attempts[f.vm]++
	if fate.stalls {
		return
	}
	f.fails = fate.ends < 1
	step := cloud.Step{Action: f.Action, VM: f.vm, From: f.from, To: f.to}
	takes := float64(cloud.TimeOf(s.set.Duration, &step)) * fate.factor * fate.ends
	s.due.Push(happening{at: s.now + int64(min(takes, math.MaxInt64/4)), turn: math.MaxInt32 + f.ID, flight: f})
}

// Wait implements [Driver]: the clock goes to the next instant at which something happens.
func (s *Simulation) Wait(ctx context.Context, until int64) error {
	return s.call(func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		for happened := false; len(s.due.Items) > 0; {
			next := s.due.Items[0]
			if next.at > until || happened && next.at > s.now {
				break
			}
			s.due.Pop()
			if next.flight != nil && s.flights[next.flight.vm] != next.flight {
				continue // it was aborted
			}
			s.now, happened = max(s.now, next.at), true
			if err := s.happen(next); err != nil {
				return err
			}
			until = min(until, s.now)
		}
		if until == math.MaxInt64 {
			return errors.New("nothing happens any more in the simulated cloud")
		}
		s.now = max(s.now, until)
		return nil
	})
}

// Abort implements [Driver].
func (s *Simulation) Abort(_ context.Context, vm string) error {
	return s.call(func() error {
		v, known := s.in.VM(vm)
		if !known {
			return fmt.Errorf("there is no VM %q", vm)
		}
		if f := s.flights[v]; f != nil {
			s.cancel(f, Aborted)
		}
		return nil
	})
}
