package bounds

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// crowd is a set of hosts, with the blocks that may stand nowhere else.
type crowd struct {
	set     hostset
	hosts   []cloud.HostID
	blocks  []int32
	amounts [][]amount // by resource: what the blocks demand, ascending
	whole   bool       // all blocks
}

const (
	mostCrowds = 96 // sets of hosts that are looked at with all that is inside them
	mostPairs  = 12 // sets of which all pairs are joined
)

// findCrowds chooses sets of hosts to look at: those of most blocks, those of groups that are kept
// apart, pairs of the former, those that are connected by VMs, and all. They come in ascending order of their size.
func (b *Bounds) findCrowds() {
	count := make([]int, len(b.sets))
	for i := range b.blocks {
		count[b.blocks[i].set]++
	}
	var used []int32
	all := newHostset(len(b.in.Hosts))
	for s, n := range count {
		if n > 0 {
			used = append(used, int32(s))
			all.join(b.sets[s])
		}
	}
	slices.SortStableFunc(used, func(x, y int32) int { return cmp.Compare(count[y], count[x]) })
	chosen := map[string]bool{}
	var list []hostset
	take := func(s hostset) {
		if key := s.key(); !chosen[key] {
			chosen[key] = true
			list = append(list, s)
		}
	}
	take(all)
	for i, s := range used {
		if i < mostCrowds {
			take(b.sets[s])
		}
	}
	for _, s := range b.components(used) {
		if len(list) < 2*mostCrowds {
			take(s)
		}
	}
	for i, q := range slices.Concat(b.cliques, b.quotas) {
		if i == mostCrowds {
			break
		}
		union := newHostset(len(b.in.Hosts))
		for _, v := range q.vms {
			if x := b.blockOf[v]; x >= 0 {
				union.join(b.sets[b.blocks[x].set])
			}
		}
		take(union)
	}
	for i, s := range used[:min(len(used), mostPairs)] {
		for _, t := range used[:i] {
			both := slices.Clone(b.sets[s])
			both.join(b.sets[t])
			take(both)
		}
	}
	of := make([][]int32, len(b.sets))
	for i := range b.blocks {
		of[b.blocks[i].set] = append(of[b.blocks[i].set], int32(i))
	}
	for _, s := range list {
		c := &crowd{set: s, hosts: s.list()}
		for _, t := range used {
			if b.sets[t].within(s) {
				c.blocks = append(c.blocks, of[t]...)
			}
		}
		c.whole = len(c.blocks) == len(b.blocks)
		c.amounts = b.amounts(c.blocks)
		b.crowds = append(b.crowds, c)
	}
	slices.SortStableFunc(b.crowds, func(x, y *crowd) int {
		return cmp.Or(cmp.Compare(len(x.hosts), len(y.hosts)), cmp.Compare(len(x.blocks), len(y.blocks)))
	})
}

// components joins sets that have hosts in common.
func (b *Bounds) components(used []int32) []hostset {
	parent := make([]int32, len(b.in.Hosts))
	for h := range parent {
		parent[h] = int32(h)
	}
	root := func(h int32) int32 {
		for parent[h] != h {
			parent[h] = parent[parent[h]]
			h = parent[h]
		}
		return h
	}
	for _, s := range used {
		hosts := b.sets[s].list()
		for _, h := range hosts {
			parent[root(int32(h))] = root(int32(hosts[0]))
		}
	}
	at := map[int32]hostset{}
	var out []hostset
	for _, s := range used {
		for _, h := range b.sets[s].list() {
			r := root(int32(h))
			if at[r] == nil {
				at[r] = newHostset(len(b.in.Hosts))
				out = append(out, at[r])
			}
			at[r].add(h)
		}
	}
	return out
}

// amounts counts what blocks demand, by resource.
func (b *Bounds) amounts(blocks []int32) [][]amount {
	n := b.resources + 1
	out := make([][]amount, n)
	sizes := make([]int64, len(blocks))
	for r := range out {
		for i, x := range blocks {
			sizes[i] = b.demand[int(x)*n+r]
		}
		slices.Sort(sizes)
		for i := 0; i < len(sizes); {
			j := i + 1
			for j < len(sizes) && sizes[j] == sizes[i] {
				j++
			}
			if sizes[i] > 0 {
				out[r] = append(out[r], amount{sizes[i], int64(j - i)})
			}
			i = j
		}
	}
	return out
}
