package tables

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// Cell is one entry of a table: a text, or a figure with what qualifies it. Only renderers make text of figures.
type Cell struct {
	Text  string  // of a cell that is no figure; empty for a figure
	Value float64 // NaN for a text, and where a figure has no value
	// N of Of cases, or runs, have what the figure is about: the first may have a fraction
	// where seeds differ. Of is 0 where nothing was counted.
	N, Of   float64
	AtLeast bool // the value is a lower bound
	Best    bool // set by MarkBest
	Format

	partial bool // other cells beside it are over more cases, so that it cannot be the best
}

// Format is how the value of a figure is shown.
type Format struct {
	Style  Style `json:"style,omitzero"`
	Digits int8  `json:"digits,omitzero"` // after the point, or significant
	Counts bool  `json:"counts,omitzero"` // whether N and Of are shown, in parentheses
}

// Style is how a number is written.
type Style uint8

// The styles.
const (
	Decimals          Style = iota // so many digits after the point
	SignificantDigits              // so many significant digits, and all before the point, but at most six after it
	Fraction                       // N/Of, in place of the value
	Probability                    // three digits after the point, "< 0.001" below
)

// missing is shown where a figure has no value.
const missing = "–"

// atLeast is a lower bound in files for machines.
const atLeast = ">="

// Text makes a cell of a text.
func Text(s string) Cell { return Cell{Text: s, Value: math.NaN()} }

// Count makes a cell of a whole number.
func Count(n int) Cell { return Cell{Value: float64(n)} }

// Fixed makes a cell of a number with so many digits after the point.
func Fixed(v float64, digits int) Cell { return Cell{Value: v, Format: Format{Digits: int8(digits)}} }

// Significant makes a cell of a number with so many significant digits.
func Significant(v float64, digits int) Cell {
	return Cell{Value: v, Format: Format{Style: SignificantDigits, Digits: int8(digits)}}
}

// Chance makes a cell of a probability, of which only the order of magnitude matters where it is small.
func Chance(p float64) Cell { return Cell{Value: p, Format: Format{Style: Probability}} }

// NoValue makes a cell of a figure that has no value.
func NoValue() Cell { return Cell{Value: math.NaN()} }

// IsText tells whether the cell is no figure.
func (c Cell) IsText() bool { return c.Text != "" }

// HasValue tells whether the cell is a figure with a value.
func (c Cell) HasValue() bool { return !math.IsNaN(c.Value) && !math.IsInf(c.Value, 0) }

// String is the cell as it is shown.
func (c Cell) String() string {
	switch {
	case c.IsText():
		return c.Text
	case c.Style == Fraction && c.Of > 0:
		return trimmed(c.N) + "/" + trimmed(c.Of)
	case !c.HasValue():
		return missing
	}
	number := c.number()
	if c.AtLeast {
		number = "≥ " + number
	}
	if c.Counts && c.Of > 0 {
		number += fmt.Sprintf(" (%s/%s)", trimmed(c.N), trimmed(c.Of))
	}
	return number
}

func (c Cell) number() string {
	digits := int(c.Digits)
	switch {
	case c.Style == Probability && c.Value < 0.001:
		return "< 0.001"
	case c.Style == Probability:
		digits = 3
	case c.Style == SignificantDigits && c.Value != 0:
		magnitude := int(math.Floor(math.Log10(math.Abs(c.Value))))
		digits = min(max(digits-1-magnitude, 0), 6)
	case c.Style == SignificantDigits:
		digits = 0
	}
	s := prose.Thousands(strconv.FormatFloat(c.Value, 'f', digits, 64))
	if strings.Trim(s, "-0.") == "" {
		return strings.TrimPrefix(s, "-") // rounded to 0
	}
	return s
}

func (c Cell) isBest() bool { return c.Best }

// competes tells whether the cell may be the best.
func (c Cell) competes() bool { return c.HasValue() && !c.AtLeast && !c.partial }

// plain tells whether what is shown is a number, or a bound, and nothing else.
func (c Cell) plain() bool {
	return c.HasValue() && !c.IsText() && c.Style <= SignificantDigits && !c.Counts
}

// trimmed is a count, with one digit after the point where it has a fraction.
func trimmed(n float64) string {
	return prose.Thousands(strings.TrimSuffix(strconv.FormatFloat(n, 'f', 1, 64), ".0"))
}
