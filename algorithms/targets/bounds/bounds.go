package bounds

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Question says which placements bounds are about.
type Question struct {
	Instance *cloud.Instance
	// Rules hold in the end, the whole of those in their mending form.
	Rules []cloud.Rule
	// Closed are hosts on which no VM may stand, by host. Nil: none.
	Closed []bool
	// Place are the VMs that have to stand somewhere, by VM. Others may stand or not. Nil: those that
	// stand somewhere initially.
	Place []bool
}

// Bound is a proved lower bound on an objective.
type Bound struct {
	Score  cloud.Score
	Reason string // in words; empty where the bound is 0
}

// Proof says why there is no placement.
type Proof struct {
	Reason string       // in words, with names and what is missing
	Rules  []string     // that play a part, by spec
	VMs    []cloud.VMID // that cannot all be placed; nil: those that have to stand somewhere
	// Missing is how much more would be needed, in the unit of what the reason counts: a resource,
	// VMs, places. 0 where that is no number.
	Missing int64
}

// Bounds is what a question comes down to. It is read-only.
type Bounds struct {
	in    *cloud.Instance
	rules []cloud.Rule // whole
	open  hostset

	filters  filters
	limiters []cloud.Rule
	counters []cloud.Rule // quotas of all VMs by host
	quotas   []*quota
	cliques  []*quota
	spans    []*span

	resources int     // of the instance; one more is the number of VMs
	room      []int64 // [host*(resources+1) + resource]
	demand    []int64 // [block*(resources+1) + resource]

	blocks  []block
	blockOf []int32 // by VM; -1 for VMs that need not stand
	setOf   []int32 // by VM: the hosts on which it may stand
	sets    []hostset
	index   map[string]int32
	crowds  []*crowd
}

// block is VMs that share a host.
type block struct {
	vms []cloud.VMID
	set int32
}

// New sorts the question out. O(VMs × (resources + filters) + kinds of VMs × hosts × filters). Kinds
// are the VMs that filters tell apart; where there are very many, some are taken to stand anywhere.
func New(q Question) *Bounds {
	in := q.Instance
	b := &Bounds{
		in: in, rules: cloud.Whole(q.Rules), open: newHostset(len(in.Hosts)), resources: len(in.Resources),
		index: map[string]int32{}, setOf: make([]int32, len(in.VMs)), blockOf: slices.Repeat([]int32{-1}, len(in.VMs)),
	}
	for h := range in.Hosts {
		if q.Closed == nil || !q.Closed[h] {
			b.open.add(cloud.HostID(h))
		}
	}
	b.sortRules()
	b.findSets()
	b.findBlocks(q.Place)
	b.confineLarge()
	b.growCliques()
	b.findCrowds()
	return b
}

// sortRules finds out what rules can do.
func (b *Bounds) sortRules() {
	n := b.resources + 1
	b.room = slices.Repeat([]int64{math.MaxInt64}, len(b.in.Hosts)*n)
	for _, rule := range b.rules {
		if l, ok := rule.(cloud.Limiter); ok {
			b.limiters = append(b.limiters, rule)
			for i := range b.room {
				if r := i % n; r < b.resources {
					b.room[i] = max(0, min(b.room[i], l.Limit(cloud.HostID(i/n), r)))
				}
			}
		}
		if f, ok := rule.(cloud.HostFilter); ok {
			b.filters.add(b.in, rule, f)
		}
		if q, ok := rule.(cloud.Quota); ok {
			if rule.Watches() == nil && q.Places() == "host" {
				b.counters = append(b.counters, rule)
				for h := range b.in.Hosts {
					at := &b.room[h*n+b.resources]
					*at = max(0, min(*at, q.Most(cloud.HostID(h))))
				}
			} else {
				b.quotas = append(b.quotas, &quota{Quota: q, vms: watched(b.in, rule), rules: []string{rule.String()}})
			}
		}
		if s, ok := rule.(cloud.Span); ok {
			w := &span{rule: rule, by: s.Places(), vms: watched(b.in, rule)}
			w.least, w.most = s.Span()
			b.spans = append(b.spans, w)
		}
	}
}

// watched lists the VMs that a rule watches.
func watched(in *cloud.Instance, rule cloud.Rule) []cloud.VMID {
	if vms := rule.Watches(); vms != nil {
		return vms
	}
	all := make([]cloud.VMID, len(in.VMs))
	for v := range all {
		all[v] = cloud.VMID(v)
	}
	return all
}

// quota is what keeps VMs apart: a rule, or several things.
type quota struct {
	cloud.Quota
	vms   []cloud.VMID
	rules []string
	why   string // empty for a rule
}

// span is a rule about the number of places of some VMs.
type span struct {
	rule        cloud.Rule
	by          string
	vms         []cloud.VMID
	least, most int
}

