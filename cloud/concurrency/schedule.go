package concurrency

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/durations"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// Of binds the model of concurrency that a schedule names to the durations that it names, if it names any, for
// the judge. Errors are of type [*cloud.PathError].
func Of(c *spec.Catalogue, in *cloud.Instance, s *cloud.Schedule) (Model, error) {
	at := func(pointer string, err error) error { return &cloud.PathError{Pointer: pointer, Msg: err.Error()} }
	var takes cloud.Duration
	if s.Duration != "" {
		parsed, err := spec.Parse(s.Duration)
		if err == nil {
			takes, err = durations.Bind(c, in, parsed)
		}
		if err == nil && takes.Unit() != s.Unit {
			err = fmt.Errorf("the duration is in %s, and the times of the schedule are in %s", takes.Unit(), s.Unit)
		}
		if err != nil {
			return nil, at("/schedule/duration", err)
		}
	}
	parsed, err := spec.Parse(s.Model)
	var m Model
	if err == nil {
		m, err = Bind(c, in, takes, parsed)
	}
	if err != nil {
		return nil, at("/schedule/model", err)
	}
	return m, nil
}
