package direct

import (
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
)

// piece is a rest that does not fall into parts. It is searched from both ends in turns. From a
// host that is too full at the start, VMs leave without asking; so backwards in time they may
// return there whatever the room, which the search from the end does not know.
type piece struct {
	ends   []rest // forwards and backwards in time; only forwards where a host is too full
	answer answer
	order  []int32 // of classes, if there is one
}

// segment is a stretch of a plan: classes in order, or the order of a piece.
type segment struct {
	classes []int32
	piece   *piece
}

// solver decides whether rests of one ordering have orders. Its searches remember answers
// from one rest to the next.
type solver struct {
	run    *paths.Run
	q      *ordering
	split  *splitter
	search [2]*search // from the start and from the end
}

func newSolver(run *paths.Run, q *ordering) *solver {
	return &solver{run: run, q: q, split: newSplitter(q), search: [2]*search{newSearch(q, run), newSearch(q.reverse(), run)}}
}

// pieces appends the segments of a plan for a rest.
func (s *solver) pieces(x rest, out []segment) []segment {
	if len(x.edges) == 0 {
		return out
	}
	p := s.split.split(s.q, x)
	if p.same {
		ends := []rest{x}
		if !slices.ContainsFunc(x.room, func(free int64) bool { return free < 0 }) {
			ends = append(ends, s.q.turned(x, s.split.position))
		}
		return append(out, segment{piece: &piece{ends: ends}})
	}
	return walk(&p, out, func(out []segment, e edge) []segment {
		return append(out, segment{classes: e.append(nil)})
	}, func(out []segment, y rest) []segment { return s.pieces(y, out) })
}

// firstTurn is the number of expansions of each search in its first turn. It doubles with each
// further turn.
const firstTurn = 64

// A piece that is searched has at most mostEdges edges and mostVMs VMs: memory, and the time of
// an expansion, grow with the square of the VMs.
const (
	mostEdges = 1 << 10
	mostVMs   = 1 << 11
)

// tooLarge tells whether a rest is too large to be searched.
func (x rest) tooLarge() bool {
	var vms int64
	for _, e := range x.edges {
		vms += int64(e.n)
	}
	return len(x.edges) > mostEdges || vms > mostVMs
}

// solve searches the pieces of segments in turns until all are answered or the run has to end.
// It tells whether all have an order. If enough is set, it stops at the first that has none.
func (s *solver) solve(segments []segment, enough bool) answer {
	var open []*piece
	for _, x := range segments {
		switch {
		case x.piece == nil:
		case x.piece.ends[0].tooLarge():
			return unknown
		default:
			open = append(open, x.piece)
		}
	}
	all := yes
	for turn := int64(firstTurn); len(open) > 0; turn *= 2 {
		left := open[:0]
		for _, x := range open {
			for end := 0; end < len(x.ends) && x.answer == unknown; end++ {
				if s.take(x, end, turn); !s.run.Look() && x.answer == unknown {
					return unknown
				}
			}
			switch x.answer {
			case unknown:
				left = append(left, x)
			case no:
				if all = no; enough {
					return no
				}
			}
		}
		open = left
	}
	return all
}

// take searches a piece from one end for a number of expansions.
func (s *solver) take(x *piece, end int, expansions int64) {
	y := s.search[end]
	y.left, y.other = expansions, s.search[1-end].held
	if x.answer = y.solve(x.ends[end].clone()); x.answer != yes {
		return
	}
	x.order = y.order(nil, x.ends[end].clone())
	if end == 1 {
		slices.Reverse(x.order)
	}
}

// turned returns a rest backwards in time. Position is scratch, by host of the ordering: there
// may be as many pieces as hosts.
func (q *ordering) turned(x rest, position []int32) rest {
	var ahead, back view
	ahead.look(q, x, position)
	back.turn(&ahead)
	return rest{edges: x.edges, hosts: x.hosts, room: back.room}
}
