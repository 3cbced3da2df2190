// Package concurrency holds the models of concurrency, one file each: which migrations,
// suspends and resumes may be under way at the same time. Shutdowns and provisions are no
// business of theirs, and neither is how long a step takes.
//
// A model has two forms that share no code, as rules have: one for schedulers, limits and what each
// step takes of them ([Model.Limits], [Model.Needs]), and one for the judge, which looks at what is under way
// ([Model.Violations]). To add one: one file with its entry function, and one line in Entries.
//
//	model, err := concurrency.Bind(catalogue, inst, duration, spec.MustParse("slots(outgoing=1)"))
//	guard, needs := concurrency.NewGuard(model), model.Needs(&step)
//	if guard.Lacks(needs) < 0 {
//		guard.Begin(needs)
//	}
package concurrency
