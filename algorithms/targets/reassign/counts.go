package reassign

// counts is what rules count: how many of some VMs stand in each place. It is told of every move and knows in how many
// ways rules are broken.
type counts struct {
	ofVM    lists
	tallies []tally
	broken  int32
}

// tally counts VMs by place.
type tally struct {
	place       []int32 // by host
	count       []int32 // by place
	places      int32   // how many hold one
	most        []int64 // by host: in its place; nil: any
	least, high int32   // of places
	needs       []int32 // tallies that have to have one wherever this one has
	serves      []int32 // tallies that need this one
}

func newCounts(p *Problem, at []int32) counts {
	var c counts
	var vms [][]int32
	add := func(list []int32, kind int, t tally) int32 {
		t.place, t.count = p.Places[kind], make([]int32, p.places(kind))
		c.tallies, vms = append(c.tallies, t), append(vms, list)
		return int32(len(vms) - 1)
	}
	const any = 1 << 30
	for _, q := range p.Quotas {
		add(q.VMs, q.Places, tally{most: q.Most, high: any})
	}
	for _, s := range p.Spans {
		add(s.VMs, s.Places, tally{least: int32(min(s.Least, any)), high: int32(min(s.Most, any))})
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
			c.tallies[who].needs = append(c.tallies[who].needs, other)
			c.tallies[other].serves = append(c.tallies[other].serves, who)
		}
	}
	c.ofVM = inverse(p.vms(), vms)
	for v, h := range at {
		if h >= 0 {
			c.count(int32(v), h, 1)
		}
	}
	for i := range c.tallies {
		if t := &c.tallies[i]; t.places == 0 { // VMs of which none stands break nothing, and those that stand stay
			t.least = 0
		}
		c.broken += c.tallies[i].strays()
	}
	return c
}

// strays is by how much the number of places is wrong.
func (t *tally) strays() int32 { return max(0, t.least-t.places, t.places-t.high) }

// count takes account of a VM more on a host, or with -1 less, but for the number of places.
func (c *counts) count(v, h, sign int32) {
	for _, i := range c.ofVM.at(v) {
		t := &c.tallies[i]
		place := t.place[h]
		before := t.count[place]
		after := before + sign
		t.count[place] = after
		if t.most != nil && int64(max(before, after)) > t.most[h] {
			c.broken += sign
		}
		if before != 0 && after != 0 {
			continue
		}
		t.places += sign
		for _, n := range t.needs {
			if c.tallies[n].count[place] == 0 {
				c.broken += sign
			}
		}
		for _, n := range t.serves {
			if c.tallies[n].count[place] > 0 {
				c.broken -= sign
			}
		}
	}
}

// move takes account of a VM that goes from one host to another.
func (c *counts) move(v, from, to int32) {
	of := c.ofVM.at(v)
	for _, i := range of {
		c.broken -= c.tallies[i].strays()
	}
	c.count(v, from, -1)
	c.count(v, to, 1)
	for _, i := range of {
		c.broken += c.tallies[i].strays()
	}
}
