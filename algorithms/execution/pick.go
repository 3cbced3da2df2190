package execution

import "github.com/cloudrearrange/rearrange/cloud"

// maxBlocked bounds how many steps are overtaken at most.
const maxBlocked = 100

// pick takes the steps out of the queue that begin now, and starts them here. Each begins in the order of the queue, or if it leaves those that it overtakes a way to run one
// after the other: then the queue remains a path. O(steps + blocked steps² × rules).
func (w *world) pick(ready func(*cloud.Step) bool) (out []cloud.Step) {
	var blocked []cloud.Step
	held := map[cloud.VMID]bool{}
	i := 0
	for ; i < len(w.queue) && len(blocked) < maxBlocked; i++ {
		s := &w.queue[i]
		if !held[s.VM] && ready(s) && w.may(s) && w.leavesWay(s, blocked) {
			w.start(s)
			out = append(out, *s)
			continue
		}
		held[s.VM] = true
		blocked = append(blocked, *s)
	}
	if len(out) > 0 {
		w.queue = append(blocked, w.queue[i:]...)
	} else if len(w.state.UnderWay()) == 0 {
		out = w.together(ready)
	}
	return out
}

// may tells whether limits and rules let a step begin now.
func (w *world) may(s *cloud.Step) bool {
	if w.underWay[s.VM] != nil || w.state.HostOf(s.VM) != s.From || w.guard.Lacks(w.needs(s)) >= 0 {
		return false
	}
	if at, ok := w.opening(s); !ok || at > w.clock {
		return false
	}
	return s.Action == cloud.Shutdown || w.state.Allows(s.VM, s.To)
}

// leavesWay tells whether the steps that one overtakes can still run after it, one after the other.
func (w *world) leavesWay(s *cloud.Step, overtaken []cloud.Step) bool {
	if len(overtaken) == 0 {
		return true
	}
	if asks(s) && !w.settled.Allows(s.VM, s.To) {
		return false
	}
	n := 1
	w.settled.Move(s.VM, s.To)
	defer func() {
		for range n {
			w.settled.Undo()
		}
	}()
	for i := range overtaken {
		o := &overtaken[i]
		if asks(o) && !w.settled.Allows(o.VM, o.To) {
			return false
		}
		w.settled.Move(o.VM, o.To)
		n++
	}
	return true
}

// together takes what is left where nothing but provisions is, and none of them may begin alone: rules such as "at least two" hold once all
// have ended.
func (w *world) together(ready func(*cloud.Step) bool) (out []cloud.Step) {
	for i := range w.queue {
		if asks(&w.queue[i]) || !ready(&w.queue[i]) {
			return nil
		}
	}
	out, w.queue = w.queue, nil
	for i := range out {
		w.start(&out[i])
	}
	return out
}
