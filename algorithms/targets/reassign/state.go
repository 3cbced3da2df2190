package reassign

// state is a placement, with what it costs and what the rules count.
type state struct {
	p      *Problem
	at     []int32   // by VM: its host; -1: none
	used   []int64   // [host*R + resource]
	guests []int64   // [host*R + resource]: of VMs that stood elsewhere; nil if no rule asks
	host   []int64   // by host: what its load and its balances cost
	excess []int64   // by host: how much more it holds than it may, added up over resources
	over   int64     // all of it
	lambda []float64 // by host: what a unit of its excess counts
	mu     float64   // what a breach of a rule counts
	cost   int64     // all of it, but for services
	moves  services
	laws   counts
	demand []int64 // that of the problem, and a row of zeros for no VM
	now    []int64 // scratch: by resource
}

// none is the number that stands for no VM.
func (p *Problem) none() int32 { return int32(p.vms()) }

func newState(p *Problem, at []int32) *state {
	r := p.Resources
	s := &state{
		p: p, at: append([]int32{}, at...), used: make([]int64, p.Hosts*r), host: make([]int64, p.Hosts), excess: make([]int64, p.Hosts), lambda: make([]float64, p.Hosts),
		demand: append(append([]int64{}, p.Demand...), make([]int64, r)...), now: make([]int64, r),
	}
	if p.Guests != nil {
		s.guests = make([]int64, p.Hosts*len(p.Transient))
	}
	for v, h := range at {
		if h < 0 {
			continue
		}
		s.add(int32(v), h, 1)
		s.cost += p.away(int32(v), h)
	}
	for h := range s.host {
		s.host[h], s.excess[h] = s.exchange(int32(h), p.none(), p.none())
		s.cost += s.host[h]
		s.over += s.excess[h]
	}
	s.moves = newServices(p, at)
	s.laws = newCounts(p, at)
	return s
}

// total is what the placement costs.
func (s *state) total() int64 { return s.cost + s.p.OfService*int64(s.moves.most) }

// away is what it costs that a VM stands on a host, but for what the host and its service cost.
func (p *Problem) away(v, h int32) int64 {
	home := p.Home[v]
	if home < 0 || home == h {
		return 0
	}
	return p.Away[v] + p.between(home, h)
}

func (p *Problem) between(from, to int32) int64 {
	if p.Class == nil {
		return p.Between[0][0]
	}
	return p.Between[p.Class[from]][p.Class[to]]
}

// add has a host hold a VM more, or with -1 less.
func (s *state) add(v, h int32, sign int64) {
	r := s.p.Resources
	used, demand := s.used[int(h)*r:int(h)*r+r], s.demand[int(v)*r:int(v)*r+r]
	for i, d := range demand {
		used[i] += sign * d
	}
	if s.guests != nil && s.p.Home[v] != h {
		n := len(s.p.Transient)
		guests := s.guests[int(h)*n : int(h)*n+n]
		for i, t := range s.p.Transient {
			guests[i] += sign * demand[t]
		}
	}
}

// exchange is what a host costs if one VM leaves it and another one comes, either of which may be none, and how much more
// than it may it then holds.
func (s *state) exchange(h, out, in int32) (cost, excess int64) {
	p, r := s.p, s.p.Resources
	base := int(h) * r
	used, limit, safe := s.used[base:base+r], p.Limit[base:base+r], p.Safe[base:base+r]
	leaves, comes := s.demand[int(out)*r:int(out)*r+r], s.demand[int(in)*r:int(in)*r+r]
	now, weight := s.now[:r], p.Weight[:r]
	for i, u := range used {
		u += comes[i] - leaves[i]
		if over := u - safe[i]; over > 0 {
			cost += weight[i] * over
		}
		if over := u - limit[i]; over > 0 {
			excess += over
		}
		now[i] = u
	}
	for i := range p.Balances {
		b := &p.Balances[i]
		if lacks := b.Ratio*(p.Capacity[base+b.First]-now[b.First]) - (p.Capacity[base+b.Second] - now[b.Second]); lacks > 0 {
			cost += b.Weight * lacks
		}
	}
	if p.Guests != nil {
		none := p.none()
		if out != none && p.Home[out] == h {
			out = none
		}
		if in != none && p.Home[in] == h {
			in = none
		}
		n := len(p.Transient)
		guests, most := s.guests[int(h)*n:int(h)*n+n], p.Guests[int(h)*n:int(h)*n+n]
		for i, t := range p.Transient {
			if over := guests[i] + s.demand[int(in)*r+int(t)] - s.demand[int(out)*r+int(t)] - most[i]; over > 0 {
				excess += over
			}
		}
	}
	return cost, excess
}

// sane tells whether every rule holds.
func (s *state) sane() bool { return s.over == 0 && s.laws.broken == 0 }
