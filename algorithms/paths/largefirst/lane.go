package largefirst

import (
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// lane tries VMs, in a state of its own. Where there are many VMs two lanes do, side by
// side, each its share of a batch, from the same placement. Then each is told what the
// other did, and both stand where all that still fits together leads. Most tries fail, and
// few of the others get into each other's way, so that two lanes do nearly twice as much.
// There are as many lanes on one core, for the same result.
type lane struct {
	m     *model
	run   *paths.Run // that of the batch
	rnd   *rand.Rand
	sides [2]*side

	nodes  int     // decisions left for the VM that is tried
	allow  float64 // what bypasses for it may cost, and
	spent  float64 // what they cost by now
	pushed int64   // weight of those who stood on their goals and were made to leave

	left    int64    // hosts that may still be examined
	mark    int      // of the log, where the batch began
	commits []commit // successes of the batch
	levels  [deepest + 1][]candidate
	chains
}

// commit is a success: moves of a log, of which so many are needed; those that follow
// walk on with the hole, each by itself.
type commit struct{ first, last, needed int }

// trial is how hard a VM is tried.
type trial struct {
	nodes, depth int
	allow        int // 64ths of a host
}

func newLane(m *model, seed uint64) *lane {
	l := &lane{m: m, rnd: rand.New(rand.NewPCG(seed, 0x6c616e65)), chains: newChains(m)}
	l.sides = [2]*side{newSide(m, m.p.Start, false), newSide(m, m.p.Goal, true)}
	l.sides[start].other, l.sides[target].other = l.sides[target], l.sides[start]
	return l
}

// tryList tries VMs one after the other.
func (l *lane) tryList(e end, list []ranked, t trial) {
	s := l.sides[e]
	l.mark, l.commits = len(s.log), l.commits[:0]
	for _, x := range list {
		if l.left > 0 && s.misplaced(x.vm) && float32(t.allow) <= l.m.sizeOf(x.vm) {
			l.try(s, x.vm, t)
		}
	}
}

// replay does what a lane committed, as far as it still fits, and returns how many commits
// do.
func (l *lane) replay(s *side, log []cloud.Change, commits []commit) int {
	n := 0
	for _, c := range commits {
		mark := len(s.log)
		for i, m := range log[c.first:c.last] {
			if s.host[m.VM] != m.From || !s.fits(m.VM, m.To) {
				if i < c.needed {
					s.undo(mark)
				}
				break
			}
			s.move(m.VM, m.To)
		}
		if len(s.log) > mark {
			n++
		}
	}
	return n
}

// perLane is how many VMs each lane tries in a batch.
const perLane = 32

// tryAll tries VMs by all lanes and returns how many of them were brought home, without
// those that followed.
func (a *attempt) tryAll(e end, list []ranked, t trial) int {
	moved := 0
	if len(a.lanes) == 1 {
		l := a.lanes[0]
		l.run, l.left = a.run, a.left
		l.tryList(e, list, t)
		a.left = l.left
		moved = len(l.commits)
		a.enlistMoved(l.sides[e])
		return moved
	}
	for len(list) > 0 && a.left > 0 && a.run.Expand() {
		n := min(len(list), perLane*len(a.lanes))
		moved += a.batch(e, list[:n], t)
		list = list[n:]
	}
	return moved
}

// batch has each lane try its share, and brings the lanes to one placement.
func (a *attempt) batch(e end, list []ranked, t trial) int {
	var tasks []paths.Task
	shares := make([][]ranked, len(a.lanes))
	for i, x := range list {
		shares[i%len(shares)] = append(shares[i%len(shares)], x)
	}
	for i, l := range a.lanes {
		tasks = append(tasks, paths.Task{Problem: a.m.p, Searcher: paths.SearcherFunc(func(run *paths.Run) error {
			l.run, l.left = run, a.left
			l.tryList(e, shares[i], t)
			return nil
		})})
	}
	a.run.Parallel(tasks)
	one, two := a.lanes[0], a.lanes[1]
	a.left += one.left + two.left - 2*a.left // what both left of it
	s, o := one.sides[e], two.sides[e]
	done := append([]cloud.Change(nil), o.log[two.mark:]...)
	for i := range two.commits {
		two.commits[i].first -= two.mark
		two.commits[i].last -= two.mark
	}
	moved := len(one.commits) + one.replay(s, done, two.commits)
	o.undo(two.mark)
	for _, m := range s.log[one.mark:] {
		o.move(m.VM, m.To)
	}
	a.enlistMoved(s)
	return moved
}

// enlistMoved notes who was made to leave its goal in the batch.
func (a *attempt) enlistMoved(s *side) {
	for _, m := range s.log[a.lanes[0].mark:] {
		if s.host[m.VM] != s.other.host[m.VM] {
			a.enlist(m.VM)
		}
	}
}
