package btrplace

import (
	"math/big"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/cloudrearrange/rearrange/cloud"
	"github.com/cloudrearrange/rearrange/cloud/rules"
	"github.com/cloudrearrange/rearrange/cloud/spec"
)

// constraints lists rules in their order, then the target, then which VMs and nodes shall run that do
// not yet.
func (w *writer) constraints() []wireConstraint {
	w.list = []wireConstraint{}
	for _, s := range rules.Specs(w.in, nil) {
		if !w.say(s) {
			w.unsaid = append(w.unsaid, s)
		}
	}
	for v, h := range w.in.Target {
		switch from := w.in.Initial[v]; {
		case h != cloud.Absent:
			w.add(wireConstraint{ID: "fence", VM: &w.vm[v], Nodes: &[]int64{w.node[h]}, Continuous: new(bool)})
			if from == cloud.Absent {
				w.add(wireConstraint{ID: "running", VM: &w.vm[v]})
			}
		case from != cloud.Absent:
			w.add(wireConstraint{ID: "ready", VM: &w.vm[v]})
		}
	}
	for v := range w.in.VMs {
		if w.waits(v) {
			w.add(wireConstraint{ID: "running", VM: &w.vm[v]})
		}
	}
	for h, off := range w.offlineHost {
		if off && !w.closed[h] {
			w.add(wireConstraint{ID: "online", Node: &w.node[h]})
		}
	}
	return w.list
}

func (w *writer) add(c wireConstraint) { w.list = append(w.list, c) }

// say writes a rule as constraints, and tells whether that can be done.
func (w *writer) say(s spec.Spec) bool {
	args := arguments{s}
	continuous := args.text("continuous") != "no"
	switch s.Name {
	case "capacity":
		return w.sayCapacity(s)
	case "arch":
		return !w.archBinds()
	case "anti-affinity":
		return args.by() == "host" && w.eachGroup(args, func(vms []int64) {
			w.add(wireConstraint{ID: "spread", VMs: &vms, Continuous: &continuous})
		})
	case "affinity":
		return w.eachGroup(args, func(vms []int64) {
			c := wireConstraint{ID: "gather", VMs: &vms, Continuous: &continuous}
			if by := args.by(); by != "host" {
				c.ID, c.Parts = "among", w.parts(by)
			}
			w.add(c)
		})
	case "interference":
		return w.sayInterference(args, continuous)
	case "fence", "ban":
		return w.saySide(s.Name, args, continuous)
	case "pin":
		vms, ok := w.vms(args)
		for i := 0; i < len(vms) && ok && continuous; i++ {
			w.add(wireConstraint{ID: "root", VM: &w.vm[vms[i]]})
		}
		return ok && continuous
	case "quarantine":
		hosts, ok := w.hosts(args)
		for i := 0; i < len(hosts) && ok && continuous; i++ {
			w.add(wireConstraint{ID: "quarantine", Node: &w.node[hosts[i]]})
		}
		return ok && continuous
	case "max-vms":
		return w.sayMaxVMs(args, continuous)
	}
	return false
}

// sayCapacity writes an overcommit as an overbook of each node. BtrPlace has one rule of
// capacity, and charges all resources on both ends of a migration.
func (w *writer) sayCapacity(s spec.Spec) bool {
	if w.capacity != nil {
		return s.Equal(*w.capacity)
	}
	w.capacity = &s
	var books []wireConstraint
	always := true
	for _, a := range s.Args {
		resource, over := strings.CutPrefix(a.Key, "overcommit.")
		ratio, ok := new(big.Rat).SetString(a.Value.Text)
		if !over || resource == "" || !ok || len(w.in.Hosts) == 0 {
			return false
		}
		decimals, exact := ratio.FloatPrec()
		if !exact {
			return false // the node would hold less than it may
		}
		for h := range w.in.Hosts {
			name := resource
			books = append(books, wireConstraint{
				ID: "overbook", Node: &w.node[h], Resource: &name,
				Ratio: jsontext.Value(ratio.FloatString(decimals)), Continuous: &always,
			})
		}
	}
	w.list = append(w.list, books...)
	return true
}

// archBinds tells whether architectures can matter.
func (w *writer) archBinds() bool {
	return slices.ContainsFunc(w.in.Hosts, func(h cloud.Host) bool { return h.Arch != "" }) &&
		slices.ContainsFunc(w.in.VMs, func(v cloud.VM) bool { return v.Arch != "" })
}

// sayInterference: groups without a VM in common that keep off each other's hosts are
// split, and lonely where the one is all that the other is not.
func (w *writer) sayInterference(args arguments, continuous bool) bool {
	groups, ok1 := w.groups(args.text("group"))
	with, ok2 := w.groups(args.text("with"))
	if !ok1 || !ok2 || args.text("max") != "0" || args.by() != "host" {
		return false
	}
	var out []wireConstraint
	for _, g := range groups {
		for _, h := range with {
			a, b := w.members(g), w.members(h)
			if slices.ContainsFunc(a, func(vm int64) bool {
				_, both := slices.BinarySearch(b, vm)
				return both
			}) {
				return false
			}
			c := wireConstraint{ID: "split", Parts: &[][]int64{a, b}, Continuous: &continuous}
			if len(a)+len(b) == len(w.in.VMs) {
				c = wireConstraint{ID: "lonely", VMs: &a, Continuous: &continuous}
			}
			out = append(out, c)
		}
	}
	w.list = append(w.list, out...)
	return true
}

// saySide writes fences and bans. A discrete fence to one node is a target and no rule
// there.
func (w *writer) saySide(id string, args arguments, continuous bool) bool {
	vms, ok1 := w.vms(args)
	hosts, ok2 := w.hosts(args)
	if !ok1 || !ok2 || id == "fence" && len(hosts) == 1 && !continuous {
		return false
	}
	nodes := make([]int64, len(hosts))
	for i, h := range hosts {
		nodes[i] = w.node[h]
	}
	for _, v := range vms {
		w.add(wireConstraint{ID: id, VM: &w.vm[v], Nodes: &nodes, Continuous: &continuous})
	}
	return true
}

// sayMaxVMs: no VM in the end is offline, a number of them the running capacity. A node that
// is offline to begin with holds none at any time.
func (w *writer) sayMaxVMs(args arguments, continuous bool) bool {
	hosts, ok := w.hosts(args)
	most, fits := numberIn("", args.text("max"))
	if !ok || !fits {
		return false
	}
	off := func(h cloud.HostID) bool { return w.offlineHost[h] }
	if continuous && (most > 0 || slices.ContainsFunc(hosts, func(h cloud.HostID) bool { return !off(h) })) {
		return false
	}
	for _, h := range hosts {
		if most == 0 && off(h) == continuous {
			w.closed[h] = off(h)
			w.add(wireConstraint{ID: "offline", Node: &w.node[h]})
		} else {
			w.add(wireConstraint{ID: "runningCapacity", Nodes: &[]int64{w.node[h]}, Amount: &most})
		}
	}
	return true
}

// parts are the nodes by what they have in common. Nodes without the label that an importer
// gave to the parts of a constraint are in none.
func (w *writer) parts(by string) *[][]int64 {
	position := map[string]int{}
	out := [][]int64{}
	for h := range w.in.Hosts {
		place := w.in.Hosts[h].Domain(by)
		if place == "" && by != labelAmong && strings.HasPrefix(by, labelAmong) {
			continue
		}
		i, met := position[place]
		if !met {
			i = len(out)
			position[place] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], w.node[h])
	}
	return &out
}
