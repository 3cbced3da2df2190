package direct

// rest is what is left of a question: who still has to go home, the hosts that have to do
// with it, and the room on them.
type rest struct {
	edges []edge
	hosts []int32 // ascending: of the edges, and no others
	room  []int64 // [position in hosts*R + resource]
}

// edge is how many VMs of a class are left.
type edge struct{ class, n int32 }

// view is one rest, unpacked for looking at: hosts are numbered by position. Seen backwards
// in time sources are targets, and the room is that at the end.
type view struct {
	n, r     int     // hosts and resources
	from, to []int32 // by edge
	need     [][]int64
	count    []int64
	room     []int64   // [host*R + resource]
	in, out  [][]int32 // by host: edges
}

// look fills a view with a rest; position is scratch by host of the question.
func (w *view) look(q *question, x rest, position []int32) {
	w.n, w.r = len(x.hosts), q.resources
	for n, h := range x.hosts {
		position[h] = int32(n)
	}
	w.from, w.to, w.need, w.count = w.from[:0], w.to[:0], w.need[:0], w.count[:0]
	w.room = append(w.room[:0], x.room...)
	for len(w.in) < w.n {
		w.in, w.out = append(w.in, nil), append(w.out, nil)
	}
	for h := range w.n {
		w.in[h], w.out[h] = w.in[h][:0], w.out[h][:0]
	}
	for e, y := range x.edges {
		c := &q.classes[y.class]
		from, to := position[c.from], position[c.to]
		w.from, w.to = append(w.from, from), append(w.to, to)
		w.need, w.count = append(w.need, q.need(y.class)), append(w.count, int64(y.n))
		w.in[to], w.out[from] = append(w.in[to], int32(e)), append(w.out[from], int32(e))
	}
}

// turn fills a view with another one, seen backwards in time.
func (w *view) turn(v *view) {
	w.n, w.r = v.n, v.r
	w.from, w.to, w.need, w.count = v.to, v.from, v.need, v.count
	w.in, w.out = v.out, v.in
	w.room = append(w.room[:0], v.room...)
	for e := range v.from {
		v.add(w.room, v.from[e], e, v.count[e])
		v.add(w.room, v.to[e], e, -v.count[e])
	}
}

// add adds what so many VMs of an edge demand to an amount on a host.
func (w *view) add(amount []int64, h int32, e int, times int64) {
	for j, d := range w.need[e] {
		amount[int(h)*w.r+j] += d * times
	}
}

// fits tells whether one VM of an edge fits an amount on a host.
func (w *view) fits(amount []int64, h int32, e int) bool {
	for j, d := range w.need[e] {
		if d > amount[int(h)*w.r+j] {
			return false
		}
	}
	return true
}
