package tables

import (
	"sync"

	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/metrics/summary"
)

// testCatalogue knows what tables are made of: columns, figures, tables and formats.
func testCatalogue() *spec.Catalogue { return known() }

var known = sync.OnceValue(func() *spec.Catalogue {
	return spec.NewCatalogue(summary.Registry(summary.Entries()...), FigureRegistry(Figures()...), Registry(Entries()...), FormatRegistry(Formats()...))
})
