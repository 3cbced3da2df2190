package concurrency

import (
	"fmt"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func stepsEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "steps",
			Synopsis: "time passes in steps, in each of which a host takes part in a few migrations",
			Doc: "The model of the challenge Fixing the Cloud. It takes a duration whose unit is the step. In each step a host sends and " +
				"receives at most per-host migrations, both together. What arrives in a step has to fit the room that the " +
				"host has at the step's beginning, and what leaves in it frees nothing before the step's end: rules see to that, since a VM is " +
				"charged at both hosts until its migration ends, and at one instant migrations end before others start.",
			Params: []spec.Param{{
				Name: "per-host", Type: spec.Int, Default: "2", Bounds: spec.Between(1, 1e6), Unit: "migrations",
				Doc: "migrations from and to one host in a step, both together",
			}},
			Citation: "no public source found",
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance, d cloud.Duration) (Model, error) {
				if d != nil && d.Unit() != stepUnit {
					return nil, fmt.Errorf("time passes in steps, and the duration %s is in %s: expected unit, or another whose unit is the step", d, d.Unit())
				}
				return steps{newSlots(in, d, a.Brief().String(), map[string]int64{"per-host": a.Int("per-host")})}, nil
			}, nil
		},
	}
}

// stepUnit is the unit of durations in a model in which time passes in steps.
const stepUnit = "step"

// steps is slots per host, in time steps.
type steps struct{ *slots }
