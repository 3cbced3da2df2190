package plots

import (
	"sync"

	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
)

// testCatalogue knows the plots of this package, and the rules.
func testCatalogue() *spec.Catalogue { return known() }

var known = sync.OnceValue(func() *spec.Catalogue {
	return spec.NewCatalogue(Registry(Entries()...), rules.Registry(rules.Entries()...), generators.Registry(generators.Entries()...))
})
