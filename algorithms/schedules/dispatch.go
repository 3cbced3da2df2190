package schedules

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
)

// dispatcher fills tables by event-driven list scheduling: at each instant the moves that may start do so, the most
// urgent first. A move that is refused waits for what refused it, a limit or room on a host, and is asked again when
// some of that has become free: an end re-tests only the moves that wait for it.
type dispatcher struct {
	*timetable.Problem
	room  []int64 // [host * resources + resource]: what VMs may use in all where one arrives; MaxInt64: no limit
	early bool    // some limiter frees room as soon as a VM begins to leave
	least []int64 // by limit: the least that any move takes of it

	table  *timetable.Table
	how    priorities
	free   []int64   // by limit
	rest   []float64 // by limit: the time that the moves that have not started need of it
	byLim  []queue   // by limit: the moves that wait for it
	byHost [][]int32 // by host: the moves that wait for room there
	unsafe [][]int32 // by host: the moves that would take room there that others need
	slow   [][]int32 // by limit: the moves that an elastic model leaves too little, at each limit that they take of
	isSlow []bool    // by move: it waits there
	coming []coming  // by host
	held   []float64 // by host: how urgent the most urgent of them is that does not fit
	others []int32   // the moves that wait for anything else
	closed []int32   // the moves that wait until a window is over
	woken  []int32   // the moves to be asked
	freed  []int32   // the limits of which something has become free
	pool   queue     // the candidates of this instant
	parked []item    // the moves that were refused by a limit at this instant
	follow []int32
}

// priorities say how urgent a move is: by the time that the most loaded limit it takes of still needs, and a bias.
type priorities struct {
	load  float64     // weight of that time
	bias  []float64   // by move
	order *precedence // that was learned from dead ends; nil for none
	safe  *witness    // which every start keeps possible; nil for none
	drain bool        // who leaves a host that is short of room is as urgent as who comes there
	hold  bool        // room for which a more urgent move waits is not given to others
	lazy  []bool      // by move: a suspend that waits until there is room for the resume; nil for none
}

func newDispatcher(p *timetable.Problem) *dispatcher {
	n := len(p.Limits)
	d := &dispatcher{
		Problem: p, least: make([]int64, n), free: make([]int64, n), rest: make([]float64, n), byLim: make([]queue, n),
		byHost: make([][]int32, len(p.Instance.Hosts)), unsafe: make([][]int32, len(p.Instance.Hosts)), held: make([]float64, len(p.Instance.Hosts)), slow: make([][]int32, n), isSlow: make([]bool, len(p.Moves)),
	}
	d.coming = make([]coming, len(p.Instance.Hosts))
	for h := range d.coming {
		d.coming[h].demand = make([]int64, len(p.Instance.Resources))
	}
	for _, r := range p.Rules {
		e, ok := r.(cloud.EarlyLimiter)
		for resource := range p.Instance.Resources {
			d.early = d.early || ok && r.Continuous() && e.FreesEarly(resource)
		}
	}
	d.room = roomOf(p)
	for i := range p.Moves {
		for _, u := range p.Moves[i].Uses {
			if d.least[u.Limit] == 0 || u.Least < d.least[u.Limit] {
				d.least[u.Limit] = u.Least
			}
		}
	}
	return d
}

// fill makes a table. Moves remain that have not started where nothing lets them.
func (d *dispatcher) fill(how priorities) *timetable.Table {
	d.table, d.how = d.NewTable(), how
	for l := range d.Limits {
		d.free[l], d.rest[l], d.byLim[l], d.slow[l] = d.Limits[l].Capacity, 0, d.byLim[l][:0], d.slow[l][:0]
	}
	for h := range d.byHost {
		d.byHost[h], d.unsafe[h], d.held[h] = d.byHost[h][:0], d.unsafe[h][:0], math.Inf(-1)
	}
	if how.safe != nil {
		how.safe.reset()
	}
	clear(d.isSlow)
	for h := range d.coming {
		d.coming[h].time = 0
		clear(d.coming[h].demand)
	}
	for m := range d.Moves {
		d.comes(int32(m), 1)
	}
	d.others, d.closed, d.woken, d.freed = d.others[:0], d.closed[:0], d.woken[:0], d.freed[:0]
	for m := range d.Moves {
		for _, u := range d.Moves[m].Uses {
			d.rest[u.Limit] += d.takes(m, u)
		}
		if d.Moves[m].Before < 0 {
			d.woken = append(d.woken, int32(m))
		}
	}
	for again := false; ; {
		d.startAll()
		ended, ok := d.table.Advance()
		switch {
		case ok:
			again = false
		case len(d.closed) > 0 && !again: // some may have been asked before others started, and wait for no window any more
			again = true
		case (d.how.hold || d.how.lazy != nil) && !d.table.Done():
			d.giveUpHolds()
			continue
		default:
			return d.table
		}
		for _, m := range ended {
			d.ends(m)
		}
		if again || d.table.Opened() {
			d.woken = append(d.woken, d.closed...)
			d.closed = d.closed[:0]
		}
		d.woken = append(d.woken, d.others...)
		d.others = d.others[:0]
	}
}

