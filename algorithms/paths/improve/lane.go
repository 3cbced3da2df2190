package improve

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/part"
	"github.com/cloudrearrange/rearrange/algorithms/paths/space"
	"github.com/cloudrearrange/rearrange/cloud"
)

// lane is every so many-th window of a batch.
type lane struct {
	*improver
	batch []*window
	first int
}

// Search implements [paths.Searcher]. What it finds is found in the windows; of the
// improver it changes its own cutter and nothing else.
func (l lane) Search(run *paths.Run) error {
	c := l.windows.cutters[l.first]
	if c == nil {
		c = part.NewCutter(run.Problem, run.Problem.Start)
		l.windows.cutters[l.first] = c
	}
	for n := l.first; n < len(l.batch) && run.Expand(); n += lanes {
		if err := l.batch[n].search(run, c, l.t); err != nil {
			return err
		}
	}
	return nil
}

// search looks for something cheaper than what the plan does in a window.
func (w *window) search(run *paths.Run, c *part.Cutter, t *timetable) error {
	var vms []cloud.VMID
	var goal []cloud.HostID
	moved := w.surroundings(t)
	for _, v := range moved {
		c.Move(v, t.at(v, w.lo))
	}
	for _, m := range w.members {
		vms, goal = append(vms, m.vm), append(goal, m.goal)
		c.Move(m.vm, m.start)
	}
	cut := c.Cut(vms, goal, w.hosts)
	r, err := run.Nested(paths.Subtask{
		Searcher: space.BestFirst{Heuristic: bounds.Deadlock, Lookahead: true, Prune: space.Pruning{Repeat: true, Symmetry: true, Dominance: true}},
		Problem:  cut.Problem,
		Options:  paths.Options{Expansions: budget, MemoryBytes: windowBytes, Known: cut.Lower(w.moves)},
	})
	for _, v := range append(moved, vms...) {
		c.Move(v, t.p.Start[v])
	}
	if w.searched = true; r.Status.HasPlan() && r.Cost < w.cost {
		w.better = cut.Lift(r.Migrations)
	}
	return err
}

// surroundings are VMs that may stand elsewhere than in the beginning when a window
// begins, as far as rules can ask for that.
func (w *window) surroundings(t *timetable) []cloud.VMID {
	var out []cloud.VMID
	if t.law.whole != nil {
		for v, by := range t.route {
			if len(by) > 0 {
				out = append(out, cloud.VMID(v))
			}
		}
		return out
	}
	for _, h := range w.hosts {
		for _, e := range t.line[h].events {
			out = append(out, e.vm)
		}
	}
	if t.law.watched != nil {
		for _, m := range w.members {
			for _, g := range t.law.watched[m.vm] {
				out = append(out, t.law.groups[g].vms...)
			}
		}
	}
	return out
}

// at is where a VM stands just after some moment.
func (t *timetable) at(v cloud.VMID, now moment) cloud.HostID {
	h := t.p.Start[v]
	for _, l := range t.route[v] {
		if l.at > now {
			break
		}
		h = l.to
	}
	return h
}
