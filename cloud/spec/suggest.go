package spec

import (
	"cmp"
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

// Nearest finds the known name that was meant, perhaps: the shortest of those that begin
// with name, or have a member that does, as limits.timeout_s for timeout; else the one
// that differs by the fewest edits, at most a third of name's length (two in a short name,
// one in a very short one). Case does not count, and two neighbours that changed places are
// one edit. The first of equals wins.
func Nearest(name string, known []string) (string, bool) {
	if name == "" || len(name) > 64 { // nothing says what was meant
		return "", false
	}
	n := utf8.RuneCountInString(name)
	limit := max(2, n/3)
	if n <= 4 {
		limit = 1
	}
	name = strings.ToLower(name)
	if whole, ok := begun(name, known); ok && n > 1 {
		return whole, true
	}
	best, bestDistance := "", limit+1
	for _, k := range known {
		if d := utf8.RuneCountInString(k) - n; d >= bestDistance || -d >= bestDistance {
			continue // each missing letter is an edit: known names can be many
		}
		k2 := strings.ToLower(k)
		d := levenshtein.ComputeDistance(name, k2)
		if d == 2 && swapped(name, k2) {
			d = 1
		}
		if d < bestDistance {
			best, bestDistance = k, d
		}
	}
	return best, best != ""
}

// begun finds the shortest known name that begins with a text, or else the shortest with a
// member that does.
func begun(start string, known []string) (string, bool) {
	whole, member := "", ""
	for _, k := range known {
		k2 := strings.ToLower(k)
		if strings.HasPrefix(k2, start) && (whole == "" || len(k) < len(whole)) {
			whole = k
		}
		if strings.Contains(k2, "."+start) && (member == "" || len(k) < len(member)) {
			member = k
		}
	}
	best := cmp.Or(whole, member)
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
