package direct

import "slices"

// rest is what is left of an ordering: the VMs that still have to go home, their sources and
// targets, and the room there.
type rest struct {
	edges []edge
	hosts []int32 // ascending: sources and targets
	room  []int64 // [position in hosts*R + resource]
}

// edge is a class and the number of its VMs that are left.
type edge struct{ class, n int32 }

func (x rest) clone() rest {
	x.room = slices.Clone(x.room)
	return x
}

// append appends the class once for each VM left.
func (e edge) append(out []int32) []int32 {
	for range e.n {
		out = append(out, e.class)
	}
	return out
}

// view is a rest, unpacked for random access, with hosts numbered by position. Backwards in time,
// sources are targets and the room is the room at the end.
type view struct {
	n, r     int     // hosts and resources
	from, to []int32 // by edge
	need     []int64 // [edge*R + resource], of one VM
	count    []int64 // by edge
	room     []int64 // [host*R + resource]
	in, out  lists   // by host: edges
}

// look fills a view with a rest. Position is scratch, by host of the ordering.
func (w *view) look(q *ordering, x rest, position []int32) {
	w.n, w.r = len(x.hosts), q.resources
	for n, h := range x.hosts {
		position[h] = int32(n)
	}
	w.from, w.to, w.need, w.count = w.from[:0], w.to[:0], w.need[:0], w.count[:0]
	w.room = append(w.room[:0], x.room...)
	for _, y := range x.edges {
		c := &q.classes[y.class]
		w.from, w.to = append(w.from, position[c.from]), append(w.to, position[c.to])
		w.need, w.count = append(w.need, q.need(y.class)...), append(w.count, int64(y.n))
	}
	w.in.fill(w.to, w.n)
	w.out.fill(w.from, w.n)
}

// turn fills a view with another one, backwards in time. The views share slices. A host that is
// too full has room for all who come back to it: it holds them now.
func (w *view) turn(v *view) {
	room := append(w.room[:0], v.room...)
	*w = *v
	w.from, w.to, w.in, w.out, w.room = v.to, v.from, v.out, v.in, room
	for e := range v.from {
		v.add(w.room, v.from[e], e, v.count[e])
		v.add(w.room, v.to[e], e, -v.count[e])
	}
	for i, free := range v.room {
		if free < 0 {
			w.room[i] = 0
			for _, e := range v.out.of(int32(i / v.r)) {
				w.room[i] += v.need[int(e)*v.r+i%v.r] * v.count[e]
			}
		}
	}
}

// add adds the demand of a number of VMs of an edge to the amount on a host.
func (w *view) add(amount []int64, h int32, e int, times int64) {
	for j := range w.r {
		amount[int(h)*w.r+j] += w.need[e*w.r+j] * times
	}
}

// fits tells whether one VM of an edge fits into the amount on a host.
func (w *view) fits(amount []int64, h int32, e int) bool {
	for j := range w.r {
		if w.need[e*w.r+j] > amount[int(h)*w.r+j] {
			return false
		}
	}
	return true
}

// lists holds lists of edges by host, ascending.
type lists struct{ first, edges []int32 }

// fill lists edges by host, given the host of each edge.
func (l *lists) fill(host []int32, hosts int) {
	l.first = cleared(l.first, hosts+1)
	for _, h := range host {
		l.first[h+1]++
	}
	for h := range hosts {
		l.first[h+1] += l.first[h]
	}
	l.edges = cleared(l.edges, len(host))
	for e := len(host) - 1; e >= 0; e-- {
		h := host[e] + 1
		l.first[h]--
		l.edges[l.first[h]] = int32(e)
	}
	// The start of each list is now one place too far on.
	copy(l.first, l.first[1:])
	l.first[hosts] = int32(len(host))
}

func (l *lists) of(h int32) []int32 { return l.edges[l.first[h]:l.first[h+1]] }
