// Package exporters writes instances in foreign formats, one folder per format, so that
// the same instance can be handed to another solver, and reads that solver's plans.
//
// [Registry] lists the formats that can be written, [Plans] those in which plans come
// back:
//
//	files, lost, err := exporters.Export(spec.Named("btrplace"), inst)
//	steps, err := exporters.ReadPlan(spec.Named("btrplace"), inst, "solution.json")
//
// What a format cannot say of an instance is listed and never dropped in silence. Plans
// are read, and not judged: that is for cloud/validate.
//
// To add a format: one folder whose exporter implements [Exporter], and whose plan reader,
// if it has one, implements [PlanReader], and one line each in Registry and Plans. Such a
// folder does not import this package; it may import that of the same format's importer.
package exporters
