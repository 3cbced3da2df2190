package summary

import (
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// GroupParamName is the parameter of tables and plots that says what cases are grouped by.
const GroupParamName = "group"

// GroupParam is that parameter. Without a preset, cases are in no groups unless it is given.
func GroupParam(preset string) spec.Param {
	doc := "what cases are grouped by: a parameter of their instances' family, a feature, or one of " +
		strings.Join(GroupKeys(), ", ") + "; more than ten numbers are put into ranges"
	if preset == "" {
		doc += "; no groups unless given"
	}
	return spec.Param{Name: GroupParamName, Type: spec.String, Default: preset, Doc: doc}
}
