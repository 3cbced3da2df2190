package prose

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Seconds writes a time with its unit: 20 ms.
func Seconds(s float64) string {
	for _, u := range []struct {
		scale float64
		name  string
	}{{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}} {
		if s >= u.scale*(1-1e-9) {
			return Number(s/u.scale) + " " + u.name
		}
	}
	return Number(s/1e-9) + " ns"
}

// Number writes a number without needless digits.
func Number(v float64) string {
	if a := math.Abs(v); a != 0 && (a >= 1e6 || a < 1e-4) {
		return strconv.FormatFloat(v, 'g', 4, 64)
	}
	return strconv.FormatFloat(math.Round(v*1e6)/1e6, 'f', -1, 64)
}

// Short writes a number in at most four characters: 7, 120, 1k, 3.4k, 56k, 1.2M, 3e15.
func Short(v float64) string {
	if v >= 999.5e9 {
		return strings.Replace(strconv.FormatFloat(v, 'e', 0, 64), "+", "", 1)
	}
	unit := ""
	for _, name := range []string{"k", "M", "G"} {
		if v >= 999.5 {
			v, unit = v/1000, name
		}
	}
	if unit != "" && v < 9.95 {
		return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0") + unit
	}
	return fmt.Sprintf("%.0f%s", v, unit)
}

// Rounded has so many significant digits of a value.
func Rounded(v float64, digits int) float64 {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return v
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(v)))-float64(digits-1))
	return math.Round(v/unit) * unit
}

// Percent writes a share in per cent; NaN is a dash.
func Percent(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return fmt.Sprintf("%.3g %%", 100*v)
}

// Thousands groups the digits before the point by commas: 12,345.
func Thousands(s string) string {
	whole, _, _ := strings.Cut(s, ".")
	first := len(whole) - len(strings.TrimPrefix(whole, "-"))
	for i := len(whole) - 3; i > first; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Percentages lists fractions, of which there is one at least: 0, 1, 5 or 10 %. O(n log n).
func Percentages(fractions []float64) string {
	list := Texts(slices.Sorted(slices.Values(fractions)), func(t float64) string { return Number(t * 100) })
	if n := len(list); n > 1 {
		return strings.Join(list[:n-1], ", ") + " or " + list[n-1] + " %"
	}
	return list[0] + " %"
}
