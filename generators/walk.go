package generators

import (
	"math/rand/v2"

	"github.com/cloudrearrange/rearrange/cloud"
)

// walker takes random sane migrations. Each is drawn in two steps: a VM, uniformly
// among those that can go anywhere, and then a host, uniformly among those that it
// can go to. (The first path finder's soak test draws in this order too. Drawing
// from all sane pairs at once would make small VMs, which fit everywhere, move most.)
type walker struct {
	state *cloud.State
	rng   *rand.Rand
	vms   []cloud.VMID // those that stand somewhere
	fit   []cloud.HostID
	// reversible refuses migrations that could not be taken straight back, which
	// some rules make possible: a host in maintenance gives up a VM and takes none.
	reversible bool
}

// How many blind guesses are made before everything is enumerated. Guessing is what
// makes long walks through large clouds cheap; enumerating is what makes the answer
// "nothing can move" certain. Neither number changes what is likely, only the effort.
const (
	hostGuesses = 16
	vmGuesses   = 64
)

func newWalker(s *cloud.State, rng *rand.Rand, reversible bool) *walker {
	w := &walker{state: s, rng: rng, reversible: reversible}
	for v := range s.Instance().VMs {
		if s.HostOf(cloud.VMID(v)) != cloud.Absent {
			w.vms = append(w.vms, cloud.VMID(v))
		}
	}
	return w
}

// walk takes n migrations, or as many as there are before nothing can move, and
// tells how many. The state's trail remembers them. One that finds a sane host by
// guessing takes O(rules of a VM); one that does not takes O(hosts), and finding
// that nothing can move O(VMs × hosts).
func (w *walker) walk(n int) int {
	for done := range n {
		if !w.step() {
			return done
		}
	}
	return n
}

func (w *walker) step() bool {
	if len(w.vms) == 0 {
		return false
	}
	for range vmGuesses {
		if w.hop(w.vms[w.rng.IntN(len(w.vms))]) {
			return true
		}
	}
	for _, i := range w.rng.Perm(len(w.vms)) {
		if w.hop(w.vms[i]) {
			return true
		}
	}
	return false
}

// hop moves the VM to a random host where it may go.
func (w *walker) hop(v cloud.VMID) bool {
	hosts := len(w.state.Instance().Hosts)
	for range hostGuesses {
		if w.move(v, cloud.HostID(w.rng.IntN(hosts))) {
			return true
		}
	}
	w.fit = w.fit[:0]
	for h := range cloud.HostID(hosts) {
		if w.move(v, h) {
			w.state.Undo()
			w.fit = append(w.fit, h)
		}
	}
	return len(w.fit) > 0 && w.move(v, w.fit[w.rng.IntN(len(w.fit))])
}

// move migrates the VM if that is sane.
func (w *walker) move(v cloud.VMID, to cloud.HostID) bool {
	from := w.state.HostOf(v)
	if !w.state.Allows(v, to) {
		return false
	}
	w.state.Move(v, to)
	if w.reversible && !w.state.Allows(v, from) {
		w.state.Undo()
		return false
	}
	return true
}
