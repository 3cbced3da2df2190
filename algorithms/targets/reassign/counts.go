package reassign

// counts is what rules count: how many of some VMs stand in each place. It is told of every move, and says of VMs that
// have moved whether the rules still hold.
type counts struct {
	p       *Problem
	free    bool // no rule counts anything
	ofVM    lists
	tallies []tally
	needs   [][]int32 // by tally: those that have to stand where it does
	serves  [][]int32 // by tally: those that have to stand only where it does
}

// tally counts VMs by place.
type tally struct {
	place       []int32 // by host
	count       []int32 // by place
	places      int     // how many hold one
	most        []int64 // by host: in its place; nil: any
	least, high int     // of places
}

func newCounts(p *Problem, at []int32) counts {
	c := counts{p: p}
	var vms [][]int32
	add := func(list []int32, kind int, t tally) int32 {
		t.place, t.count = p.Places[kind], make([]int32, p.places(kind))
		c.tallies, vms = append(c.tallies, t), append(vms, list)
		c.needs, c.serves = append(c.needs, nil), append(c.serves, nil)
		return int32(len(vms) - 1)
	}
	const any = 1 << 30
	for _, q := range p.Quotas {
		add(q.VMs, q.Places, tally{most: q.Most, high: any})
	}
	for _, s := range p.Spans {
		add(s.VMs, s.Places, tally{least: s.Least, high: min(s.Most, any)})
	}
	crowds := map[[2]int]int32{}
	crowd := func(n, kind int) int32 {
		i, known := crowds[[2]int{n, kind}]
		if !known {
			i = add(p.Crowds[n], kind, tally{high: any})
			crowds[[2]int{n, kind}] = i
		}
		return i
	}
	for _, d := range p.Depends {
		who := crowd(d.Crowd, d.Places)
		for _, on := range d.On {
			other := crowd(on, d.Places)
			c.needs[who] = append(c.needs[who], other)
			c.serves[other] = append(c.serves[other], who)
		}
	}
	c.free, c.ofVM = len(vms) == 0, inverse(p.vms(), vms)
	for v, h := range at {
		if h >= 0 {
			c.count(int32(v), h, 1)
		}
	}
	return c
}

func (c *counts) count(v, h, sign int32) {
	for _, i := range c.ofVM.at(v) {
		t := &c.tallies[i]
		n := &t.count[t.place[h]]
		before := *n
		if *n += sign; before == 0 {
			t.places++
		} else if *n == 0 {
			t.places--
		}
	}
}

func (c *counts) move(v, from, to int32) {
	if !c.free {
		c.count(v, from, -1)
		c.count(v, to, 1)
	}
}

// lawful tells whether every rule holds that looks at a VM that has just moved.
func (c *counts) lawful(v, from, to int32) bool {
	if c.free {
		return true
	}
	for _, i := range c.ofVM.at(v) {
		t := &c.tallies[i]
		source, target := t.place[from], t.place[to]
		if source == target {
			continue
		}
		if t.most != nil && int64(t.count[target]) > t.most[to] || t.places < t.least || t.places > t.high {
			return false
		}
		for _, n := range c.needs[i] {
			if c.tallies[n].count[target] == 0 {
				return false
			}
		}
		if t.count[source] == 0 {
			for _, n := range c.serves[i] {
				if c.tallies[n].count[source] > 0 {
					return false
				}
			}
		}
	}
	return true
}
