package btrplace

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// checkNetwork makes sure that the network speaks of nodes and switches that there are.
func (r *reader) checkNetwork(at string) error {
	known := map[int64]bool{}
	for i, s := range r.net.Switches {
		if err := checkNumber(under(element(under(at, "switches"), i), "id"), "switch", s.ID, known); err != nil {
			return err
		}
	}
	ids := map[int64]bool{}
	for i, l := range r.net.Links {
		at := element(under(at, "links"), i)
		if err := checkNumber(under(at, "id"), "link", l.ID, ids); err != nil {
			return err
		}
		if !known[l.Switch] {
			return fault(under(at, "switch"), "unknown switch %d", l.Switch)
		}
		_, there := r.host[l.Element.ID]
		switch {
		case l.Element.Type == typeNode && !there:
			return fault(under(at, "physicalElement", "id"), "unknown node %d", l.Element.ID)
		case l.Element.Type == typeSwitch && !known[l.Element.ID]:
			return fault(under(at, "physicalElement", "id"), "unknown switch %d", l.Element.ID)
		case l.Element.Type != typeNode && l.Element.Type != typeSwitch:
			return fault(under(at, "physicalElement", "type"), "expected %s or %s, found %q", typeNode, typeSwitch, l.Element.Type)
		}
	}
	return nil
}

// readNetwork makes switches of the network, in the order of their numbers, where it is a forest of them on which
// each node hangs once. The switch of a host is its rack, unless an attribute of ours says otherwise.
func (r *reader) readNetwork() {
	if r.net == nil || r.madeNetwork() {
		return
	}
	up, ok := forest(r.net)
	if !ok {
		r.note("left out: a network that is no tree, switches: %d, links: %d", len(r.net.Switches), len(r.net.Links))
		return
	}
	slices.SortFunc(r.net.Switches, func(a, b wireSwitch) int { return cmp.Compare(a.ID, b.ID) })
	for _, s := range r.net.Switches {
		ours := cloud.Switch{Name: switchName(s.ID), Mbps: max(s.Capacity, 0)}
		if l, linked := up[wirePhysical{typeSwitch, s.ID}]; linked {
			ours.Up, ours.UpMbps = switchName(l.Switch), max(l.Capacity, 0)
		}
		r.in.Switches = append(r.in.Switches, ours)
	}
	for h, n := range r.nodes {
		if l, linked := up[wirePhysical{typeNode, n}]; linked {
			host := &r.in.Hosts[h]
			host.NICMbps, host.Switch = max(l.Capacity, 0), switchName(l.Switch)
			if !r.racked[cloud.HostID(h)] {
				host.Rack = host.Switch
			}
		}
	}
}

// madeNetwork tells whether we made the network, out of racks: then the nodes that it links have a bandwidth in
// an attribute, too.
func (r *reader) madeNetwork() bool {
	return slices.ContainsFunc(r.net.Links, func(l wireLink) bool {
		return l.Element.Type == typeNode && r.ours[r.host[l.Element.ID]]
	})
}

// forest finds the link up from each node and switch; ok tells whether there is one at most, and no ring.
func forest(v *wireView) (up map[wirePhysical]wireLink, ok bool) {
	up = map[wirePhysical]wireLink{}
	for _, l := range v.Links {
		up[l.Element] = l
	}
	met := map[int64]int{} // by switch: the walk that met it
	for i, s := range v.Switches {
		for at := s.ID; met[at] == 0; {
			met[at] = i + 1
			l, more := up[wirePhysical{typeSwitch, at}]
			if !more {
				break
			}
			if at = l.Switch; met[at] == i+1 {
				return nil, false
			}
		}
	}
	return up, len(up) == len(v.Links) && (v.Routing == nil || v.Routing.Type == "default")
}
