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
// watches would content it: a conflicting VM leaves the host or is suspended, one that
// v depends on comes to its zone or is resumed there, one that keeps a group spread
// goes elsewhere first. Those with
// the least lack of room come first. Whether other rules agree is not asked here:
// chain.admit may content them in turn.
//
// What a rule makes of a VM that comes to a host it makes of the next one in the same
// groups too, so that only the first of each kind is tried on every host. What it
// makes of one that leaves is tried for each.
func (c *chain) concessions(v cloud.VMID, t cloud.HostID, rule int) []concession {
	var out []concession
	tries := maxConcessions
	welcome := map[int32][]cloud.HostID{} // by kin: where its coming contents the rule
	for _, u := range c.w.watchers[rule] {
		at := c.w.s.HostOf(u)
		if u == v || c.inChain(u) || c.w.run.Problem.Goal[u] == cloud.Absent {
			continue
		}
		if tries -= int(c.w.hosts()) / 8; tries < 0 || !c.w.look() {
			break
		}
		if at != cloud.Absent && c.contents(u, cloud.Absent, v, t, rule) {
			if c.w.restful(u) {
				out = append(out, c.concession(u, cloud.Absent))
			}
			var to [2 * branch]cloud.HostID
			for _, h := range c.nearest(u, to[:]) {
				if c.contents(u, h, v, t, rule) {
					out = append(out, c.concession(u, h))
				}
			}
			continue
		}
		hosts, met := welcome[c.w.kin[u]]
		if !met {
			for h := range c.w.hosts() {
				if h != at && c.contents(u, h, v, t, rule) {
					hosts = append(hosts, h)
				}
			}
			tries -= int(c.w.hosts())
			welcome[c.w.kin[u]] = hosts
		}
		for _, h := range hosts {
			if h != at && !slices.Contains(c.clearing, h) && c.w.admits(u, h) && c.w.passes(u, at, h) {
				out = append(out, c.concession(u, h))
			}
		}
	}
	slices.SortFunc(out, concession.compare)
	return out[:min(len(out), 4*branch)]
}

// contents tells whether the rule would let v go to t if u stood on h.
func (c *chain) contents(u cloud.VMID, h cloud.HostID, v cloud.VMID, t cloud.HostID, rule int) bool {
	c.w.s.Move(u, h)
	ok := c.w.agrees(rule, v, t)
	c.w.s.Undo()
	return ok
}

func (c *chain) concession(u cloud.VMID, h cloud.HostID) concession {
	x := concession{vm: u, to: h, lack: c.w.lack(u, h), price: c.bypass(u)}
	if h == cloud.Absent {
		x.price = c.w.detour(u, h) + 1
	}
	if c.w.objection(u, h) >= 0 {
		x.lack += 1000
	}
	switch {
	case h == c.w.next(u, c.w.s.HostOf(u)):
		x.price = 0
	case c.w.settled(u):
		x.class = 2
	default:
		x.class = 1
	}
	return x
}

// appease contents a rule that keeps v off the host.
func (c *chain) appease(v cloud.VMID, t cloud.HostID, rule, depth int) bool {
	list := c.concessions(v, t, rule)
	for _, m := range list {
		if c.w.can(m.vm, m.to) {
			c.w.move(m.vm, m.to)
			return true
		}
	}
	if depth == 0 {
		return false
	}
	for _, m := range list[:min(branch, len(list))] {
		if c.admit(m.vm, m.to, inner, depth-1) {
			return true
		}
		if c.w.stopped || c.nodes <= 0 {
			return false
		}
	}
	return false
}
