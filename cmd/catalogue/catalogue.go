// Package catalogue lists everything pluggable that this module comes with. Another module
// adds what it has:
//
//	mine := catalogue.Standard().With(paths.Registry(fast.Entry()), rules.Registry(quota.Entry()))
package catalogue

import (
	"sync"

	"github.com/cloudrearrange/rearrange/algorithms/execution"
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
	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/targets"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/costs"
	"github.com/cloudrearrange/rearrange/cloud/drivers"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/formats/alibaba2018"
	"github.com/cloudrearrange/rearrange/cloud/formats/btrplace"
	"github.com/cloudrearrange/rearrange/cloud/formats/bytedance2025"
	"github.com/cloudrearrange/rearrange/cloud/formats/csv"
	"github.com/cloudrearrange/rearrange/cloud/formats/fixingthecloud"
	"github.com/cloudrearrange/rearrange/cloud/formats/ganeti"
	"github.com/cloudrearrange/rearrange/cloud/formats/json"
	"github.com/cloudrearrange/rearrange/cloud/formats/lp"
	"github.com/cloudrearrange/rearrange/cloud/formats/minizinc"
	"github.com/cloudrearrange/rearrange/cloud/formats/openstack"
	"github.com/cloudrearrange/rearrange/cloud/formats/pddl"
	"github.com/cloudrearrange/rearrange/cloud/formats/roadef"
	"github.com/cloudrearrange/rearrange/cloud/objectives"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/slas"
	"github.com/cloudrearrange/rearrange/cloud/spec"
	"github.com/cloudrearrange/rearrange/generators"
	"github.com/cloudrearrange/rearrange/metrics/plots"
	"github.com/cloudrearrange/rearrange/metrics/summary"
	"github.com/cloudrearrange/rearrange/metrics/tables"
	"github.com/cloudrearrange/rearrange/metrics/where"
)

// Standard is the catalogue of the program rearrange. It is made once: catalogues are
// read-only.
func Standard() *spec.Catalogue { return standard() }

var standard = sync.OnceValue(func() *spec.Catalogue {
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
		schedules.Registry(schedules.Entries()...),
		execution.Registry(execution.Entries()...),
		drivers.Registry(drivers.Entries()...),
		bounds.Registry(bounds.Entries()...),
		costs.Registry(costs.Entries()...),
		concurrency.Registry(concurrency.Entries()...),
		durations.Registry(durations.Entries()...),
		objectives.Registry(objectives.Entries()...),
		rules.Registry(rules.Entries()...),
		slas.Registry(slas.Entries()...),
		generators.Registry(generators.Entries()...),
		formats.Importers(
			json.Importer(),
			csv.Importer(),
			btrplace.Importer(),
			fixingthecloud.Importer(),
			roadef.Importer(),
			alibaba2018.Importer(),
			bytedance2025.Importer(),
			openstack.Importer(),
		),
		formats.Exporters(
			json.Exporter(),
			csv.Exporter(),
			btrplace.Exporter(),
			fixingthecloud.Exporter(),
			ganeti.Exporter(),
			pddl.Exporter(),
			minizinc.Exporter(),
			minizinc.TargetExporter(),
			lp.Exporter(),
		),
		formats.Plans(btrplace.PlanReader(), fixingthecloud.PlanReader(), ganeti.PlanReader(), pddl.PlanReader()),
		formats.Targets(json.TargetReader(), ganeti.TargetReader(), minizinc.TargetReader(), lp.TargetReader(), roadef.TargetReader()),
		summary.Registry(summary.Entries()...),
		tables.FigureRegistry(tables.Figures()...),
		tables.Registry(tables.Entries()...),
		tables.FormatRegistry(tables.Formats()...),
		plots.Registry(plots.Entries()...),
		where.Registry(where.Entries()...),
	)
})
