package gentest

import (
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Catalogue knows all rules and costs, which is what a format needs.
func Catalogue() *spec.Catalogue {
	return spec.NewCatalogue(rules.Registry(rules.Entries()...), costs.Registry(costs.Entries()...))
}
