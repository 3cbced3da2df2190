package bounds

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

const (
	mostCliques    = 24      // that are grown
	mostApart      = 128     // groups that are looked at, the largest
	mostCandidates = 1000    // that are tried for each
	mostConflicts  = 1 << 21 // pairs that are looked at
)

// growCliques looks for blocks of which no two can share a host, whatever keeps each pair apart: a rule
// that lets no place hold two of a group, too little room on the largest host, or no host for both. Each
// clique begins with a group that is kept apart, or with the largest demands, and grows
// greedily. It counts as one more quota. O(cliques × candidates × clique).
func (b *Bounds) growCliques() {
	x := &conflicts{Bounds: b, largest: make([]int64, b.resources+1), apart: make([][]int32, len(b.blocks))}
	n := b.resources + 1
	for _, h := range b.open.list() {
		for r := range n {
			x.largest[r] = max(x.largest[r], b.room[int(h)*n+r])
		}
	}
	var seeds [][]int32
	order := make([]int, len(b.quotas))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(len(b.quotas[j].vms), len(b.quotas[i].vms)) })
	for _, i := range order[:min(len(order), mostApart)] {
		var group []int32
		q := b.quotas[i]
		if !slices.ContainsFunc(b.open.list(), func(h cloud.HostID) bool { return q.Most(h) > 1 }) {
			group = b.blocksOf(q.vms)
		}
		for _, at := range group {
			x.apart[at] = append(x.apart[at], int32(i))
		}
		if len(group) > 1 {
			seeds = append(seeds, group)
		}
	}
	slices.SortStableFunc(seeds, func(g, h []int32) int { return cmp.Compare(len(h), len(g)) })
	seeds = seeds[:min(len(seeds), mostCliques)]
	candidates := x.candidates()
	for _, c := range candidates {
		seeds = append(seeds, c[:min(1, len(c))])
	}
	all := slices.Concat(candidates...)
	slices.Sort(all)
	all = slices.Compact(all)
	for _, seed := range seeds {
		clique := slices.Clone(seed)
		for _, c := range append(candidates, all) {
			clique = x.grow(clique, c)
		}
		if len(clique) > max(1, len(seed)) {
			b.addClique(clique, x)
		}
	}
}

// blocksOf are the blocks of VMs, each once.
func (b *Bounds) blocksOf(vms []cloud.VMID) (out []int32) {
	for _, v := range vms {
		if at := b.blockOf[v]; at >= 0 {
			out = append(out, at)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// conflicts tells which blocks cannot share a host.
type conflicts struct {
	*Bounds
	largest []int64   // room, by resource
	apart   [][]int32 // by block: quotas that let no place hold two
	asked   int
}

func (x *conflicts) conflict(v, w int32) bool {
	if x.asked++; x.asked > mostConflicts {
		return false
	}
	n := x.resources + 1
	for r := range n {
		if x.demand[int(v)*n+r] > x.largest[r]-x.demand[int(w)*n+r] {
			return true
		}
	}
	for _, q := range x.apart[v] {
		if slices.Contains(x.apart[w], q) {
			return true
		}
	}
	s, t := x.blocks[v].set, x.blocks[w].set
	return s != t && !x.sets[s].meets(x.sets[t])
}

// candidates are, by resource, the blocks that demand most, and those of several groups.
func (x *conflicts) candidates() [][]int32 {
	n := x.resources + 1
	var out [][]int32
	for r := range n {
		var large []int32
		for i := range x.blocks {
			if x.demand[i*n+r] > x.largest[r]/3 {
				large = append(large, int32(i))
			}
		}
		slices.SortStableFunc(large, func(v, w int32) int {
			return cmp.Compare(x.demand[int(w)*n+r], x.demand[int(v)*n+r])
		})
		out = append(out, large[:min(len(large), mostCandidates)])
	}
	var shared []int32
	for i := range x.blocks {
		if len(x.apart[i]) > 1 && len(shared) < mostCandidates {
			shared = append(shared, int32(i))
		}
	}
	return append(out, shared)
}

// grow adds what is in conflict with all that are there.
func (x *conflicts) grow(clique, candidates []int32) []int32 {
	for _, v := range candidates {
		if !slices.ContainsFunc(clique, func(w int32) bool { return v == w || !x.conflict(v, w) }) {
			clique = append(clique, v)
		}
	}
	return clique
}

// addClique takes one VM of each block, no two of which share a host.
func (b *Bounds) addClique(clique []int32, x *conflicts) {
	slices.Sort(clique)
	q := &quota{Quota: oneByHost{}, why: "no two of them can share a host"}
	var rules []string
	for _, v := range clique {
		q.vms = append(q.vms, b.blocks[v].vms[0])
		for _, i := range x.apart[v] {
			for _, w := range clique {
				if w != v && slices.Contains(x.apart[w], i) {
					rules = append(rules, b.quotas[i].rules...)
					break
				}
			}
		}
	}
	for r := range b.resources + 1 {
		rules = append(rules, b.limiting(r)...)
	}
	slices.Sort(rules)
	q.rules = slices.Compact(rules)
	b.cliques = append(b.cliques, q)
}

// oneByHost lets one VM stand on each host.
type oneByHost struct{}

// Places implements [cloud.Quota].
func (oneByHost) Places() string { return "host" }

// Most implements [cloud.Quota].
func (oneByHost) Most(cloud.HostID) int64 { return 1 }
