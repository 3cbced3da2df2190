package slas

import (
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Of binds the SLAs of an instance and those that a schedule names, for the judge, to the durations that the schedule names, if it names any.
// Errors are joined [*cloud.PathError] values, which point into the instance or, from /schedule on, into the plan.
func Of(c *spec.Catalogue, in *cloud.Instance, s *cloud.Schedule) ([]SLA, error) {
	var takes cloud.Duration
	if s.Duration != "" {
		parsed, err := spec.Parse(s.Duration)
		if err == nil {
			takes, err = durations.Bind(c, in, parsed)
		}
		if err != nil {
			return nil, &cloud.PathError{Pointer: "/schedule/duration", Msg: err.Error()}
		}
	}
	var further []spec.Spec
	for i, text := range s.SLAs {
		parsed, err := spec.Parse(text)
		if err == nil {
			_, err = bind(c, in, takes, s.Unit, parsed)
		}
		if err != nil {
			return nil, &cloud.PathError{Pointer: "/schedule/slas/" + strconv.Itoa(i), Msg: err.Error()}
		}
		further = append(further, parsed)
	}
	return Bind(c, in, takes, s.Unit, further...)
}
