package generators

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

const akers1989 = "S. B. Akers and B. Krishnamurthy, A group-theoretic model for symmetric interconnection networks, " +
	"IEEE Transactions on Computers 38(4), 1989, https://doi.org/10.1109/12.21148"

// permutationEntry is the family of clouds in which VMs fill their hosts and change
// places at random; see [PermutationOptimum].
func permutationEntry() spec.Entry[Family] {
	return designed(spec.Descriptor{
		Name:     "permutation",
		Synopsis: "equal VMs that fill a host each and change places, and some empty hosts",
		Doc: "The target is drawn uniformly. A cycle of VMs, each of which waits for the next, takes one migration more " +
			"than it has VMs; a chain that ends in an empty host takes none. That makes the optimum known, however many " +
			"hosts are empty. With one empty host it is a distance in the star graph, whose steps exchange one symbol, here the empty host, with any other. " +
			"With empty=0 nothing can move, and there is no path unless every VM is where it belongs.",
		Params: []spec.Param{
			{Name: "hosts", Type: spec.Int, Default: "10", Unit: "hosts", Bounds: spec.Between(1, maxHosts), Doc: "number of hosts, empty ones included"},
			{Name: "empty", Type: spec.Int, Default: "1", Unit: "hosts", Bounds: spec.Between(0, maxHosts-1), Doc: "number of hosts that are empty at the start"},
			{Name: "size", Type: spec.Int, Default: "4096", Unit: "MiB", Bounds: spec.Between(1, 1e9), Doc: "demand of each VM, and capacity of each host"},
			{Name: "over", Type: spec.Choice, Choices: []string{"same", "all"}, Default: "same", Doc: "same: VMs change places among the hosts that have one at the start; " +
				"all: they go to any hosts, one each"},
		},
		Citation: akers1989,
	}, func(a spec.Args) (func(*design), error) {
		hosts, empty, size := int(a.Int("hosts")), int(a.Int("empty")), a.Int("size")
		if empty >= hosts {
			return nil, fmt.Errorf("%d hosts of which %d are empty hold no VM", hosts, empty)
		}
		places := hosts - empty
		if a.String("over") == "all" {
			places = hosts
		}
		return func(x *design) {
			for range hosts {
				x.host("", size)
			}
			to := x.rng.Perm(places)
			for h := range hosts - empty {
				x.vm("", h, to[h], size)
			}
			x.description = "no path exists: every host is full, so that nothing can move"
			if o, ok := permutationOptimum(x.from, x.to, hosts, size); ok {
				x.description = o.String()
			}
		}, nil
	})
}

// PermutationOptimum is what the cheapest path of an instance of the family
// permutation costs; false when there is no path.
//
// Let n VMs be misplaced, and let every host point to the one where its VM has to go.
// Where that makes c cycles, the optimum is n + c migrations; chains, which end in a
// host that is empty at the start, add nothing.
//
// No path takes fewer: each misplaced VM migrates at least once. The first VM of a
// cycle to leave its host cannot go to its target, where the next VM of the cycle
// still stands and leaves no room; so it goes elsewhere and migrates twice at least.
//
// One path takes no more, as soon as one host is empty. Cycles come first: one VM
// steps aside to an empty host, the others follow one after the other, and the first
// returns; the same hosts are empty as before. Then each chain moves from its end.
// Chains end in different hosts, so that none takes the empty host of another.
//
// Without an empty host nothing can move, and a path exists only where n is 0.
func PermutationOptimum(in *cloud.Instance) (Optimum, bool) {
	from, to := make([]int, len(in.VMs)), make([]int, len(in.VMs))
	for v := range in.VMs {
		from[v], to[v] = int(in.Initial[v]), int(in.Target[v])
	}
	return permutationOptimum(from, to, len(in.Hosts), in.VMs[0].Demand[0])
}

func permutationOptimum(from, to []int, hosts int, size int64) (Optimum, bool) {
	misplaced, cycles := permutationCycles(from, to, hosts)
	if misplaced > 0 && len(from) == hosts {
		return Optimum{}, false
	}
	n := misplaced + cycles
	return Optimum{Migrations: n, MiB: n * size}, true
}

// permutationCycles counts the VMs that are misplaced, and the cycles that they form.
func permutationCycles(from, to []int, hosts int) (misplaced, cycles int64) {
	next := make([]int, hosts) // host to which the VM of a host goes, -1 where none stands
	seen := make([]int, hosts) // by which walk, from 1
	for h := range next {
		next[h] = -1
	}
	for v, h := range from {
		next[h] = to[v]
	}
	for start := range next {
		if next[start] >= 0 && next[start] != start {
			misplaced++
		}
		h := start
		for h >= 0 && seen[h] == 0 {
			seen[h] = start + 1
			h = next[h]
		}
		if h >= 0 && seen[h] == start+1 && next[h] != h {
			cycles++
		}
	}
	return misplaced, cycles
}
