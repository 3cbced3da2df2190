package tables

import (
	"strings"
	"unicode/utf8"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// Break breaks a spec into lines of at most so many characters, after commas, parentheses,
// spaces or equal signs if it can. Lines after the first are indented by two.
func Break(s string, most int) []string {
	var lines []string
	rest := []rune(s)
	for indent := ""; ; indent = "  " {
		room := max(most-len(indent), 1)
		if len(rest) <= room {
			return append(lines, indent+string(rest))
		}
		cut := room
		for _, after := range []string{",( ", "="} {
			for i := room; i > room/3 && cut == room; i-- {
				if strings.ContainsRune(after, rest[i-1]) {
					cut = i
				}
			}
		}
		lines = append(lines, indent+strings.TrimRight(string(rest[:cut]), " "))
		rest = []rune(strings.TrimLeft(string(rest[cut:]), " "))
	}
}

// headLines are the lines of a column's head: its name, broken so that the head is not
// much wider than numbers are, and its unit.
func headLines(c Column) []string {
	lines := []string{prose.Clean(c.Name)}
	if c.Align == Right {
		words := strings.Fields(lines[0])
		lines = nil
		for _, word := range words {
			lines = append(lines, prose.Texts(Break(word, 28), func(l string) string { return strings.TrimLeft(l, " ") })...)
		}
	}
	if c.Unit != "" {
		lines = append(lines, prose.Clean(c.Unit))
	}
	return lines
}

// Wrap breaks a text between words, so that no line is longer than words allow.
func Wrap(s string, width int) []string {
	var lines []string
	for word := range strings.FieldsSeq(s) {
		last := len(lines) - 1
		if last >= 0 && utf8.RuneCountInString(lines[last])+1+utf8.RuneCountInString(word) <= width {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
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
