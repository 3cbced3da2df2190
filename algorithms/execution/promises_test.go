package execution_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// only is for looking at one failure.
var only = flag.Uint64("only", 0, "examine the scenario of this seed alone, and show all that happens")

// wild is the cloud of the promises.
const wild = "simulation(failures=0.05, deviation=3, arrivals=2, deaths=1, kills=1, checks=no)"

// adaptive is the executor of the promises.
const adaptive = "adaptive(expansions=20000)"

// tally counts what came of executions.
type tally struct {
	executions, reached, steps, deaths, arrivals, failures, lives, plans int
	retargeted, short, searched, unfound, aborts, refusals, givenUp      int
	kinds                                                                map[string]int
}

// examine runs a scenario and holds what came of it against what was promised.
func examine(s *scenario, journal store, sum *tally) error {
	out, err := s.run(journal)
	if err != nil {
		return err
	}
	books, err := newLedger(s.in, out.last, limitsOf(s.model))
	if err != nil {
		return err
	}
	books.replay(out.log)
	faultsOfEnding(s, books, out, sum)
	found := slices.Concat(out.found, books.found, disagreements(s.in, out))
	sum.add(s, out, books)
	switch {
	case len(found) == 0:
		return nil
	case *only > 0:
		return fmt.Errorf("%s\n%+v\n%s\n%s", strings.Join(found, "\n"), out.report, told(out), written(out))
	default:
		return fmt.Errorf("%d complaints, the first: %s", len(found), found[0])
	}
}

// told is the log of the cloud in words.
func told(out *outcome) string {
	var b strings.Builder
	for _, e := range out.log {
		fmt.Fprintf(&b, "%d %s %+v %s\n", e.At, e.What, e.Request, e.Why)
	}
	return b.String()
}

// written is the journal.
func written(out *outcome) string {
	var b strings.Builder
	for _, e := range out.journal {
		fmt.Fprintf(&b, "%+v\n", e)
	}
	return b.String()
}

func (c *tally) add(s *scenario, out *outcome, books *ledger) {
	c.executions++
	if c.kinds == nil {
		c.kinds = map[string]int{}
	}
	c.kinds[s.kind]++
	if out.report.Reached {
		c.reached++
	}
	c.steps += books.steps
	c.failures += out.report.Failures
	c.aborts += out.report.Aborts
	c.refusals += out.report.Refusals
	c.givenUp += len(out.report.GivenUp)
	c.lives += out.lives
	c.plans += out.report.Plans
	c.deaths += len(out.last.Down)
	c.arrivals += len(books.in.VMs) - books.own
}

// maxFaults is how many failures a test shows.
const maxFaults = 10

// promises examines executions in clouds where things go wrong.
func promises(t *testing.T, n int, on, executor string) *tally {
	sum, faults := &tally{}, 0
	for seed := uint64(1); sum.executions < n; seed++ {
		if *only > 0 && seed != *only {
			continue
		}
		s, err := draw(seed, on, executor)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if s == nil {
			continue
		}
		if err := examine(s, immortal(), sum); err != nil {
			t.Errorf("%v%v", s, err)
			if faults++; faults == maxFaults {
				t.FailNow()
			}
		}
		if *only > 0 {
			break
		}
	}
	return sum
}

func TestPromiseIsBroken(t *testing.T) { t.Logf("%+v", *promises(t, 120, wild, adaptive)) }
