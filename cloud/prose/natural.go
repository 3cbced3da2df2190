package prose

import (
	"cmp"
	"strings"
)

// Natural compares texts with the numbers in them by value.
func Natural(a, b string) int {
	fraction := false // the texts so far are equal, and end with a number and a point
	for a != "" && b != "" {
		na, nb := digits(a), digits(b)
		if na > 0 && nb > 0 {
			x, y := a[:na], b[:nb]
			a, b = a[na:], b[nb:]
			c := 0
			if !fraction {
				x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
				c = cmp.Compare(len(x), len(y))
			}
			if c = cmp.Or(c, cmp.Compare(x, y), cmp.Compare(na, nb)); c != 0 {
				return c
			}
			fraction = !fraction && strings.HasPrefix(a, ".") && strings.HasPrefix(b, ".")
			if fraction {
				a, b = a[1:], b[1:]
			}
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b, fraction = a[1:], b[1:], false
	}
	return cmp.Compare(len(a), len(b))
}

// digits is the length of the number that a text begins with.
func digits(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }
