// Package validate is the judge: it replays a plan step by step, or event by event where
// the plan has a schedule, and lists every violation. It shares no code with solvers and
// schedulers: it keeps placements in its own way, asks each rule's naive form and recomputes
// every cost. How long steps take at least it asks the durations and the model of concurrency that a schedule names.
//
//	report := validate.Plan(inst, bound, cost, plan)
//	if !report.OK() {
//		for _, f := range report.Findings {
//			fmt.Println(f)
//		}
//	}
package validate
