package cloud

import (
	"cmp"
	"slices"
)

// Bypass is a step that takes a VM out of the way: a migration to a host that is not its
// target, or a suspend.
type Bypass struct {
	Step int // position in [Plan.Steps]
	// For is the first later migration, suspend or resume that would not be sane if the VM
	// still stood where the bypass took it from; -1 where none was found before the VM moves
	// again. Then the VM makes room only together with others, or for nothing.
	For int
}

// IsBypass tells whether a step is a [Bypass]. Without a target no migration is.
func (in *Instance) IsBypass(s *Step) bool {
	return s.Action == Suspend || s.Action == Migrate && s.VM >= 0 && int(s.VM) < len(in.Target) && s.To != in.Target[s.VM]
}

// A bypass is tried against at most this many later steps: those that bring a VM to the host
// that it left, and those of VMs that another rule watches together with it. No other step
// depends on it. Where there are more, a later step than the first may be found, or none.
const (
	mostArrivals = 1000
	mostOthers   = 100
)

// Bypasses finds the bypasses among the steps first … last-1 of a plan, in their order, and
// what each makes room for under the rules. It replays the plan no further than that takes;
// where a step cannot be carried out ([Replay]), it returns what was found so far and the
// error. O(instance + steps), and two changes of a state and a question to the rules for
// each step that a bypass is tried against.
func Bypasses(in *Instance, rules []Rule, p *Plan, first, last int) ([]Bypass, error) {
	var out []Bypass
	for i := first; i < last; i++ {
		if in.IsBypass(&p.Steps[i]) {
			out = append(out, Bypass{i, -1})
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	w := newWayside(in, rules)
	unsettled := len(out)
	for e, err := range Replay(w.s, p) {
		if err != nil {
			return out, err
		}
		step := &p.Steps[e.Step]
		i, isBypass := slices.BinarySearchFunc(out, e.Step, func(b Bypass, step int) int { return cmp.Compare(b.Step, step) })
		switch {
		case e.Ends && isBypass:
			w.add(&out[i], step)
		case !e.Ends:
			unsettled -= w.moves(step.VM) + w.try(e.Step, step)
		}
		if unsettled == 0 {
			break
		}
	}
	return out, nil
}

// wayside lists the VMs that stand out of the way at some moment of a plan.
type wayside struct {
	s       *State
	byVM    map[VMID]*aside
	left    map[HostID][]*aside // by the host that they left
	ofVM    [][]int32           // by VM: the rules that watch it, out of those that look at more than one host; nil without such rules
	watched [][]*aside          // by such a rule
}

// aside is one of them.
type aside struct {
	*Bypass
	vm       VMID
	from     HostID
	arrivals int // steps to the host that it left, as far as it was tried against them
	others   int // and steps of VMs watched with it
	last     int // the last step that it was tried against
	settled  bool
}

func newWayside(in *Instance, rules []Rule) *wayside {
	w := &wayside{s: NewState(in, rules, in.Initial), byVM: map[VMID]*aside{}, left: map[HostID][]*aside{}}
	others := Sort(in, rules).Joint
	if len(others) == 0 {
		return w
	}
	w.ofVM, w.watched = make([][]int32, len(in.VMs)), make([][]*aside, len(others))
	for r, rule := range others {
		for _, v := range rule.Watches() {
			w.ofVM[v] = append(w.ofVM[v], int32(r))
		}
		if rule.Watches() == nil {
			for v := range in.VMs {
				w.ofVM[v] = append(w.ofVM[v], int32(r))
			}
		}
	}
	return w
}

// rulesOf lists the rules that watch a VM.
func (w *wayside) rulesOf(v VMID) []int32 {
	if w.ofVM == nil {
		return nil
	}
	return w.ofVM[v]
}

// add notes a VM that is out of the way now.
func (w *wayside) add(b *Bypass, step *Step) {
	a := &aside{Bypass: b, vm: step.VM, from: step.From, last: -1}
	w.byVM[a.vm] = a
	w.left[a.from] = append(w.left[a.from], a)
	for _, r := range w.rulesOf(a.vm) {
		w.watched[r] = append(w.watched[r], a)
	}
}

// moves notes that a VM moves on, and returns how many bypasses are settled by that.
func (w *wayside) moves(v VMID) int {
	a := w.byVM[v]
	delete(w.byVM, v)
	if a == nil || a.settled {
		return 0
	}
	a.settled = true
	return 1
}

// try asks of a step that is about to begin which VMs make room for it, and returns how many
// do.
func (w *wayside) try(i int, step *Step) (found int) {
	if step.Action == Shutdown || step.Action == Provision || len(w.byVM) == 0 {
		return 0 // those are judged when all are through
	}
	if step.To != Absent {
		w.left[step.To] = slices.DeleteFunc(w.left[step.To], func(a *aside) bool {
			if !a.settled && w.needs(a, i, step) {
				found++
			}
			a.arrivals++
			return a.settled || a.arrivals == mostArrivals
		})
	}
	for _, r := range w.rulesOf(step.VM) {
		w.watched[r] = slices.DeleteFunc(w.watched[r], func(a *aside) bool {
			if a.settled || a.last == i {
				return a.settled
			}
			if w.needs(a, i, step) {
				found++
			}
			a.others++
			return a.settled || a.others >= mostOthers
		})
	}
	return found
}

// needs tells whether a step is sane only because a VM is out of the way.
func (w *wayside) needs(a *aside, i int, step *Step) bool {
	a.last = i
	at := w.s.HostOf(a.vm)
	w.s.Jump(a.vm, a.from)
	without := w.s.Allows(step.VM, step.To)
	w.s.Jump(a.vm, at)
	if without || !w.s.Allows(step.VM, step.To) { // a step that is not sane anyway needs nothing
		return false
	}
	a.For, a.settled = i, true
	return true
}
