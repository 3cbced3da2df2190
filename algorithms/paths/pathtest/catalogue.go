package pathtest

import (
	"sync"

	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Catalogue knows all rules and cost functions of this module, and what is given: the
// algorithms and heuristics under test.
func Catalogue(more ...spec.Registry) *spec.Catalogue {
	if len(more) == 0 {
		return base()
	}
	return base().With(more...)
}

// base is made once: catalogues are read-only.
var base = sync.OnceValue(func() *spec.Catalogue {
	return spec.NewCatalogue(rules.Registry(rules.Entries()...), costs.Registry(costs.Entries()...))
})
