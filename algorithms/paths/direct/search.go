package direct

import (
	"encoding/binary"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
)

// Answer is what is known of a question.
type Answer int

// The answers.
const (
	Unknown Answer = iota // a limit ended the search
	Yes                   // there is an order
	No                    // there is none
)

// search answers questions by depth-first search.
type search struct {
	q     *question
	run   *paths.Run
	split splitter
	pick  chooser
	ahead view // the rest that is looked at
	back  view // the same, backwards
	memo  map[string]step
	held  int64
	key   []byte
}

// step is what is known of a rest: that there is no order, or how one begins or ends.
type step struct {
	edge int32 // its position in the rest; -1: there is no order
	last bool
}

func newSearch(q *question, run *paths.Run) *search {
	s := &search{q: q, run: run, memo: map[string]step{}}
	s.split.position = make([]int32, len(q.room)/q.resources)
	return s
}

// solve tells whether there is an order for a rest.
func (s *search) solve(x rest) Answer {
	if len(x.edges) == 0 {
		return Yes
	}
	p := s.split.split(s.q, x)
	if p.same {
		return s.branch(x)
	}
	slices.SortStableFunc(p.inner, func(a, b rest) int { return len(a.edges) - len(b.edges) })
	for _, y := range p.inner {
		if a := s.solve(y); a != Yes {
			return a
		}
	}
	return Yes
}

// branch tells whether there is an order for a rest that does not fall into parts.
func (s *search) branch(x rest) Answer {
	s.reduce(x)
	s.write(x)
	if known, ok := s.memo[string(s.key)]; ok {
		if known.edge < 0 {
			return No
		}
		return Yes
	}
	key := string(s.key)
	if !s.run.Expand() {
		return Unknown
	}
	steps := s.steps(x)
	s.run.Generated(int64(len(steps)))
	for _, y := range steps {
		if a := s.solve(s.after(x, y)); a != No {
			if a == Yes {
				s.note(key, y)
			}
			return a
		}
	}
	s.note(key, step{edge: -1})
	return No
}

// perEntry is about what a map takes for an entry beside its key, in bytes.
const perEntry = 64

func (s *search) note(key string, y step) {
	s.memo[key] = y
	s.held += int64(len(key)) + perEntry
	s.run.Memory(s.held, int64(len(s.memo)))
}

// steps are the migrations of which one comes first, or of which one comes last, in some
// order, if there is any.
func (s *search) steps(x rest) []step {
	w := &s.ahead
	w.look(s.q, x, s.split.position)
	s.back.turn(w)
	if !s.pick.reachable(w) || !s.pick.reachable(&s.back) {
		return nil
	}
	most := 1 << 30
	var out []step
	ahead, _ := s.pick.least(w, most)
	for _, e := range ahead {
		out = append(out, step{edge: e})
	}
	if back, fewer := s.pick.least(&s.back, len(out)); fewer {
		out = out[:0]
		for _, e := range back {
			out = append(out, step{edge: e, last: true})
		}
	}
	slices.SortFunc(out, func(a, b step) int { return int(a.edge - b.edge) }) // the largest first
	return out
}

// after is the rest that a step leaves.
func (s *search) after(x rest, y step) rest {
	out := rest{hosts: x.hosts, room: slices.Clone(x.room)}
	for n, e := range x.edges {
		if int32(n) == y.edge {
			if !y.last {
				s.move(out, e.class)
			}
			if e.n--; e.n == 0 {
				continue
			}
		}
		out.edges = append(out.edges, e)
	}
	return out
}

// move lets one VM of a class go home.
func (s *search) move(x rest, c int32) {
	r := s.q.resources
	from, _ := slices.BinarySearch(x.hosts, s.q.classes[c].from)
	to, _ := slices.BinarySearch(x.hosts, s.q.classes[c].to)
	for j, d := range s.q.need(c) {
		x.room[from*r+j] += d
		x.room[to*r+j] -= d
	}
}

// reduce lowers the room on each host to what those who come and go can tell apart.
func (s *search) reduce(x rest) {
	r := s.q.resources
	for n, h := range x.hosts {
		s.split.position[h] = int32(n)
	}
	common := make([]int64, len(x.room))
	for _, e := range x.edges {
		c := &s.q.classes[e.class]
		for _, h := range []int32{c.from, c.to} {
			n := int(s.split.position[h]) * r
			for j, d := range s.q.need(e.class) {
				common[n+j] = gcd(common[n+j], d)
			}
		}
	}
	for n, g := range common {
		if g > 1 {
			x.room[n] -= x.room[n] % g
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

// order appends an order for a rest that has one, by what the memo says: classes, each as
// often as VMs of it go.
func (s *search) order(out []int32, x rest) []int32 {
	if len(x.edges) == 0 {
		return out
	}
	p := s.split.split(s.q, x)
	if p.same {
		s.reduce(x)
		s.write(x)
		y := s.memo[string(s.key)]
		class := x.edges[y.edge].class
		if y.last {
			return append(s.order(out, s.after(x, y)), class)
		}
		return s.order(append(out, class), s.after(x, y))
	}
	for _, e := range p.first {
		out = e.append(out)
	}
	for n, y := range p.inner {
		out = s.order(out, y)
		for _, e := range p.arrivals[n] {
			out = e.append(out)
		}
	}
	for _, e := range slices.Backward(p.last) {
		out = e.append(out)
	}
	return out
}

func (e edge) append(out []int32) []int32 {
	for range e.n {
		out = append(out, e.class)
	}
	return out
}
