package objectives

import "math"

// tournament is a complete binary tree with an amount of each host at its leaves; each inner node is
// the larger of its two. To change an amount, and to ask for the largest if one or two were
// other ones, takes O(log hosts).
type tournament struct {
	leaves int     // a power of two
	tree   []int64 // the root at 1, the children of i at 2i and 2i+1; leaves that no host has are MinInt64
	sign   int64   // -1: it finds the smallest amount
}

func newTournament(now []int64, sign int64) *tournament {
	t := &tournament{leaves: 1, sign: sign}
	for t.leaves < len(now) {
		t.leaves *= 2
	}
	t.tree = make([]int64, 2*t.leaves)
	for i := range t.leaves {
		if t.tree[t.leaves+i] = math.MinInt64; i < len(now) {
			t.tree[t.leaves+i] = sign * now[i]
		}
	}
	for i := t.leaves - 1; i > 0; i-- {
		t.tree[i] = max(t.tree[2*i], t.tree[2*i+1])
	}
	return t
}

// best is the largest amount, or the smallest; 0 where there are no hosts.
func (t *tournament) best() int64 {
	if t.tree[1] == math.MinInt64 {
		return 0
	}
	return t.sign * t.tree[1]
}

func (t *tournament) apply(d delta) {
	for k := range d.n {
		i := t.leaves + int(d.of[k].host)
		t.tree[i] = t.sign * d.of[k].now
		for i /= 2; i > 0; i /= 2 {
			t.tree[i] = max(t.tree[2*i], t.tree[2*i+1])
		}
	}
}

// after is [tournament.best] if amounts changed. It climbs from both leaves at once, until they meet. Where more
// than two change, they do, and change back.
func (t *tournament) after(d delta) int64 {
	switch {
	case d.n == 0:
		return t.best()
	case d.n > 2:
		t.apply(d)
		best := t.best()
		t.apply(d.back())
		return best
	}
	i, x := t.leaves+int(d.of[0].host), t.sign*d.of[0].now
	if d.n == 2 {
		j, y := t.leaves+int(d.of[1].host), t.sign*d.of[1].now
		for ; i/2 != j/2; i, j = i/2, j/2 {
			x, y = max(x, t.tree[i^1]), max(y, t.tree[j^1])
		}
		i, x = i/2, max(x, y)
	}
	for ; i > 1; i /= 2 {
		x = max(x, t.tree[i^1])
	}
	return t.sign * x
}

// peakFold is the largest amount.
type peakFold struct{ top *tournament }

func newPeakFold(now []int64) fold { return &peakFold{newTournament(now, 1)} }

func (f *peakFold) apply(d delta) { f.top.apply(d) }

func (f *peakFold) value() int64 { return f.top.best() }

func (f *peakFold) after(d delta) int64 { return f.top.after(d) }

// rangeFold is the largest amount less the smallest.
type rangeFold struct{ top, bottom *tournament }

func newRangeFold(now []int64) fold {
	return &rangeFold{newTournament(now, 1), newTournament(now, -1)}
}

func (f *rangeFold) apply(d delta) {
	f.top.apply(d)
	f.bottom.apply(d)
}

func (f *rangeFold) value() int64 { return f.top.best() - f.bottom.best() }

func (f *rangeFold) after(d delta) int64 { return f.top.after(d) - f.bottom.after(d) }
