// Package concurrency holds the models of concurrency, one file each: which migrations,
// suspends and resumes may be under way at the same time. Shutdowns and provisions are no
// business of theirs, and neither is how long a step takes.
//
// A model has two forms that share no code, as rules have: one for schedulers, which is told of
// every start and end ([Guard]), and one for the judge, which looks at what is under way
// ([Model.Violations]). To add one: one file with its entry function, and one line in Entries.
//
//	model, err := concurrency.Bind(catalogue, inst, spec.MustParse("slots(outgoing=1)"))
//	guard := model.NewGuard()
//	if guard.Allows(step) {
//		guard.Begin(step)
//	}
package concurrency
