package lost

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// maxSame is how many rules of one name are listed one by one: an instance may carry tens of
// thousands.
const maxSame = 5

// Objective is the phrase for the objective of an instance, if it has one.
func Objective(s *spec.Spec) []string {
	if s == nil {
		return nil
	}
	return []string{"objective " + s.String()}
}

// Rules lists rules that are lost, a phrase each, and those of which there are many of one
// name in one phrase.
func Rules(rules []spec.Spec) []string {
	count := map[string]int{}
	for _, r := range rules {
		count[r.Name]++
	}
	var out []string
	told := map[string]bool{}
	for _, r := range rules {
		n := count[r.Name]
		switch {
		case n <= maxSame:
			out = append(out, "rule "+r.String())
		case !told[r.Name]:
			told[r.Name] = true
			out = append(out, fmt.Sprintf("rule %s and %d more of that name", r, n-1))
		}
	}
	return out
}
