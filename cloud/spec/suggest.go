package spec

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// maxSuggested bounds how many known names an error message lists.
const maxSuggested = 12

// DidYouMean ends an error message about an unknown name: with the nearest known
// name where one is near, else with the list of what there is, introduced by
// intro ("known are").
func DidYouMean(name string, known []string, intro string) string {
	if best, ok := Nearest(name, known); ok {
		return fmt.Sprintf(", did you mean %q?", best)
	}
	if len(known) == 0 {
		return ""
	}
	shown := strings.Join(known[:min(len(known), maxSuggested)], ", ")
	const most = 400 // bytes
	if len(known) <= maxSuggested && len(shown) <= most {
		return fmt.Sprintf("; %s %s", intro, shown)
	}
	return fmt.Sprintf("; %s %s … (%d in all)", intro, strings.ToValidUTF8(shown[:min(len(shown), most)], ""), len(known))
}

// Nearest finds the known name that differs from name by the fewest edits, at
// most a third of its length (two in a short name, one in a very short one); case
// does not count, and two neighbours that changed places are one edit. Of equals the first
// wins, or rather the first that only goes on: who types host means hosts more likely than
// cost.
func Nearest(name string, known []string) (string, bool) {
	if len(name) > 64 {
		return "", false
	}
	n := utf8.RuneCountInString(name)
	limit := max(2, n/3)
	if n <= 3 {
		limit = 1
	}
	name = strings.ToLower(name)
	best, bestDistance, bestGoesOn := "", limit+1, true
	for _, k := range known {
		if d := utf8.RuneCountInString(k) - n; max(d, -d) > bestDistance {
			continue // each missing letter is an edit: known names can be many
		}
		k2 := strings.ToLower(k)
		d := levenshtein.ComputeDistance(name, k2)
		if d == 2 && swapped(name, k2) {
			d = 1
		}
		goesOn := strings.HasPrefix(k2, name)
		if d < bestDistance || d == bestDistance && goesOn && !bestGoesOn {
			best, bestDistance, bestGoesOn = k, d, goesOn
		}
	}
	return best, best != ""
}

// swapped tells whether two texts differ by two neighbours that changed places,
// which is one slip of the fingers.
func swapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
