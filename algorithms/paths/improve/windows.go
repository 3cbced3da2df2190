package improve

import (
	"encoding/binary"
	"hash/fnv"
	"slices"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/part"
)

const (
	// lanes is how many windows may be searched at the same time, on however many cores.
	lanes = 8
	// perLane is how many windows each lane searches before what was found is put back.
	perLane = 8
	// budget is how many states are expanded in a window.
	budget = 500
	// windowBytes is what the states of a window may take.
	windowBytes = 32 << 20
)

// reaches are how many hosts a window may have beyond those that the plan visits in it: more
// where fewer were not enough.
var reaches = [...]int{0, 4, 10}

// windows is what is known of windows.
type windows struct {
	cutters [lanes]*part.Cutter // at the start, between searches
	vain    map[uint64]bool     // by digest: those in which nothing was found
}

// look looks through windows at all VMs that pay too much, as long as that buys something.
func (s *improver) look() error {
	for gain := int64(1); gain > 0 && s.goOn(); {
		before := s.cost
		for n := range anchors {
			if err := s.lookFrom(n); err != nil {
				return err
			}
		}
		gain = before - s.cost
	}
	return s.announce()
}

// anchors is how many moments are tried for a window: when its VM leaves its host, when it
// comes to its target, and halfway.
const anchors = 3

// lookFrom looks through a window at each VM that pays too much, the costliest first, from one
// of the moments.
func (s *improver) lookFrom(anchor int) error {
	var batch []*window
	for _, v := range s.payers.costliest() {
		if s.excess[v] == 0 {
			continue // by now
		}
		if !s.goOn() || !s.run.Expand() {
			return nil
		}
		s.tried++
		by := s.t.route[v]
		leaves, comes := by[0].at, by[len(by)-1].at
		if w := s.open(v, [anchors]moment{leaves, comes, leaves + (comes-leaves)/2}[anchor]); w != nil {
			batch = append(batch, w)
		}
		if s.t.cramped || len(batch) == lanes*perLane {
			if err := s.search(batch); err != nil {
				return err
			}
			batch = nil
		}
	}
	return s.search(batch)
}

// search searches windows side by side, and puts back what is cheaper.
func (s *improver) search(batch []*window) error {
	cramped := s.t.cramped
	s.t.cramped = false
	rest := batch
	for n, reach := range reaches {
		rest = slices.DeleteFunc(slices.Clone(rest), func(w *window) bool {
			return w.better != nil || !s.inviteHosts(w, reach) && n > 0 || s.windows.vain[w.digest()]
		})
		var tasks []paths.Subtask
		for first := range min(lanes, len(rest)) {
			tasks = append(tasks, paths.Subtask{Searcher: lane{s, rest, first}, Problem: s.run.Problem})
		}
		if _, err := s.run.Parallel(tasks); err != nil {
			return err
		}
		for _, w := range rest {
			if w.searched && w.better == nil {
				s.windows.vain[w.digest()] = true
			}
		}
	}
	for _, w := range batch {
		if w.better != nil {
			s.putBack(w)
		}
	}
	if cramped {
		s.redraw()
	}
	return s.announceInTime()
}

// putBack has the plan do in a window what search found, if that still fits: the windows
// that were searched side by side may overlap.
func (s *improver) putBack(w *window) {
	for _, m := range w.members {
		if !slices.Equal(s.t.route[m.vm], m.by) {
			return
		}
	}
	s.chain.begin()
	for _, m := range w.members {
		s.chain.take(m.vm)
	}
	s.carryOut(w, w.better)
	ok := true
	for _, h := range w.hosts {
		ok = ok && s.t.line[h].worst(s.t.law.resources) < 0
	}
	for _, m := range w.members {
		ok = ok && s.t.law.allows(s.t, m.vm)
	}
	s.settle(ok, paths.PathCost(s.t.p.Cost, w.better)-w.cost)
}

// digest tells windows apart by what is searched in them.
func (w *window) digest() uint64 {
	d := fnv.New64a()
	var b [8]byte
	add := func(n int64) {
		binary.LittleEndian.PutUint64(b[:], uint64(n))
		d.Write(b[:])
	}
	for _, m := range w.members {
		add(int64(m.vm))
		add(int64(m.start))
		add(int64(m.goal))
	}
	for _, h := range w.hosts {
		add(int64(h))
	}
	for _, room := range w.rooms {
		add(room)
	}
	return d.Sum64()
}
