package reassign

type gauge struct {
	most   float64
	lambda float64
}

func (s *state) shift(v, to int32, most float64) bool {
	from, none := s.at[v], s.p.none()
	arrives, e2 := s.exchange(to, none, v)
	moved := s.p.away(v, to) - s.p.away(v, from)
	if float64(arrives-s.host[to]+moved-s.host[from])+s.lambda[to]*float64(e2-s.excess[to])-s.lambda[from]*float64(s.excess[from]) > most+float64(s.slack()) {
		return false
	}
	leaves, e1 := s.exchange(from, v, none)
	delta := arrives + leaves - s.host[from] - s.host[to] + moved
	de := e1 + e2 - s.excess[from] - s.excess[to]
	pen := s.lambda[from]*float64(e1-s.excess[from]) + s.lambda[to]*float64(e2-s.excess[to])
	if float64(delta)+pen > most+float64(s.slack()) {
		return false
	}
	before := s.moves.most
	s.moves.move(v, from, to)
	s.laws.move(v, from, to)
	if float64(delta+s.p.OfService*int64(s.moves.most-before))+pen > most || !s.laws.lawful(v, from, to) {
		s.laws.move(v, to, from)
		s.moves.move(v, to, from)
		return false
	}
	s.add(v, from, -1)
	s.add(v, to, 1)
	s.at[v], s.host[from], s.host[to] = to, leaves, arrives
	s.excess[from], s.excess[to] = e1, e2
	s.over += de
	s.cost += delta
	return true
}

func (s *state) slack() int64 { return 2 * s.p.OfService }

func (s *state) swap(v, w int32, most float64) bool {
	here, there := s.at[v], s.at[w]
	second, e2 := s.exchange(there, w, v)
	first, e1 := s.exchange(here, v, w)
	delta := first + second - s.host[here] - s.host[there] +
		s.p.away(v, there) - s.p.away(v, here) + s.p.away(w, here) - s.p.away(w, there)
	de := e1 + e2 - s.excess[here] - s.excess[there]
	pen := s.lambda[here]*float64(e1-s.excess[here]) + s.lambda[there]*float64(e2-s.excess[there])
	if float64(delta)+pen > most+float64(s.slack()) {
		return false
	}
	before := s.moves.most
	s.moves.move(v, here, there)
	s.moves.move(w, there, here)
	s.laws.move(v, here, there)
	s.laws.move(w, there, here)
	if float64(delta+s.p.OfService*int64(s.moves.most-before))+pen > most || !s.laws.lawful(v, here, there) || !s.laws.lawful(w, there, here) {
		s.laws.move(w, here, there)
		s.laws.move(v, there, here)
		s.moves.move(w, here, there)
		s.moves.move(v, there, here)
		return false
	}
	s.add(v, here, -1)
	s.add(w, here, 1)
	s.add(w, there, -1)
	s.add(v, there, 1)
	s.at[v], s.at[w], s.host[here], s.host[there] = there, here, first, second
	s.excess[here], s.excess[there] = e1, e2
	s.over += de
	s.cost += delta
	return true
}

// eject: w goes to the host of v, and v goes to y, which is neither host
func (s *state) eject(w, v, y int32, most float64) bool {
	x, m, none := s.at[w], s.at[v], s.p.none()
	base := s.p.away(w, m) - s.p.away(w, x) + s.p.away(v, y) - s.p.away(v, m)
	cm, em := s.exchange(m, v, w)
	d, de := base+cm-s.host[m], em-s.excess[m]
	limit := most + float64(s.slack())
	cx, ex := s.exchange(x, w, none)
	d += cx - s.host[x]
	de += ex - s.excess[x]
	pen := s.lambda[m]*float64(em-s.excess[m]) + s.lambda[x]*float64(ex-s.excess[x])
	if float64(d)+pen-s.lambda[y]*float64(s.excess[y]) > limit+float64(s.host[y]) {
		return false
	}
	cy, ey := s.exchange(y, none, v)
	d += cy - s.host[y]
	de += ey - s.excess[y]
	pen += s.lambda[y] * float64(ey-s.excess[y])
	if float64(d)+pen > limit {
		return false
	}
	before := s.moves.most
	s.moves.move(w, x, m)
	s.moves.move(v, m, y)
	s.laws.move(w, x, m)
	s.laws.move(v, m, y)
	if float64(d+s.p.OfService*int64(s.moves.most-before))+pen > most || !s.laws.lawful(w, x, m) || !s.laws.lawful(v, m, y) {
		s.laws.move(v, y, m)
		s.laws.move(w, m, x)
		s.moves.move(v, y, m)
		s.moves.move(w, m, x)
		return false
	}
	s.add(w, x, -1)
	s.add(w, m, 1)
	s.add(v, m, -1)
	s.add(v, y, 1)
	s.at[w], s.at[v] = m, y
	s.host[x], s.host[m], s.host[y] = cx, cm, cy
	s.excess[x], s.excess[m], s.excess[y] = ex, em, ey
	s.over += de
	s.cost += d
	return true
}
