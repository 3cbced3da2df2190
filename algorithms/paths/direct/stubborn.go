package direct

// chooser finds small stubborn sets.
type chooser struct {
	w   *view
	b   *balance
	now []bool // by edge: it may go now

	in   []bool  // by edge: it is in the set
	set  []int32 // the set
	best []int32 // the edges of the best set that may go now

	possible []bool // scratch of reachable
	room     []int64
}

// reachable tells whether every edge may go at some time if arrivals took no room. If not, there
// is no order.
func (c *chooser) reachable(w *view) bool {
	c.room = append(c.room[:0], w.room...)
	c.possible = cleared(c.possible, len(w.from))
	missing := len(w.from)
	for again := true; again; {
		again = false
		for e := range w.from {
			if !c.possible[e] && w.fits(c.room, w.to[e], e) {
				c.possible[e], again = true, true
				w.add(c.room, w.from[e], e, w.count[e])
				missing--
			}
		}
	}
	return missing == 0
}

// least finds a set from each edge that may go now and takes the one with the fewest edges that
// may go now. It returns those edges.
func (c *chooser) least(w *view, b *balance) []int32 {
	c.w, c.b = w, b
	c.now = cleared(c.now, len(w.from))
	for e := range w.from {
		c.now[e] = w.fits(w.room, w.to[e], e) && b.free(int32(e))
	}
	c.best = c.best[:0]
	limit := len(w.from) + 1
	for seed, now := range c.now {
		if !now {
			continue // its set would include the set of an edge that may go now
		}
		n, ok := c.close(int32(seed), limit)
		if !ok {
			continue
		}
		limit, c.best = n, c.best[:0]
		for _, e := range c.set {
			if c.now[e] {
				c.best = append(c.best, e)
			}
		}
		if n <= 1 {
			break
		}
	}
	return append([]int32(nil), c.best...)
}

// close completes the set of a seed. It gives up when the edges of the set that may go now reach
// the limit.
func (c *chooser) close(seed int32, limit int) (now int, ok bool) {
	c.in = cleared(c.in, len(c.w.from))
	c.set = c.set[:0]
	c.add(seed)
	for n := 0; n < len(c.set); n++ {
		e := c.set[n]
		switch {
		case c.now[e]:
			if now++; now >= limit {
				return now, false
			}
			c.addRivals(e)
		case !c.b.free(e):
			c.addFirst(e)
		default:
			c.addHelpers(e)
		}
	}
	return now, true
}

func (c *chooser) add(e int32) {
	if !c.in[e] {
		c.in[e] = true
		c.set = append(c.set, e)
	}
}

// addFirst adds an edge that has to come before another one, unless the set has such an edge.
func (c *chooser) addFirst(e int32) {
	first := int32(-1)
	for f := range c.b.beforeFirst(e) {
		switch {
		case c.in[f]:
			return
		case first < 0 && c.b.free(f):
			first = f
		}
	}
	c.add(first)
}

// addHelpers adds departures from the target of an edge that does not fit there, until it does
// not fit whatever the edges outside the set do.
func (c *chooser) addHelpers(e int32) {
	w := c.w
	h := w.to[e]
	lacking, over := -1, int64(0)
	for j := range w.r {
		most := w.room[int(h)*w.r+j] - w.need[int(e)*w.r+j]
		if most >= 0 {
			continue
		}
		for _, o := range w.out.of(h) {
			if !c.in[o] {
				most += w.need[int(o)*w.r+j] * c.b.countBefore(o, e)
			}
		}
		if most < 0 {
			return
		}
		if lacking < 0 || most < over {
			lacking, over = j, most
		}
	}
	for _, o := range w.out.of(h) { // the largest first, so that few are added
		if c.in[o] {
			continue
		}
		if d := w.need[int(o)*w.r+lacking] * c.b.countBefore(o, e); d > 0 {
			c.add(o)
			if over -= d; over < 0 {
				return
			}
		}
	}
}

// addRivals adds arrivals at the target of an edge that may go now, until it fits whatever the
// edges outside the set do.
func (c *chooser) addRivals(e int32) {
	w := c.w
	h := w.to[e]
	for j := range w.r {
		most := w.room[int(h)*w.r+j]
		for _, o := range w.out.of(h) {
			if !c.in[o] {
				most += w.need[int(o)*w.r+j] * c.b.countBefore(o, e)
			}
		}
		spare := w.room[int(h)*w.r+j] - w.need[int(e)*w.r+j]
		for _, o := range w.in.of(h) {
			if d := w.need[int(o)*w.r+j]; o != e && !c.in[o] && d <= most {
				spare -= d * c.b.countBefore(o, e)
			}
		}
		for _, o := range w.in.of(h) {
			if spare >= 0 {
				break
			}
			if d := w.need[int(o)*w.r+j]; o != e && !c.in[o] && 0 < d && d <= most {
				spare += d * c.b.countBefore(o, e)
				c.add(o)
			}
		}
	}
}