// takes is the time for which a move takes of a limit, as a share of the limit's capacity.
func (d *dispatcher) takes(m int, u concurrency.Use) float64 {
	return float64(u.Full) / float64(d.Limits[u.Limit].Capacity) * float64(d.Moves[m].Time)
}

// ends wakes what waits for the end of a move.
func (d *dispatcher) ends(m int32) {
	move := &d.Moves[m]
	for _, u := range move.Uses {
		d.free[u.Limit] += u.Least
		d.freed = append(d.freed, u.Limit)
		for _, m := range d.slow[u.Limit] {
			if d.isSlow[m] {
				d.isSlow[m] = false
				d.woken = append(d.woken, m)
			}
		}
		d.slow[u.Limit] = d.slow[u.Limit][:0]
	}
	if move.From != cloud.Absent {
		d.wakeHost(move.From)
	}
	if move.After >= 0 {
		d.woken = append(d.woken, move.After)
	}
}

func (d *dispatcher) wakeHost(h cloud.HostID) {
	d.woken = append(append(d.woken, d.byHost[h]...), d.unsafe[h]...)
	d.byHost[h], d.unsafe[h], d.held[h] = d.byHost[h][:0], d.unsafe[h][:0], math.Inf(-1)
}

// giveUpHolds lets any move that fits take room from now on, and suspends start: nothing is under way, so the moves that wait would wait for ever.
func (d *dispatcher) giveUpHolds() {
	d.how.hold, d.how.lazy = false, nil
	for h := range d.byHost {
		d.wakeHost(cloud.HostID(h))
	}
	d.woken = append(d.woken, d.others...)
	d.others = d.others[:0]
}

// startAll starts what may start now, the most urgent first. Of the moves that wait for a limit, one at a time is a candidate,
// as long as the limit has anything left.
func (d *dispatcher) startAll() {
	for _, m := range d.woken {
		d.pool.push(item{d.urgency(m), m, -1})
	}
	d.woken = d.woken[:0]
	for _, l := range d.freed {
		d.refill(l)
	}
	d.freed, d.parked = d.freed[:0], d.parked[:0]
	for len(d.pool) > 0 {
		c := d.pool.pop()
		d.ask(c.move, c.key)
		if c.limit >= 0 {
			d.refill(c.limit)
		}
	}
	for _, p := range d.parked {
		d.byLim[p.limit].push(p)
	}
}

// refill makes a candidate of the first move that waits for a limit.
func (d *dispatcher) refill(l int32) {
	if list := &d.byLim[l]; len(*list) > 0 && d.free[l] >= d.least[l] {
		m := list.pop().move
		d.pool.push(item{d.urgency(m), m, l})
	}
}

// ask starts a move, or has it wait for what refuses it.
func (d *dispatcher) ask(m int32, key float64) {
	to := d.Moves[m].To
	if d.how.hold && to != cloud.Absent && d.held[to] > key {
		d.byHost[to] = append(d.byHost[to], m)
		return
	}
	if d.how.lazy != nil && d.how.lazy[m] && d.crowded(&d.Moves[d.Moves[m].After]) {
		d.others = append(d.others, m)
		return
	}
	why := d.table.Refuses(m)
	switch {
	case why == timetable.Free && d.how.order != nil && d.how.order.blocks(d.table, m):
		d.others = append(d.others, m)
	case why == timetable.Free && d.how.safe != nil && !d.how.safe.allows(d.table, m):
		d.unsafe[to] = append(d.unsafe[to], m)
	case why == timetable.Free:
		d.table.Begin(m)
		d.comes(m, -1)
		if from := d.Moves[m].From; from != cloud.Absent {
			for _, w := range d.unsafe[from] {
				d.pool.push(item{d.urgency(w), w, -1})
			}
			d.unsafe[from] = d.unsafe[from][:0]
			if d.early {
				for _, w := range d.byHost[from] {
					d.pool.push(item{d.urgency(w), w, -1})
				}
				d.byHost[from], d.held[from] = d.byHost[from][:0], math.Inf(-1)
			}
		}
		for _, u := range d.Moves[m].Uses {
			d.free[u.Limit] -= u.Least
			d.rest[u.Limit] -= d.takes(int(m), u)
		}
		if d.how.order != nil {
			d.follow = d.how.order.freed(d.table, m, d.follow[:0])
			for _, f := range d.follow {
				d.release(f)
			}
		}
	case why >= 0:
		d.parked = append(d.parked, item{key, m, int32(why)})
	case why == timetable.Unsane && d.crowded(&d.Moves[m]):
		d.byHost[to] = append(d.byHost[to], m)
		d.held[to] = max(d.held[to], key)
	case why == timetable.Slow && len(d.Moves[m].Uses) > 0:
		d.isSlow[m] = true
		for _, u := range d.Moves[m].Uses {
			d.slow[u.Limit] = append(d.slow[u.Limit], m)
		}
	case why == timetable.Closed:
		d.closed = append(d.closed, m)
	default:
		d.others = append(d.others, m)
	}
}

