package largefirst

import (
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// lane tries VMs in a state of its own. In clouds of many VMs there are two lanes. From the
// same placement they try their shares of a batch concurrently. Then the first lane repeats
// the successes of the second that still fit, and the second lane copies the first. Most
// tries fail and few successes conflict, so two lanes do nearly twice the work. The number of
// lanes does not depend on the number of cores, so neither does the result.
type lane struct {
	m     *model
	run   *paths.Run // run of the batch
	rnd   *rand.Rand
	sides [2]*side

	nodes  int     // decisions left for the VM that is tried
	allow  float64 // cost allowed for its bypasses
	spent  float64 // cost of its bypasses so far
	pushed int64   // weight of the VMs that left their goals for it

	left    int64    // hosts that may still be examined
	mark    int      // length of the log when the batch began
	commits []commit // successes of the batch
	levels  [deepest + 1][]candidate
	chains
}

// commit is a success: the moves log[first:last]. The first needed of them only make sense
// together; the others follow the hole and may be dropped from the end.
type commit struct{ first, last, needed int }

// trial says how hard to try a VM.
type trial struct {
	nodes, depth int
	allow        int // cost of bypasses, in prices of a 64th of a host
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

// replay repeats the commits of another lane as far as they still fit, and returns the number
// of commits repeated.
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

// perLane is the number of VMs that each lane tries in a batch.
const perLane = 32

// tryAll tries VMs in all lanes and returns the number of commits.
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

// batch has each lane try its share, and then brings both lanes to one placement.
func (a *attempt) batch(e end, list []ranked, t trial) int {
	var tasks []paths.Subtask
	shares := make([][]ranked, len(a.lanes))
	for i, x := range list {
		shares[i%len(shares)] = append(shares[i%len(shares)], x)
	}
	for i, l := range a.lanes {
		tasks = append(tasks, paths.Subtask{Problem: a.m.p, Searcher: paths.SearcherFunc(func(run *paths.Run) error {
			l.run, l.left = run, a.left
			l.tryList(e, shares[i], t)
			return nil
		})})
	}
	a.run.Parallel(tasks)
	one, two := a.lanes[0], a.lanes[1]
	a.left += one.left + two.left - 2*a.left // subtract what both used
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

// enlistMoved lists the VMs that left their goals in the batch.
func (a *attempt) enlistMoved(s *side) {
	for _, m := range s.log[a.lanes[0].mark:] {
		if s.host[m.VM] != s.other.host[m.VM] {
			a.enlist(m.VM)
		}
	}
}
