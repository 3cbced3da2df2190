package pathtest

import (
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Catalogue knows all rules and cost functions of this module, and what is given: the
// algorithms and heuristics under test.
func Catalogue(more ...spec.Registry) *spec.Catalogue {
	return spec.NewCatalogue(rules.Registry(rules.Entries()...), costs.Registry(costs.Entries()...)).With(more...)
}
