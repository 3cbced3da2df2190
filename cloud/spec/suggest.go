package spec

import (
	"fmt"
	"strings"

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
	switch {
	case len(known) == 0:
		return ""
	case len(known) > maxSuggested:
		return fmt.Sprintf("; %s %s, … (%d in all)", intro, strings.Join(known[:maxSuggested], ", "), len(known))
	default:
		return fmt.Sprintf("; %s %s", intro, strings.Join(known, ", "))
	}
}

// Nearest finds the known name that differs from name by the fewest edits, at
// most a third of its length (two in a short name, one in a very short one). The
// first of equals wins.
func Nearest(name string, known []string) (string, bool) {
	if len(name) > 64 {
		return "", false
	}
	limit := max(2, len(name)/3) // 2: two swapped letters are two edits
	if len(name) <= 3 {
		limit = 1
	}
	best, bestDistance := "", limit+1
	for _, k := range known {
		if len(k) > 2*len(name)+2 {
			continue
		}
		if d := levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(k)); d < bestDistance {
			best, bestDistance = k, d
		}
	}
	return best, best != ""
}
