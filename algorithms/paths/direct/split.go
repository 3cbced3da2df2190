package direct

import "slices"

// parts are the parts of a rest: edges that may go first, in order; components, sinks first,
// each followed by the arrivals from other components; edges that may go last.
type parts struct {
	first, last []edge
	inner       []rest
	arrivals    [][]edge // by component
	same        bool     // there is one component, which is the whole rest
}

// walk folds over the edges and components in the order of a plan.
func walk[T any](p *parts, out T, migrate func(T, edge) T, within func(T, rest) T) T {
	for _, e := range p.first {
		out = migrate(out, e)
	}
	for n, y := range p.inner {
		out = within(out, y)
		for _, e := range p.arrivals[n] {
			out = migrate(out, e)
		}
	}
	for _, e := range slices.Backward(p.last) {
		out = migrate(out, e)
	}
	return out
}

// splitter finds parts. Each call overwrites its scratch.
type splitter struct {
	view     view
	position []int32
	gone     []bool  // by edge
	still    []int64 // [host*R + resource]: demands of the VMs still to arrive
	queue    []int32
	queued   []bool

	index, low, stack, comp []int32 // Tarjan's
	onStack                 []bool
	next, comps             int32
}

func newSplitter(q *ordering) *splitter {
	return &splitter{position: make([]int32, len(q.room)/q.resources)}
}

func (s *splitter) split(q *ordering, x rest) parts {
	w := &s.view
	w.look(q, x, s.position)
	var out parts
	s.open(x, &out)
	s.components()
	if s.comps == 1 && len(out.first)+len(out.last) == 0 {
		out.same = true
		return out
	}
	out.inner, out.arrivals = make([]rest, s.comps), make([][]edge, s.comps)
	for h := range w.n {
		c := &out.inner[s.comp[h]]
		c.hosts = append(c.hosts, x.hosts[h])
	}
	for e, y := range x.edges {
		if s.gone[e] {
			continue
		}
		a, b := s.comp[w.from[e]], s.comp[w.to[e]]
		if a == b {
			out.inner[a].edges = append(out.inner[a].edges, y)
		} else {
			out.arrivals[b] = append(out.arrivals[b], y)
			w.add(w.room, w.from[e], e, w.count[e])
		}
	}
	for h := range w.n {
		c := &out.inner[s.comp[h]]
		c.room = append(c.room, w.room[h*w.r:(h+1)*w.r]...)
	}
	return out
}

// open takes out the edges of open hosts: hosts with room for all VMs still to arrive.
func (s *splitter) open(x rest, out *parts) {
	w := &s.view
	s.gone = cleared(s.gone, len(x.edges))
	s.still = cleared(s.still, len(w.room))
	for e := range x.edges {
		w.add(s.still, w.to[e], e, w.count[e])
	}
	s.queue, s.queued = s.queue[:0], cleared(s.queued, w.n)
	for h := range int32(w.n) {
		s.queue, s.queued[h] = append(s.queue, h), true
	}
	for len(s.queue) > 0 {
		h := s.queue[len(s.queue)-1]
		s.queue, s.queued[h] = s.queue[:len(s.queue)-1], false
		if !s.isOpen(h) {
			continue
		}
		for _, e := range w.in.of(h) {
			if !s.gone[e] {
				s.gone[e] = true
				out.first = append(out.first, x.edges[e])
				w.add(w.room, w.from[e], int(e), w.count[e])
				w.add(w.room, h, int(e), -w.count[e])
				w.add(s.still, h, int(e), -w.count[e])
				s.ask(w.from[e])
			}
		}
		for _, e := range w.out.of(h) {
			if !s.gone[e] {
				s.gone[e] = true
				out.last = append(out.last, x.edges[e])
				w.add(s.still, w.to[e], int(e), -w.count[e])
				s.ask(w.to[e])
			}
		}
	}
}

func (s *splitter) ask(h int32) {
	if !s.queued[h] {
		s.queue, s.queued[h] = append(s.queue, h), true
	}
}

func (s *splitter) isOpen(h int32) bool {
	r := s.view.r
	for j := int(h) * r; j < (int(h)+1)*r; j++ {
		if s.still[j] > s.view.room[j] {
			return false
		}
	}
	return true
}

// components numbers the strongly connected components, sinks first (Tarjan 1972, doi
// 10.1137/0201010).
func (s *splitter) components() {
	n := s.view.n
	s.index, s.low, s.comp = cleared(s.index, n), cleared(s.low, n), cleared(s.comp, n)
	s.onStack, s.stack = cleared(s.onStack, n), s.stack[:0]
	s.next, s.comps = 0, 0
	for h := range int32(n) {
		if s.index[h] == 0 {
			s.visit(h)
		}
	}
}

func (s *splitter) visit(h int32) {
	s.next++
	s.index[h], s.low[h] = s.next, s.next
	s.stack, s.onStack[h] = append(s.stack, h), true
	for _, e := range s.view.out.of(h) {
		if s.gone[e] {
			continue
		}
		g := s.view.to[e]
		if s.index[g] == 0 {
			s.visit(g)
			s.low[h] = min(s.low[h], s.low[g])
		} else if s.onStack[g] {
			s.low[h] = min(s.low[h], s.index[g])
		}
	}
	if s.low[h] != s.index[h] {
		return
	}
	for {
		g := s.stack[len(s.stack)-1]
		s.stack, s.onStack[g] = s.stack[:len(s.stack)-1], false
		s.comp[g] = s.comps
		if g == h {
			break
		}
	}
	s.comps++
}

func cleared[T any](x []T, n int) []T {
	if cap(x) < n {
		return make([]T, n)
	}
	x = x[:n]
	clear(x)
	return x
}
