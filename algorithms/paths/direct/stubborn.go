package direct

// chooser finds few edges of which one may come next without loss.
type chooser struct {
	w   *view
	b   *balance
	now []bool // by edge: it may go now

	in   []bool  // by edge: it is of the set
	set  []int32 // the set
	best []int32 // those of the best set that may go now

	possible []bool // scratch of reachable
	room     []int64
}

// reachable tells whether every edge might go some time if nobody who arrives took room; if
// not, there is no order.
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

// least is the set with the fewest edges that may go now of those that are found from each
// edge; those of it that may go now.
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
			continue // its set would hold that of an edge that may go now
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

// close adds to a seed what its set has to hold. It gives up where that lets as many edges
// go now as the limit says.
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

// addFirst adds one edge that has to come before another, if there is none in the set.
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

// addHelpers adds departures from the target of an edge that does not fit there, until it
// does not fit whatever the others do.
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

// addRivals adds arrivals at the target of an edge that may go there now, until it may
// whatever the others did.
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
