// Package slas holds what schedules keep beside rules and models of concurrency, one file each: how many migrations of some
// VMs are under way at once, when VMs may not move, by when their moves have ended, and how long VMs are down.
//
// An SLA has two forms that share no code: one for the judge ([SLA.Violations]), and one for schedulers: the optional abilities
// [Limiter], [Closer], [Dater] and [DownLimiter]. An SLA without any of these is only held against schedules that are finished.
// To add one: one file with its entry function, and one line in Entries.
//
// Times count from the start of the schedule. Where time passes in steps, a second stands for a step.
//
//	list, err := slas.Bind(catalogue, inst, duration, duration.Unit(), spec.MustParse("deadline(at=30m)"))
//	for _, v := range list[0].Violations(plan.Steps) {
//		fmt.Println(v.Msg)
//	}
package slas
