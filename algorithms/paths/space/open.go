package space

// open is the list of states to expand: a binary heap by evaluation, among equals by
// the smaller estimate (the deeper state), among those the latest first.
type open struct{ heap []entry }

type entry struct {
	f, h  int64
	g     int64 // cost when it was put here: the entry is stale once a cheaper way is known
	state int32
}

func (a entry) before(b entry) bool {
	if a.f != b.f {
		return a.f < b.f
	}
	if a.h != b.h {
		return a.h < b.h
	}
	return a.state > b.state
}

func (o *open) len() int { return len(o.heap) }

func (o *open) bytes() int64 { return int64(cap(o.heap)) * 32 }

func (o *open) push(e entry) {
	o.heap = append(o.heap, e)
	i := len(o.heap) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !e.before(o.heap[up]) {
			break
		}
		o.heap[i] = o.heap[up]
		i = up
	}
	o.heap[i] = e
}

func (o *open) pop() entry {
	top := o.heap[0]
	last := o.heap[len(o.heap)-1]
	o.heap = o.heap[:len(o.heap)-1]
	if n := len(o.heap); n > 0 {
		i := 0
		for {
			c := 2*i + 1
			if c >= n {
				break
			}
			if c+1 < n && o.heap[c+1].before(o.heap[c]) {
				c++
			}
			if !o.heap[c].before(last) {
				break
			}
			o.heap[i] = o.heap[c]
			i = c
		}
		o.heap[i] = last
	}
	return top
}
