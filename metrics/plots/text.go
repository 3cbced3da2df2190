package plots

import (
	"fmt"
	"strings"
	"unicode"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// fit breaks a text into lines no wider than room: after spaces, in a spec after commas and parentheses, in a host's name
// after dots, and within a word where nothing else helps. Nothing is cut off.
func fit(style text.Style, s string, room vg.Length) []string {
	var lines []string
	rest := []rune(s)
	for len(rest) > 0 {
		n := 1
		for n < len(rest) && style.Width(string(rest[:n+1])) <= room {
			n++
		}
		for i := n; n < len(rest) && i > n/5; i-- {
			// A parenthesis of prose stays with what it opens.
			spec := rest[i-1] == '(' && i > 1 && rest[i-2] != ' '
			host := rest[i-1] == '.' && unicode.IsLetter(rest[i])
			if rest[i] == ' ' || rest[i-1] == ' ' || rest[i-1] == ',' || spec || host {
				n = i
				break
			}
		}
		lines = append(lines, strings.TrimSpace(string(rest[:n])))
		rest = []rune(strings.TrimLeft(string(rest[n:]), " "))
	}
	return lines
}

func leading(style text.Style) vg.Length { return style.Font.Size * 1.3 }

// drawLines draws lines downwards from y and returns where the next would stand.
func drawLines(c draw.Canvas, style text.Style, lines []string, x, y vg.Length) vg.Length {
	style.YAlign = text.YTop
	for _, l := range lines {
		c.FillText(style, vg.Point{X: x, Y: y}, l)
		y -= leading(style)
	}
	return y
}

func widest(style text.Style, lines []string) vg.Length {
	var w vg.Length
	for _, l := range lines {
		w = max(w, style.Width(l))
	}
	return w
}

// sizeText writes sizes of instances: in full up to five digits.
func sizeText(v float64) string {
	if v < 1e5 {
		return prose.Number(v)
	}
	return prose.Short(v)
}

func pValue(p float64) string {
	if p < 0.001 {
		return "< 0.001"
	}
	return fmt.Sprintf("= %.3f", p)
}

func cases(n int) string { return prose.Count(n, "case") }

// elsewhere counts cases that a picture is not about.
func elsewhere(n int, why string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" Left out: %s %s.", cases(n), why)
}
