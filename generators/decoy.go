package generators

import (
	"fmt"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// decoyEntry is the family that punishes haste; see [DecoyCosts].
func decoyEntry() spec.Entry[Family] {
	return designed(spec.Descriptor{
		Name:     "decoy",
		Synopsis: "a solver that moves each VM to its target as soon as possible pays a known multiple of the optimum",
		Citation: "own work",
		Doc: "Pairs of hosts exchange a VM each. A settled VM next to one of the two is in the way, and one host elsewhere has room for " +
			"one such VM and admits no others. The first settled VM that steps aside makes room for its own pair, and, as long as it stays " +
			"away, for a bypass in every other pair. Its return is a direct migration, which looks like progress but restores the deadlock: " +
			"then each pair displaces its own settled VM. The settled VMs are just large enough that this costs at least factor times " +
			"the optimum under the cost function ram. The algorithm greedy is led astray, whatever the seed. So is displacement, which " +
			"takes VMs in the order of their names, where there are few pairs; where there are many, it pays less.",
		Params: []spec.Param{
			{Name: "factor", Type: spec.Int, Default: "3", Bounds: spec.Between(1, 1000), Doc: "the multiple; pairs has to be larger"},
			{Name: "pairs", Type: spec.Int, Default: "16", Unit: "pairs", Bounds: spec.Between(2, (maxHosts-1)/2), Doc: "number of pairs of hosts"},
			{Name: "size", Type: spec.Int, Default: "256", Unit: "MiB", Bounds: spec.Between(1, 1e6), Doc: "demand of a VM that is to be exchanged"},
		},
		Properties: []spec.Property{Reachable},
	}, func(a spec.Args) (func(*design), error) {
		factor, pairs, size := a.Int("factor"), a.Int("pairs"), a.Int("size")
		if pairs <= factor {
			return nil, fmt.Errorf("pairs=%d has to be more than factor=%d", pairs, factor)
		}
		settled := decoySettled(factor, pairs, size)
		return func(x *design) {
			x.host(x86, settled)
			for range pairs {
				one, two := x.host(x64, size), x.host(x64, size+settled)
				x.vm(x64, one, two, size)
				x.vm(x64, two, one, size)
				x.vm(x86, two, two, settled)
			}
			optimum, astray := DecoyCosts(factor, pairs, size)
			x.description = fmt.Sprintf("%s; to let displaced VMs return as soon as they can takes %s MiB", optimum, humanize.Comma(astray.MiB))
		}, nil
	})
}

// DecoyCosts are the optimum of an instance of the family decoy, and what it costs to
// let every displaced VM return as soon as it can.
//
// There are n pairs, whose 2n VMs to be exchanged demand u each, and n settled VMs
// that demand s ≥ u, each on the second host of a pair. All these hosts are full. The
// one further host has room for s, and admits settled VMs only, by architecture.
//
// The optimum is (3n - 1)u + 2s. No path costs less: let k settled VMs migrate, at
// 2s or more each, since they have to come back. In a pair whose settled VM stays, the
// first VM to migrate cannot go to its target, where nobody has left, so that the pair
// costs 3u at least; each other pair costs 2u. The sum, 2sk + 2uk + 3u(n - k), grows
// with k, as 2s ≥ u; and k is not 0, for at the start nothing can migrate but settled
// VMs. So k = 1 is the least. That much is enough: one settled VM steps aside and its
// pair exchanges its VMs; its place then serves as bypass for the others, one pair
// after another; and it returns.
//
// Once its pair has exchanged its VMs it may return at any time. If it does so before
// anything else has happened, the remaining pairs are where all were at the start, and
// when each of them is treated in the same way the cost is n(2u + 2s).
func DecoyCosts(factor, pairs, sizeMiB int64) (optimum, astray Optimum) {
	settled := decoySettled(factor, pairs, sizeMiB)
	optimum = Optimum{Migrations: 3*pairs + 1, MiB: (3*pairs-1)*sizeMiB + 2*settled}
	astray = Optimum{Migrations: 4 * pairs, MiB: 2 * pairs * (sizeMiB + settled)}
	return optimum, astray
}

// decoySettled is the least demand of a settled VM, in MiB, that makes the decoy cost
// factor times the optimum: the least s ≥ u with n(2u + 2s) ≥ factor × ((3n - 1)u + 2s).
func decoySettled(factor, pairs, size int64) int64 {
	return max(size, ceilDiv((factor*(3*pairs-1)-2*pairs)*size, 2*(pairs-factor)))
}

func ceilDiv(a, b int64) int64 { return (a + b - 1) / b }
