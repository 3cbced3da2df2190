package durations

import (
	"math"
	"math/bits"

	"github.com/cloudrearrange/rearrange/cloud"
)

// NewFlow implements [Fluid].
func (d *flowing) NewFlow(s *cloud.Step) Flow {
	if given := d.given(s); given >= 0 {
		return wait(given)
	}
	f := &flow{d: d, g: d.guests[d.VM[s.VM]]}
	if s.Action == cloud.Migrate {
		f.running = d.rounds.maxRounds
	}
	f.left = 1000 * f.g.memory
	return f
}

// flowing is a transfer of which the rounds are known.
type flowing struct {
	*transfer
	rounds model // of no rounds while the VM runs where the memory is sent once
}

// wait is a step of a given time: what is left of it.
type wait int64

func (w wait) Left(int64) int64       { return int64(w) }
func (w wait) After(_, ms int64) Flow { return w - wait(ms) }

// flow is a step that sends rounds. Amounts are in thousandths of a byte, so that a speed in bytes/s is how many of them are
// sent in a ms.
type flow struct {
	d       *flowing
	g       guest
	left    uint64 // of the current round
	begun   bool   // something of the current round was sent, so that it is known whether it is the last
	last    bool   // the VM has stopped
	running int64  // rounds that may still be sent while the VM runs, the current one included
	dirtied uint64 // in the current round up to now, in bytes
}

// Left implements [Flow]. O(rounds).
func (f *flow) Left(kbps int64) int64 {
	speed := f.d.speedAt(kbps)
	if speed == 0 {
		return Never
	}
	ahead := *f
	var hi, lo, carry uint64
	for {
		ahead.begin(speed)
		lo, carry = bits.Add64(lo, ahead.left, 0)
		hi += carry
		if ahead.last {
			break
		}
		ahead.part(ahead.left, speed)
	}
	if hi >= speed {
		return Never
	}
	q, r := bits.Div64(hi, lo, speed)
	if r > 0 {
		q++
	}
	return int64(min(q, Never))
}

// After implements [Flow]. O(rounds).
func (f *flow) After(kbps, ms int64) Flow {
	later := *f
	later.send(f.d.speedAt(kbps), uint64(ms))
	return &later
}

// send lets the step send at a speed in bytes/s for some ms.
func (f *flow) send(speed, ms uint64) {
	if speed == 0 {
		if f.begin(speed); !f.last {
			f.dirty(f.g.dirty, ms, 1000)
		}
		return
	}
	hi, budget := bits.Mul64(speed, ms)
	if hi > 0 {
		budget = math.MaxUint64
	}
	for budget > 0 {
		f.begin(speed)
		n := min(budget, f.left)
		if budget -= n; f.last {
			f.left -= n
			return
		}
		f.part(n, speed)
	}
}

// begin decides whether the round that is about to be sent is the last, unless it is under way.
func (f *flow) begin(speed uint64) {
	if !f.begun {
		f.begun, f.last = true, f.running == 0 || f.d.rounds.short(f.left/1000, speed)
	}
}

// part sends an amount of a round while the VM runs.
func (f *flow) part(n, speed uint64) {
	f.dirty(n, f.g.dirty, 1000*speed)
	if f.left -= n; f.left == 0 {
		f.left, f.dirtied, f.begun = 1000*f.dirtied, 0, false
		f.running--
	}
}

// dirty adds a × b / c bytes to what the VM has dirtied in this round, its working set at most.
func (f *flow) dirty(a, b, c uint64) {
	n, ok := mulDivUp(a, b, c)
	if !ok || n > f.g.workingSet-f.dirtied {
		n = f.g.workingSet - f.dirtied
	}
	f.dirtied += n
}
