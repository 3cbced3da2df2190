package space

import "github.com/cloudrearrange/rearrange/cloud"

// Pruner is a [Pruning] made ready for one problem, for searches other than [BestFirst].
type Pruner struct{ p *pruner }

// NewPruner makes a pruner for the problem of a state.
func NewPruner(s *State, p Pruning) *Pruner { return &Pruner{newPruner(s, p)} }

// Symmetric tells whether some states stand for others.
func (p *Pruner) Symmetric() bool { return p.p.symmetric() }

// Canonical turns a packed state into the one that stands for all its like.
func (p *Pruner) Canonical(key []uint64) { p.p.canonical(key) }

// Repeat tells whether a VM that has just migrated is left out of [Pruner.Moves].
func (p *Pruner) Repeat() bool { return p.p.repeat }

// MovesWhile appends the migrations out of a state that are not pruned, as
// [State.MovesWhile] does. Last is the position of the VM that moved last, or -1.
// Paths from the state that cost below or more may be left out; MaxInt64 keeps all. Known, if
// not nil, must have estimated this state last.
func (p *Pruner) MovesWhile(s *State, out []Move, last int, below int64, known Strays, ask *Asker) ([]Move, bool) {
	return p.p.moves(s, out, last, below, known, ask)
}

// Limited tells whether [Pruner.MovesWhile] prunes more with a limit on cost.
func (p *Pruner) Limited() bool { return p.p.excess != nil }

// Advances tells whether [Pruner.Advance] may be used: whether no hosts are interchangeable.
func (p *Pruner) Advances() bool { return p.p.members == nil }

// Advance turns a canonical state into the canonical state after a migration. Host is the first
// state, by position. O(interchangeable VMs).
func (p *Pruner) Advance(key []uint64, host []cloud.HostID, i int, from, to cloud.HostID) {
	p.p.advance(key, host, i, from, to)
}

// Ample tells whether the target of the VM at a position can hold all VMs that may ever
// stand there: the VM goes there before anything else happens, and stays.
func (p *Pruner) Ample(i int) bool { return p.p.ample != nil && p.p.ample[p.p.goal[i]] }

// Realize turns a sequence of canonical states, each a migration away from one like the
// one before it, and then migrations of different VMs that take them from the last of the
// states to their targets, into migrations from the real start.
func (p *Pruner) Realize(keys [][]uint64, further []Move) []cloud.Change {
	return p.p.realize(keys, further)
}

// Lookahead tries, from a state, to reach the goal by direct migrations alone. It goes by
// position, again and again, and does not look for an order: it may miss a way, but
// never makes one up.
type Lookahead struct{ l *lookahead }

// NewLookahead makes a lookahead for the problem of a state. It asks goOn while it tries.
func NewLookahead(s *State, goOn func() bool) Lookahead {
	return Lookahead{newLookahead(s, true, goOn)}
}

// Finish returns the migrations that reach the goal, their costs left out, and whether
// there are any; they are valid until the next call. O(misplaced VMs² × resources) at worst.
func (l Lookahead) Finish(s *State) ([]Move, bool) {
	if !l.l.finish(s) {
		return nil, false
	}
	return l.l.moves, true
}
