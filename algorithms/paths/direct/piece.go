package direct

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
)

// piece is a rest of the whole question that does not fall into parts, searched by itself
// from both ends in turns.
type piece struct {
	x      rest
	answer Answer
	order  []int32    // of classes, where there is one
	search [2]*search // from its start and from its end, while there is no answer
	ends   [2]rest    // x, and x backwards in time
}

// segment is a stretch of a plan: some classes, or what a piece makes of its own.
type segment struct {
	classes []int32
	piece   *piece
}

// pieces are the segments of every plan of a rest.
func (q *question) pieces(s *splitter, x rest, out []segment) []segment {
	if len(x.edges) == 0 {
		return out
	}
	p := s.split(q, x)
	if p.same {
		return append(out, segment{piece: &piece{x: x}})
	}
	return walk(&p, out, func(out []segment, e edge) []segment {
		return append(out, segment{classes: e.append(nil)})
	}, func(out []segment, y rest) []segment { return q.pieces(s, y, out) })
}

// firstTurn is how many expansions the search from one end may do before that from the other
// has its turn, with as many; from then on they have twice as many each.
const firstTurn = 64

// mostEdges is how large a piece may be: what a search holds grows with the square.
const mostEdges = 1 << 10

// solve searches pieces in turns until all are answered or the run has to end.
func solve(run *paths.Run, q *question, open []*piece) {
	reverse, held := q.reverse(), int64(0)
	for _, x := range open {
		x.begin(run, q, reverse)
	}
	for turn := int64(firstTurn); len(open) > 0; turn *= 2 {
		left := open[:0]
		for _, x := range open {
			held -= x.held()
			for n := 0; n < len(x.search) && x.answer == Unknown; n++ {
				x.search[n].other = held + x.search[1-n].held
				x.take(n, turn)
				if !run.Look() {
					return
				}
			}
			held += x.held()
			if x.answer == Unknown {
				left = append(left, x)
			}
		}
		open = left
	}
}

// begin makes the searches.
func (x *piece) begin(run *paths.Run, q, reverse *question) {
	x.search = [2]*search{newSearch(q, run), newSearch(reverse, run)}
	x.ends = [2]rest{x.x, q.turned(x.x)}
}

// held is what the searches hold, in bytes.
func (x *piece) held() int64 {
	if x.answer != Unknown {
		return 0
	}
	return x.search[0].held + x.search[1].held
}

// take searches from one end, for so many expansions.
func (x *piece) take(end int, expansions int64) {
	s := x.search[end]
	s.left = expansions
	if x.answer = s.solve(x.ends[end].clone()); x.answer == Unknown {
		return
	}
	if x.answer == Yes {
		x.order = s.order(nil, x.ends[end].clone())
		if end == 1 {
			slices.Reverse(x.order)
		}
	}
	x.search = [2]*search{}
}

// turned is a rest backwards in time.
func (q *question) turned(x rest) rest {
	var ahead, back view
	position := make([]int32, len(q.room)/q.resources)
	ahead.look(q, x, position)
	back.turn(&ahead)
	return rest{edges: x.edges, hosts: x.hosts, room: back.room}
}
