package generators

import (
	"errors"
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// links describes chains and rings of hosts. Each host of one keeps a settled VM, and
// hands one VM on to the next host, which has no room for it before it has handed on
// its own. The published cases chain4 and chain6 gave the measures.
type links struct {
	length, number      int64
	settled, size, step int64 // MiB
}

// linkParams are those of chains and rings.
func linkParams(length, number spec.Param) []spec.Param {
	length.Type, length.Name = spec.Int, "length"
	number.Type, number.Default = spec.Int, "1"
	return []spec.Param{
		length, number,
		{Name: "size", Type: spec.Int, Default: "400", Unit: "MiB", Bounds: spec.Between(1, 1e9), Doc: "demand of the first VM that is handed on"},
		{Name: "step", Type: spec.Int, Default: "10", Unit: "MiB", Bounds: spec.Between(0, 1e6), Doc: "how much more each demands than the one before it"},
		{Name: "settled", Type: spec.Int, Default: "500", Unit: "MiB", Bounds: spec.Between(0, 1e9), Doc: "demand of the VM that stays on each host; 0 for none"},
	}
}

func newLinks(a spec.Args, number string) *links {
	return &links{length: a.Int("length"), number: a.Int(number), settled: a.Int("settled"), size: a.Int("size"), step: a.Int("step")}
}

// moving is the demand of the VM that host i hands on, from 0.
func (l *links) moving(i int64) int64 { return l.size + i*l.step }

// host adds one that has room for its settled VM and one VM that is handed on.
func (l *links) host(x *design, room int64) int {
	h := x.host("", l.settled+room)
	if l.settled > 0 {
		x.vm("", h, h, l.settled)
	}
	return h
}

// direct is the cost of handing on every VM once.
func (l *links) direct() Optimum {
	return Optimum{
		Migrations: l.number * l.length,
		MiB:        l.number * (l.length*l.size + l.step*(l.length*(l.length-1)/2)),
	}
}

func chainEntry() spec.Entry[Family] {
	return designed(spec.Descriptor{
		Name:     "chain",
		Synopsis: "chains of hosts in which every VM waits for the next, and the last one may go",
		Doc: "Only the last VM of a chain can go to its target at the start, and each other one when the next has gone. " +
			"Whoever displaces VMs rather than wait pays for it.",
		Params: linkParams(
			spec.Param{Default: "10", Unit: "VMs", Bounds: spec.Between(1, maxHosts-1), Doc: "number of VMs in a chain, which has one host more"},
			spec.Param{Name: "chains", Unit: "chains", Bounds: spec.Between(1, maxHosts/2), Doc: "number of chains, independent of each other"},
		),
		Citation:   "generalises chain4 and chain6 of the family classic: " + spiers2015,
		Properties: []spec.Property{Reachable},
	}, func(a spec.Args) (func(*design), error) {
		l := newLinks(a, "chains")
		hosts := (l.length + 1) * l.number
		if err := bounded(hosts, 2*hosts); err != nil {
			return nil, err
		}
		return func(x *design) {
			for range l.number {
				at := l.host(x, l.moving(0))
				for i := range l.length {
					next := l.host(x, l.moving(min(i+1, l.length-1)))
					x.vm("", at, next, l.moving(i))
					at = next
				}
			}
			x.description = ChainOptimum(l.length, l.number, l.size, l.step).String()
		}, nil
	})
}

// ChainOptimum is what the cheapest path costs for so many chains of so many VMs, of
// which the first demands sizeMiB and each other one stepMiB more than the one before:
// every VM migrates once, the last of a chain first. That no path costs less is plain.
func ChainOptimum(length, chains, sizeMiB, stepMiB int64) Optimum {
	return (&links{length: length, number: chains, size: sizeMiB, step: stepMiB}).direct()
}

// ringEntry is the family of chains that bite their tails; see [RingOptimum].
func ringEntry() spec.Entry[Family] {
	return designed(spec.Descriptor{
		Name:     "ring",
		Synopsis: "rings of hosts in which every VM waits for the next, and an empty host elsewhere",
		Doc: "Nothing can go to its target before a VM has stepped aside. The cheapest to do so, under the cost functions ram and count, is the " +
			"smallest of those that are handed on; to displace a settled VM seems to help as much, and costs more.",
		Params: linkParams(
			spec.Param{Default: "6", Unit: "VMs", Bounds: spec.Between(2, maxHosts-1), Doc: "number of VMs in a ring, and of its hosts"},
			spec.Param{Name: "rings", Unit: "rings", Bounds: spec.Between(1, (maxHosts-1)/2), Doc: "number of rings, which share one empty host"},
		),
		Citation:   "generalises swap_with_one_temp of the family classic: " + spiers2015,
		Properties: []spec.Property{Reachable},
	}, func(a spec.Args) (func(*design), error) {
		l := newLinks(a, "rings")
		hosts := l.length*l.number + 1
		if err := bounded(hosts, 2*hosts); err != nil {
			return nil, err
		}
		if l.settled > 0 && 2*l.settled < l.size {
			return nil, fmt.Errorf("settled=%d is neither 0 nor at least half of size=%d: %w", l.settled, l.size, errDisplaceSettled)
		}
		return func(x *design) {
			x.host("", l.settled+l.moving(l.length-1))
			for range l.number {
				hosts := make([]int, l.length)
				for i := range l.length {
					before := l.moving((i + l.length - 1) % l.length)
					hosts[i] = l.host(x, max(l.moving(i), before))
				}
				for i := range l.length {
					x.vm("", hosts[i], hosts[(i+1)%l.length], l.moving(i))
				}
			}
			x.description = RingOptimum(l.length, l.number, l.size, l.step).String()
		}, nil
	})
}

var errDisplaceSettled = errors.New("to displace it might be cheaper than the optimum that is promised")

// RingOptimum is what the cheapest path costs for so many rings of so many VMs, of
// which the first demands sizeMiB and each other one stepMiB more than the one before:
// every VM migrates once, and the first, the smallest, once more.
//
// That is enough: the first VM steps aside to the empty host, the others go to their
// targets in turn from the last one on, and the first leaves the empty host to the next
// ring. Less is not: look at the first VM of a ring that is handed on. Its target still
// holds the VM that is to be handed on from there, and has less room left than it
// demands, unless the settled VM has left. So either it bypasses its target, and
// migrates once more, at sizeMiB or above; or the settled VM migrates away and comes
// back, which costs two migrations, at no less than sizeMiB together, since it demands
// half of that or more.
func RingOptimum(length, rings, sizeMiB, stepMiB int64) Optimum {
	o := (&links{length: length, number: rings, size: sizeMiB, step: stepMiB}).direct()
	o.Migrations += rings
	o.MiB += rings * sizeMiB
	return o
}
