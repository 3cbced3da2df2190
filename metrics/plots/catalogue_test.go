package plots

import (
	"sync"

	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// testCatalogue knows the plots of this package, columns and rules.
var testCatalogue = sync.OnceValue(func() *spec.Catalogue {
	return spec.NewCatalogue(Registry(Entries()...), summary.Registry(summary.Entries()...), rules.Registry(rules.Entries()...))
})
