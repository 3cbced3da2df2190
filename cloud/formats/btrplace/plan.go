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
			Doc: "The plan becomes a schedule by the starts and ends of its actions: under the model bandwidth where the instance has " +
				"switches or the bandwidth of a host, else under slots(total=2147483647), which limits nothing. A plan whose actions have no " +
				"times, or are all at one instant, is a path in the order of the list. VMs are shut down and provisioned as the instance says, at " +
				"the times of the plan. Boots and shutdowns of nodes, and allocations, are left out.",
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
	On    *int64 `json:"on"`

	More jsontext.Value `json:",embed"` // bandwidth, hooks, and what other actions have
}

// The models of concurrency of plans: BtrPlace limits migrations by the links that they share, and by nothing else.
const (
	modelOfNetworks = "bandwidth"
	modelOfNone     = "slots(total=2147483647)"
)

// ReadPlan reads a plan for the instance that was exported. Errors name file, line and JSON
// path. O(actions log actions).
func (planReader) ReadPlan(in *cloud.Instance, file string, data []byte) (formats.Plan, error) {
	var p plan
	if err := cloud.DecodeForeign(file, data, &p); err != nil {
		return formats.Plan{}, err
	}
	out, err := p.read(newWriter(in))
	return out, cloud.LocateIn(file, data, err)
}

// read says what the plan does.
func (p *plan) read(w *writer) (out formats.Plan, err error) {
	if p.Actions == nil {
		return out, missing("", "actions", "an array")
	}
	list, err := w.steps(*p.Actions)
	if err != nil {
		return out, err
	}
	instants := map[int64]bool{}
	out.Others = map[cloud.VMID]formats.Span{}
	for _, step := range list {
		instants[step.Start], instants[step.End] = true, true
		if step.other {
			out.Others[step.VM] = step.Span
			continue
		}
		out.Migrations = append(out.Migrations, step.Change)
		out.Times = append(out.Times, step.Span)
	}
	if len(instants) < 2 { // the times say nothing
		out.Times = nil
	} else if out.Model = modelOfNone; w.networked() {
		out.Model = modelOfNetworks
	}
	return out, nil
}

// taken is an action that is a step of ours.
type taken struct {
	cloud.Change
	formats.Span
	other bool // it shuts a VM down, or provisions it
}

// steps puts actions in the order of their starts.
func (w *writer) steps(actions []action) ([]taken, error) {
	var list []taken
	timed := false
	for i := range actions {
		a, at := &actions[i], element("/actions", i)
		step, ok, err := w.action(at, a)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if len(list) == 0 {
			timed = a.Start != nil
		}
		if step.Span, err = a.span(at, timed); err != nil {
			return nil, err
		}
		list = append(list, step)
	}
	slices.SortStableFunc(list, func(a, b taken) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	return list, nil
}

// span is when an action starts and ends, in ms: all steps of a plan have times, or none has.
func (a *action) span(at string, timed bool) (formats.Span, error) {
	if !timed && a.Start == nil && a.End == nil {
		return formats.Span{}, nil
	}
	for _, m := range []struct {
		name  string
		value *int64
	}{{"start", a.Start}, {"end", a.End}} {
		if m.value == nil {
			return formats.Span{}, missing(at, m.name, "a time in seconds")
		}
		if n := *m.value; n < 0 || n > maxNumber {
			return formats.Span{}, fault(under(at, m.name), "expected a time in seconds, from 0 to %d, found %d", maxNumber, n)
		}
	}
	if *a.End < *a.Start {
		return formats.Span{}, fault(at, "expected an end that is not before the start, %d, found %d", *a.Start, *a.End)
	}
	const ms = 1000
	return formats.Span{Start: ms * *a.Start, End: ms * *a.End}, nil
}

// networked tells whether the instance says anything of its network.
func (w *writer) networked() bool {
	return len(w.in.Switches) > 0 || slices.ContainsFunc(w.in.Hosts, func(h cloud.Host) bool { return h.NICMbps > 0 })
}

// action reads what an action does; ok is false where it is no step of ours.
func (w *writer) action(at string, a *action) (step taken, ok bool, err error) {
	type member struct {
		name  string
		value *int64
	}
	wanted := []member{{"vm", a.VM}}
	switch a.ID {
	case "migrateVM", "suspendVM", "resumeVM":
		wanted = append(wanted, member{"from", a.From}, member{"to", a.To})
	case "bootVM":
		wanted = append(wanted, member{"on", a.On})
	case "shutdownVM", "killVM":
	case "forgeVM", "allocate", "bootNode", "shutdownNode":
		return step, false, nil
	case "":
		return step, false, missing(at, "id", "a text")
	default:
		return step, false, fault(at, "unknown action %q%s", a.ID, spec.DidYouMean(a.ID, []string{
			"migrateVM", "suspendVM", "resumeVM", "forgeVM", "bootVM", "shutdownVM", "killVM", "allocate", "bootNode", "shutdownNode",
		}, "known are"))
	}
	for _, m := range wanted {
		if m.value == nil {
			return step, false, missing(at, m.name, "an integer")
		}
	}
	v, ok := slices.BinarySearch(w.vm, *a.VM)
	if !ok {
		return step, false, fault(at, "unknown VM %d", *a.VM)
	}
	nodes := make([]cloud.HostID, len(wanted)-1)
	for i, m := range wanted[1:] {
		h, ok := slices.BinarySearch(w.node, *m.value)
		if !ok {
			return step, false, fault(at, "unknown node %d", *m.value)
		}
		nodes[i] = cloud.HostID(h)
	}
	step.Change = cloud.Change{VM: cloud.VMID(v), From: cloud.Absent, To: cloud.Absent}
	// A VM that is suspended or resumed comes or goes where the instance says so.
	step.other = w.in.Initial[v] == cloud.Absent || w.in.Target != nil && w.in.Target[v] == cloud.Absent
	switch a.ID {
	case "migrateVM":
		step.From, step.To, step.other = nodes[0], nodes[1], false
	case "suspendVM":
		step.From = nodes[0]
	case "resumeVM":
		step.To = nodes[1]
	case "bootVM":
		step.To, step.other = nodes[0], true
	default:
		step.other = true
	}
	return step, true, nil
}
