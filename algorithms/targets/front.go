package targets

import (
	"cmp"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
)

// front holds targets of which none is both better and cheaper than another one: the best first, and so the
// costliest first.
type front []*Point

// after is the position of the first point with a worse score.
func (f front) after(s cloud.Score) int {
	i, _ := slices.BinarySearchFunc(f, s, func(p *Point, s cloud.Score) int { return cmp.Or(p.Score.Compare(s), -1) })
	return i
}

// covers tells whether a point is at least as good and at most as costly.
func (f front) covers(s cloud.Score, cost int64) bool {
	i := f.after(s)
	return i > 0 && f[i-1].Cost <= cost
}

// add adds a point unless another one covers it, and drops those that it covers. O(points).
func (f *front) add(p *Point) bool {
	if f.covers(p.Score, p.Cost) {
		return false
	}
	from := f.after(p.Score)
	if from > 0 && (*f)[from-1].Score == p.Score {
		from--
	}
	to := from
	for to < len(*f) && (*f)[to].Cost >= p.Cost {
		to++
	}
	*f = slices.Replace(*f, from, to, p)
	return true
}

// remove takes a point out.
func (f *front) remove(p *Point) {
	if i := slices.Index(*f, p); i >= 0 {
		*f = slices.Delete(*f, i, i+1)
	}
}

// thinned is n of the points at most, both ends among them: again and again it leaves out the one that adds the least
// area to what the others dominate. O(points²).
func (f front) thinned(n int) front {
	out := slices.Clone(f)
	for len(out) > max(n, 2) {
		least, at := 0.0, 1
		for i := 1; i < len(out)-1; i++ {
			if area := gap(out[i], out[i+1]) * float64(out[i-1].Cost-out[i].Cost); i == 1 || area < least {
				least, at = area, i
			}
		}
		out = slices.Delete(out, at, at+1)
	}
	return out
}

// gap is how much worse the objective of the second point is.
func gap(p, q *Point) float64 { return float64(q.Score[0] - p.Score[0]) }

// Hypervolume is the area, in units of objective and cost, of what is no better than some point, up to the worst objective and
// the highest cost that count. Of an objective with ranks, the first counts. Points that beat others make it larger (Kuhn,
// Fonseca, Paquete, Ruzika and Figueira, Hypervolume subset selection in two dimensions: formulations and algorithms, 2014).
func Hypervolume(points []*Point, worst, highest int64) (area float64) {
	var f front
	for _, p := range points {
		f.add(p)
	}
	for i := len(f) - 1; i >= 0; i-- {
		p := f[i]
		if p.Score[0] < worst && p.Cost < highest {
			area += float64(worst-p.Score[0]) * float64(highest-p.Cost)
			worst = p.Score[0]
		}
	}
	return area
}
