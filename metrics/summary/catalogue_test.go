package summary

import (
	"sync"

	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
)

// testCatalogue knows families, and the rules.
func testCatalogue() *spec.Catalogue { return known() }

var known = sync.OnceValue(func() *spec.Catalogue {
	return spec.NewCatalogue(generators.Registry(generators.Entries()...), rules.Registry(rules.Entries()...))
})
