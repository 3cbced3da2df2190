// Package validate is the judge: it replays a plan step by step and lists every
// violation. It shares no code with solvers: it keeps placements in its own way,
// asks each rule's naive form and recomputes every cost.
//
//	report := validate.Plan(inst, bound, cost, plan)
//	if !report.OK() {
//		for _, f := range report.Findings {
//			fmt.Println(f)
//		}
//	}
package validate
