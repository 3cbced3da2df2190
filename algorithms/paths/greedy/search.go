package greedy

import (
	"fmt"
	"math"
	"strconv"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/cloud"
)

type params struct {
	window   int
	patience int
	local    int
	attempts int
	both     bool
}

type searcher struct{ params }

// What tidy may try out is bounded, per migration of the plan; by more for a small one.
const (
	tidyPerMigration = 100
	tidyAtLeast      = 200_000
)

// What walks keep, in bytes: of each VM, of each host, and of each of them for each resource;
// and what tidy does, of each migration.
const (
	walkPerVM     = 96
	walkPerHost   = 160
	walkPerAmount = 16

	tidyPerMove = 128
)

// Search implements [paths.Searcher].
func (g searcher) Search(run *paths.Run) error {
	if !run.KeepEach(walkPerVM, walkPerHost, walkPerAmount) {
		return nil
	}
	p := run.Problem
	run.Bound(bounds.MisplacedFrom(run, p.Start))
	moves, ok := g.path(run)
	if !ok {
		return nil
	}
	run.Found(moves)
	if !run.Keep(int64(len(moves)) * tidyPerMove) {
		return nil
	}
	if moves = tidy(run, newSizes(run.Problem), moves, tidyAtLeast+tidyPerMigration*len(moves)); run.Problem.CarriesOut(moves) {
		run.Found(moves)
	}
	return nil
}

// path attempts to find one, each time in another order. In a large cloud a local search
// takes longer than a walk, so that all attempts are made with short ones first. What comes
// nearest to a path is told to the run when none is found.
func (g searcher) path(run *paths.Run) ([]cloud.Change, bool) {
	why, nearest := "", int64(math.MaxInt64)
	rounds := []searcher{g}
	if len(run.Problem.Instance.Hosts) > fewHosts {
		short := g
		short.local /= shortLocal
		rounds = []searcher{short, g}
	}
	for _, g := range rounds {
		for n := range g.attempts {
			a := g.attempt(run, n)
			if a.arrived {
				if run.Problem.CarriesOut(a.moves) {
					return a.moves, true
				}
				// The rules judged a migration differently from its reverse, in
				// a way that walk.can did not foresee: try again.
				a.stuck = "the path found from both ends breaks a rule where it is walked from the start"
			}
			if a.stopped {
				return nil, false
			}
			if !a.arrived && a.left < nearest {
				nearest = a.left
				run.Stuck(a.halves[0], paths.Reversed(a.halves[1]))
			}
			if why == "" {
				why = a.stuck
			}
			if a.hopeless {
				run.GiveUp(why + "; every placement that can be reached from there was met")
				return nil, false
			}
		}
	}
	run.GiveUp(why)
	return nil, false
}

// outcome is what an attempt ends with.
type outcome struct {
	moves    []cloud.Change
	arrived  bool
	stopped  bool // a limit was reached
	hopeless bool
	stuck    string            // where, in words
	halves   [2][]cloud.Change // walked from either end, when it is stuck
	left     int64             // between the two ends then
}

// While very many VMs are misplaced, the two ends take turns even before they are stuck,
// so that none uses up the large holes that there are in its placement. A turn ends when
// it has done a share of what is left.
const (
	turnShare = 8  // a turn does an eighth of it
	manyOf    = 20 // while more than a twentieth of all VMs are misplaced
)

// attempt walks towards the goal from the start and, when that gets stuck or has done
// its share, towards the start from the goal, in turns: of every two turns in a row but
// the last, one brings the two ends nearer to each other, in what walk.left says, which
// is the same from both; so there are finitely many. Attempts differ in what they take for the
// sizes of VMs, and so in the order of everything; every second one begins at the goal,
// and two of every four do not suspend before there is need.
func (g searcher) attempt(run *paths.Run, n int) outcome {
	p := run.Problem
	z := newSizes(p)
	if n > 0 {
		z.distort(n)
	}
	ends := [2]cloud.Placement{p.Start, p.Goal}
	var halves [2][]cloud.Change
	out := outcome{}
	turn := 0
	both := g.both && !z.oneWay
	if both {
		turn = n % 2
	}
	for still := 0; still < 2; turn = 1 - turn {
		d := &solver{
			walk: newWalk(run, z, ends[turn], ends[1-turn], turn == 1), params: g.params,
			visited: map[uint64]bool{}, eager: n%4 < 2,
		}
		before := d.left
		if both && d.misplaced > max(many, len(d.goal)/manyOf) {
			d.until = d.left - d.left/turnShare
		}
		arrived := d.advance()
		d.look()
		halves[turn] = append(halves[turn], d.s.Moves()...)
		ends[turn] = d.s.Placement()
		out.halves, out.left = halves, d.left
		switch {
		case arrived:
			return outcome{moves: joined(halves), arrived: true}
		case d.stopped:
			return outcome{stopped: true}
		}
		if turn == 0 {
			out.stuck = d.complaint()
		}
		// Past a suspend there may be no way back to a placement with more hope.
		if d.hopeless && !suspends(halves[0]) && !suspends(halves[1]) {
			out.hopeless = true
			return out
		}
		if !both {
			return out
		}
		if still++; d.left < before {
			still = 0
		}
	}
	return out
}

// joined is the whole path: the walk from the start, then the one from the goal taken
// back.
func joined(halves [2][]cloud.Change) []cloud.Change {
	return append(halves[0], paths.Reversed(halves[1])...)
}

// complaint says where the walk got stuck.
func (w *walk) complaint() string {
	in := w.s.Instance()
	blocked := 0
	example := cloud.VMID(-1)
	for v := range w.goal {
		if !w.settled(cloud.VMID(v)) {
			if blocked++; example < 0 || w.size[v] > w.size[example] {
				example = cloud.VMID(v)
			}
		}
	}
	t := w.next(example, w.s.HostOf(example))
	why := "where a rule forbids it"
	for r, d := range in.VMs[example].Demand {
		if x := d - w.free(t, r); x > 0 {
			why = fmt.Sprintf("which lacks %d %s of %s", x, in.Resources[r].Unit, in.Resources[r].Name)
			break
		}
	}
	at, to := "on host "+strconv.Quote(in.HostName(w.s.HostOf(example))), "go to host "+strconv.Quote(in.HostName(t))
	if w.s.HostOf(example) == cloud.Absent {
		at = "which is suspended"
	}
	if t == cloud.Absent {
		to = "be suspended"
	}
	return fmt.Sprintf("no way out of a deadlock was found with %d VMs misplaced: VM %q %s, for one, cannot %s, %s",
		blocked, in.VMs[example].Name, at, to, why)
}
