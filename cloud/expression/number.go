package expression

import (
	"math"
	"math/big"
	"math/bits"
	"strconv"
)

// number is an exact rational number: n/d in lowest terms with d ≥ 1, or big where that
// does not fit. A number has one form only, so that equal numbers are equal in text.
type number struct {
	n, d int64
	big  *big.Rat
}

func integer(n int64) number { return number{n: n, d: 1} }

// decimal is the number that a float64 is written as: 0.1 means a tenth, in a file as in
// an expression, and not the binary fraction next to it.
func decimal(f float64) number {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return integer(int64(f))
	}
	r, _ := new(big.Rat).SetString(strconv.FormatFloat(f, 'g', -1, 64))
	return reduced(r)
}

func reduced(r *big.Rat) number {
	if r.Num().IsInt64() && r.Denom().IsInt64() && r.Num().Int64() != math.MinInt64 {
		return number{n: r.Num().Int64(), d: r.Denom().Int64()}
	}
	return number{big: r}
}

// small makes the number n/d where its lowest terms are at hand. d must not be 0.
func small(n, d int64) number {
	if d < 0 {
		n, d = -n, -d
	}
	if g := gcd(n, d); g > 1 {
		n, d = n/g, d/g
	}
	return number{n: n, d: d}
}

func gcd(a, b int64) int64 {
	if a < 0 {
		a = -a
	}
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func (a number) rat() *big.Rat {
	if a.big != nil {
		return a.big
	}
	return big.NewRat(a.n, a.d)
}

func (a number) String() string { return a.rat().RatString() }

func (a number) sign() int {
	switch {
	case a.big != nil:
		return a.big.Sign()
	case a.n < 0:
		return -1
	case a.n > 0:
		return 1
	default:
		return 0
	}
}

func (a number) isInteger() bool { return a.big != nil && a.big.IsInt() || a.big == nil && a.d == 1 }

func (a number) neg() number {
	if a.big != nil {
		return reduced(new(big.Rat).Neg(a.big))
	}
	return number{n: -a.n, d: a.d}
}

func (a number) plus(b number) number {
	if a.big == nil && b.big == nil {
		x, ok1 := times(a.n, b.d)
		y, ok2 := times(b.n, a.d)
		d, ok3 := times(a.d, b.d)
		if n := x + y; ok1 && ok2 && ok3 && (n > x) == (y > 0) && n != math.MinInt64 {
			return small(n, d)
		}
	}
	return reduced(new(big.Rat).Add(a.rat(), b.rat()))
}

func (a number) times(b number) number {
	if a.big == nil && b.big == nil {
		n, ok1 := times(a.n, b.n)
		d, ok2 := times(a.d, b.d)
		if ok1 && ok2 {
			return small(n, d)
		}
	}
	return reduced(new(big.Rat).Mul(a.rat(), b.rat()))
}

// over divides by a number that is not 0.
func (a number) over(b number) number {
	if a.big == nil && b.big == nil {
		n, ok1 := times(a.n, b.d)
		d, ok2 := times(a.d, b.n)
		if ok1 && ok2 {
			return small(n, d)
		}
	}
	return reduced(new(big.Rat).Quo(a.rat(), b.rat()))
}

// mod is the remainder of a division of integers, with the sign of a. b must not be 0.
func (a number) mod(b number) number {
	if a.big == nil && b.big == nil {
		return integer(a.n % b.n)
	}
	return reduced(new(big.Rat).SetInt(new(big.Int).Rem(a.rat().Num(), b.rat().Num())))
}

// floor is the largest integer that is not above a.
func (a number) floor() number {
	if a.isInteger() {
		return a
	}
	if a.big == nil {
		q := a.n / a.d
		if a.n < 0 {
			q--
		}
		return integer(q)
	}
	// Euclidean division by a positive number rounds down.
	return reduced(new(big.Rat).SetInt(new(big.Int).Div(a.big.Num(), a.big.Denom())))
}

func (a number) ceil() number { return a.neg().floor().neg() }

// cmp is -1, 0 or 1 as a is less than, equal to, or greater than b.
func (a number) cmp(b number) int {
	if a.big != nil || b.big != nil {
		return a.rat().Cmp(b.rat())
	}
	s, t := a.sign(), b.sign()
	switch {
	case s != t:
		if s < t {
			return -1
		}
		return 1
	case a.d == 1 && b.d == 1:
		switch {
		case a.n < b.n:
			return -1
		case a.n > b.n:
			return 1
		}
		return 0
	}
	hi1, lo1 := bits.Mul64(magnitude(a.n), uint64(b.d))
	hi2, lo2 := bits.Mul64(magnitude(b.n), uint64(a.d))
	switch {
	case hi1 == hi2 && lo1 == lo2:
		return 0
	case hi1 < hi2 || hi1 == hi2 && lo1 < lo2:
		return -s
	default:
		return s
	}
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}

// times multiplies, and tells whether the product fits. MinInt64, which has no opposite,
// counts as not fitting.
func times(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}
