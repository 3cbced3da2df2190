package bounds

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/dustin/go-humanize"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// apart is what VMs need that may not share a place, or have to be spread: each place that they need
// holds a host in use.
type apart struct {
	union  hostset // where they may stand
	weight int64
	count  int
	reason string
}

// mostConfined bounds how many groups are looked at beside those that decide alone.
const mostConfined = 256

// confined lists what groups need that may not stand everywhere, so that it counts for the crowds
// whose hosts these are.
func (s *hostsSearch) confined() (out []apart) {
	for _, g := range s.scatters() {
		if len(out) == mostConfined {
			break
		}
		if union := s.union(g); union.len() < s.open.len() {
			out = append(out, s.place(g, union))
		}
	}
	return out
}

// places counts groups that may stand everywhere, too.
func (s *hostsSearch) places(best *need) {
	for _, g := range s.scatters() {
		if s.even && times(g.n, max(0, s.unit)) <= best.weight {
			continue
		}
		best.take(s.place(g, s.union(g)))
	}
}

func (n *need) take(a apart) {
	if a.weight > n.weight {
		n.weight, n.count, n.reasons = a.weight, a.count, []string{a.reason}
	}
}

// scatter is a rule that asks for several places.
type scatter struct {
	vms  []cloud.VMID
	n    int64 // that take room in places
	d    *domains
	most func(cloud.HostID) int64
	why  string // what asks for it
}

// scatters lists such rules, as far as there are VMs that have to stand.
func (s *hostsSearch) scatters() (out []scatter) {
	known := kinds{}
	at := func(by string) *domains { return known.of(s.in, by) }
	stands := func(v cloud.VMID) bool { return s.blockOf[v] >= 0 }
	for _, q := range slices.Concat(s.quotas, s.cliques) {
		vms := slices.DeleteFunc(slices.Clone(q.vms), func(v cloud.VMID) bool { return !stands(v) })
		if len(vms) > 1 {
			out = append(out, scatter{vms, int64(len(vms)), at(q.Places()), q.Most, cmp.Or(q.why, listed(q.rules))})
		}
	}
	for _, w := range s.spans {
		if w.least > 1 && slices.ContainsFunc(w.vms, stands) {
			out = append(out, scatter{w.vms, int64(w.least), at(w.by), func(cloud.HostID) int64 { return 1 }, prose.Abridge(w.rule.String(), 120)})
		}
	}
	return out
}

// union is on which hosts the VMs may stand.
func (s *hostsSearch) union(g scatter) hostset {
	out := newHostset(len(s.in.Hosts))
	seen := map[int32]bool{}
	for _, v := range g.vms {
		set := s.setOf[v]
		if x := s.blockOf[v]; x >= 0 {
			set = s.blocks[x].set
		}
		if !seen[set] {
			seen[set] = true
			out.join(s.sets[set])
		}
	}
	return out
}

// place bounds the weight of places that have room for the VMs.
func (s *hostsSearch) place(g scatter, union hostset) apart {
	offers := make([]offer, len(g.d.names))
	for _, h := range union.list() {
		x := &offers[g.d.of[h]]
		if w := s.o.Weight(h); x.count == 0 || w < x.weight {
			x.weight = w
		}
		x.room, x.count = max(x.room, min(g.n, g.most(h))), 1
	}
	offers = alike(slices.DeleteFunc(offers, func(x offer) bool { return x.count == 0 }))
	weight, count, enough := s.cheapest(plain, offers, g.n)
	if !enough {
		return apart{union: union} // there is no placement, which is for others to say
	}
	need := "several hosts of a weight of at least " + humanize.Comma(weight)
	if s.even && s.unit == 1 {
		need = "at least " + prose.Count(count, "host")
	}
	if g.d.by != "host" {
		need += " in different places by " + g.d.by
	}
	return apart{union, weight, count, fmt.Sprintf("%s need %s (%s)", s.named(g.vms), need, g.why)}
}
