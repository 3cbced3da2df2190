// Package schedules answers the third question: which steps of a plan can run at the same time, and when?
//
// It holds the contract of schedulers, the timetable on which they all build schedules, and the schedulers, one file
// each. A scheduler is given a set of steps, which it may reorder: precedence comes from room and rules, and from VMs that
// move twice, never from the order of the plan. That order is the way out where nothing else fits: a plan that is a path
// always has a schedule.
//
//	p, err := timetable.NewProblem(catalogue, inst, nil, plan, spec.MustParse("slots(outgoing=1)"), spec.Named("precopy"))
//	scheduler, full, err := schedules.New(catalogue, spec.Named("list"))
//	result, err := schedules.Schedule(ctx, scheduler, p, schedules.Options{Timeout: time.Second})
//	timed := result.Plan(full.String())
package schedules
