// Package catalogue lists everything pluggable that this module comes with. Another module
// adds what it has:
//
//	mine := catalogue.Standard().With(paths.Registry(fast.Entry()), rules.Registry(quota.Entry()))
package catalogue

import (
	"github.com/cloudrearrange/rearrange/algorithms/paths"
	"github.com/cloudrearrange/rearrange/algorithms/paths/auto"
	"github.com/cloudrearrange/rearrange/algorithms/paths/beam"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bestfirst"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bidirectional"
	"github.com/cloudrearrange/rearrange/algorithms/paths/bounds"
	"github.com/cloudrearrange/rearrange/algorithms/paths/direct"
	"github.com/cloudrearrange/rearrange/algorithms/paths/displacement"
	"github.com/cloudrearrange/rearrange/algorithms/paths/greedy"
	"github.com/cloudrearrange/rearrange/algorithms/paths/idastar"
	"github.com/cloudrearrange/rearrange/algorithms/paths/improve"
	"github.com/cloudrearrange/rearrange/algorithms/paths/largefirst"
	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
	"github.com/cloudrearrange/rearrange/generators/exporters"
	"github.com/cloudrearrange/rearrange/generators/importers"
	"github.com/cloudrearrange/rearrange/metrics/plots"
	"github.com/cloudrearrange/rearrange/metrics/tables"
	"github.com/cloudrearrange/rearrange/metrics/where"
)

// Standard is the catalogue of the program rearrange.
func Standard() *spec.Catalogue {
	return spec.NewCatalogue(
		paths.Registry(
			auto.Entry(),
			bestfirst.Dijkstra(),
			bestfirst.AStar(),
			bestfirst.GBFS(),
			bestfirst.Anytime(),
			idastar.Entry(),
			beam.Entry(),
			bidirectional.Entry(),
			direct.Entry(),
			greedy.Entry(),
			improve.Entry(),
			largefirst.Entry(),
			displacement.Entry(),
		),
		targets.Registry(targets.Entries()...),
		bounds.Registry(bounds.Entries()...),
		costs.Registry(costs.Entries()...),
		rules.Registry(rules.Entries()...),
		generators.Registry(generators.Entries()...),
		importers.Registry(importers.Entries()...),
		exporters.Registry(exporters.Entries()...),
		exporters.PlanRegistry(exporters.Plans()...),
		tables.Registry(tables.Entries()...),
		tables.FormatRegistry(tables.Formats()...),
		plots.Registry(plots.Entries()...),
		where.Registry(where.Entries()...),
	)
}
