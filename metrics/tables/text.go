package tables

import (
	"strings"
	"unicode/utf8"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// headLines are the lines of a column's head: its name, broken so that the head is not
// much wider than numbers are, and its unit.
func headLines(c Column) []string {
	lines := []string{prose.Clean(c.Name)}
	if c.Align == Right {
		words := strings.Fields(lines[0])
		lines = nil
		for _, word := range words {
			lines = append(lines, prose.Texts(prose.Break(word, 28), func(l string) string { return strings.TrimLeft(l, " ") })...)
		}
	}
	if c.Unit != "" {
		lines = append(lines, prose.Clean(c.Unit))
	}
	return lines
}

// widest is the length of the longest line.
func widest(lines []string) int {
	most := 0
	for _, l := range lines {
		most = max(most, utf8.RuneCountInString(l))
	}
	return most
}
