package cli

import (
	"fmt"
	"strings"

	"github.com/cloudrearrange/rearrange/algorithms/schedules"
	"github.com/cloudrearrange/rearrange/algorithms/schedules/timetable"
	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/prose"
)

// mostUnmet is how many faults of the best schedule are told.
const mostUnmet = 10

// unmet is the error of a run that found no schedule that keeps every SLA: which ones, and why.
func unmet(p *timetable.Problem, r *schedules.Result) error {
	text := "no schedule was written: " + r.Reason
	if len(r.Unmet) > 0 {
		text += fmt.Sprintf("; the best of %s takes %s and breaks", prose.Count(r.Tables, "schedule"), scheduleTime(r.Makespan, p.Duration.Unit()))
		for i, v := range r.Unmet {
			if i == mostUnmet {
				text += fmt.Sprintf("\n  … and %s", prose.Count(len(r.Unmet)-i, "more fault"))
				break
			}
			text += "\n  " + strings.TrimSpace(v.SLA+": "+v.Msg)
		}
	}
	code := exitLimit
	if r.Status == cloud.Infeasible {
		code = exitInfeasible
	}
	return &exitError{code, fmt.Errorf("%s", text)}
}
