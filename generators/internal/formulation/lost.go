package formulation

import (
	"fmt"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud"
)

// Lost lists rules that a format cannot express as an exporter reports them, a phrase for
// each kind of rule, or is the error that they are when nothing may be left out.
func Lost(unsaid []cloud.Rule, partial bool) ([]string, error) {
	var kinds []string
	count, first := map[string]int{}, map[string]string{}
	for _, r := range unsaid {
		kind := Spec(r).Name
		if count[kind]++; count[kind] == 1 {
			kinds = append(kinds, kind)
			first[kind] = r.String()
		}
	}
	var lost []string
	for _, kind := range kinds {
		if count[kind] == 1 {
			lost = append(lost, "the rule "+first[kind])
		} else {
			lost = append(lost, fmt.Sprintf("%d rules of the kind %s, such as %s", count[kind], kind, first[kind]))
		}
	}
	if len(lost) == 0 || partial {
		return lost, nil
	}
	return nil, fmt.Errorf("it cannot express %s; partial=yes leaves out what it cannot express, and plans may then break that",
		strings.Join(lost, ", and "))
}
