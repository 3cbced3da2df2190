// Package concurrency holds the models of concurrency, one file each: which migrations,
// suspends and resumes may be under way at the same time, and how fast they are beside others. Shutdowns and provisions
// take nothing of their limits. How long a step takes at its rate is up to durations.
//
// A model has two forms that share no code, as rules have: one for schedulers, limits and what each
// step takes of them ([Model.Limits], [Model.Needs], [Pace]), and one for the judge, which looks at what is under way
// ([Model.Violations]) and at the times of all steps ([Model.Earliest]). To add one: one file with its entry function, and one line in Entries.
//
//	model, err := concurrency.Bind(catalogue, inst, duration, spec.MustParse("slots(outgoing=1)"))
//	guard, needs := concurrency.NewGuard(model), model.Needs(&step)
//	if guard.Lacks(needs) < 0 {
//		guard.Begin(needs)
//	}
package concurrency
