package gentest

import (
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Catalogue knows all rules, costs and objectives, which is what a format needs.
func Catalogue() *spec.Catalogue {
	return spec.NewCatalogue(rules.Registry(rules.Entries()...), costs.Registry(costs.Entries()...), objectives.Registry(objectives.Entries()...))
}
