package objectives

import (
	"math"
	"math/big"
	"math/bits"
)

// deviationFold is the standard deviation of amounts over the hosts, rounded up: the least k with
// (k × n)² ≥ n × (sum of squares) - (sum)², for n hosts. It is exact, and 0 only where all amounts are
// equal. No number here is above 128 bits if no amount is above 2^63 / n: there are fewer than 2^31 hosts, and
// no load is above [mostLoad].
type deviationFold struct {
	hosts, sum int64
	squares    wide
}

func newDeviationFold(now []int64) fold {
	f := &deviationFold{hosts: int64(len(now))}
	for _, n := range now {
		f.sum += n
		f.squares = f.squares.plus(times(n, n))
	}
	return f
}

func (f *deviationFold) with(d delta) deviationFold {
	out := *f
	for i := range d.n {
		c := &d.of[i]
		out.sum += c.now - c.before
		out.squares = out.squares.plus(times(c.now, c.now)).minus(times(c.before, c.before))
	}
	return out
}

func (f *deviationFold) apply(d delta) { *f = f.with(d) }

func (f *deviationFold) value() int64 { return f.root() }

func (f *deviationFold) after(d delta) int64 {
	g := f.with(d)
	return g.root()
}

func (f *deviationFold) root() int64 {
	if f.hosts == 0 {
		return 0
	}
	scaled := f.squares.by(uint64(f.hosts)).minus(times(f.sum, f.sum))
	// The estimate is off by less than 1 where the deviation has no more bits than a float64 holds.
	k := int64(math.Sqrt(scaled.float()) / float64(f.hosts))
	for k > 0 && !times((k-1)*f.hosts, (k-1)*f.hosts).less(scaled) {
		k--
	}
	for times(k*f.hosts, k*f.hosts).less(scaled) {
		k++
	}
	return k
}

// wide is an integer of 128 bits that is not negative.
type wide struct{ hi, lo uint64 }

// times multiplies two numbers of at least 0.
func times(a, b int64) wide {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	return wide{hi, lo}
}

func (a wide) plus(b wide) wide {
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	hi, _ := bits.Add64(a.hi, b.hi, carry)
	return wide{hi, lo}
}

func (a wide) minus(b wide) wide {
	lo, borrow := bits.Sub64(a.lo, b.lo, 0)
	hi, _ := bits.Sub64(a.hi, b.hi, borrow)
	return wide{hi, lo}
}

func (a wide) by(n uint64) wide {
	hi, lo := bits.Mul64(a.lo, n)
	return wide{hi + a.hi*n, lo}
}

func (a wide) less(b wide) bool { return a.hi < b.hi || a.hi == b.hi && a.lo < b.lo }

func (a wide) float() float64 { return float64(a.hi)*(1<<64) + float64(a.lo) }

// deviation is what [deviationFold] computes, for a list of loads that is not empty.
func deviation(loads []int64) int64 {
	n, sum, squares := big.NewInt(int64(len(loads))), new(big.Int), new(big.Int)
	for _, l := range loads {
		x := big.NewInt(l)
		sum.Add(sum, x)
		squares.Add(squares, x.Mul(x, x))
	}
	scaled := squares.Sub(squares.Mul(squares, n), sum.Mul(sum, sum))
	root := new(big.Int).Sqrt(scaled)
	if new(big.Int).Mul(root, root).Cmp(scaled) < 0 {
		root.Add(root, big.NewInt(1))
	}
	return ceilDiv(root, n).Int64()
}

// ceilDiv is a / b rounded up, for a ≥ 0 and b > 0.
func ceilDiv(a, b *big.Int) *big.Int {
	q, rest := new(big.Int).QuoRem(a, b, new(big.Int))
	if rest.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return q
}
