package direct

import (
	"encoding/binary"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
)

// answer tells whether there is an order.
type answer int

// The answers.
const (
	unknown answer = iota // a limit ended the search
	yes                   // there is an order
	no                    // there is none
)

// search decides an ordering by depth-first search. It remembers answers, so that it can go on
// where a limit interrupted it.
type search struct {
	q     *ordering
	run   *paths.Run
	left  int64 // expansions until it is interrupted
	memo  map[string]int32
	held  int64 // bytes
	other int64 // bytes held by the search from the other end

	split    *splitter
	position []int32 // scratch by host
	ahead    view
	back     view
	balance  balance
	pick     chooser
	common   []int64
	key      []byte
}

// none is the memo entry of a rest that has no order. The entry of any other rest is the position
// of the edge that comes first.
const none = -1

func newSearch(q *ordering, run *paths.Run) *search {
	hosts := len(q.room) / q.resources
	return &search{q: q, run: run, memo: map[string]int32{}, position: make([]int32, hosts), split: newSplitter(q)}
}

// solve tells whether there is an order for a rest.
func (s *search) solve(x rest) answer {
	if len(x.edges) == 0 {
		return yes
	}
	p := s.split.split(s.q, x)
	if p.same {
		return s.branch(x)
	}
	// The smallest first: they are the quickest to answer no.
	slices.SortStableFunc(p.inner, func(a, b rest) int { return len(a.edges) - len(b.edges) })
	for _, y := range p.inner {
		if a := s.solve(y); a != yes {
			return a
		}
	}
	return yes
}

// branch tells whether there is an order for a rest that does not fall into parts.
func (s *search) branch(x rest) answer {
	s.reduce(x)
	s.write(x)
	if first, known := s.memo[string(s.key)]; known {
		if first == none {
			return no
		}
		return yes
	}
	if s.left == 0 || !s.run.Expand() {
		return unknown
	}
	s.left--
	key := string(s.key)
	size := int64(len(x.edges)+len(x.room)) * 8
	s.held += size
	defer func() { s.held -= size }()
	steps := s.steps(x)
	s.run.Generated(int64(len(steps)))
	for _, e := range steps {
		switch a := s.solve(s.after(x, e)); a {
		case yes:
			s.note(key, e)
			return yes
		case unknown:
			return unknown
		}
	}
	s.note(key, none)
	return no
}

// perEntry is the approximate size of a map entry in bytes, without the key.
const perEntry = 64

func (s *search) note(key string, first int32) {
	s.memo[key] = first
	s.held += int64(len(key)) + perEntry
	s.run.Memory(s.held+s.other, int64(len(s.memo)))
}

// steps returns edges one of which comes first in some order, if there is any order. It returns
// none if there is provably no order.
func (s *search) steps(x rest) []int32 {
	s.ahead.look(s.q, x, s.position)
	s.back.turn(&s.ahead)
	if !s.pick.reachable(&s.back) || !s.pick.reachable(&s.ahead) || !s.balance.look(&s.ahead, s.back.room) {
		return nil
	}
	return s.pick.least(&s.ahead, &s.balance)
}

// after returns the rest after one VM of an edge went home.
func (s *search) after(x rest, e int32) rest {
	out := rest{edges: make([]edge, 0, len(x.edges)), hosts: x.hosts, room: slices.Clone(x.room)}
	r, class := s.q.resources, x.edges[e].class
	from, _ := slices.BinarySearch(x.hosts, s.q.classes[class].from)
	to, _ := slices.BinarySearch(x.hosts, s.q.classes[class].to)
	for j, d := range s.q.need(class) {
		out.room[from*r+j] += d
		out.room[to*r+j] -= d
	}
	for _, y := range x.edges {
		if y.class == class {
			y.n--
		}
		if y.n > 0 {
			out.edges = append(out.edges, y)
		}
	}
	return out
}

// reduce rounds down the room on each host to multiples that the demands of its arrivals and
// departures can tell apart.
func (s *search) reduce(x rest) {
	r := s.q.resources
	for n, h := range x.hosts {
		s.position[h] = int32(n)
	}
	s.common = cleared(s.common, len(x.room))
	for _, e := range x.edges {
		c := &s.q.classes[e.class]
		for _, h := range [...]int32{c.from, c.to} {
			n := int(s.position[h]) * r
			for j, d := range s.q.need(e.class) {
				s.common[n+j] = gcd(s.common[n+j], d)
			}
		}
	}
	for n, g := range s.common {
		if g > 1 {
			x.room[n] = floor(x.room[n], g)
		}
	}
}

// write makes the key of a rest.
func (s *search) write(x rest) {
	key := binary.AppendUvarint(s.key[:0], uint64(len(x.edges)))
	for _, e := range x.edges {
		key = binary.AppendUvarint(binary.AppendUvarint(key, uint64(e.class)), uint64(e.n))
	}
	for _, room := range x.room {
		key = binary.AppendUvarint(key, uint64(room))
	}
	s.key = key
}

// order appends the remembered order of a rest that has one: the class of each VM in turn.
func (s *search) order(out []int32, x rest) []int32 {
	if len(x.edges) == 0 {
		return out
	}
	p := s.split.split(s.q, x)
	if p.same {
		s.reduce(x)
		s.write(x)
		e := s.memo[string(s.key)]
		return s.order(append(out, x.edges[e].class), s.after(x, e))
	}
	return walk(&p, out, func(out []int32, e edge) []int32 { return e.append(out) }, s.order)
}
