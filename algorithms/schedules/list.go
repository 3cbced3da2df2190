package schedules

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// List is the entry of list scheduling.
func List() spec.Entry[Scheduler] {
	return spec.Entry[Scheduler]{
		Descriptor: spec.Descriptor{
			Name:     "list",
			Synopsis: "event-driven list scheduling, improved by restarts, justification and local search",
			Doc: "At each instant, all steps that may start do so, the most urgent first: those that use the limit that is needed longest, " +
				"and those that free room for others. Then the search begins. It tries other weights with noise, learns how long others waited for each step, " +
				"and starts some steps on the critical path earlier. Each schedule is justified: made backwards in the order of its ends, and forwards again in the " +
				"order of the result, as long as that shortens it. Where most attempts come to a dead end, steps start only where the order of the best " +
				"schedule so far, or of the plan, stays possible. Where SLAs ask for it, steps with due times and what they wait for are more urgent, suspends wait until there is " +
				"room to resume, or are put off in the end. Up to 12 steps are searched exactly first. The search ends when a schedule meets the lower bound, or " +
				"after `patience` schedules without a better one. O(steps × log steps) for each schedule, apart from rules and waits.",
			Params: []spec.Param{{
				Name: "patience", Type: spec.Int, Default: "5000", Bounds: spec.Between(0, math.MaxInt32), Unit: "schedules",
				Doc: "the search ends after this many schedules without a better one; 0 stops it before it begins",
			}},
			Citation: "V. Valls, F. Ballestín, S. Quintanilla: Justification technique generalizations. In: Perspectives in Modern Project " +
				"Scheduling, 2006. https://doi.org/10.1007/978-0-387-33768-5_8",
		},
		New: func(a spec.Args) (Scheduler, error) { return list{a.Int("patience")}, nil },
	}
}

type list struct{ patience int64 }

// Schedule implements [Scheduler].
func (l list) Schedule(run *Run) error {
	s := &listSearch{Run: run, ahead: newDispatcher(run.Problem), order: newPrecedence(run.Problem), bias: make([]float64, len(run.Moves))}
	s.tails = s.ahead.tails()
	s.safe = s.ahead.newWitness(planned(run.Problem))
	s.pressing, s.lazy = run.pressing(), run.lazy()
	err := s.first()
	if err != nil && len(run.Moves) <= few && run.closedOut() {
		closeGap(run, 1<<14)
	}
	if run.best == nil || l.patience == 0 {
		return err
	}
	s.back = newDispatcher(mirrored(run.Problem))
	s.safeBack = s.back.newWitness(planned(run.Problem))
	s.justify(s.best)
	s.last, s.seen = s.best, slices.Clone(s.tails)
	if len(run.Moves) <= few {
		closeGap(run, 1<<14)
	}
	s.space()
	for turn, left := 0, l.patience; left > 0 && !run.Stop(); turn++ {
		before, best := run.tables, run.best
		s.choose()
		switch turn % 4 {
		case 1:
			s.nudge()
		case 3:
			s.relearn()
		default:
			s.restart()
		}
		if s.current != nil {
			s.justify(s.current)
		}
		if left -= run.tables - before; run.best != best {
			left = l.patience
			s.keep(run.best)
		}
	}
	s.space()
	return nil
}

// few is how many moves the exact search is tried on before any other.
const few = 12
