package greedy

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// tidy merges two migrations of one VM into one, or drops both where the second
// takes back the first, wherever those in between can still be carried out and it does
// not cost more. So a suspend with its resume becomes a live migration. Where
// suspending is the cheaper way, two migrations become a suspend and a resume instead.
//
// It goes over the plan once, from its end: a state is walked backwards, and what
// lies between the two migrations is tried out again from there. Nothing after the
// second is affected, since the placement there is the same. The replays are bounded
// by `most` migrations in total.
func tidy(run *paths.Run, moves []cloud.Change, most int) []cloud.Change {
	p := run.Problem
	t := &tidier{p: p, s: p.NewState(), cost: p.Cost, moves: append([]cloud.Change(nil), moves...)}
	t.gone = make([]bool, len(moves))
	t.after = make([]int32, len(moves))
	next := make([]int32, len(p.Goal)) // per VM: its next migration, 0 for none, else its position + 1
	for _, m := range moves {
		t.s.Move(m.VM, m.To)
	}
	for i := len(moves) - 1; i >= 0; i-- {
		if i%64 == 0 && !run.Look() {
			return moves
		}
		t.s.Undo()
		v := t.moves[i].VM
		for j := next[v] - 1; j >= 0 && most > 0; j = next[v] - 1 {
			most -= int(j) - i
			keep, ok := t.merge(i, int(j))
			if !ok {
				break
			}
			next[v] = t.after[j]
			if keep < 0 {
				break
			}
			if keep == int(j) {
				next[v] = j + 1
				break
			}
		}
		if !t.gone[i] {
			t.after[i] = next[v]
			next[v] = int32(i) + 1
		}
	}
	return t.rested()
}

type tidier struct {
	p     *paths.Problem
	s     *cloud.State // before migration i
	cost  cloud.CostFunction
	moves []cloud.Change
	gone  []bool
	after []int32 // per migration: the next one of the same VM + 1
}

// merge tries to make one migration of i and j, of the same VM: none at all if j
// takes back i, else directly at the place of i, or else at the place of j. It tells
// which of the two is kept, -1 for none. A resume is not merged with what follows: no
// other host may be resumed on.
func (t *tidier) merge(i, j int) (keep int, ok bool) {
	a, b := t.moves[i], t.moves[j]
	straight := cloud.Change{VM: a.VM, From: a.From, To: b.To}
	if straight.From == straight.To {
		if t.replay(i+1, j, -1, straight) {
			t.gone[i], t.gone[j] = true, true
			return -1, true
		}
		return 0, false
	}
	if !lawful(t.p, straight) {
		return 0, false
	}
	both := paths.PathCost(t.cost, []cloud.Change{a, b})
	if cloud.CostOf(t.cost, straight) > both {
		t.shelter(i, j, both)
		return 0, false
	}
	if t.replay(i, j, i, straight) {
		t.moves[i], t.gone[j] = straight, true
		return i, true
	}
	if t.replay(i+1, j+1, j, straight) {
		t.moves[j], t.gone[i] = straight, true
		return j, true
	}
	t.shelter(i, j, both)
	return 0, false
}

// replay tells whether the migrations from..to-1 can be carried out with that at
// position `at` replaced, and leaves the state as it was.
func (t *tidier) replay(from, to, at int, instead cloud.Change) bool {
	mark := len(t.s.Moves())
	ok := true
	for k := from; k < to && ok; k++ {
		m := t.moves[k]
		if k == at {
			m = instead
		} else if t.gone[k] {
			continue
		}
		if ok = t.s.Allows(m.VM, m.To); ok {
			t.s.Move(m.VM, m.To)
		}
	}
	for len(t.s.Moves()) > mark {
		t.s.Undo()
	}
	return ok
}

// pause is a suspend and a resume in place of two migrations, or of one.
func (t *tidier) pause(a, b cloud.Change) (suspend, resume cloud.Change, ok bool) {
	suspend = cloud.Change{VM: a.VM, From: a.From, To: cloud.Absent}
	resume = cloud.Change{VM: a.VM, From: cloud.Absent, To: b.To}
	return suspend, resume, a.From != cloud.Absent && lawful(t.p, suspend) && lawful(t.p, resume)
}

// shelter has the VM suspended between i and j instead of standing on another host,
// if that costs less than both do now.
func (t *tidier) shelter(i, j int, both int64) {
	a, b := t.moves[i], t.moves[j]
	suspend, resume, ok := t.pause(a, b)
	if !ok || a.To == cloud.Absent || paths.PathCost(t.cost, []cloud.Change{suspend, resume}) >= both {
		return
	}
	t.moves[i], t.moves[j] = suspend, resume
	if !t.replay(i, j+1, -1, cloud.Change{}) {
		t.moves[i], t.moves[j] = a, b
	}
}

// rested is the plan of what is left of the migrations, with a suspend and a resume in
// place of each live migration that costs more than those and that the rules let it
// replace.
func (t *tidier) rested() []cloud.Change {
	out := make([]cloud.Change, 0, len(t.moves))
	for len(t.s.Moves()) > 0 {
		t.s.Undo()
	}
	for i, m := range t.moves {
		if t.gone[i] {
			continue
		}
		suspend, resume, ok := t.pause(m, m)
		if ok && m.To != cloud.Absent && paths.PathCost(t.cost, []cloud.Change{suspend, resume}) < cloud.CostOf(t.cost, m) && t.s.Allows(m.VM, cloud.Absent) {
			t.s.Move(m.VM, cloud.Absent)
			if t.s.Allows(m.VM, m.To) {
				t.s.Move(m.VM, m.To)
				out = append(out, suspend, resume)
				continue
			}
			t.s.Undo()
		}
		t.s.Move(m.VM, m.To)
		out = append(out, m)
	}
	return out
}
