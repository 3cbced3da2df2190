package direct

import "slices"

// chooser finds few migrations of which one may come next without loss.
type chooser struct {
	in       []bool  // by edge: it is of the set
	set      []int32 // the set
	best     []int32 // those of the best set that may go now
	found    bool    // there is a best set
	possible []bool  // scratch
}

// least is a set of edges of which one comes first in some order, if there is any order,
// as small as it is found; those of it that may go now. Empty means that there is no order.
func (c *chooser) least(w *view, most int) ([]int32, bool) {
	c.found = false
	limit := most
	for seed := range w.from {
		if n, ok := c.close(w, int32(seed), limit); ok {
			c.found, limit = true, n
			c.best = c.best[:0]
			for _, e := range c.set {
				if w.fits(w.room, w.to[e], int(e)) {
					c.best = append(c.best, e)
				}
			}
			if limit == 0 {
				break
			}
		}
	}
	return c.best, c.found
}

// close adds to a seed what its set has to hold. It gives up where that lets as many edges
// go now as the limit says.
func (c *chooser) close(w *view, seed int32, limit int) (now int, ok bool) {
	c.in = cleared(c.in, len(w.from))
	c.set = append(c.set[:0], seed)
	c.in[seed] = true
	for n := 0; n < len(c.set); n++ {
		e := c.set[n]
		if w.fits(w.room, w.to[e], int(e)) {
			if now++; now >= limit {
				return now, false
			}
			c.addRivals(w, e)
		} else {
			c.addHelpers(w, e)
		}
	}
	// Who was added later may have made others needless, but that is not looked at.
	return now, true
}

func (c *chooser) add(e int32) {
	if !c.in[e] {
		c.in[e] = true
		c.set = append(c.set, e)
	}
}

// addHelpers adds departures from the target of an edge that does not fit there, until it
// does not fit whatever the others do.
func (c *chooser) addHelpers(w *view, e int32) {
	h := int(w.to[e])
	lacking, room := -1, int64(0)
	for j, d := range w.need[e] {
		// What all that leave can free, beside those of the set.
		left := w.room[h*w.r+j]
		if d <= left {
			continue
		}
		for _, o := range w.out[h] {
			if !c.in[o] {
				left += w.need[o][j] * w.count[o]
			}
		}
		if d > left {
			return
		}
		if lacking < 0 || left-d < room {
			lacking, room = j, left-d
		}
	}
	// The largest first, as few as will do: they come first in the list.
	for _, o := range w.out[h] {
		if d := w.need[o][lacking] * w.count[o]; !c.in[o] && d > 0 {
			c.add(o)
			if room -= d; room < 0 {
				return
			}
		}
	}
}

// addRivals adds arrivals at the target of an edge that fits there, until it fits whatever
// the others do.
func (c *chooser) addRivals(w *view, e int32) {
	h := w.to[e]
	for j, d := range w.need[e] {
		most := w.room[int(h)*w.r+j] // with all that leave, beside those of the set
		for _, o := range w.out[h] {
			if !c.in[o] {
				most += w.need[o][j] * w.count[o]
			}
		}
		left := w.room[int(h)*w.r+j] - d
		for _, o := range w.in[h] {
			if o != e && !c.in[o] && w.need[o][j] <= most {
				left -= w.need[o][j] * w.count[o]
			}
		}
		if left >= 0 {
			continue
		}
		for _, o := range w.in[h] {
			if o != e && !c.in[o] && w.need[o][j] <= most && w.need[o][j] > 0 {
				left += w.need[o][j] * w.count[o]
				c.add(o)
				if left >= 0 {
					break
				}
			}
		}
	}
}

// reachable tells whether every edge might go some time if nobody who arrives took room.
// If not, there is no order.
func (c *chooser) reachable(w *view) bool {
	room := append([]int64(nil), w.room...)
	c.possible = cleared(c.possible, len(w.from))
	left := len(w.from)
	for again := true; again; {
		again = false
		for e := range w.from {
			if !c.possible[e] && w.fits(room, w.to[e], e) {
				c.possible[e], again = true, true
				w.add(room, w.from[e], e, w.count[e])
				left--
			}
		}
	}
	return left == 0 && !slices.Contains(c.possible, false)
}
