package reassign

import (
	"math"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
)

// Read makes the problem of lowering an objective under rules, all of which hold in the end. VMs that stay do not move;
// nil: all may. It is false where a rule says more than the search understands.
func Read(o *objectives.Reassign, rules []cloud.Rule, stay []bool) (*Problem, bool) {
	in := o.Instance()
	n := len(in.Resources)
	p := &Problem{
		Hosts: len(in.Hosts), Resources: n, Demand: in.Demands(), Limit: slices.Repeat([]int64{math.MaxInt64}, n*len(in.Hosts)), Stay: stay,
		Weight: o.Weights, Safe: o.Safe, Away: o.Moves, OfService: o.Service,
	}
	for _, h := range in.Initial {
		p.Home = append(p.Home, int32(h))
	}
	for _, b := range o.Balances {
		p.Balances = append(p.Balances, Balance(b))
	}
	for h := range in.Hosts {
		for r := range n {
			p.Capacity = append(p.Capacity, in.Hosts[h].Capacity[r]-in.Hosts[h].Reserved[r])
		}
	}
	for _, vms := range o.Services {
		p.Services = append(p.Services, numbers(vms))
	}
	p.readMoves(o)
	for _, g := range in.Groups {
		p.Crowds = append(p.Crowds, numbers(g.VMs))
	}
	return p, p.readRules(in, rules)
}

func numbers(vms []cloud.VMID) []int32 {
	out := make([]int32, len(vms))
	for i, v := range vms {
		out[i] = int32(v)
	}
	return out
}

// readMoves makes one more class of the hosts that are in none.
func (p *Problem) readMoves(o *objectives.Reassign) {
	in := o.Instance()
	free := int32(len(in.MoveCosts))
	p.Class = slices.Clone(o.Classes)
	for h, c := range p.Class {
		if c < 0 {
			p.Class[h] = free
		}
	}
	p.Between = make([][]int64, free+1)
	for from := range p.Between {
		p.Between[from] = make([]int64, free+1)
		if from < len(in.MoveCosts) {
			for to, cost := range in.MoveCosts[from].To {
				p.Between[from][to] = o.Hosts * cost
			}
		}
	}
}

func (p *Problem) readRules(in *cloud.Instance, rules []cloud.Rule) bool {
	kinds := map[string]int{}
	kind := func(by string) int {
		k, known := kinds[by]
		if !known {
			of, _ := in.Domains(by)
			k = len(p.Places)
			kinds[by], p.Places = k, append(p.Places, of)
		}
		return k
	}
	guests := slices.Repeat([]int64{math.MaxInt64}, len(p.Limit))
	for _, rule := range rules {
		understood := false
		if l, ok := rule.(cloud.Limiter); ok {
			understood = true
			for i := range p.Limit {
				p.Limit[i] = min(p.Limit[i], l.Limit(cloud.HostID(i/p.Resources), i%p.Resources))
			}
		}
		if l, ok := rule.(cloud.GuestLimiter); ok {
			understood = true
			for i := range guests {
				guests[i] = min(guests[i], l.GuestLimit(cloud.HostID(i/p.Resources), i%p.Resources))
			}
		}
		if f, ok := rule.(cloud.HostFilter); ok {
			understood = true
			p.Filters = append(p.Filters, func(v, h int32) bool { return f.Admits(cloud.VMID(v), cloud.HostID(h)) })
		}
		if q, ok := rule.(cloud.Quota); ok {
			understood = true
			quota := Quota{VMs: watched(in, rule), Places: kind(q.Places())}
			for h := range in.Hosts {
				quota.Most = append(quota.Most, q.Most(cloud.HostID(h)))
			}
			p.Quotas = append(p.Quotas, quota)
		}
		if s, ok := rule.(cloud.Span); ok {
			understood = true
			least, most := s.Span()
			p.Spans = append(p.Spans, Span{VMs: watched(in, rule), Places: kind(s.Places()), Least: least, Most: most})
		}
		if d, ok := rule.(cloud.Needs); ok {
			understood = true
			group, on := d.Needs()
			p.Depends = append(p.Depends, Depends{Crowd: group, On: on, Places: kind(d.Places())})
		}
		if _, way := rule.(cloud.WayFilter); way || !understood {
			return false
		}
	}
	p.keepGuests(guests)
	return true
}

// keepGuests keeps those resources of which guests are limited anywhere.
func (p *Problem) keepGuests(guests []int64) {
	for r := range p.Resources {
		for i := r; i < len(guests); i += p.Resources {
			if guests[i] < math.MaxInt64 {
				p.Transient = append(p.Transient, int32(r))
				break
			}
		}
	}
	if p.Transient == nil {
		return
	}
	for h := range p.Hosts {
		for _, r := range p.Transient {
			p.Guests = append(p.Guests, guests[h*p.Resources+int(r)])
		}
	}
}

func watched(in *cloud.Instance, rule cloud.Rule) []int32 {
	if vms := rule.Watches(); vms != nil {
		return numbers(vms)
	}
	all := make([]int32, len(in.VMs))
	for v := range all {
		all[v] = int32(v)
	}
	return all
}
