package schedules

import (
	"cmp"
	"container/heap"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
)

// greedily finds a schedule in which, at each instant, moves start in the given order as far as they may. In batches, instants
// at which something is under way do not count. It always ends for a plan that is a path: see [precedence]. One attempt takes
// O(tests × log moves); a test is made at the start, and when something that refused the move may have changed.
func greedily(run *Run, order []int32, inBatches bool) error {
	learned := newPrecedence(run.Problem)
	for {
		g := newGreedy(run.Problem, order, learned, inBatches)
		if g.fill() {
			run.Found(g.table)
			return nil
		}
		if err := learned.learn(g.table); err != nil {
			return err
		}
	}
}

// greedy fills one table. Moves that wait stand in lists, by what refused them, so that an end makes only those be asked
// again that it may have made way for.
type greedy struct {
	table     *timetable.Table
	learned   *precedence
	inBatches bool
	order     []int32 // by rank: the move
	rank      []int32 // by move
	local     bool    // rules look at one host at a time
	least     []int64 // by limit: what its least demanding move takes

	lists  []waitingList // for each limit, for each host, and those below
	asked  candidates
	parked []candidate // those refused at this instant
	begun  []int32
}

// waitingList holds the moves that wait for the same thing.
type waitingList struct {
	waiting candidates
	open    bool // its first one is among those that are asked at this instant
	shut    bool // no other of its moves can start at this instant
}

// The lists after those of limits and hosts.
const (
	unsane     = iota // refused by rules that look further than one host
	slow              // refused by the pace of an elastic model
	otherLists        // their number
)

// candidate is a move, by its rank, and the list that it comes from; -1: none.
type candidate struct{ rank, list int32 }

func newGreedy(p *timetable.Problem, order []int32, learned *precedence, inBatches bool) *greedy {
	g := &greedy{
		table: p.NewTable(), learned: learned, inBatches: inBatches, order: order, rank: make([]int32, len(order)), local: local(p.Rules),
		least: make([]int64, len(p.Limits)), lists: make([]waitingList, len(p.Limits)+len(p.Instance.Hosts)+otherLists),
	}
	for r, m := range order {
		g.rank[m] = int32(r)
		g.asked = append(g.asked, candidate{int32(r), -1}) // a heap, as it is sorted
	}
	for m := range p.Moves {
		for _, u := range p.Moves[m].Uses {
			if l := &g.least[u.Limit]; *l == 0 || u.Least < *l {
				*l = u.Least
			}
		}
	}
	return g
}

// local tells whether room can appear at a host only because a VM leaves that host.
func local(rules []cloud.Rule) bool {
	return !slices.ContainsFunc(rules, func(r cloud.Rule) bool {
		if !r.Continuous() {
			return false
		}
		switch r.(type) {
		case cloud.Limiter, cloud.HostFilter, cloud.WayFilter:
			return false
		}
		return true
	})
}

// fill tells whether all moves have ended.
func (g *greedy) fill() bool {
	for {
		g.startAll()
		ended := g.table.Advance()
		if len(ended) == 0 {
			return g.table.Done()
		}
		g.wake(ended)
		for g.inBatches && !g.table.Idle() {
			g.wake(g.table.Advance())
		}
	}
}

// startAll asks the candidates in the order of their ranks.
func (g *greedy) startAll() {
	for len(g.asked) > 0 {
		c := heap.Pop(&g.asked).(candidate)
		if c.list >= 0 {
			l := &g.lists[c.list]
			if l.shut {
				l.open = false
				continue
			}
			heap.Pop(&l.waiting)
			l.open = false
			g.open(c.list)
		}
		g.ask(c.rank)
	}
	for _, c := range g.parked {
		l := &g.lists[c.list]
		l.shut = false
		heap.Push(&l.waiting, c)
	}
	g.parked = g.parked[:0]
}

// ask starts the move of a rank, or has it wait.
func (g *greedy) ask(r int32) {
	m := g.order[r]
	if g.table.Starts[m] >= 0 || g.learned.blocks(g.table, m) { // the start that it waits for brings it back
		return
	}
	refusal := g.table.Refuses(m)
	if refusal == timetable.Free {
		g.table.Begin(m)
		g.begun = g.learned.freed(g.table, m, g.begun[:0])
		for _, f := range g.begun {
			heap.Push(&g.asked, candidate{g.rank[f], -1})
		}
		return
	}
	if refusal == timetable.Earlier { // the end of that one brings it back
		return
	}
	list := g.listOf(refusal, &g.table.Moves[m])
	g.parked = append(g.parked, candidate{r, list})
	if refusal >= 0 && g.table.Moves[m].Least(int32(refusal)) == g.least[refusal] { // no other one fits the limit either
		g.lists[list].shut = true
	}
}

// listOf is the list of moves that wait for the same thing.
func (g *greedy) listOf(refusal timetable.Refusal, m *timetable.Move) int32 {
	switch {
	case refusal >= 0:
		return int32(refusal)
	case refusal == timetable.Slow:
		return g.other(slow)
	case g.local && m.To != cloud.Absent:
		return g.room(m.To)
	}
	return g.other(unsane)
}

func (g *greedy) room(h cloud.HostID) int32 { return int32(len(g.least)) + int32(h) }
func (g *greedy) other(list int32) int32    { return int32(len(g.lists)-otherLists) + list }

// wake has those be asked that wait for something that the ends brought about.
func (g *greedy) wake(ended []int32) {
	for _, m := range ended {
		move := &g.table.Moves[m]
		for _, u := range move.Uses {
			g.open(u.Limit)
		}
		if move.From != cloud.Absent {
			g.open(g.room(move.From))
		}
		if move.After >= 0 {
			heap.Push(&g.asked, candidate{g.rank[move.After], -1})
		}
	}
	g.open(g.other(unsane))
	g.open(g.other(slow))
}

// open makes the first one of a list a candidate.
func (g *greedy) open(list int32) {
	if l := &g.lists[list]; !l.open && len(l.waiting) > 0 {
		l.open = true
		heap.Push(&g.asked, l.waiting[0])
	}
}

// candidates is a heap, the first rank on top.
type candidates []candidate

func (c candidates) Len() int           { return len(c) }
func (c candidates) Less(i, j int) bool { return c[i].rank < c[j].rank }
func (c candidates) Swap(i, j int)      { c[i], c[j] = c[j], c[i] }
func (c *candidates) Push(x any)        { *c = append(*c, x.(candidate)) }
func (c *candidates) Pop() any {
	old := *c
	last := old[len(old)-1]
	*c = old[:len(old)-1]
	return last
}

// sorted is the plan's order, sorted by a measure, the smallest first; moves of equal measure keep their order.
func sorted[T cmp.Ordered](p *timetable.Problem, measure func(m int32) T) []int32 {
	by := make([]T, len(p.Moves))
	out := make([]int32, len(p.Moves))
	for m := range out {
		out[m], by[m] = int32(m), measure(int32(m))
	}
	slices.SortStableFunc(out, func(a, b int32) int { return cmp.Compare(by[a], by[b]) })
	return out
}
