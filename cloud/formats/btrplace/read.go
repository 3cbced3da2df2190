package btrplace

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/cloudrearrange/rearrange/cloud"
)

// reader puts an instance together. The first fault ends it.
type reader struct {
	ignore   []string
	in       *cloud.Instance
	nodes    []int64 // numbers of the hosts, ascending
	vms      []int64 // and of the VMs
	host     map[int64]cloud.HostID
	vm       map[int64]cloud.VMID
	offline  []bool                            // per host
	online   []bool                            // per host: it shall be
	ours     map[cloud.HostID]bool             // hosts with a bandwidth in an attribute of ours
	racked   map[cloud.HostID]bool             // hosts with a rack in one
	reserved map[cloud.HostID]map[string]int64 // by resource
	ranks    map[string]rank
	groups   groupNames
	net      *wireView                   // nil where there is no network
	aim      []cloud.HostID              // where fences to one node want each VM; Absent where none does
	gone     []bool                      // per VM: it shall not run in the end
	held     map[cloud.VMID]cloud.HostID // VMs with a continuous fence to one node
	grown    map[cloud.VMID]bool         // VMs that demand more than they have
	started  []bool                      // per VM: it shall run and does not yet
	amongs   int                         // constraints of that id so far
	rules    *ruleList
	left     []leftOut
	notes    []string
}

// leftOut counts what was asked to be left out.
type leftOut struct {
	kind, id string
	n        int
}

// note keeps what the description shall say.
func (r *reader) note(format string, args ...any) {
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
}

// fault is an error with its place in the document, tokens of a JSON Pointer.
func fault(at string, format string, args ...any) error {
	return &cloud.PathError{Pointer: at, Msg: fmt.Sprintf(format, args...)}
}

// under extends a JSON Pointer.
func under(at string, tokens ...string) string {
	p := jsontext.Pointer(at)
	for _, t := range tokens {
		p = p.AppendToken(t)
	}
	return string(p)
}

// element extends a JSON Pointer by a position.
func element(at string, i int) string { return at + "/" + strconv.Itoa(i) }

// missing is the fault of a member that has to be there.
func missing(at, member, what string) error {
	return fault(at, "expected %q, %s, found nothing", member, what)
}

// byNumber lists the keys of an object, which are numbers, in ascending order.
func byNumber[V any](object map[string]V, at, what string) ([]int64, error) {
	out := make([]int64, 0, len(object))
	for _, key := range slices.Sorted(maps.Keys(object)) {
		n, ok := parseNumber(key)
		if !ok {
			return nil, fault(under(at, key), "expected the number of a %s, found %q", what, key)
		}
		out = append(out, n)
	}
	slices.Sort(out)
	return out, nil
}

func (r *reader) read(doc *wireDocument) error {
	model, name := doc.Model, "model"
	switch {
	case doc.Actions != nil && doc.Model == nil:
		model, name = doc.Origin, "origin"
	case doc.Actions != nil || doc.Origin != nil:
		return fault("", "expected an instance or a plan, found both")
	case doc.Constraints == nil && doc.Model != nil:
		return missing("", "constraints", "an array")
	}
	if model == nil {
		return missing("", name, "an object")
	}
	at := "/" + name
	if model.Mapping == nil {
		return missing(at, "mapping", "an object")
	}
	if err := r.readMapping(at+"/mapping", model.Mapping); err != nil {
		return err
	}
	if model.Attributes != nil {
		if err := r.readAttributes(at+"/attributes", model.Attributes); err != nil {
			return err
		}
	}
	if err := r.readViews(at+"/views", model.Views); err != nil {
		return err
	}
	r.readRanks()
	r.readNetwork()
	if err := r.readConstraints(doc.Constraints); err != nil {
		return err
	}
	if doc.Actions != nil {
		if err := r.readActions(*doc.Actions); err != nil {
			return err
		}
	}
	r.start()
	r.closeOffline()
	r.setTarget()
	r.in.Rules = r.rules.specs(r.in)
	if n := len(r.grown); n > 0 {
		r.note("VMs that grow: %d, which demand from the start what they shall have", n)
	}
	for _, l := range r.left {
		r.note("left out: %d × %s %s", l.n, l.kind, l.id)
	}
	r.in.Description = "BtrPlace instance"
	if len(r.notes) > 0 {
		r.in.Description += "; " + strings.Join(r.notes, "; ")
	}
	return nil
}

// readActions aims VMs at where the actions of a plan lead them.
func (r *reader) readActions(actions []action) error {
	steps, err := newWriter(r.in).steps(actions)
	for _, s := range steps {
		r.aim[s.VM], r.gone[s.VM] = s.To, s.To == cloud.Absent
	}
	return err
}

