package expression

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// someNumber draws integers and fractions of every size, those at the edge of 64 bits
// among them.
func someNumber(t *rapid.T, label string) number {
	part := rapid.OneOf(
		rapid.Int64Range(-9, 9), rapid.Int64(),
		rapid.SampledFrom([]int64{math.MinInt64, math.MinInt64 + 1, math.MaxInt64, 1 << 32, -1 << 31}),
	)
	n, d := part.Draw(t, label), part.Filter(func(d int64) bool { return d != 0 }).Draw(t, label)
	r := big.NewRat(n, d)
	if rapid.IntRange(0, 3).Draw(t, "big") == 0 {
		r.Mul(r, big.NewRat(part.Draw(t, label), 7))
	}
	return reduced(r)
}

// Every operation is that of exact rational numbers, whichever form they have.
func TestArithmeticIsNotExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := someNumber(t, "a"), someNumber(t, "b")
		x, y := a.rat(), b.rat()
		check := func(what string, got number, want *big.Rat) {
			if got.rat().Cmp(want) != 0 {
				t.Fatalf("%s of %s and %s: expected %s, found %s", what, a, b, want.RatString(), got)
			}
			if again := reduced(got.rat()); (again.big == nil) != (got.big == nil) {
				t.Fatalf("%s of %s and %s: %s has another form than is its own", what, a, b, got)
			}
		}
		check("sum", a.plus(b), new(big.Rat).Add(x, y))
		check("product", a.times(b), new(big.Rat).Mul(x, y))
		check("opposite", a.neg(), new(big.Rat).Neg(x))
		if y.Sign() != 0 {
			check("quotient", a.over(b), new(big.Rat).Quo(x, y))
		}
		if a.cmp(b) != x.Cmp(y) || a.sign() != x.Sign() || a.isInteger() != x.IsInt() {
			t.Fatalf("%s and %s compare as %d, expected %d", a, b, a.cmp(b), x.Cmp(y))
		}
		down, up := a.floor(), a.ceil()
		one := big.NewRat(1, 1)
		if !down.isInteger() || down.rat().Cmp(x) > 0 || new(big.Rat).Add(down.rat(), one).Cmp(x) <= 0 {
			t.Fatalf("%s rounds down to %s", a, down)
		}
		if !up.isInteger() || up.rat().Cmp(x) < 0 || new(big.Rat).Sub(up.rat(), one).Cmp(x) >= 0 {
			t.Fatalf("%s rounds up to %s", a, up)
		}
		if x.IsInt() && y.IsInt() && y.Sign() != 0 {
			check("remainder", a.mod(b), new(big.Rat).SetInt(new(big.Int).Rem(x.Num(), y.Num())))
		}
	})
}

// MinInt64 has no opposite in 64 bits, so that no number may have that form.
func TestLeastIntegerHasAWrongOpposite(t *testing.T) {
	half := integer(-1 << 62)
	for what, got := range map[string]number{"sum": half.plus(half), "product": half.times(integer(2)), "quotient": half.over(small(1, 2))} {
		if want := "9223372036854775808"; got.neg().String() != want {
			t.Errorf("%s: expected the opposite %s, found %s", what, want, got.neg())
		}
	}
}

// What a file writes as 0.1 is a tenth.
func TestDecimalIsBinary(t *testing.T) {
	for f, want := range map[float64]string{
		0.1: "1/10", 12.5: "25/2", 0: "0", 3: "3", 1e3: "1000", 0.3: "3/10", 1e20: "100000000000000000000",
	} {
		if got := decimal(f).String(); got != want {
			t.Errorf("%v: expected %s, found %s", f, want, got)
		}
	}
}
