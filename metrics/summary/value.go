package summary

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Kind is the type of a value.
type Kind uint8

// The kinds of values.
const (
	Missing Kind = iota // no value
	Number
	Truth
	Text
	Texts
)

// String names the kind, as lists of columns do.
func (k Kind) String() string {
	return [...]string{"nothing", "number", "truth", "text", "list of texts"}[k]
}

// Value is the value of a column.
type Value struct {
	Kind Kind
	// X is a number; 0 or 1 of a truth.
	X float64
	// N is the number if it is Whole; X may not hold all of its digits.
	N     int64
	Whole bool
	// AtLeast: the number is a lower bound.
	AtLeast bool
	Ranks   []int64 // of a whole number that is only the first one: those behind it
	Text    string  // of a number that neither X nor N holds, its digits
	Texts   []string
}

func real(x float64) Value  { return Value{Kind: Number, X: x} }
func text(s string) Value   { return Value{Kind: Text, Text: s} }
func integer(n int64) Value { return Value{Kind: Number, X: float64(n), N: n, Whole: true} }
func truth(yes bool) Value {
	v := Value{Kind: Truth, Whole: true}
	if yes {
		v.X, v.N = 1, 1
	}
	return v
}

// plain is the value of a parameter or feature, as records hold them.
func plain(v any) Value {
	switch v := v.(type) {
	case float64:
		if n := int64(v); float64(n) == v && n > -1<<53 && n < 1<<53 {
			return integer(n)
		}
		return real(v)
	case int: // of a run that was not read from a file
		return integer(int64(v))
	case bool:
		return truth(v)
	case string:
		return text(v)
	case []string:
		return Value{Kind: Texts, Texts: v}
	case []any:
		out := Value{Kind: Texts, Texts: make([]string, 0, len(v))}
		for _, e := range v {
			if s, ok := e.(string); ok {
				out.Texts = append(out.Texts, s)
			}
		}
		return out
	}
	return Value{}
}

// equals reports whether two values are the same.
func (v Value) equals(w Value) bool {
	return v.Kind == w.Kind && v.X == w.X && v.N == w.N && v.AtLeast == w.AtLeast && v.Text == w.Text && slices.Equal(v.Texts, w.Texts) && slices.Equal(v.Ranks, w.Ranks)
}

// Exact is the number, unless it is only a bound. A truth is 0 or 1.
func (v Value) Exact() (float64, bool) {
	return v.X, (v.Kind == Number || v.Kind == Truth) && !v.AtLeast
}

// Spent is the number, whether exact or a lower bound.
func (v Value) Spent() (float64, bool) { return v.X, v.Kind == Number || v.Kind == Truth }

// String returns the value in full; it is empty for a missing one.
func (v Value) String() string {
	switch {
	case len(v.Ranks) > 0:
		return strings.Trim(fmt.Sprint(append([]int64{v.N}, v.Ranks...)), "[]")
	case v.Kind == Number && v.Whole:
		return strconv.FormatInt(v.N, 10)
	case v.Kind == Truth && v.X == 1:
		return "yes"
	case v.Kind == Truth && v.X == 0:
		return "no"
	case v.Kind == Texts:
		return strings.Join(v.Texts, ", ")
	case v.Kind == Text || v.Kind == Missing || v.Text != "":
		return v.Text
	}
	return strconv.FormatFloat(v.X, 'f', -1, 64) // of a truth: the share of several seeds
}