// place is where a VM is, before hosts have positions.
type place struct {
	node   int64 // -1 for a VM that is ready
	asleep bool
}

// readMapping finds hosts and VMs, in the order of their numbers.
func (r *reader) readMapping(at string, m *wireMapping) error {
	if m.Online == nil {
		return missing(at, "onlineNodes", "an object")
	}
	online, err := byNumber(m.Online, at+"/onlineNodes", "node")
	if err != nil {
		return err
	}
	known := map[int64]bool{}
	for _, n := range online {
		known[n] = true
	}
	offline := map[int64]bool{}
	r.nodes = online
	for i, n := range m.Offline {
		if err := checkNumber(element(at+"/offlineNodes", i), "node", n, known); err != nil {
			return err
		}
		offline[n] = true
		r.nodes = append(r.nodes, n)
	}
	slices.Sort(r.nodes)
	r.host = map[int64]cloud.HostID{}
	for h, n := range r.nodes {
		r.host[n] = cloud.HostID(h)
		r.offline = append(r.offline, offline[n])
		host := cloud.Host{Name: nodeName(n)}
		if offline[n] {
			host.Labels = map[string]string{labelOffline: "yes"}
		}
		r.in.Hosts = append(r.in.Hosts, host)
	}
	r.online = make([]bool, len(r.nodes))
	return r.readPlaces(at, m, online)
}

// checkNumber makes sure that a number is new, and keeps it.
func checkNumber(at, what string, n int64, known map[int64]bool) error {
	if n < 0 || n > maxNumber {
		return fault(at, "expected the number of a %s, an integer from 0 to %d, found %d", what, maxNumber, n)
	}
	if known[n] {
		return fault(at, "%s %d is there already", what, n)
	}
	known[n] = true
	return nil
}

func (r *reader) readPlaces(at string, m *wireMapping, online []int64) error {
	known := map[int64]bool{}
	places := map[int64]place{}
	add := func(at string, numbers []int64, p place) error {
		for i, v := range numbers {
			if err := checkNumber(element(at, i), "VM", v, known); err != nil {
				return err
			}
			places[v] = p
			r.vms = append(r.vms, v)
		}
		return nil
	}
	for _, n := range online {
		key := numberKey(n)
		on := at + "/onlineNodes/" + key
		if err := add(on+"/runningVMs", m.Online[key].Running, place{node: n}); err != nil {
			return err
		}
		if err := add(on+"/sleepingVMs", m.Online[key].Sleeping, place{node: n, asleep: true}); err != nil {
			return err
		}
	}
	if err := add(at+"/readyVMs", m.Ready, place{node: -1}); err != nil {
		return err
	}
	slices.Sort(r.vms)
	r.vm = map[int64]cloud.VMID{}
	asleep := 0
	for v, n := range r.vms {
		r.vm[n] = cloud.VMID(v)
		vm, at := cloud.VM{Name: vmName(n)}, cloud.Absent
		switch p := places[n]; {
		case p.asleep:
			asleep++
			vm.Labels = map[string]string{labelAsleep: numberKey(p.node)}
		case p.node >= 0:
			at = r.host[p.node]
		}
		r.in.VMs = append(r.in.VMs, vm)
		r.in.Initial = append(r.in.Initial, at)
	}
	if r.in.Initial == nil {
		r.in.Initial = cloud.Placement{}
	}
	if asleep > 0 {
		r.note("sleeping VMs: %d, which hold nothing and are nowhere", asleep)
	}
	r.aim = slices.Repeat([]cloud.HostID{cloud.Absent}, len(r.vms))
	r.gone = make([]bool, len(r.vms))
	r.started = make([]bool, len(r.vms))
	return nil
}

// setTarget makes the target of the fences to one node. VMs that have none keep their host,
// as BtrPlace itself has it, unless they shall not run.
func (r *reader) setTarget() {
	aimed, kept := 0, 0
	target := r.in.Initial.Clone()
	for v := range target {
		switch {
		case r.gone[v]:
			if target[v] != cloud.Absent {
				aimed++
			}
			target[v] = cloud.Absent
		case r.aim[v] != cloud.Absent:
			target[v] = r.aim[v]
			aimed++
		case target[v] != cloud.Absent:
			kept++
		}
	}
	if aimed == 0 {
		return
	}
	r.in.Target = target
	if kept > 0 {
		r.note("VMs without a fence to one node: %d, whose host is their target", kept)
	}
}

// ignored tells whether a constraint or view was asked to be left out.
func (r *reader) ignored(id string) bool { return slices.Contains(r.ignore, id) }
