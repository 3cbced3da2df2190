// Package experiments turns a suite into runs and runs into records.
//
// A suite is a YAML file (FORMAT.md) that names instances, algorithms, cost
// functions, seeds and limits. [Suite.Expand] multiplies them out into tasks,
// [Execute] carries tasks out in parallel and hands over a record of each. A task's
// key tells whether its record is already in an [Output] folder, so that an
// interrupted suite goes on where it stopped. Every plan is judged by cloud/validate
// before it enters a record. What records mean is the business of metrics.
//
//	suite, err := experiments.ReadSuite(catalogue, "suites/quick.yaml")
//	…
//	tasks, err := suite.Expand(ctx, nil)
//	…
//	out, err := experiments.OpenOutput("results/quick", suite, false)
//	…
//	defer out.Close()
//	how := experiments.Options{Jobs: 2, Done: out.Keep}
//	var todo []experiments.Task
//	for _, due := range out.Due(tasks, experiments.Again{}, how) {
//		todo = append(todo, due.Task)
//	}
//	err = experiments.Execute(ctx, todo, how)
package experiments
