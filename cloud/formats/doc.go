// Package formats is the contract of foreign formats: [Importer] reads instances,
// [Exporter] writes them for another solver, [PlanReader] reads that solver's plans, and
// [TargetReader] the targets that it chose.
// Each format is one package below this one:
//
//	inst, err := formats.Import(catalogue, spec.Named("roadef"), []string{"model_a1_1.txt", "assignment_a1_1.txt"})
//	files, lost, err := formats.Export(catalogue, spec.Named("btrplace"), inst)
//	plan, err := formats.ReadPlan(catalogue, spec.Named("btrplace"), inst, "solution.json", nil)
//	target, err := formats.ReadTarget(catalogue, spec.Named("lp"), inst, "answer.sol", nil)
//
// Importers keep every rule of the foreign format that the rules of cloud/rules can
// express, and their doc comments say what they leave out. Where a format has no target
// placement, the instance has none. Exporters list what the format cannot express of an
// instance, and never drop it in silence.
//
// Formats do not judge: whether a placement or plan is sane is for cloud/validate. They
// depend on no algorithm, so that an algorithm may use a format to call another solver.
package formats
