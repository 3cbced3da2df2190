// Package formats is the contract of foreign formats: [Importer] reads instances,
// [Exporter] writes them for another solver, and [PlanReader] reads that solver's plans.
// Each format is one package below this one, and formats/all lists them:
//
//	inst, err := all.Import(spec.Named("roadef"), []string{"model_a1_1.txt", "assignment_a1_1.txt"})
//	files, lost, err := all.Export(spec.Named("btrplace"), inst)
//	steps, err := all.ReadPlan(spec.Named("btrplace"), inst, "solution.json")
//
// Importers keep every rule of the foreign format that the rules of cloud/rules can
// express, and their doc comments say what they leave out. Where a format has no target
// placement, the instance has none. Exporters list what the format cannot express of an
// instance, and never drop it in silence.
//
// Formats do not judge: whether a placement or plan is sane is for cloud/validate. They
// depend on no algorithm, so that an algorithm may use a format to call another solver.
package formats
