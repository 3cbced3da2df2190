package reassign

// A move is tried in the order of what it takes to find out: what its hosts cost and hold, then what services and rules
// count. It is made unless it costs more than a limit, what it breaks included.

// leg is a VM that goes to a host.
type leg struct{ vm, to int32 }

// price is the weighted change of a host that would cost and exceed so much.
func (s *state) price(h int32, cost, excess int64) float64 {
	return float64(cost-s.host[h]) + s.lambda[h]*float64(excess-s.excess[h])
}

// relief is the most that a host can save.
func (s *state) relief(h int32) float64 {
	return float64(s.host[h]) + s.lambda[h]*float64(s.excess[h])
}

// slack is how much services and rules may save.
func (s *state) slack() float64 {
	return float64(2*s.p.OfService) + s.mu*float64(min(s.laws.broken, 8))
}

// shift moves a VM to another host.
func (s *state) shift(v, to int32, most float64) bool { return s.trade(v, s.p.none(), to, most) }

// swap has two VMs on different hosts change places.
func (s *state) swap(v, w int32, most float64) bool { return s.trade(v, w, s.at[w], most) }

// trade moves a VM to a host, from which another one, or none, comes in exchange.
func (s *state) trade(v, w, there int32, most float64) bool {
	here, legs := s.at[v], [2]leg{{v, there}, {w, s.at[v]}}
	n, moved := 1, s.p.away(v, there)-s.p.away(v, here)
	if !s.admits(v, there) {
		return false
	}
	if w != s.p.none() {
		if n++; !s.admits(w, here) {
			return false
		}
		moved += s.p.away(w, here) - s.p.away(w, there)
	}
	limit := most + s.slack() - float64(moved)
	c2, e2 := s.exchange(there, w, v)
	price := s.price(there, c2, e2)
	if price-s.relief(here) > limit {
		return false
	}
	c1, e1 := s.exchange(here, v, w)
	if price += s.price(here, c1, e1); price > limit {
		return false
	}
	if !s.counted(price+float64(moved), most, legs[:n]...) {
		return false
	}
	s.set(here, c1, e1)
	s.set(there, c2, e2)
	s.cost += moved
	return true
}

// eject has a VM take the place of another one, which goes to a third host.
func (s *state) eject(w, v, to int32, most float64) bool {
	from, via, none := s.at[w], s.at[v], s.p.none()
	if !s.admits(w, via) || !s.admits(v, to) {
		return false
	}
	moved := s.p.away(w, via) - s.p.away(w, from) + s.p.away(v, to) - s.p.away(v, via)
	limit := most + s.slack() - float64(moved)
	c2, e2 := s.exchange(via, v, w)
	price := s.price(via, c2, e2)
	if price-s.relief(from)-s.relief(to) > limit {
		return false
	}
	c1, e1 := s.exchange(from, w, none)
	if price += s.price(from, c1, e1); price-s.relief(to) > limit {
		return false
	}
	c3, e3 := s.exchange(to, none, v)
	if price += s.price(to, c3, e3); price > limit {
		return false
	}
	if !s.counted(price+float64(moved), most, leg{w, via}, leg{v, to}) {
		return false
	}
	s.set(from, c1, e1)
	s.set(via, c2, e2)
	s.set(to, c3, e3)
	s.cost += moved
	return true
}

// counted moves VMs, unless with what services and rules count that costs more than the limit.
func (s *state) counted(price, most float64, legs ...leg) bool {
	services, broken := s.moves.most, s.laws.broken
	for _, l := range legs {
		s.moves.move(l.vm, s.at[l.vm], l.to)
		s.laws.move(l.vm, s.at[l.vm], l.to)
	}
	price += float64(s.p.OfService*int64(s.moves.most-services)) + s.mu*float64(s.laws.broken-broken)
	if price > most {
		for _, l := range legs {
			s.laws.move(l.vm, l.to, s.at[l.vm])
			s.moves.move(l.vm, l.to, s.at[l.vm])
		}
		return false
	}
	for _, l := range legs {
		s.add(l.vm, s.at[l.vm], -1)
		s.add(l.vm, l.to, 1)
		s.at[l.vm] = l.to
	}
	return true
}

func (s *state) set(h int32, cost, excess int64) {
	s.cost += cost - s.host[h]
	s.over += excess - s.excess[h]
	s.host[h], s.excess[h] = cost, excess
}

func (s *state) admits(v, h int32) bool {
	for _, admits := range s.p.Filters {
		if !admits(v, h) {
			return false
		}
	}
	return true
}
