package durations

import (
	"math/big"
	"math/bits"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Paced is an optional ability of a [cloud.Duration]: it knows how long a migration, a suspend or a resume takes at a
// rate. A rate is what the network gives the step, in kbit/s, and more than 0.
type Paced interface {
	cloud.Duration
	// TimeAt is the time of the step at one rate throughout, in ms; [Never] where it does not come to an end. It does not
	// grow with the rate.
	TimeAt(s *cloud.Step, kbps int64) int64
	// SentAt is what the step sends at one rate throughout, in bytes, and whether it comes to its end because little
	// is left to be sent, and not because it must. More rate never means more bytes, nor that it no longer converges. A suspend or
	// resume of a given time sends nothing over the network.
	SentAt(s *cloud.Step, kbps int64) (bytes int64, converges bool)
	// Grain is what times of migrations are rounded to, in ms.
	Grain() int64
}

// Never is a time in ms that stands for no end: 285,000 years.
const Never = 1 << 53

// Fluid is an optional ability of a [Paced] duration: it knows how steps go at rates that change.
type Fluid interface {
	Paced
	// NewFlow is the step before it has sent anything.
	NewFlow(s *cloud.Step) Flow
}

// Flow is a step under way, as it is at an instant. At one rate throughout it takes as long as [Paced.TimeAt] says.
type Flow interface {
	// Left is how long the step takes from now on at a rate, in ms; [Never] at rate 0.
	Left(kbps int64) int64
	// After is the step when it has had a rate for a time, which is at most what was left. What the VM dirties in a round is
	// rounded up to a byte each time: so only a change of the rate is a reason to ask.
	After(kbps, ms int64) Flow
}

// speedAt is the share of a rate in bytes per second, rounded down.
func (d *transfer) speedAt(kbps int64) uint64 {
	const bytesPerKbit = 1000 / 8
	if d.shareNum > 0 { // at most shareDenom, so that the quotient fits
		hi, lo := bits.Mul64(uint64(kbps)*bytesPerKbit, d.shareNum)
		speed, _ := bits.Div64(hi, lo, d.shareDenom)
		return speed
	}
	x := new(big.Int).Mul(big.NewInt(kbps), big.NewInt(bytesPerKbit))
	x.Mul(x, d.share.Num())
	return x.Quo(x, d.share.Denom()).Uint64()
}

// TimeAt implements [Paced].
func (d *transfer) TimeAt(s *cloud.Step, kbps int64) int64 {
	bytesPerS := d.speedAt(kbps)
	if s.Action != cloud.Migrate {
		return d.onceAt(d.given(s), s.VM, bytesPerS)
	}
	if ms, ok := d.course.time(d.guests[d.VM[s.VM]], bytesPerS); ok && ms < Never {
		return int64(ms)
	}
	return Never
}

// given is the time of a step where a parameter gives it, or -1.
func (d *transfer) given(s *cloud.Step) int64 {
	switch s.Action {
	case cloud.Shutdown:
		return d.shutdown
	case cloud.Provision:
		return d.provision
	case cloud.Suspend:
		return d.suspend
	case cloud.Resume:
		return d.resume
	default:
		return -1
	}
}

// Grain implements [Paced].
func (d *transfer) Grain() int64 {
	if m, ok := d.course.(mvm); ok {
		return int64(m.unit)
	}
	return 1
}

// SentAt implements [Paced].
func (d *transfer) SentAt(s *cloud.Step, kbps int64) (bytes int64, converges bool) {
	g, bytesPerS := d.guests[d.VM[s.VM]], d.speedAt(kbps)
	switch given := d.given(s); {
	case given >= 0:
		return 0, true
	case s.Action != cloud.Migrate:
		return int64(g.memory), true
	}
	sent, converges := d.course.sent(g, bytesPerS)
	return int64(min(sent, maxMemoryBytes)), converges
}
