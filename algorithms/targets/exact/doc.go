// Package exact finds the best placement of few VMs on few hosts, or proves that there is none, by
// looking at all placements: a depth-first branch and bound.
//
//	result := exact.Solve(&exact.Problem{
//		Question: bounds.Question{Instance: inst, Rules: rules, Closed: closed}, Objective: objective, Price: price,
//	})
//	if result.Complete && result.Placement == nil {
//		return exact.Blame(problem) // no placement keeps these rules
//	}
//
// Rules are used by what they can do: those that limit, filter, count or spread VMs exclude hosts while
// a placement is made. Any other rule is asked for its verdict as soon as all VMs that it watches have
// found their places, since it depends on nothing else; a rule that watches all VMs is asked last.
//
// The package looks only at where VMs stand in the end. Whether they get there is a question of paths;
// [bounds.Confine] makes rules of what is known of it.
package exact
