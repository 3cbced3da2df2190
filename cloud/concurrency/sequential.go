package concurrency

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func sequentialEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "sequential",
			Synopsis: "one migration, suspend or resume at a time",
			Doc:      "Shutdowns and provisions do not count.",
			Citation: "own work",
		},
		New: func(a spec.Args) (Binder, error) {
			return func(_ *cloud.Instance, d cloud.Duration) (Model, error) {
				return sequential{timed{d}, a.Brief().String()}, nil
			}, nil
		},
	}
}

// sequential lets one step be under way.
type sequential struct {
	timed
	text string
}

func (s sequential) String() string { return s.text }

func (s sequential) Limits() []Limit {
	return []Limit{{Name: "migrations", Unit: "migrations", Capacity: 1, Host: cloud.Absent}}
}

func (s sequential) Needs(step *cloud.Step) Needs {
	n := Needs{Time: s.time(step)}
	if counts(step.Action) {
		n.Uses = []Use{{Limit: 0, Least: 1, Full: 1}}
	}
	return n
}

func (s sequential) Violations(v View, _ []cloud.Step) []cloud.Violation {
	n := len(v.All())
	if n <= 1 {
		return nil
	}
	return []cloud.Violation{{Rule: s.text, Msg: fmt.Sprintf("%d migrations are under way, at most 1 may be", n)}}
}
