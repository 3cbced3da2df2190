// Package bounds holds lower bounds on the makespan of schedules, one file each. Each is valid for every schedule of
// the same moves, in whatever order and under whatever sharing the model of concurrency permits.
package bounds
