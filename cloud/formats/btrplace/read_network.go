package btrplace

import (
	"fmt"
	"strings"

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

// tree is a network in which every node hangs on one switch, and every switch on one other
// at the most.
type tree struct {
	capacity map[int64]int64    // of switches, by number
	up       map[int64]wireLink // of switches, where they have one
	node     map[int64]wireLink // of nodes
}

// newTree tells whether a network is one.
func newTree(v *wireView) (*tree, bool) {
	t := &tree{map[int64]int64{}, map[int64]wireLink{}, map[int64]wireLink{}}
	for _, s := range v.Switches {
		t.capacity[s.ID] = s.Capacity
	}
	for _, l := range v.Links {
		links := t.node
		if l.Element.Type == typeSwitch {
			links = t.up
		}
		if _, second := links[l.Element.ID]; second {
			return nil, false
		}
		links[l.Element.ID] = l
	}
	met := map[int64]int{} // by switch: the walk that met it
	for i, s := range v.Switches {
		at := s.ID
		for met[at] == 0 {
			met[at] = i + 1
			l, more := t.up[at]
			if !more {
				break
			}
			if at = l.Switch; met[at] == i+1 {
				return nil, false // a ring
			}
		}
	}
	return t, v.Routing == nil || v.Routing.Type == "default"
}

// uplinks writes the way up from a switch: its number and capacity, and for each link
// upwards its capacity, and the next switch.
func (t *tree) uplinks(s int64) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d:%s", s, bound(t.capacity[s]))
	for l, ok := t.up[s]; ok; l, ok = t.up[l.Switch] {
		fmt.Fprintf(&b, " -%s- %d:%s", bound(l.Capacity), l.Switch, bound(t.capacity[l.Switch]))
	}
	return b.String()
}

// bound writes a capacity in Mbit/s, which may be none that binds.
func bound(mbps int64) string {
	if mbps < 0 {
		return "any"
	}
	return fmt.Sprint(mbps)
}

// readNetwork gives hosts their bandwidth, and the switch that they hang on as their rack.
func (r *reader) readNetwork() {
	if r.net == nil || len(r.ours) == len(r.in.Hosts) {
		return
	}
	t, ok := newTree(r.net)
	if !ok {
		r.note("left out: a network that is no tree, switches: %d, links: %d", len(r.net.Switches), len(r.net.Links))
		return
	}
	for h, n := range r.nodes {
		l, linked := t.node[n]
		if !linked || r.ours[cloud.HostID(h)] {
			continue
		}
		host := &r.in.Hosts[h]
		host.NICMbps = max(l.Capacity, 0)
		host.Rack = fmt.Sprintf("switch%d", l.Switch)
		setLabel(&host.Labels, labelUplinks, t.uplinks(l.Switch))
	}
}
