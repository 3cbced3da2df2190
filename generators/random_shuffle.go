package generators

import (
	"math/rand/v2"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// exchangeTries bounds the attempts per VM to be moved.
const exchangeTries = 200

// shuffle changes the state into another sane placement in which n VMs, or as many
// as it finds, have another host, and tells how many. It exchanges VMs: one goes to
// a random host, and as many of those that stand there as must make room come back
// in its place. Nothing is asked of the way from one placement to the other.
func shuffle(s *cloud.State, n int, rng *rand.Rand) int {
	home := s.Placement()
	var settled []cloud.VMID // VMs that are still at home, and some that are not
	for v := range home {
		settled = append(settled, cloud.VMID(v))
	}
	moved := 0
	for range exchangeTries * n {
		if moved == n {
			break
		}
		i := rng.IntN(len(settled))
		v := settled[i]
		if s.HostOf(v) != home[v] {
			settled[i] = settled[len(settled)-1]
			settled = settled[:len(settled)-1]
			continue
		}
		h := cloud.HostID(rng.IntN(len(s.Instance().Hosts)))
		moved += exchange(s, home, v, h, n-moved, rng)
	}
	return moved
}

// exchange puts v on h, and VMs that were at home on h where v was, at most `most`
// VMs in all. It tells how many moved; 0 when it cannot be done, and then nothing has
// changed.
func exchange(s *cloud.State, home cloud.Placement, v cloud.VMID, h cloud.HostID, most int, rng *rand.Rand) int {
	from := s.HostOf(v)
	if h == from {
		return 0
	}
	depth := len(s.Moves())
	undo := func() int {
		for len(s.Moves()) > depth {
			s.Undo()
		}
		return 0
	}
	s.Move(v, cloud.Absent)
	evicted := []cloud.VMID{}
	there := slices.Clone(s.On(h))
	for !s.Allows(v, h) {
		if len(there) == 0 || len(evicted)+2 > most {
			return undo()
		}
		i := rng.IntN(len(there))
		w := there[i]
		there[i] = there[len(there)-1]
		there = there[:len(there)-1]
		if home[w] == h {
			s.Move(w, cloud.Absent)
			evicted = append(evicted, w)
		}
	}
	s.Move(v, h)
	for _, w := range evicted {
		if !s.Allows(w, from) {
			return undo()
		}
		s.Move(w, from)
	}
	return 1 + len(evicted)
}
