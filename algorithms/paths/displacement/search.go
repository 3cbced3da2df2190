package displacement

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

type searcher struct {
	several bool
	effort  int64
}

// Search implements [paths.Searcher].
func (d searcher) Search(run *paths.Run) error {
	p := run.Problem
	run.Bound(bounds.MisplacedFrom(run, p.Start))
	layout, ok := space.Prepare(run)
	if !ok {
		return nil
	}
	newWalk(run, layout, d).search()
	return nil
}

// walk is one search under way.
type walk struct {
	searcher
	run       *paths.Run
	s         *cloud.State
	goal      cloud.Placement
	byName    []cloud.VMID // those that can stand on more than one host, by name
	rank      []int32      // by VM: its position in byName, -1 if it has none
	locked    []bool       // by VM: waits for room, or made room already
	made      int64        // decisions
	ended     string       // why no more is tried; "" while more is
	untilLook int          // hosts to try before the next look at the clock

	layout *space.Layout
	place  cloud.Placement
	key    []uint64
	tried  *space.Table // placements with the VM that moved last
}

func newWalk(run *paths.Run, layout *space.Layout, d searcher) *walk {
	in := run.Problem.Instance
	w := &walk{
		searcher: d, run: run, s: run.Problem.NewState(), goal: run.Problem.Goal,
		locked: make([]bool, len(in.VMs)),
		layout: layout, place: run.Problem.Start.Clone(),
		key: make([]uint64, layout.Words()+1), tried: space.NewTable(layout.Words()+1, false),
	}
	for i := range layout.Len() {
		w.byName = append(w.byName, layout.VM(i))
	}
	slices.SortStableFunc(w.byName, func(a, b cloud.VMID) int {
		return strings.Compare(in.VMs[a].Name, in.VMs[b].Name)
	})
	w.rank = slices.Repeat([]int32{-1}, len(in.VMs))
	for i, v := range w.byName {
		w.rank[v] = int32(i)
	}
	return w
}

// turn is a placement that the search goes on from.
type turn struct {
	moves int // that led to it
	next  int // misplaced VMs to try: from this one in byName
}

// search brings one misplaced VM after the other home, depth first.
func (w *walk) search() {
	misplaced := 0
	for _, v := range w.byName {
		if w.misplaced(v) {
			misplaced++
		}
	}
	if !w.enter() {
		return
	}
	turns := []turn{{}}
	for len(turns) > 0 && w.ended == "" {
		t := &turns[len(turns)-1]
		w.back(t.moves)
		if t.next == len(w.byName) {
			turns = turns[:len(turns)-1]
			continue
		}
		v := w.byName[t.next]
		t.next++
		if !w.misplaced(v) || !w.bring(v, w.goal[v]) {
			continue
		}
		if w.home() {
			w.run.Found(w.s.Moves())
			return
		}
		if w.enter() {
			turns = append(turns, turn{moves: len(w.s.Moves())})
		}
	}
	if w.ended == "" {
		w.ended = "no displacement leads on"
	}
	w.run.GiveUp(fmt.Sprintf("%s: of %d misplaced VMs, no order was found in which all reach their targets", w.ended, misplaced))
}

func (w *walk) misplaced(v cloud.VMID) bool { return w.s.HostOf(v) != w.goal[v] }

// home tells whether every VM stands on its target.
func (w *walk) home() bool {
	for _, v := range w.byName {
		if w.misplaced(v) {
			return false
		}
	}
	return true
}

// enter notes the placement and who moved last; it tells whether that is new.
func (w *walk) enter() bool {
	for _, v := range w.byName {
		w.place[v] = w.s.HostOf(v)
	}
	last := len(w.key) - 1
	w.layout.Pack(w.place, w.key[:last])
	w.key[last] = uint64(w.lastMoved() + 1)
	_, added := w.tried.Find(w.key, space.Hash(w.key))
	if !w.run.Memory(w.tried.Bytes(), int64(w.tried.Len())) {
		w.ended = "out of memory"
	}
	return added && w.decide()
}

// decide counts one decision and tells whether it may be made.
func (w *walk) decide() bool {
	if w.ended == "" && w.effort > 0 && w.made == w.effort {
		w.ended = fmt.Sprintf("%d decisions led nowhere", w.made)
	}
	if w.ended == "" && !w.run.Expand() {
		w.ended = "stopped"
	}
	w.made++
	return w.ended == ""
}

// triedBetweenLooks is how many hosts are tried between two looks at the clock.
const triedBetweenLooks = 256

// look looks at the clock now and then, between decisions, and tells whether to go on.
func (w *walk) look() bool {
	if w.untilLook--; w.untilLook > 0 || w.ended != "" {
		return w.ended == ""
	}
	w.untilLook = triedBetweenLooks
	if !w.run.Look() {
		w.ended = "stopped"
	}
	return w.ended == ""
}
