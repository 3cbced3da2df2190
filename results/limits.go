package results

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// Limits are what ended a run at the latest; zero means unlimited.
type Limits struct {
	TimeoutS    float64 `json:"timeout_s,omitzero"`
	MemoryBytes int64   `json:"memory_bytes,omitzero"`
	Expansions  int64   `json:"expansions,omitzero"`
	Cores       int     `json:"cores,omitzero"`
	// Of the search for a target; where both are zero, a strategy only constructs one.
	TargetTimeoutS float64 `json:"target_timeout_s,omitzero"`
	TargetSteps    int64   `json:"target_steps,omitzero"`
	// Of the scheduler.
	ScheduleTimeoutS float64 `json:"schedule_timeout_s,omitzero"`
	ScheduleTables   int64   `json:"schedule_tables,omitzero"`
}

// Text lists the limits that there are.
func (l Limits) Text() string {
	var parts []string
	for _, x := range []struct {
		limits bool
		text   string
	}{
		{l.TimeoutS > 0, fmt.Sprintf("%g s", l.TimeoutS)},
		{l.MemoryBytes > 0, fmt.Sprintf("%.4g MiB", float64(l.MemoryBytes)/(1<<20))},
		{l.Expansions > 0, fmt.Sprintf("%d expansions", l.Expansions)},
		{l.Cores > 0, prose.Count(l.Cores, "core")},
		{l.TargetTimeoutS > 0, fmt.Sprintf("%g s for the target", l.TargetTimeoutS)},
		{l.TargetSteps > 0, fmt.Sprintf("%d steps for the target", l.TargetSteps)},
	} {
		if x.limits {
			parts = append(parts, x.text)
		}
	}
	return cmp.Or(strings.Join(parts, ", "), "none")
}

// Differ tells whether limits made a difference between two runs. The time that was allowed makes no difference
// unless the clock ended a run (late), and cores make a difference to times alone.
func (l Limits) Differ(o Limits, late bool) bool {
	l.Cores = o.Cores
	if !late {
		l.TimeoutS, l.ScheduleTimeoutS = o.TimeoutS, o.ScheduleTimeoutS
	}
	return l != o
}

// OtherMachine tells whether two runs had different machines, or different parts of one.
func (r *Record) OtherMachine(o *Record) bool {
	b, c := r.Provenance, o.Provenance
	differ := func(b, c int) bool { return b != c && b > 0 && c > 0 } // 0 is not known
	return b.OS != c.OS || b.CPUModel != c.CPUModel || b.Cores != c.Cores || r.Limits.Cores != o.Limits.Cores ||
		differ(b.Jobs, c.Jobs) || differ(b.GOMAXPROCS, c.GOMAXPROCS)
}

// WorkedS is how long a run took, but for the time that it waited for a core, if that is known.
func (r *Record) WorkedS() float64 {
	if r.CPUS > 0 {
		return min(r.WallS, r.CPUS)
	}
	return r.WallS
}
