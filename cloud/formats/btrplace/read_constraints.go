package btrplace

import (
	"maps"
	"slices"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// meaning says what to make of the constraints of one id.
type meaning struct {
	id string
	// needs are the members that such a constraint has besides its id, `continuous`
	// where both times are possible.
	needs []string
	// say makes rules of a constraint whose members are there and known; nil where no
	// rule can say it, and why not is what the error tells.
	say func(r *reader, at string, c *wireConstraint) error
	why string
}

// meanings lists all constraints that BtrPlace writes.
func meanings() []meaning {
	const (
		order    = "is about when migrations start and end, and a path knows only their order"
		together = "bounds several nodes together, and rules are about hosts one by one"
	)
	return []meaning{
		{id: "fence", needs: []string{"vm", "nodes", "continuous"}, say: (*reader).sayFence},
		{id: "ban", needs: []string{"vm", "nodes", "continuous"}, say: (*reader).sayBan},
		{id: "root", needs: []string{"vm"}, say: (*reader).sayRoot},
		{id: "quarantine", needs: []string{"node"}, say: (*reader).sayQuarantine},
		{id: "spread", needs: []string{"vms", "continuous"}, say: (*reader).saySpread},
		{id: "gather", needs: []string{"vms", "continuous"}, say: (*reader).sayGather},
		{id: "lonely", needs: []string{"vms", "continuous"}, say: (*reader).sayLonely},
		{id: "split", needs: []string{"parts", "continuous"}, say: (*reader).saySplit},
		{id: "among", needs: []string{"vms", "parts", "continuous"}, say: (*reader).sayAmong},
		{id: "overbook", needs: []string{"node", "rc", "ratio", "continuous"}, say: (*reader).sayOverbook},
		{id: "runningCapacity", needs: []string{"nodes", "amount"}, say: (*reader).sayRunningCapacity, why: together},
		{id: "preserve", needs: []string{"vm", "rc", "amount"}, say: (*reader).sayPreserve},
		{id: "offline", needs: []string{"node"}, say: (*reader).sayOffline},
		{id: "online", needs: []string{"node"}, say: (*reader).sayOnline},
		{id: "running", needs: []string{"vm"}, say: (*reader).sayRunning},
		{id: "ready", needs: []string{"vm"}, say: (*reader).sayGone},
		{id: "killed", needs: []string{"vm"}, say: (*reader).sayGone},
		{id: "sleeping", needs: []string{"vm"}, say: (*reader).sayGone},
		{id: "resourceCapacity", why: together},
		{id: "maxOnline", why: together},
		{id: "splitAmong", why: "asks of sets of VMs that each has a set of nodes for itself, and no rule does"},
		{id: "seq", why: order},
		{id: "noDelay", why: order},
		{id: "Precedence", why: order},
		{id: "Serialize", why: order},
		{id: "Sync", why: order},
		{id: "Deadline", why: order},
	}
}

func (r *reader) readConstraints(constraints []wireConstraint) error {
	known := map[string]meaning{}
	var ids []string
	for _, m := range meanings() {
		known[m.id] = m
		ids = append(ids, m.id)
	}
	for i := range constraints {
		c, at := &constraints[i], element("/constraints", i)
		if c.ID == "" {
			return missing(at, "id", "a text")
		}
		if r.ignored(c.ID) {
			r.leaveOut("constraint", c.ID)
			continue
		}
		m, ok := known[c.ID]
		switch {
		case !ok:
			return fault(under(at, "id"), "unknown constraint %q%s", c.ID, spec.DidYouMean(c.ID, ids, "known are"))
		case m.say == nil:
			return r.unsaid(at, c.ID, m.why)
		}
		if err := r.checkMembers(at, c, m.needs); err != nil {
			return err
		}
		if err := m.say(r, at, c); err != nil {
			return err
		}
	}
	return nil
}

// unsaid is the fault of a constraint that no rule can say.
func (r *reader) unsaid(at, id, why string) error {
	return fault(at, "constraint %s %s; ignore=[%s] leaves out all of them", id, why, id)
}

// checkMembers makes sure that a constraint has the members that it needs, and that they
// speak of nodes and VMs that there are.
func (r *reader) checkMembers(at string, c *wireConstraint, needs []string) error {
	members := []struct {
		name, what string
		there      bool
	}{
		{"vm", "the number of a VM", c.VM != nil},
		{"vms", "an array of numbers of VMs", c.VMs != nil},
		{"node", "the number of a node", c.Node != nil},
		{"nodes", "an array of numbers of nodes", c.Nodes != nil},
		{"parts", "an array of arrays of numbers", c.Parts != nil},
		{"continuous", "true or false", c.Continuous != nil},
		{"rc", "the name of a resource", c.Resource != nil},
		{"ratio", "a number", c.Ratio != nil},
		{"amount", "an integer", c.Amount != nil},
	}
	for _, m := range members {
		needed := slices.Contains(needs, m.name)
		switch {
		case needed && !m.there:
			return missing(at, m.name, m.what)
		case !needed && m.there && m.name != "continuous": // which some say that have no choice
			return fault(under(at, m.name), "unknown field %q of a constraint %s", m.name, c.ID)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(c.More)) {
		return fault(under(at, key), "unknown field %q of a constraint %s", key, c.ID)
	}
	var vms, nodes []int64
	if c.VM != nil {
		vms = []int64{*c.VM}
	}
	if c.VMs != nil {
		vms = *c.VMs
	}
	if c.Node != nil {
		nodes = []int64{*c.Node}
	}
	if c.Nodes != nil {
		nodes = *c.Nodes
	}
	if c.Parts != nil && c.ID == "split" {
		vms = slices.Concat(*c.Parts...)
	} else if c.Parts != nil {
		nodes = slices.Concat(*c.Parts...)
	}
	for _, n := range vms {
		if _, ok := r.vm[n]; !ok {
			return fault(at, "unknown VM %d", n)
		}
	}
	for _, n := range nodes {
		if _, ok := r.host[n]; !ok {
			return fault(at, "unknown node %d", n)
		}
	}
	if c.Resource != nil && r.resource(*c.Resource) < 0 {
		return fault(under(at, "rc"), "unknown resource %q", *c.Resource)
	}
	return nil
}

func (r *reader) resource(name string) int {
	return slices.IndexFunc(r.in.Resources, func(res cloud.Resource) bool { return res.Name == name })
}

// positions turns numbers into positions, ascending and each once.
func positions[ID ~int32](numbers []int64, of map[int64]ID) []ID {
	out := make([]ID, len(numbers))
	for i, n := range numbers {
		out[i] = of[n]
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// discrete says when a rule holds.
func discrete(s spec.Spec, continuous bool) spec.Spec {
	if continuous {
		return s
	}
	return s.With("continuous", "no")
}
