package slas

import (
	"fmt"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

func deadlineEntry() spec.Entry[Binder] {
	return spec.Entry[Binder]{
		Descriptor: spec.Descriptor{
			Name:     "deadline",
			Synopsis: "all steps of some VMs, or of all, have ended by a time",
			Doc:      "Shutdowns and provisions count too.",
			Params:   slices.Concat([]spec.Param{timeParam("at", "when the last of them has ended", 0, true)}, rules.VMParams()),
			Citation: "own work",
		},
		New: func(a spec.Args) (Binder, error) {
			return func(in *cloud.Instance, _ cloud.Duration, unit string) (SLA, error) {
				w, err := watchedBy(in, a)
				if err != nil {
					return nil, err
				}
				at, err := timeOf(a, "at", unit)
				return &deadline{a.Brief().String(), in, unit, w, at}, err
			}, nil
		},
	}
}

// deadline is the SLA of that name.
type deadline struct {
	text string
	in   *cloud.Instance
	unit string
	watched
	at int64
}

func (d *deadline) String() string { return d.text }

// Due implements [Dater].
func (d *deadline) Due(step *cloud.Step) (int64, bool) { return d.at, d.has(step.VM) }

// Violations implements [SLA].
func (d *deadline) Violations(steps []cloud.Step) []Violation {
	var out []Violation
	for i, s := range steps {
		if _, counts := slices.BinarySearch(d.list, s.VM); counts && s.End > d.at {
			out = append(out, Violation{i, d.text, fmt.Sprintf("the %s of VM %q ends at %s, %s late",
				s.Action.Noun(), d.in.VMs[s.VM].Name, instant(s.End, d.unit), Text(s.End-d.at, d.unit))})
		}
	}
	return out
}
