package bounds

import (
	"math/bits"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/durations"
)

// share is what part of its time at full rates a move has to have full rates at least, whatever its rates are: the work on a limit is at
// least this time × the full rate. Only under an elastic model it may be less than the time itself: times are rounded, so that at a lower rate
// less may be lost to rounding.
func share(p *timetable.Problem, m int32) int64 {
	move := &p.Moves[m]
	if _, elastic := p.Model.(concurrency.Elastic); !elastic || len(move.Uses) == 0 {
		return move.Time
	}
	paced, ok := p.Duration.(durations.Paced)
	if !ok {
		return 0
	}
	step, full := &p.Plan.Steps[move.Step], move.Uses[0].Full
	if _, fluid := paced.(durations.Fluid); fluid {
		return flowing(paced, step, full, move.Time)
	}
	return pinned(paced, step, max(move.Uses[0].Least, 1), full)
}

// flowing is for durations that round up once, at the end. No rate makes a migration send fewer bytes than its full rate, at which it takes
// more than its time less one unit. Speeds are rounded down to bytes per second, so a lower rate may
// lose less of them, but less than one byte per second. Suspends and resumes may have a given time, at any rate.
func flowing(d durations.Paced, step *cloud.Step, full, time int64) int64 {
	sent, _ := d.SentAt(step, full)
	if step.Action != cloud.Migrate || time < 1 || sent < 0 {
		return 0
	}
	const msPerS = 1000
	hi, lo := bits.Mul64(uint64(sent), msPerS)
	if hi >= uint64(time) {
		return 0
	}
	speed, _ := bits.Div64(hi, lo, uint64(time)) // at most the true one, in bytes/s
	if speed == 0 {
		return 0
	}
	// (time - 1) × speed / (speed + 1)
	hi, lo = bits.Mul64(uint64(time-1), speed)
	q, _ := bits.Div64(hi, lo, speed+1)
	return int64(q)
}

// mostPieces is how many looks at a duration a bound on the work of one move may take.
const mostPieces = 8

// pinned is for durations that round anyhow, at one rate from the start of a move to its end: over all rates from the least to the full one, the
// least product of rate and time. Times do not grow with the rate, so in each piece of that range the product is at
// least the smallest rate × the time at the largest.
func pinned(d durations.Paced, step *cloud.Step, least, full int64) int64 {
	best := d.TimeAt(step, full)
	for i := range int64(mostPieces) {
		from, to := least+(full-least)*i/mostPieces, least+(full-least)*(i+1)/mostPieces
		// from × time / full, rounded down
		hi, lo := bits.Mul64(uint64(from), uint64(d.TimeAt(step, to)))
		if hi >= uint64(full) {
			continue
		}
		q, _ := bits.Div64(hi, lo, uint64(full))
		best = min(best, int64(min(q, uint64(best))))
	}
	return best
}
