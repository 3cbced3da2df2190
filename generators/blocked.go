package generators

import (
	"fmt"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// blockedEntry is the family without a path.
//
// Large VMs that fill a host each are to change places in a circle, among small VMs
// that move about. With reason=room all hosts are as large as the large VMs, and the
// free room of all hosts together, which no migration changes, is smaller than one of
// them: no host can ever be cleared for one, so none ever migrates. With reason=closed
// there is plenty of room, but no host other than those that the large VMs fill is as
// large as they are: each can only go where another one is, and none can go first.
//
// At both ends small VMs can move: there is a free slot for a small VM on some host,
// and more small VMs than that host holds. So neither end is a deadlock, and only counting
// room gives it away.
func blockedEntry() spec.Entry[Family] {
	return designed(spec.Descriptor{
		Name:     "blocked",
		Synopsis: "no path, though both placements are sane and VMs can move in either",
		Citation: "own work",
		Doc: "Large VMs, each of which fills a host, are to change places in a circle, among equal small VMs whose places are random in both placements. " +
			"With reason=room the free room of all hosts together is smaller than one large VM, so that no host can be cleared for one. " +
			"With reason=closed no host but those that they fill is large enough for one, so that none can go first. " +
			"Counting room proves it; a solver that does not count must try all placements of the small VMs.",
		Params: []spec.Param{
			{Name: "hosts", Type: spec.Int, Default: "6", Unit: "hosts", Bounds: spec.Between(4, maxHosts), Doc: "number of hosts"},
			{Name: "reason", Type: spec.Choice, Choices: []string{"room", "closed"}, Default: "room", Doc: "why no path exists"},
			{Name: "large", Type: spec.Int, Default: "2", Unit: "VMs", Bounds: spec.Between(2, maxHosts-2), Doc: "number of large VMs"},
			{Name: "vms", Type: spec.Int, Default: "3", Unit: "VMs", Bounds: spec.Between(2, 1e6), Doc: "number of small VMs that demand as much as a large one"},
			{Name: "size", Type: spec.Int, Default: "512", Unit: "MiB", Bounds: spec.Between(1, 1e9), Doc: "demand of a small VM"},
			{Name: "free", Type: spec.Int, Unit: "VMs", Bounds: spec.Between(1, maxVMs), Doc: "number of small VMs that all hosts together have room for; " +
				"unless given one less than vms with reason=room, and half of what the hosts without a large VM can hold with reason=closed"},
		},
		Properties: []spec.Property{Unreachable},
	}, func(a spec.Args) (func(*design), error) {
		b, err := newBlockade(a)
		if err != nil {
			return nil, err
		}
		return b.draw, nil
	})
}

type blockade struct {
	hosts, large int64
	closed       bool
	vms, size    int64 // small VMs in a large one; MiB of a small one
	slots        int64 // places for small VMs on a host without a large one
	free         int64 // slots that are free
}

func newBlockade(a spec.Args) (*blockade, error) {
	b := &blockade{hosts: a.Int("hosts"), large: a.Int("large"), closed: a.String("reason") == "closed", vms: a.Int("vms"), size: a.Int("size")}
	if b.hosts < b.large+2 {
		return nil, fmt.Errorf("%d hosts are too few for %d large VMs and two hosts between which small VMs move", b.hosts, b.large)
	}
	b.slots, b.free = b.vms, b.vms-1
	all := (b.hosts - b.large) * b.slots
	if b.closed {
		b.slots--
		all = (b.hosts - b.large) * b.slots
		b.free = all / 2
	}
	most := b.free
	if b.closed {
		most = all - 1
	}
	if a.Has("free") {
		b.free = a.Int("free")
	}
	if b.free > most {
		return nil, fmt.Errorf("free=%d is more than %d, up to which it is certain that no path exists", b.free, most)
	}
	return b, bounded(b.hosts, b.large+all)
}

func (b *blockade) draw(x *design) {
	for range b.large {
		x.host("", b.vms*b.size)
	}
	for range b.hosts - b.large {
		x.host("", b.slots*b.size)
	}
	for i := range b.large {
		x.vm("", int(i), int((i+1)%b.large), b.vms*b.size)
	}
	all := int((b.hosts - b.large) * b.slots)
	from, to := x.rng.Perm(all), x.rng.Perm(all)
	host := func(slot int) int { return int(b.large) + slot/int(b.slots) }
	for i := range all - int(b.free) {
		x.vm("", host(from[i]), host(to[i]), b.size)
	}
	if b.closed {
		x.description = fmt.Sprintf("no path exists: the %s large VMs are to change places and fit on no hosts but those that they fill, "+
			"so that none of them can go first", humanize.Comma(b.large))
	} else {
		x.description = fmt.Sprintf("no path exists: all hosts together have %s MiB of free room, and each of the %s large VMs, which are to change places, "+
			"needs %s MiB", humanize.Comma(b.free*b.size), humanize.Comma(b.large), humanize.Comma(b.vms*b.size))
	}
}
