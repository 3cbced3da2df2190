package cloud

import "slices"

// LinkID numbers the links and switches of a [Network], from 0.
type LinkID int32

// Link is one direction of a link, or a switch: what data on their way pass, and share with others.
type Link struct {
	Name string // "link of host1, out", "link of switch3, up", "switch switch3"
	Mbps int64  // what it carries in Mbit/s; 0: it limits nothing
	Host HostID // the host whose network interface it is; Absent for all others
}

// Network answers which links and switches data pass between two hosts. Links are full-duplex, so that each
// is two: the interface of a host one out and one in, the link of a switch to the switch above one up and
// one down. Switches with none above, and hosts that name no switch, hang under one common top, which
// limits nothing; neither does the link of such a switch. A Network is read-only, and safe for concurrent use.
type Network struct {
	in    *Instance
	first []int32 // by host: its switch, -1 where it hangs under the common top
	above []int32 // by switch, -1 likewise
	depth []int32 // by switch: how many switches stand above it
}

// What a host and a switch have of links.
const (
	linkOut, linkIn, linksPerHost                 = 0, 1, 2
	linkThrough, linkUp, linkDown, linksPerSwitch = 0, 1, 2, 3
)

// Network describes the network of an instance. [Instance.Check] must have passed. O(hosts + switches).
func (in *Instance) Network() *Network {
	known := in.switches()
	n := &Network{in: in, first: make([]int32, len(in.Hosts)), above: in.above(known)}
	for h := range n.first {
		n.first[h] = -1
		if name := in.Hosts[h].Switch; name != "" {
			n.first[h] = known[name]
		}
	}
	n.depth = slices.Repeat([]int32{-1}, len(n.above))
	var chain []int32
	for s := range n.above {
		at := int32(s)
		for ; at >= 0 && n.depth[at] < 0; at = n.above[at] {
			chain = append(chain, at)
		}
		depth := int32(-1)
		if at >= 0 {
			depth = n.depth[at]
		}
		for ; len(chain) > 0; chain = chain[:len(chain)-1] {
			depth++
			n.depth[chain[len(chain)-1]] = depth
		}
	}
	return n
}

// Links counts the links and switches.
func (n *Network) Links() int { return linksPerHost*len(n.first) + linksPerSwitch*len(n.above) }

// Link describes a link or switch. O(1).
func (n *Network) Link(l LinkID) Link {
	if i, part := int(l)/linksPerHost, int(l)%linksPerHost; i < len(n.first) {
		h := &n.in.Hosts[i]
		return Link{"link of " + h.Name + [...]string{linkOut: ", out", linkIn: ", in"}[part], h.NICMbps, HostID(i)}
	}
	i, part := (int(l)-linksPerHost*len(n.first))/linksPerSwitch, (int(l)-linksPerHost*len(n.first))%linksPerSwitch
	s := &n.in.Switches[i]
	if part == linkThrough {
		return Link{"switch " + s.Name, s.Mbps, Absent}
	}
	return Link{"link of " + s.Name + [...]string{linkUp: ", up", linkDown: ", down"}[part], s.UpMbps, Absent}
}

// Way appends to dst what data pass on their way from a host to another, in this order. Where one end is
// Absent, as it is of a suspend or a resume, that is the interface of the other host alone: it is not known
// where the memory of suspended VMs is kept. From a host to itself the way is empty. O(switches on the way).
func (n *Network) Way(from, to HostID, dst []LinkID) []LinkID {
	if from == to {
		return dst
	}
	if from != Absent {
		dst = append(dst, LinkID(linksPerHost*from+linkOut))
	}
	if from != Absent && to != Absent {
		dst = n.between(n.first[from], n.first[to], dst)
	}
	if to != Absent {
		dst = append(dst, LinkID(linksPerHost*to+linkIn))
	}
	return dst
}

// between appends the way from a switch to another, both included; -1 is the common top.
func (n *Network) between(a, b int32, dst []LinkID) []LinkID {
	part := func(s int32, part LinkID) LinkID {
		return LinkID(linksPerHost*len(n.first)) + LinkID(linksPerSwitch*s) + part
	}
	switch {
	case a == b && a < 0:
		return dst
	case a == b:
		return append(dst, part(a, linkThrough))
	case b < 0 || a >= 0 && n.depth[a] >= n.depth[b]:
		return n.between(n.above[a], b, append(dst, part(a, linkThrough), part(a, linkUp)))
	default:
		return append(n.between(a, n.above[b], dst), part(b, linkDown), part(b, linkThrough))
	}
}
