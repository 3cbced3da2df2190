package prose

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Break breaks a spec into lines of a given length at most, after commas, parentheses,
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

// First is the first few of some lines, and a line that counts the others.
func First(lines []string, most int) []string {
	if more := len(lines) - most; more > 0 {
		return append(slices.Clone(lines[:most]), fmt.Sprintf("… and %d more", more))
	}
	return lines
}
