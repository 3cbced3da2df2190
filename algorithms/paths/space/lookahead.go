package space

import "github.com/cloudrearrange/rearrange/cloud"

// Lookahead tries, from a state, to reach the goal by direct migrations alone. Where it
// succeeds there is a plan; and where the heuristic promised no more than these
// migrations cost, the search is over. It goes by position, again and again, and does not
// look for an order: it may miss a way, but never makes one up.
type Lookahead struct {
	moves  []Move // of the last success
	goal   []cloud.HostID
	host   []cloud.HostID
	free   []int64
	goOn   func() bool // asked while it tries
	usable bool
}

// NewLookahead makes a lookahead for the problem of a state; it finds nothing unless wanted.
// It asks goOn while it tries.
func NewLookahead(s *State, wanted bool, goOn func() bool) *Lookahead {
	l := &Lookahead{
		goOn: goOn,
		goal: make([]cloud.HostID, len(s.Host)), host: make([]cloud.HostID, len(s.Host)), free: make([]int64, len(s.Free)),
		usable: wanted && s.LimitsOnly(), // other rules may forbid an order of migrations that room allows
	}
	for i := range l.goal {
		l.goal[i] = s.Problem.Goal[s.Layout.vms[i]]
	}
	return l
}

// Finish returns the migrations that reach the goal, their costs left out, and whether
// there are any; they are valid until the next call. O(misplaced VMs² × resources) at
// worst, O(VMs) where nothing moves.
func (l *Lookahead) Finish(s *State) ([]Move, bool) {
	if !l.usable {
		return nil, false
	}
	l.moves = l.moves[:0]
	copy(l.host, s.Host)
	copy(l.free, s.Free)
	r := s.resources
	left := 0
	for i, h := range l.host {
		if h != l.goal[i] {
			left++
		}
	}
	for moved := true; left > 0 && moved && (len(l.moves) < fewMoves || l.goOn()); {
		moved = false
		for i, h := range l.host {
			to := l.goal[i]
			if h == to || !fits(l.free[int(to)*r:int(to)*r+r], s.demand[i*r:i*r+r]) {
				continue
			}
			for j, d := range s.demand[i*r : i*r+r] {
				if h != cloud.Absent {
					l.free[int(h)*r+j] += d
				}
				l.free[int(to)*r+j] -= d
			}
			l.host[i] = to
			l.moves = append(l.moves, Move{Pos: int32(i), To: to})
			moved = true
			left--
		}
	}
	return l.moves, left == 0
}

func fits(free, demand []int64) bool {
	for j, d := range demand {
		if d > free[j] {
			return false
		}
	}
	return true
}
