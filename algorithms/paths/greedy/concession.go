package greedy

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// objection finds a rule over a set of VMs that keeps v off the host now, by its
// position in sizes.grouped; -1 when none does, whatever room there is.
func (w *walk) objection(v cloud.VMID, t cloud.HostID) int {
	if w.watched == nil {
		return -1
	}
	for _, rule := range w.watched[v] {
		if !w.agrees(int(rule), v, t) {
			return int(rule)
		}
	}
	return -1
}

// agrees tells whether one rule lets v go to the host now.
func (w *walk) agrees(rule int, v cloud.VMID, t cloud.HostID) bool {
	from := w.s.HostOf(v)
	if from == t {
		return true
	}
	if !w.guards[rule].Allows(w.s, v, from, t) {
		return false
	}
	if !w.mirrored {
		return true
	}
	w.s.Move(v, t)
	ok := w.guards[rule].Allows(w.s, v, t, from)
	w.s.Undo()
	return ok
}

// concession is a displacement after which a rule no longer objects.
type concession struct {
	vm    cloud.VMID
	to    cloud.HostID
	class int8 // 0: a VM comes home; 1: a misplaced one; 2: a settled one
	lack  int64
	price int64
}

func (a concession) compare(b concession) int {
	return cmp.Or(
		cmp.Compare(a.lack, b.lack), cmp.Compare(a.class, b.class), cmp.Compare(a.price, b.price),
		cmp.Compare(a.vm, b.vm), cmp.Compare(a.to, b.to),
	)
}

// maxConcessions bounds the displacements of which one list of concessions is chosen.
const maxConcessions = 20000

// concessions finds, by trying, which displacement of one other VM that the rule
// watches would content it: a conflicting VM leaves the host, one that v depends on
// comes to its zone, one that keeps a group spread goes elsewhere first. Those with
// the least lack of room come first. Whether other rules agree is not asked here:
// chain.admit may content them in turn.
func (c *chain) concessions(v cloud.VMID, t cloud.HostID, rule int) []concession {
	var out []concession
	tries := maxConcessions
	for _, u := range c.watchers[rule] {
		at := c.s.HostOf(u)
		if u == v || at == cloud.Absent || c.inChain(u) {
			continue
		}
		for i := range c.waiting {
			h := cloud.HostID(i)
			if h == at || slices.Contains(c.clearing, h) || !c.admits(u, h) {
				continue
			}
			if tries--; tries < 0 || (tries%256 == 0 && !c.look()) {
				return nil
			}
			c.s.Move(u, h)
			content := c.agrees(rule, v, t)
			c.s.Undo()
			if !content {
				continue
			}
			x := concession{vm: u, to: h, lack: c.lack(u, h), price: c.extra(u)}
			if c.objection(u, h) >= 0 {
				x.lack += 1000
			}
			switch {
			case h == c.goal[u]:
				x.price = 0
			case c.settled(u):
				x.class = 2
			default:
				x.class = 1
			}
			out = append(out, x)
		}
	}
	slices.SortFunc(out, concession.compare)
	return out[:min(len(out), 4*branch)]
}

// appease contents a rule that keeps v off the host.
func (c *chain) appease(v cloud.VMID, t cloud.HostID, rule, depth int) bool {
	list := c.concessions(v, t, rule)
	for _, m := range list {
		if c.can(m.vm, m.to) {
			c.move(m.vm, m.to)
			return true
		}
	}
	if depth == 0 {
		return false
	}
	for _, m := range list[:min(branch, len(list))] {
		if c.admit(m.vm, m.to, branch, depth-1) {
			return true
		}
		if c.stopped || c.nodes <= 0 {
			return false
		}
	}
	return false
}
