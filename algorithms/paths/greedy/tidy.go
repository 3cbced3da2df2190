package greedy

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/cloud"
)

// tidy merges two migrations of one VM into one, or drops both where the second
// takes back the first, wherever those in between can still be carried out and it does
// not cost more. So a suspend with its resume becomes a live migration. Where
// suspending is the cheaper way, two migrations become a suspend and a resume instead.
//
// It goes over the plan once, from its end: a state is walked backwards, and what
// lies between the two migrations is judged again from there. Nothing after the
// second is affected, since the placement there is the same. Where rules do no more
// than bound room and numbers, that takes a look at the migrations that touch one host
// ([timeline]), so that the whole takes about as long as it takes to carry out the plan;
// else what lies between is tried out, with `most` migrations in total.
func tidy(run *paths.Run, z *sizes, moves []cloud.Change, most int) []cloud.Change {
	p := run.Problem
	t := &tidier{timeline: newTimeline(z, p.NewState(), slices.Clone(moves)), p: p, cost: p.Cost, most: most}
	for _, m := range moves {
		t.s.Move(m.VM, m.To)
	}
	for i := len(moves) - 1; i >= 0; i-- {
		if i%64 == 0 && !run.Look() {
			return moves
		}
		t.s.Undo()
		t.join(i)
		if !t.gone[i] {
			t.note(i)
		}
	}
	return t.rested()
}

type tidier struct {
	*timeline // s is before migration i
	p         *paths.Problem
	cost      cloud.CostFunction
	most      int // migrations that may be tried out
}

// join merges migration i with those of the same VM that follow, as far as may be.
func (t *tidier) join(i int) {
	for {
		j := t.following(t.moves[i].VM)
		if j < 0 || !t.merge(i, j) || t.gone[i] {
			return
		}
	}
}

// merge tries to make one migration of i and j, of the same VM: none at all if j
// takes back i, else directly at the place of i, or else at the place of j. A resume is
// not merged with what follows: no other host may be resumed on.
func (t *tidier) merge(i, j int) bool {
	a, b := t.moves[i], t.moves[j]
	straight := cloud.Change{VM: a.VM, From: a.From, To: b.To}
	if straight.From == straight.To {
		if t.late(i, j, nil) {
			t.gone[i] = true
			t.drop(a.VM)
			return true
		}
		return false
	}
	if !t.p.Lawful(straight) {
		return false
	}
	both := paths.PathCost(t.cost, []cloud.Change{a, b})
	if cloud.CostOf(t.cost, straight) > both {
		t.shelter(i, j, both)
		return false
	}
	if t.early(i, j, straight) {
		t.moves[i] = straight
		t.drop(a.VM)
		return true
	}
	if t.late(i, j, &straight) {
		t.moves[j], t.gone[i] = straight, true
		t.touch(j, straight.From)
		return true
	}
	t.shelter(i, j, both)
	return false
}

// early tells whether the VM of migrations i and j may go straight to where j takes it
// when i is due.
func (t *tidier) early(i, j int, straight cloud.Change) bool {
	if t.simple(straight.VM) {
		return t.stays(straight.VM, straight.To, j)
	}
	return t.replay(i, j, i, straight)
}

// late tells whether the VM of migrations i and j may stay where it is until j is due,
// and go straight then, or not go at all.
func (t *tidier) late(i, j int, straight *cloud.Change) bool {
	if v := t.moves[i].VM; t.simple(v) {
		return t.stays(v, t.moves[i].From, j)
	}
	if straight == nil {
		return t.replay(i+1, j, -1, cloud.Change{})
	}
	return t.replay(i+1, j+1, j, *straight)
}

// replay tells whether the migrations from..to-1 can be carried out with that at
// position `at` replaced, and leaves the state as it was.
func (t *tidier) replay(from, to, at int, instead cloud.Change) bool {
	if t.most -= to - from; t.most < 0 {
		return false
	}
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
	return suspend, resume, a.From != cloud.Absent && t.p.Lawful(suspend) && t.p.Lawful(resume)
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
	if !t.simple(a.VM) && !t.replay(i, j+1, -1, cloud.Change{}) {
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
