package slas

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/concurrency"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// SLA is what a schedule has to keep, bound to an instance and to the unit of its times.
type SLA interface {
	// String is the spec of the SLA.
	String() string
	// Violations lists what the steps of a whole schedule break by their times. It is for the judge, and shares no code with
	// the abilities of the SLA. Steps may come in any order. O(steps log steps), apart from what is found.
	Violations(steps []cloud.Step) []Violation
}

// Violation is one fault of a schedule.
type Violation struct {
	Step int // position in the steps; -1: of no step alone
	SLA  string
	Msg  string
}

// Limiter is an optional ability of an [SLA] that limits what is under way at the same time.
type Limiter interface {
	SLA
	Limits() []concurrency.Limit
	// Uses is what a step takes of these limits, by their positions, from its start to its end. Least and full are the same.
	Uses(step *cloud.Step) []concurrency.Use
}

// Closer is an optional ability of an [SLA] under which steps may not be under way at some times.
type Closer interface {
	SLA
	// Closed lists these times. The slice is not to be changed.
	Closed(step *cloud.Step) []Window
}

// Dater is an optional ability of an [SLA] under which steps have to have ended by some time.
type Dater interface {
	SLA
	// Due is the last instant at which the step may end; false where it may end at any time.
	Due(step *cloud.Step) (at int64, ok bool)
}

// DownLimiter is an optional ability of an [SLA] that limits how long VMs are down.
type DownLimiter interface {
	SLA
	Accounts() []Account
}

// Account is a limit on the time for which some VMs are down, summed over them.
type Account struct {
	Name   string
	VMs    []cloud.VMID // ascending
	Most   int64
	Window int64 // in any time of this length; 0: in the whole schedule
	// Stopped is for how long a live migration stops its VM just before its end.
	Stopped func(step *cloud.Step) int64
}

// Binder binds an SLA to an instance, to durations and to the unit of times. Durations are nil where a judge knows nothing
// of them.
type Binder func(in *cloud.Instance, d cloud.Duration, unit string) (SLA, error)

// Kind is the kind of SLAs in a catalogue.
const Kind = "sla"

// Registry makes SLAs known to a catalogue.
func Registry(entries ...spec.Entry[Binder]) spec.Registry {
	return spec.NewRegistry(spec.Kind{Name: Kind, Noun: "SLA", Plural: "slas", Synopsis: "what schedules keep beside the rules"}, entries...)
}

// Entries lists the SLAs of this package.
func Entries() []spec.Entry[Binder] {
	return []spec.Entry[Binder]{atOnceEntry(), frozenEntry(), deadlineEntry(), downtimeEntry()}
}

// Bind binds the SLAs of an instance and further ones, each once. Faults of the instance's own are joined [*cloud.PathError]
// values that point into it.
func Bind(c *spec.Catalogue, in *cloud.Instance, d cloud.Duration, unit string, further ...spec.Spec) ([]SLA, error) {
	var out []SLA
	var faults []error
	for i, s := range slices.Concat(in.SLAs, further) {
		sla, err := bind(c, in, d, unit, s)
		switch {
		case err != nil && i < len(in.SLAs):
			faults = append(faults, &cloud.PathError{Pointer: "/slas/" + strconv.Itoa(i), Msg: err.Error()})
		case err != nil:
			faults = append(faults, err)
		case !slices.ContainsFunc(out, func(other SLA) bool { return other.String() == sla.String() }):
			out = append(out, sla)
		}
	}
	return out, errors.Join(faults...)
}

func bind(c *spec.Catalogue, in *cloud.Instance, d cloud.Duration, unit string, s spec.Spec) (SLA, error) {
	binder, _, err := spec.Build[Binder](c, Kind, s)
	if err != nil {
		return nil, err
	}
	out, err := binder(in, d, unit)
	if err != nil {
		return nil, fmt.Errorf("SLA %s: %w", s, err)
	}
	return out, nil
}
