package scheduletest

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/slas"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// WithSLAs is a problem with further SLAs.
func WithSLAs(t testing.TB, p *timetable.Problem, further ...spec.Spec) *timetable.Problem {
	t.Helper()
	out, err := timetable.NewProblem(Catalogue(), p.Instance, nil, p.Plan, spec.MustParse(p.Model.String()), spec.MustParse(p.Duration.String()), further...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// RandomSLA makes an SLA of a kind for a small problem whose times are in ms, about as often one that can be met as one that cannot.
func RandomSLA(rng *rand.Rand, p *timetable.Problem, kind string) spec.Spec {
	total, of := max(p.Total(), 2), subset(rng, p)
	switch kind {
	case "deadline":
		return spec.MustParse(fmt.Sprintf("deadline(at=%dms%s)", 1+rng.Int64N(total+1), of))
	case "frozen":
		from := rng.Int64N(total)
		to := from + 1 + rng.Int64N(total/2+1)
		if every := ""; rng.IntN(3) == 0 {
			every = fmt.Sprintf(", every=%dms", to-from+1+rng.Int64N(total))
			return spec.MustParse(fmt.Sprintf("frozen(from=%dms, to=%dms%s%s)", from, to, every, of))
		}
		return spec.MustParse(fmt.Sprintf("frozen(from=%dms, to=%dms%s)", from, to, of))
	case "at-once":
		by := []string{"all", "rack", "host", "zone"}[rng.IntN(4)]
		return spec.MustParse(fmt.Sprintf("at-once(most=%d, by=%s%s)", 1+rng.IntN(2), by, of))
	default:
		text := fmt.Sprintf("downtime(most=%dms, per=%s", rng.Int64N(total/2+2), []string{"vm", "all"}[rng.IntN(2)])
		if rng.IntN(2) == 0 {
			text += fmt.Sprintf(", window=%dms", 1+rng.Int64N(total))
		}
		return spec.MustParse(text + of + ")")
	}
}

// subset names some of the VMs that move; or none, for all.
func subset(rng *rand.Rand, p *timetable.Problem) string {
	var names []string
	for m := range p.Moves {
		if name := p.Instance.VMs[p.Moves[m].VM].Name; rng.IntN(2) == 0 && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 || rng.IntN(2) == 0 {
		return ""
	}
	return ", vms=[" + strings.Join(names, ", ") + "]"
}

// ShortestWithin is the least makespan, shutdowns and provisions included, of all schedules that the SLAs of a problem find nothing wrong with, by
// their form for the judge; -1 where there is none. It asks rules and the model of concurrency itself, and shares nothing with tables. Starts are tried at
// 0, at ends and at the given instants, or where these are nil at all integers: some SLAs ask for starts that nothing else calls for. Exponential: for up
// to 5 moves, or 4 of a few time units each. The model must not be elastic.
func ShortestWithin(p *timetable.Problem, instants []int64) int64 {
	s := &within{
		p: p, instants: instants, state: cloud.NewState(p.Instance, p.Rules, p.Start), used: make([]int64, len(p.Model.Limits())),
		starts: make([]int64, len(p.Moves)), over: make([]bool, len(p.Moves)), seen: map[string]bool{}, best: -1,
	}
	for m := range s.starts {
		s.starts[m] = -1
		s.last += s.time(m)
	}
	if ends := Instants(p); instants != nil {
		s.last = math.MaxInt64
	} else if len(ends) > 0 {
		s.last += slices.Max(ends)
	}
	s.from(0)
	return s.best
}

// within is the search of [ShortestWithin].
type within struct {
	p        *timetable.Problem
	instants []int64
	last     int64 // a shortest schedule has ended by then
	state    *cloud.State
	used     []int64
	starts   []int64 // by move; -1: not started
	over     []bool
	seen     map[string]bool
	best     int64
}

func (s *within) step(m int) *cloud.Step { return &s.p.Plan.Steps[s.p.Moves[m].Step] }

func (s *within) time(m int) int64 { return max(cloud.TimeOf(s.p.Duration, s.step(m)), 1) }

// from tries all ways on from an instant at which all that ends has ended.
func (s *within) from(now int64) {
	if s.known(now) || s.broken() {
		return
	}
	if !slices.Contains(s.starts, -1) {
		s.finish()
		return
	}
	for m := range s.starts {
		if s.starts[m] < 0 && s.may(m) {
			s.begin(m, now, 1)
			s.from(now)
			s.begin(m, -1, -1)
		}
	}
	next := s.next(now)
	if next == math.MaxInt64 || next > s.last || s.best >= 0 && s.p.DownTime+next+s.p.UpTime >= s.best {
		return
	}
	var ended []int
	for m, start := range s.starts {
		if start >= 0 && !s.over[m] && start+s.time(m) == next {
			ended = append(ended, m)
			s.end(m)
		}
	}
	s.from(next)
	for _, m := range slices.Backward(ended) {
		s.unend(m)
	}
}

// may tells whether a move may start, whatever the SLAs say.
func (s *within) may(m int) bool {
	for o := range s.starts[:m] {
		if s.p.Moves[o].VM == s.p.Moves[m].VM && !s.over[o] {
			return false
		}
	}
	for _, u := range s.p.Model.Needs(s.step(m)).Uses {
		if s.used[u.Limit]+u.Least > s.p.Model.Limits()[u.Limit].Capacity {
			return false
		}
	}
	return s.state.Allows(s.p.Moves[m].VM, s.p.Moves[m].To)
}

func (s *within) use(m int, sign int64) {
	for _, u := range s.p.Model.Needs(s.step(m)).Uses {
		s.used[u.Limit] += sign * u.Least
	}
}

// begin starts a move, or takes that back.
func (s *within) begin(m int, at, sign int64) {
	move := &s.p.Moves[m]
	s.starts[m] = at
	s.use(m, sign)
	if sign > 0 {
		s.state.Begin(move.VM, move.To)
		return
	}
	s.state.End(move.VM)
	s.state.Jump(move.VM, move.From)
}

func (s *within) end(m int) {
	s.over[m] = true
	s.use(m, -1)
	s.state.End(s.p.Moves[m].VM)
}

func (s *within) unend(m int) {
	move := &s.p.Moves[m]
	s.over[m] = false
	s.use(m, 1)
	s.state.Jump(move.VM, move.From)
	s.state.Begin(move.VM, move.To)
}

// next is the next instant at which moves may start.
func (s *within) next(now int64) int64 {
	if s.instants == nil {
		return now + 1
	}
	next := int64(math.MaxInt64)
	for m, start := range s.starts {
		if start >= 0 && !s.over[m] {
			next = min(next, start+s.time(m))
		}
	}
	for _, at := range s.instants {
		if at > now {
			next = min(next, at)
		}
	}
	return next
}

// timed are the steps that have started, at their times. Suspends of which it is open when they are over are left out, unless all moves have started.
func (s *within) timed() []cloud.Step {
	var out []cloud.Step
	add := func(step cloud.Step, start, time int64) {
		step.Start, step.End = start, start+time
		out = append(out, step)
	}
	for _, i := range s.p.Downs {
		time := cloud.TimeOf(s.p.Duration, &s.p.Plan.Steps[i])
		add(s.p.Plan.Steps[i], s.p.DownTime-time, time)
	}
	for m, start := range s.starts {
		after := s.p.Moves[m].After
		if start < 0 || s.p.Moves[m].To == cloud.Absent && after >= 0 && s.starts[after] < 0 {
			continue
		}
		add(*s.step(m), s.p.DownTime+start, s.time(m))
	}
	return out
}

// broken tells whether what has started breaks an SLA: whatever follows, it stays broken.
func (s *within) broken() bool { return faults(s.p.SLAs, s.timed()) }

func faults(list []slas.SLA, steps []cloud.Step) bool {
	return slices.ContainsFunc(list, func(l slas.SLA) bool { return len(l.Violations(steps)) > 0 })
}

func (s *within) finish() {
	steps, last := s.timed(), s.p.DownTime
	for _, step := range steps {
		last = max(last, step.End)
	}
	last += s.p.UpTime
	for _, i := range s.p.Ups {
		step := s.p.Plan.Steps[i]
		step.Start, step.End = last-cloud.TimeOf(s.p.Duration, &step), last
		steps = append(steps, step)
	}
	if !faults(s.p.SLAs, steps) && (s.best < 0 || last < s.best) {
		s.best = last
	}
}

// known tells whether the same starts were met at an instant before, and notes them.
func (s *within) known(now int64) bool {
	key := binary.AppendVarint(nil, now)
	for _, at := range s.starts {
		key = binary.AppendVarint(key, at)
	}
	before := s.seen[string(key)]
	s.seen[string(key)] = true
	return before
}

// Instants are those at which windows of frozen SLAs end, on the clock of the moves, up to where all moves can have ended in any order.
func Instants(p *timetable.Problem) []int64 {
	out := []int64{}
	last := 6 * p.Total()
	for _, s := range p.SLAs {
		parsed := spec.MustParse(s.String())
		if parsed.Name != "frozen" {
			continue
		}
		args, err := Catalogue().Resolve(slas.Kind, parsed)
		if err != nil {
			panic(err)
		}
		to, every := args.Duration("to").Milliseconds(), args.Duration("every").Milliseconds()
		for at := to; at <= last || at == to; at += every {
			if at > p.DownTime {
				out = append(out, at-p.DownTime)
			}
			if every == 0 {
				break
			}
		}
	}
	return out
}
