package reassign

// services counts, for each service, how many of its VMs are away, and knows the most.
type services struct {
	p     *Problem
	of    lists   // by VM: its services
	moved []int32 // by service
	tally []int32 // by number of VMs: how many services have that many away
	most  int32
}

func newServices(p *Problem, at []int32) services {
	s := services{p: p, of: inverse(p.vms(), p.Services), moved: make([]int32, len(p.Services))}
	longest := 0
	for _, vms := range p.Services {
		longest = max(longest, len(vms))
	}
	s.tally = make([]int32, longest+1)
	s.tally[0] = int32(len(p.Services))
	for v, h := range at {
		if p.isAway(int32(v), h) {
			s.count(int32(v), 1)
		}
	}
	return s
}

func (p *Problem) isAway(v, h int32) bool { return h >= 0 && p.Home[v] >= 0 && p.Home[v] != h }

// move takes account of a VM that goes from one host to another.
func (s *services) move(v, from, to int32) {
	if before, after := s.p.isAway(v, from), s.p.isAway(v, to); before != after {
		if after {
			s.count(v, 1)
		} else {
			s.count(v, -1)
		}
	}
}

func (s *services) count(v, sign int32) {
	for _, n := range s.of.at(v) {
		s.tally[s.moved[n]]--
		s.moved[n] += sign
		s.tally[s.moved[n]]++
		s.most = max(s.most, s.moved[n])
	}
	for s.most > 0 && s.tally[s.most] == 0 {
		s.most--
	}
}

// lists are lists of numbers, one after the other.
type lists struct {
	from []int32
	all  []int32
}

func (l lists) at(i int32) []int32 { return l.all[l.from[i]:l.from[i+1]] }

// inverse lists, for each of n numbers, the lists that it stands in.
func inverse(n int, of [][]int32) lists {
	out := lists{from: make([]int32, n+1)}
	for _, list := range of {
		for _, x := range list {
			out.from[x+1]++
		}
	}
	for i := range n {
		out.from[i+1] += out.from[i]
	}
	out.all = make([]int32, out.from[n])
	next := append([]int32{}, out.from[:n]...)
	for i, list := range of {
		for _, x := range list {
			out.all[next[x]] = int32(i)
			next[x]++
		}
	}
	return out
}
