package features

import "github.com/cloudrearrange/rearrange/cloud"

// breaches counts the rules that the initial placement breaks, and where it breaks them.
func breaches(found []cloud.Violation) []Feature {
	broken := map[string]bool{}
	for _, v := range found {
		broken[v.Rule] = true
	}
	return []Feature{{"broken_rules", "rules", len(broken)}, {"breaches", "", len(cloud.Distinct(found))}}
}
