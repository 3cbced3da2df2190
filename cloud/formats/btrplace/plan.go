package btrplace

import (
	"cmp"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/formats"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// PlanReader is the entry of the format's plan reader.
func PlanReader() spec.Entry[formats.PlanReader] {
	return spec.Entry[formats.PlanReader]{
		Descriptor: spec.Descriptor{
			Name:     "btrplace",
			Synopsis: "reconfiguration plans of BtrPlace, JSON",
			Doc: "Migrations, suspends and resumes are read in the order of start, end and list. Boots, shutdowns and " +
				"allocations are not: the instance says which VMs come and go.",
			Citation: source,
		},
		New: func(spec.Args) (formats.PlanReader, error) { return planReader{}, nil },
	}
}

// planReader reads plans.
type planReader struct{}

// plan is a reconfiguration plan.
type plan struct {
	Origin  jsontext.Value `json:"origin,omitzero"` // the model, which the instance says
	Actions *[]action      `json:"actions"`
}

// action is any action: which members it has depends on its id.
type action struct {
	ID    string `json:"id"`
	Start *int64 `json:"start"` // s
	End   *int64 `json:"end"`   // s
	VM    *int64 `json:"vm"`
	From  *int64 `json:"from"`
	To    *int64 `json:"to"`

	More jsontext.Value `json:",embed"` // bandwidth, hooks, and what other actions have
}

// ReadPlan reads a plan for the instance that was exported. Errors name file, line and JSON
// path.
func (planReader) ReadPlan(in *cloud.Instance, file string, data []byte) ([]cloud.Change, error) {
	var p plan
	if err := cloud.DecodeForeign(file, data, &p); err != nil {
		return nil, err
	}
	changes, err := p.changes(newWriter(in))
	return changes, cloud.LocateIn(file, data, err)
}

// changes puts the actions in order.
func (p *plan) changes(w *writer) ([]cloud.Change, error) {
	if p.Actions == nil {
		return nil, missing("", "actions", "an array")
	}
	type timed struct {
		start, end int64
		change     cloud.Change
	}
	var list []timed
	for i := range *p.Actions {
		a, at := &(*p.Actions)[i], element("/actions", i)
		change, step, err := w.change(at, a)
		if err != nil {
			return nil, err
		}
		if step {
			list = append(list, timed{*a.Start, *a.End, change})
		}
	}
	slices.SortStableFunc(list, func(a, b timed) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
	})
	out := make([]cloud.Change, len(list))
	for i, t := range list {
		out[i] = t.change
	}
	return out, nil
}

// change reads one action; step is false where it is no step of ours.
func (w *writer) change(at string, a *action) (change cloud.Change, step bool, err error) {
	switch a.ID {
	case "migrateVM", "suspendVM", "resumeVM":
	case "forgeVM", "bootVM", "shutdownVM", "killVM", "allocate", "bootNode", "shutdownNode":
		return change, false, nil
	case "":
		return change, false, missing(at, "id", "a text")
	default:
		return change, false, fault(at, "unknown action %q%s", a.ID, spec.DidYouMean(a.ID, []string{
			"migrateVM", "suspendVM", "resumeVM", "forgeVM", "bootVM", "shutdownVM", "killVM", "allocate", "bootNode", "shutdownNode",
		}, "known are"))
	}
	for _, m := range []struct {
		name  string
		value *int64
	}{{"vm", a.VM}, {"from", a.From}, {"to", a.To}, {"start", a.Start}, {"end", a.End}} {
		if m.value == nil {
			return change, false, missing(at, m.name, "an integer")
		}
	}
	v, ok := slices.BinarySearch(w.vm, *a.VM)
	if !ok {
		return change, false, fault(at, "unknown VM %d", *a.VM)
	}
	var ends [2]int
	for i, n := range []int64{*a.From, *a.To} {
		if ends[i], ok = slices.BinarySearch(w.node, n); !ok {
			return change, false, fault(at, "unknown node %d", n)
		}
	}
	if *a.End < *a.Start {
		return change, false, fault(at, "expected an end that is not before the start, %d, found %d", *a.Start, *a.End)
	}
	if a.ID != "migrateVM" && (w.in.Initial[v] == cloud.Absent || w.in.Target != nil && w.in.Target[v] == cloud.Absent) {
		return change, false, nil // it comes or goes, as the instance says
	}
	change = cloud.Change{VM: cloud.VMID(v), From: cloud.HostID(ends[0]), To: cloud.HostID(ends[1])}
	switch a.ID {
	case "suspendVM":
		change.To = cloud.Absent
	case "resumeVM":
		change.From = cloud.Absent
	}
	return change, true, nil
}
