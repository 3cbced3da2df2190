// Package execution carries plans out on a cloud, and gets by with what happens there: steps that fail, are late or never end, hosts
// that die, VMs of strangers, and its own end.
//
// An [Executor] decides which step to begin; [Run] does what all of them need: it keeps the journal, asks the driver, and tells from
// snapshots what became of each step. An execution that was killed is resumed from its journal:
//
//	report, err := execution.Execute(ctx, executor, driver, task, execution.Options{Journal: file})
//	…
//	known, err := execution.ReadJournal(path)
//	report, err := execution.Execute(ctx, executor, driver, task, execution.Options{Journal: file, Known: known})
//
// To add an executor: one file with its entry function, and one line in [Entries].
package execution
