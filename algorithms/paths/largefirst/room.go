package largefirst

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// try brings one VM home on one side, or changes nothing. Tries terminate: the VM that a
// success brings home weighs more than all the VMs together that left their goals for it. So
// each success reduces the total weight of misplaced VMs.
func (l *lane) try(s *side, v cloud.VMID, t trial) bool {
	mark := len(s.log)
	l.nodes, l.allow, l.spent, l.pushed = t.nodes, float64(t.allow)*l.m.unit, 0, 0
	if l.makeRoom(s, s.goal(v), v, t.depth) && l.pushed < l.m.weightOf(v) {
		needed := len(s.log) - mark
		if s.misplaced(v) {
			needed++
			l.home(s, v)
		}
		l.commits = append(l.commits, commit{mark, len(s.log), needed})
		return true
	}
	s.undo(mark)
	return false
}

// home brings home a VM that fits on its goal, and then follows the hole: a VM of the same
// class moves into the hole if the host is its goal, and so on. Among several such VMs, home
// chooses the one whose host has the most arrivals of the class still to come.
func (l *lane) home(s *side, v cloud.VMID) {
	c := l.m.classOf(v)
	for s.misplaced(v) {
		hole := s.host[v]
		s.move(v, s.goal(v))
		if hole == cloud.Absent {
			return
		}
		next, most := none, -1
		for _, x := range s.other.on.list(hole) {
			if l.m.class[x.kind] != c || !s.misplaced(x.vm) || !s.fits(x.vm, hole) {
				continue
			}
			if n := l.arriving(s, s.host[x.vm], c); n > most {
				next, most = x.vm, n
			}
		}
		if next == none {
			return
		}
		v = next
	}
}

// arriving counts the VMs of a class that are still to arrive on a host.
func (l *lane) arriving(s *side, h cloud.HostID, c int32) int {
	n := 0
	if h == cloud.Absent {
		return n
	}
	for _, x := range s.other.on.list(h) {
		if l.m.class[x.kind] == c && s.misplaced(x.vm) {
			n++
		}
	}
	return n
}

// decide counts one host examined and tells whether to go on.
func (l *lane) decide() bool {
	l.left--
	return l.run.Expand()
}

// makeRoom makes room for a VM on a host by displacements up to depth levels deep. If it
// fails, the caller undoes its moves.
func (l *lane) makeRoom(s *side, h cloud.HostID, v cloud.VMID, depth int) bool {
	if s.host[v] == h || s.fits(v, h) {
		return true
	}
	if depth == 0 {
		return false
	}
	s.used[h] = true
	ok := l.empty(s, h, v, depth)
	s.used[h] = false
	return ok
}

// empty moves VMs off a host until v fits there.
func (l *lane) empty(s *side, h cloud.HostID, v cloud.VMID, depth int) bool {
	for s.host[v] != h && !s.fits(v, h) {
		if l.nodes--; l.nodes < 0 || !l.decide() {
			return false
		}
		if l.chain(s, h, v) {
			return true
		}
		l.nodes -= 2
		mate := s.mate(v, h)
		if !l.leave(s, h, v, mate, depth) && (l.spent >= l.allow || !l.bypass(s, h, v, mate)) {
			return false
		}
	}
	return true
}

// candidate is a VM that may leave a host for its goal.
type candidate struct {
	key float32
	vm  cloud.VMID
}

const (
	mostCandidates = 12 // candidates to try
	fewCandidates  = 6  // candidates to try if fewer than fewLevels levels are left
	fewLevels      = 3
	blocked        = 100 // penalty of a candidate that lacks room at its goal, or has a mate there
)

// leave moves one VM from a host to its goal, and makes room there if necessary. VMs that give
// the lacking room with the least waste are tried first.
func (l *lane) leave(s *side, h cloud.HostID, v, mate cloud.VMID, depth int) bool {
	list := l.candidates(s, h, v, mate, depth)
	for _, c := range list {
		u := c.vm
		if s.host[u] != h || !s.misplaced(u) {
			continue
		}
		goal, mark, spent, pushed := s.goal(u), len(s.log), l.spent, l.pushed
		if s.used[goal] {
			continue
		}
		if l.makeRoom(s, goal, u, depth-1) && s.host[u] == h {
			s.move(u, goal)
			return true
		}
		s.undo(mark)
		l.spent, l.pushed = spent, pushed
		if l.nodes < 0 {
			return false
		}
	}
	return false
}

func (l *lane) candidates(s *side, h cloud.HostID, v, mate cloud.VMID, depth int) []candidate {
	out := l.levels[depth][:0]
	k := int(l.m.kind[v])
	for _, x := range s.on.list(h) {
		u := x.vm
		if u == v || mate >= 0 && u != mate {
			continue
		}
		waste, remain, helps := l.relief(s, h, k, int(x.kind))
		if !helps && u != mate || !s.misplaced(u) {
			continue
		}
		goal := s.goal(u)
		if s.used[goal] {
			continue
		}
		key := 3*waste + 2*remain/max(l.m.size[x.kind], 1.0/weightOf64th) + l.rnd.Float32()
		if lack := s.lack(x.kind, goal); lack > 0 {
			key += blocked + 10*lack
		}
		if s.mate(u, goal) >= 0 {
			key += blocked
		}
		out = append(out, candidate{key, u})
	}
	slices.SortFunc(out, func(x, y candidate) int { return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.vm, y.vm)) })
	l.levels[depth] = out
	if depth < fewLevels {
		return out[:min(len(out), fewCandidates)]
	}
	return out[:min(len(out), mostCandidates)]
}

// relief compares the room that a VM of kind lacks needs on a host with the room that a VM of
// kind gives frees by leaving. Waste is the room freed beyond the need, and remain is the need
// not met, both in 64ths and summed over the resources that are lacking. Helps tells whether
// any of the need is met.
func (l *lane) relief(s *side, h cloud.HostID, lacks, gives int) (waste, remain float32, helps bool) {
	r := l.m.resources
	for i := range r {
		lack := l.m.demand[lacks*r+i] - s.room[int(h)*r+i]
		if lack <= 0 {
			continue
		}
		give := l.m.demand[gives*r+i]
		helps = helps || give > 0
		waste += float32(max(0, give-lack)) * l.m.part[i]
		remain += float32(max(0, lack-give)) * l.m.part[i]
	}
	return waste, remain, helps
}