// release makes a candidate of a move that waited for the start of another one.
func (d *dispatcher) release(m int32) {
	if i := slices.Index(d.others, m); i >= 0 {
		d.others = slices.Delete(d.others, i, i+1)
		d.pool.push(item{d.urgency(m), m, -1})
	}
}

// crowded tells whether a move waits for room on its destination, and possibly for more.
func (d *dispatcher) crowded(m *timetable.Move) bool {
	if m.To == cloud.Absent {
		return false
	}
	for r, demand := range d.Instance.VMs[m.VM].Demand {
		if demand > 0 && d.table.State().Used(m.To, r) > d.roomFor(m.To, r)-demand {
			return true
		}
	}
	return false
}

// arrivalLimit is what a host may hold when a VM comes to it: a host that is too full at the start takes no more.
func arrivalLimit(l cloud.Limiter, h cloud.HostID, resource int) int64 {
	if a, ok := l.(cloud.ArrivalLimiter); ok {
		return a.ArrivalLimit(h, resource)
	}
	return l.Limit(h, resource)
}

// urgency is that of a move now.
func (d *dispatcher) urgency(m int32) float64 {
	rest := 0.0
	for _, u := range d.Moves[m].Uses {
		rest = max(rest, d.rest[u.Limit])
	}
	if from := d.Moves[m].From; d.how.drain && from != cloud.Absent && d.short(from) {
		rest = max(rest, d.coming[from].time)
	}
	return d.how.load*rest + d.how.bias[m]
}

// short tells whether a host has too little room for all that is still to come.
func (d *dispatcher) short(h cloud.HostID) bool {
	for r, n := range d.coming[h].demand {
		if d.table.State().Used(h, r) > d.roomFor(h, r)-n {
			return true
		}
	}
	return false
}

// coming sums up the moves to a host that have not started.
type coming struct {
	time   float64 // one after the other
	demand []int64
}

func (d *dispatcher) comes(m int32, sign int64) {
	to := d.Moves[m].To
	if to == cloud.Absent {
		return
	}
	c := &d.coming[to]
	c.time += float64(sign) * d.alone(m)
	for r, n := range d.Instance.VMs[d.Moves[m].VM].Demand {
		c.demand[r] += sign * n
	}
}

// roomOf is what rules let VMs use in all, by host and resource. O(rules × hosts × resources).
func roomOf(p *timetable.Problem) []int64 {
	resources := len(p.Instance.Resources)
	out := make([]int64, len(p.Instance.Hosts)*resources)
	for i := range out {
		out[i] = math.MaxInt64
	}
	for _, r := range p.Rules {
		if l, ok := r.(cloud.Limiter); ok && r.Continuous() {
			for i := range out {
				out[i] = min(out[i], arrivalLimit(l, cloud.HostID(i/resources), i%resources))
			}
		}
	}
	return out
}

func (d *dispatcher) roomFor(h cloud.HostID, resource int) int64 {
	return d.room[int(h)*len(d.Instance.Resources)+resource]
}

// item is a move in a queue.
type item struct {
	key   float64
	move  int32
	limit int32 // that it waits for, or waited for; -1: none
}

// before puts the more urgent move first, and of two equal ones the earlier one of the plan.
func (a item) before(b item) bool { return a.key > b.key || a.key == b.key && a.move < b.move }

// queue is a heap, the most urgent move on top.
type queue []item

func (q *queue) push(x item) {
	h := append(*q, x)
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !x.before(h[up]) {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = x
	*q = h
}

func (q *queue) pop() item {
	h := *q
	top, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	*q = h
	if len(h) == 0 {
		return top
	}
	i := 0
	for {
		c := 2*i + 1
		if c >= len(h) {
			break
		}
		if c+1 < len(h) && h[c+1].before(h[c]) {
			c++
		}
		if !h[c].before(last) {
			break
		}
		h[i] = h[c]
		i = c
	}
	h[i] = last
	return top
}