// intern numbers a set of hosts, which must not change any more.
func (b *Bounds) intern(s hostset) int32 {
	key := s.key()
	i, known := b.index[key]
	if !known {
		i = int32(len(b.sets))
		b.index[key] = i
		b.sets = append(b.sets, s)
	}
	return i
}

// mostAsked bounds how often filters are asked whether a VM may stand on a host.
const mostAsked = 1 << 26

// findSets finds the hosts on which each VM may stand by the filters.
func (b *Bounds) findSets() {
	anywhere := b.intern(b.open)
	hosts := b.open.list()
	sets := map[string]int32{}
	asked := 0
	var key []byte
	for v := range b.in.VMs {
		vm := cloud.VMID(v)
		key = b.filters.appendKind(key[:0], vm)
		set, known := sets[string(key)]
		if !known {
			if set = anywhere; asked < mostAsked && len(key) > 0 {
				asked += len(hosts)
				set = b.intern(b.filters.admitting(vm, hosts, len(b.in.Hosts)))
			}
			sets[string(key)] = set
		}
		b.setOf[v] = set
	}
}

// findBlocks joins VMs that have to stand, and to share a host.
func (b *Bounds) findBlocks(place []bool) {
	parent := make([]int32, len(b.in.VMs))
	for v := range parent {
		if parent[v] = -1; place == nil && b.in.Initial[v] != cloud.Absent || place != nil && place[v] {
			parent[v] = int32(v)
		}
	}
	root := func(v int32) int32 {
		for parent[v] != v {
			parent[v] = parent[parent[v]]
			v = parent[v]
		}
		return v
	}
	for _, s := range b.spans {
		if s.most != 1 || s.by != "host" {
			continue
		}
		first := int32(-1)
		for _, v := range s.vms {
			switch {
			case parent[v] < 0:
			case first < 0:
				first = root(int32(v))
			default:
				parent[root(int32(v))] = first
			}
		}
	}
	n := b.resources + 1
	singles := make([]cloud.VMID, 0, len(parent)) // lists of blocks of one VM, in one allocation
	for v := range parent {
		if parent[v] < 0 {
			continue
		}
		r := root(int32(v))
		at := b.blockOf[r]
		if at < 0 {
			at = int32(len(b.blocks))
			b.blockOf[r] = at
			b.blocks = append(b.blocks, block{set: -1})
			b.demand = append(b.demand, make([]int64, n)...)
		}
		b.blockOf[v] = at
		x := &b.blocks[at]
		if x.vms == nil {
			singles = append(singles, cloud.VMID(v))
			x.vms, x.set = singles[len(singles)-1:len(singles):len(singles)], b.setOf[v]
		} else {
			x.vms = append(x.vms, cloud.VMID(v))
			if x.set != b.setOf[v] {
				both := slices.Clone(b.sets[x.set])
				both.cut(b.sets[b.setOf[v]])
				x.set = b.intern(both)
			}
		}
		for r, d := range b.in.VMs[v].Demand {
			b.demand[int(at)*n+r] += d
		}
		b.demand[int(at)*n+b.resources]++
	}
}

// mostSizes bounds how many sizes of hosts are told apart.
const mostSizes = 64

// confineLarge takes from the hosts of each block those that are too small for it, unless all are. Where
// hosts have very many sizes, it does nothing. O(hosts + blocks × sizes × resources).
func (b *Bounds) confineLarge() {
	n := b.resources + 1
	sizes := map[string]int{}
	var first []cloud.HostID // of each size
	var of []hostset
	var key []byte
	for _, h := range b.open.list() {
		key = key[:0]
		for _, x := range b.room[int(h)*n : int(h)*n+n] {
			key = binary.AppendVarint(key, x)
		}
		i, known := sizes[string(key)]
		if !known {
			if i = len(first); i == mostSizes {
				return
			}
			sizes[string(key)] = i
			first, of = append(first, h), append(of, newHostset(len(b.in.Hosts)))
		}
		of[i].add(h)
	}
	type confined struct {
		set  int32
		fits uint64 // sizes, one bit each
	}
	sets := map[confined]int32{}
	for i := range b.blocks {
		at := confined{set: b.blocks[i].set}
		for k, h := range first {
			fits := true
			for r, d := range b.demand[i*n : i*n+n] {
				fits = fits && d <= b.room[int(h)*n+r]
			}
			if fits {
				at.fits |= 1 << k
			}
		}
		set, known := sets[at]
		if !known {
			fitting := newHostset(len(b.in.Hosts))
			for k := range of {
				if at.fits>>k&1 != 0 {
					fitting.join(of[k])
				}
			}
			fitting.cut(b.sets[at.set])
			if set = at.set; fitting.len() > 0 {
				set = b.intern(fitting)
			}
			sets[at] = set
		}
		b.blocks[i].set = set
	}
}
